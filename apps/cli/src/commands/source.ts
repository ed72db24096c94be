import { readFileSync } from 'node:fs';

import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { CommandFailed, EXIT } from '../client/exit.js';
import { asking, several } from '../client/command.js';
import { allSources, findSource, type Source, SOURCE_FIELDS } from '../client/find-source.js';
import { moment, remark, writeFacts, writeLine, writeRows } from '../client/output.js';

interface Test {
  readonly ok: boolean;
  readonly server: string | null;
  readonly user: string | null;
  readonly scopes: number | null;
  readonly datasets: number | null;
  readonly readableDatasets: number | null;
  readonly roundTripMs: number | null;
  readonly problems: readonly string[];
}

const TEST_FIELDS = 'ok server user scopes datasets readableDatasets roundTripMs problems';

interface AddOptions {
  readonly set?: string[];
  readonly secret?: string[];
  readonly include?: string[];
  readonly exclude?: string[];
  readonly description?: string;
  readonly owner?: string;
  readonly domain?: string;
  readonly environment?: string;
  readonly mayVanish?: number;
  readonly sampleRows?: number;
}

/** `plumbline source`: the registered systems. */
export function addSource(program: Command): void {
  const source = program.command('source').description('the registered systems');

  asking(source.command('list').description('by name'), async ({ client, json }) =>
    writeRows(
      { json },
      await allSources(client),
      {
        Name: ({ name }) => name,
        Kind: ({ kind }) => kind,
        Namespace: ({ namespace }) => namespace,
        Owner: ({ owner }) => owner,
        Paused: ({ pausedAt }) => (pausedAt ? 'yes' : null),
        'Last harvest': ({ lastHarvest }) =>
          lastHarvest
            ? `${lastHarvest.state.toLowerCase().replaceAll('_', ' ')} ${moment(lastHarvest.finishedAt)}`
            : 'never',
      },
      'No source is registered yet. Add one with "plumbline source add".',
    ),
  );

  asking(source.command('kinds').description('kinds of sources and their settings'), async ({ client, json }) => {
    const { connectors } = await client.ask<{ connectors: Kind[] }>(
      '{ connectors { kind titleEn descriptionEn secretSettings settingsSchema } }',
    );
    writeRows({ json }, connectors, {
      Kind: ({ kind }) => kind,
      Title: ({ titleEn }) => titleEn,
      Settings: ({ settingsSchema }) => Object.keys(settingsSchema.properties),
      Required: ({ settingsSchema: { required = [], properties } }) =>
        required.filter((name) => properties[name]?.default === undefined),
      Secret: ({ secretSettings }) => secretSettings,
    });
  });

  asking(
    source
      .command('add <kind> <name>')
      .description('register a source and try it out')
      .option('--set <name=value>', 'a setting of the kind; may be repeated', several)
      .option(
        '--secret <name=@file|name=env:VARIABLE>',
        'a secret setting, from a file or the environment; may be repeated',
        several,
      )
      .option('--include <glob>', 'only these schemas or folders; may be repeated', several)
      .option('--exclude <glob>', 'not these; may be repeated', several)
      .option('--description <text>')
      .option('--owner <name>')
      .option('--domain <name>')
      .option('--environment <name>')
      .option('--may-vanish <percent>', 'datasets that may vanish in one harvest unasked (default: 20)', Number)
      .option('--sample-rows <n>', 'rows whose values detectors may look at, 0 for none (default: 200)', Number),
    async ({ client, json }, kind: string, name: string, options: AddOptions) => {
      const { set = [], secret = [], include, exclude, mayVanish, sampleRows, ...about } = options;
      const removalShare = mayVanish === undefined ? undefined : mayVanish / 100;
      const settings = Object.fromEntries([...set.map(setting), ...secret.map(secretSetting)]);
      const { source: added } = await client.change<{ source: Source }>(
        `mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { ${SOURCE_FIELDS} } userErrors { code message path } } }`,
        { input: { kind, name, settings, include, exclude, removalShare, sampleRows, ...pick(about) } },
      );
      writeSource(json, added);
      const { test } = await client.change<{ test: Test }>(
        `mutation ($id: ID!) { testSource(id: $id) { test { ${TEST_FIELDS} } userErrors { code message path } } }`,
        { id: added.id },
      );
      for (const problem of test.problems) remark(problem);
      if (!test.ok) process.exitCode = EXIT.bad;
    },
  );

  asking(source.command('show <name>').description('one source'), async ({ client, json }, name: string) =>
    writeSource(json, await findSource(client, name)),
  );

  asking(source.command('test <name>').description('try a source out'), async ({ client, json }, name: string) => {
    const { id } = await findSource(client, name);
    const { test } = await client.change<{ test: Test }>(
      `mutation ($id: ID!) { testSource(id: $id) { test { ${TEST_FIELDS} } userErrors { code message path } } }`,
      { id },
    );
    writeFacts({ json }, test, {
      Answer: test.ok ? 'well' : 'not usable',
      Server: test.server,
      User: test.user,
      Scopes: test.scopes,
      Datasets: test.datasets === null ? null : `${test.datasets}, of which ${test.readableDatasets ?? 0} can be read`,
      'Round trip': test.roundTripMs === null ? null : `${Math.round(test.roundTripMs)} ms`,
    });
    for (const problem of test.problems) remark(problem);
    if (!test.ok) process.exitCode = EXIT.bad;
  });

  for (const [word, mutation, done] of [
    ['pause', 'pauseSource', 'is paused: nothing is read from it, by hand or on schedule.'],
    ['resume', 'resumeSource', 'is read again.'],
  ] as const)
    asking(
      source
        .command(`${word} <name>`)
        .description(
          word === 'pause' ? 'stop all reading from a source for a while' : 'let a paused source be read again',
        ),
      async ({ client, json }, name: string) => {
        const { id } = await findSource(client, name);
        const { source: changed } = await client.change<{ source: Source }>(
          `mutation ($id: ID!) { ${mutation}(id: $id) { source { ${SOURCE_FIELDS} } userErrors { code message path } } }`,
          { id },
        );
        if (json) writeSource(json, changed);
        else writeLine(`The source "${changed.name}" ${done}`);
      },
    );

  asking(
    source
      .command('retire <name>')
      .alias('remove')
      .description('take a source off the list; what is known of it stays as history'),
    async ({ client, json }, name: string) => {
      const { id } = await findSource(client, name);
      const { source: removed } = await client.change<{ source: Source }>(
        `mutation ($id: ID!) { removeSource(id: $id) { source { ${SOURCE_FIELDS} } userErrors { code message path } } }`,
        { id },
      );
      if (json) writeSource(json, removed);
      else writeLine(`The source "${removed.name}" is off the list; its secrets are forgotten.`);
    },
  );
}

