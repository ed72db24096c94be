import { readFileSync } from 'node:fs';

import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { type Client } from '../client/client.js';
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
      const settings = await settingsOf(client, kind, set, secret);
      const { source: added } = await client.change<{ source: Source }>(
        `mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { ${SOURCE_FIELDS} } userErrors { code message path } } }`,
        { input: { kind, name, settings, include, exclude, removalShare, sampleRows, ...pick(about) } },
      );
      writeSource(json, added);
      await tryOut(client, added);
    },
  );

  asking(
    source
      .command('change <name>')
      .description('change a source and try it out; what is left out stays as it is')
      .option('--name <name>', 'another name')
      .option('--set <name=value>', 'a setting of the kind; nothing behind = for its default; may be repeated', several)
      .option(
        '--secret <name=@file|name=env:VARIABLE>',
        'a secret setting, from a file or the environment; may be repeated',
        several,
      )
      .option('--include <glob>', 'only these schemas or folders, "*" for all; may be repeated', several)
      .option('--exclude <glob>', 'not these, "" for none; may be repeated', several)
      .option('--description <text>')
      .option('--owner <name>')
      .option('--domain <name>')
      .option('--environment <name>')
      .option('--may-vanish <percent>', 'datasets that may vanish in one harvest unasked', Number)
      .option('--sample-rows <n>', 'rows whose values detectors may look at, 0 for none', Number),
    async ({ client, json }, wanted: string, options: AddOptions & { readonly name?: string }) => {
      const before = await findSource(client, wanted);
      const { set = [], secret = [], include, exclude, mayVanish, sampleRows, name, ...about } = options;
      const { id, description, owner, domain, environment } = before;
      const settings = { ...before.settings, ...(await settingsOf(client, before.kind, set, secret)) };
      const { source: changed } = await client.change<{ source: Source }>(
        `mutation ($id: ID!, $input: ChangeSourceInput!) { changeSource(id: $id, input: $input) { source { ${SOURCE_FIELDS} } userErrors { code message path } } }`,
        {
          id,
          input: {
            name: name ?? before.name,
            settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== '')),
            include: include?.includes('*') ? null : (include ?? before.include),
            exclude: exclude?.filter((glob) => glob !== '') ?? before.exclude,
            removalShare: mayVanish === undefined ? undefined : mayVanish / 100,
            sampleRows,
            ...{ description, owner, domain, environment },
            ...pick(about),
          },
        },
      );
      writeSource(json, changed);
      await tryOut(client, changed);
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
      Datasets: datasetsOf(test),
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

/** How many datasets there are; the kind need not tell how many of them can be read. */
const datasetsOf = ({ datasets, readableDatasets }: Test) =>
  datasets === null || readableDatasets === null ? datasets : `${datasets}, of which ${readableDatasets} can be read`;

/** Tells on the side whether a source can be used that was just written down, and what comes next. */
async function tryOut(client: Client, { id, name }: Source): Promise<void> {
  const { test } = await client.change<{ test: Test }>(
    `mutation ($id: ID!) { testSource(id: $id) { test { ${TEST_FIELDS} } userErrors { code message path } } }`,
    { id },
  );
  for (const problem of test.problems) remark(problem);
  const quoted = JSON.stringify(name);
  if (test.ok) {
    const datasets = test.datasets === null ? '' : `, with datasets: ${datasetsOf(test)}`;
    remark(`It answers well${datasets}. Read it with: plumbline harvest ${quoted}`);
    return;
  }
  remark(`It is kept all the same. Mend it with: plumbline source change ${quoted} --set … --secret …`);
  process.exitCode = EXIT.bad;
}

interface Kind {
  readonly kind: string;
  readonly titleEn: string;
  readonly secretSettings: readonly string[];
  readonly settingsSchema: {
    readonly properties: Record<string, { readonly default?: unknown; readonly type?: string }>;
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
    Schedule: scheduleOf(source),
    'Last harvest': source.lastHarvest
      ? `${source.lastHarvest.state.toLowerCase().replaceAll('_', ' ')} ${moment(source.lastHarvest.finishedAt)}`
      : 'never',
  });
}

function scheduleOf({ harvestSchedule }: Source): string {
  if (!harvestSchedule) return 'none; "plumbline harvest schedule" sets one';
  const { cron, timeZone, enabled, nextAt } = harvestSchedule;
  if (enabled && nextAt === null) return `${cron} (${timeZone}), paused with the source`;
  return `${cron} (${timeZone})${enabled ? `, next ${moment(nextAt)}` : ', off'}`;
}

/** Settings as the kind wants them: `port=5432` is a number there, and `database=2026` a text. */
async function settingsOf(
  client: Client,
  kind: string,
  set: readonly string[],
  secret: readonly string[],
): Promise<Record<string, unknown>> {
  const { connectors } = await client.ask<{ connectors: Kind[] }>('{ connectors { kind settingsSchema } }');
  const properties = connectors.find((each) => each.kind === kind)?.settingsSchema.properties ?? {};
  const named = set.map((text): [string, unknown] => {
    const at = text.indexOf('=');
    if (at < 1) throw new CommandFailed(`"${text}" is not name=value.`, EXIT.input);
    const [name, value] = [text.slice(0, at), text.slice(at + 1)];
    return [name, typed(value, properties[name]?.type)];
  });
  return Object.fromEntries([...named, ...secret.map(secretSetting)]);
}

/** A text that does not fit stays as it is: the server says what is wrong with it. */
function typed(value: string, type: string | undefined): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
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