interface Kind {
  readonly kind: string;
  readonly titleEn: string;
  readonly secretSettings: readonly string[];
  readonly settingsSchema: {
    readonly properties: Record<string, { readonly default?: unknown }>;
    readonly required?: string[];
  };
}

const pick = (about: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    (['description', 'owner', 'domain', 'environment'] as const)
      .filter((name) => about[name] !== undefined)
      .map((name) => [name, about[name]]),
  );

function writeSource(json: boolean, source: Source): void {
  writeFacts({ json }, source, {
    ID: source.id,
    Name: source.name,
    Kind: source.kind,
    Namespace: source.namespace,
    Settings: source.settings,
    Scopes: source.include ?? 'all',
    Without: source.exclude,
    Owner: source.owner,
    Domain: source.domain,
    Environment: source.environment,
    Description: source.description,
    'May vanish unasked': `${Math.round(source.removalShare * 100)} % of its datasets`,
    'Values looked at': source.sampleRows === 0 ? 'none' : `of ${source.sampleRows} rows of a dataset, and forgotten`,
    Paused: source.pausedAt ? `since ${moment(source.pausedAt)}` : 'no',
    'Last harvest': source.lastHarvest
      ? `${source.lastHarvest.state.toLowerCase().replaceAll('_', ' ')} ${moment(source.lastHarvest.finishedAt)}`
      : 'never',
  });
}

/** `port=5432` as a name and a value; numbers and booleans are recognised, anything else is text. */
function setting(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new CommandFailed(`"${text}" is not name=value.`, EXIT.input);
  const value = text.slice(at + 1);
  if (/^-?\d+(\.\d+)?$/.test(value)) return [text.slice(0, at), Number(value)];
  return [text.slice(0, at), value === 'true' ? true : value === 'false' ? false : value];
}

/** A secret never stands on the command line, where other users of the machine can read it. */
function secretSetting(text: string): [string, string] {
  const [, name = '', from, place = ''] = /^([^=]+)=(@|env:)(.+)$/.exec(text) ?? [];
  if (from === undefined)
    throw new CommandFailed(
      'Give a secret as name=@FILE or name=env:VARIABLE, for instance password=env:PGPASSWORD.',
      EXIT.input,
    );
  if (from === 'env:') {
    const value = process.env[place];
    if (value === undefined) throw new CommandFailed(`The environment has no variable ${place}.`, EXIT.input);
    return [name, value];
  }
  try {
    return [name, readFileSync(place, 'utf8').replace(/\r?\n$/, '')];
  } catch (error) {
    throw new CommandFailed(`The file ${place} cannot be read: ${messageOf(error)}.`, EXIT.input);
  }
}
