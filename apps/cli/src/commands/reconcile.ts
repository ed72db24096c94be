import { readFileSync } from 'node:fs';

import { messageOf } from '#kernel';
import { type Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { parse } from 'yaml';

import { asking, wholeNumber } from '../client/command.js';
import { type Client } from '../client/client.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { moment, remark, writeFacts, writeJson, writeLine, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';
import { findAsset } from './asset.js';

interface Found {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly leftName: string;
  readonly leftSourceName: string;
  readonly rightName: string;
  readonly rightSourceName: string;
  readonly definition: unknown;
  readonly latestRun: Pick<Run, 'verdict' | 'state' | 'finishedAt' | 'breakCount' | 'signed'> | null;
}

interface Check {
  readonly kind: string;
  readonly of: string;
  readonly status: string;
  readonly left: string | null;
  readonly right: string | null;
  readonly difference: string | null;
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly asOf: string | null;
  readonly cutoff: string | null;
  readonly finishedAt: string | null;
  readonly breakCount: number;
  readonly signed: string;
  readonly errorSide: string | null;
  readonly errorMessage: string | null;
  readonly keys: { readonly complete: boolean; readonly breaks: number; readonly bucketsLeft: number } | null;
  readonly checks: readonly Check[];
  readonly signOffs: readonly { readonly byWhom: string; readonly at: string; readonly comment: string }[];
}

interface Break {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly key: readonly (string | null)[];
  readonly columns: readonly string[];
  readonly values: readonly { readonly column: string; readonly left: string | null; readonly right: string | null }[];
  readonly firstSeenAt: string;
  readonly openDays: number;
  readonly reason: string;
}

const FOUND = `id name number leftName leftSourceName rightName rightSourceName definition
  latestRun { verdict state finishedAt breakCount signed }`;
const RUN = `id state verdict asOf cutoff finishedAt breakCount signed errorSide errorMessage
  keys { complete breaks bucketsLeft } checks { kind of status left right difference } signOffs { byWhom at comment }`;
const BREAK = 'id kind state key columns values { column left right } firstSeenAt openDays reason';
const ERRORS = 'userErrors { code message path }';

/** `plumbline reconcile`: whether two datasets say the same. */
export function addReconcile(program: Command): void {
  const reconcile = program.command('reconcile').description('reconciliation: whether two datasets say the same');

  asking(
    reconcile
      .command('add <file>')
      .description('add or change a reconciliation from a YAML or JSON file: name, left, right, keys, columns, checks'),
    async ({ client, json }, file: string) => {
      const wish = await wishOf(client, fileOf(file));
      const known = await find(client, wish.name);
      const done = await client.change<{ reconciliation: Found }>(
        known === undefined
          ? `mutation ($input: ReconciliationInput!) { addReconciliation(input: $input) { reconciliation { ${FOUND} } ${ERRORS} } }`
          : `mutation ($id: ID!, $input: ReconciliationInput!) { changeReconciliation(id: $id, input: $input) { reconciliation { ${FOUND} } ${ERRORS} } }`,
        { input: wish, ...(known && { id: known.id }) },
      );
      writeFacts({ json }, done.reconciliation, factsOf(done.reconciliation));
    },
  );

  asking(
    reconcile
      .command('suggest <left> <right>')
      .description('propose keys, columns and checks from lineage and names, as a file for "reconcile add"')
      .option('--left-source <name>')
      .option('--right-source <name>')
      .option('--name <text>', 'its name'),
    async (
      { client, json },
      left: string,
      right: string,
      options: { leftSource?: string; rightSource?: string; name?: string },
    ) => {
      const { suggestReconciliation: found } = await client.ask<{
        suggestReconciliation: { definition: object; evidence: object[]; unmapped: string[] };
      }>(
        `query ($left: ID!, $right: ID!) { suggestReconciliation(leftDatasetId: $left, rightDatasetId: $right) {
           definition evidence { left right role because } unmapped } }`,
        {
          left: (await findAsset(client, left, options.leftSource)).id,
          right: (await findAsset(client, right, options.rightSource)).id,
        },
      );
      if (json) return writeJson(found);
      const { stringify: yaml } = await import('yaml');
      const side = (dataset: string, source?: string) => ({ dataset, ...(source !== undefined && { source }) });
      writeLine(
        yaml({
          name: options.name ?? `${left} → ${right}`,
          left: side(left, options.leftSource),
          right: side(right, options.rightSource),
          ...found.definition,
        }).trimEnd(),
      );
      for (const { left: one, right: other, because } of found.evidence as Record<string, string>[])
        remark(`# ${one} → ${other}: ${because?.replaceAll('_', ' ')}`);
      if (found.unmapped.length > 0) remark(`# nothing is known for: ${found.unmapped.join(', ')}`);
    },
  );

  asking(
    reconcile
      .command('list')
      .description('reconciliations with their last run')
      .option('--limit <n>', 'how many', wholeNumber, 100),
    async ({ client, json }, { limit }: { limit: number }) => {
      const { reconciliations } = await client.ask<{ reconciliations: { totalCount: number; nodes: Found[] } }>(
        `query ($first: Int) { reconciliations(first: $first) { totalCount nodes { ${FOUND} } } }`,
        { first: limit },
      );
      writeRows(
        { json },
        reconciliations.nodes,
        {
          Name: ({ name }) => name,
          Left: ({ leftSourceName, leftName }) => `${leftSourceName}: ${leftName}`,
          Right: ({ rightSourceName, rightName }) => `${rightSourceName}: ${rightName}`,
          Last: ({ latestRun }) => (latestRun?.verdict ?? latestRun?.state)?.toLowerCase(),
          Breaks: ({ latestRun }) => latestRun?.breakCount,
          Signed: ({ latestRun }) => latestRun?.signed.toLowerCase(),
          When: ({ latestRun }) => moment(latestRun?.finishedAt),
        },
        'There is no reconciliation.',
      );
      if (reconciliations.totalCount > reconciliations.nodes.length)
        remark(`${reconciliations.nodes.length} of ${reconciliations.totalCount}; more with --limit.`);
    },
  );

  asking(
    reconcile.command('run <name>').description('run it now and wait; exit code 3 when the two sides do not agree'),
    async ({ client, json }, name: string) => {
      const { id } = await known(client, name);
      const { run, job } = await client.change<{ run: { id: string }; job: { id: string } }>(
        `mutation ($id: ID!) { runReconciliation(id: $id) { run { id } job { id } ${ERRORS} } }`,
        { id },
      );
      await watchJob(client, job.id, { quiet: json });
      const { reconciliationRun } = await client.ask<{ reconciliationRun: Run }>(
        `query ($id: ID!) { reconciliationRun(id: $id) { ${RUN} } }`,
        { id: run.id },
      );
      showRun(json, reconciliationRun);
      if (reconciliationRun.verdict !== 'AGREES' && reconciliationRun.verdict !== 'NOT_EVALUATED')
        process.exitCode = EXIT.bad;
    },
  );

  asking(
    reconcile.command('show <name>').description('a reconciliation with its last run'),
    async ({ client, json }, name: string) => {
      const found = await known(client, name);
      const run = await lastRun(client, found.id);
      if (json) return writeJson({ ...found, run: run ?? null });
      writeFacts({ json }, found, factsOf(found));
      if (run === undefined) writeLine('It has not run yet.');
      else showRun(false, run);
    },
  );

  asking(
    reconcile
      .command('breaks <name>')
      .description('its breaks, oldest first')
      .option('--kind <kind>', 'missing_left, missing_right, value_differs, duplicate_key, null_key')
      .option('--state <state>', 'open, explained, written_off, closed; all but closed when left out')
      .option('--csv', 'write CSV')
      .option('--limit <n>', 'how many', wholeNumber, 1_000),
    async (
      { client, json },
      name: string,
      { kind, state, csv, limit }: { kind?: string; state?: string; csv?: boolean; limit: number },
    ) => {
      const { id } = await known(client, name);
      const { items, total } = await breaksOf(client, id, { kind, state, limit });
      if (csv === true) writeLine(csvOf(items).trimEnd());
      else
        writeRows(
          { json },
          items,
          {
            ID: (found) => found.id,
            Key: ({ key }) => keyText(key),
            Kind: (found) => found.kind.toLowerCase(),
            Differs: valuesText,
            Days: ({ openDays }) => openDays,
            State: (found) => found.state.toLowerCase(),
            Reason: ({ reason }) => reason,
          },
          'There is no break.',
        );
      if (total > items.length) remark(`${items.length} of ${total}; more with --limit.`);
    },
  );

  asking(
    reconcile
      .command('decide <break>')
      .description('say why a key does not agree (--explain), or that nothing more is done about it (--write-off)')
      .option('--explain <reason>')
      .option('--write-off <reason>'),
    async ({ client, json }, id: string, { explain, writeOff }: { explain?: string; writeOff?: string }) => {
      if ((explain === undefined) === (writeOff === undefined))
        throw new CommandFailed('Give either --explain REASON or --write-off REASON.', EXIT.input);
      const done = await client.change<{ break: Break }>(
        `mutation ($id: ID!, $decision: ReconciliationBreakDecision!, $reason: String!) {
           decideReconciliationBreak(id: $id, decision: $decision, reason: $reason) { break { ${BREAK} } ${ERRORS} } }`,
        { id, decision: explain === undefined ? 'WRITTEN_OFF' : 'EXPLAINED', reason: explain ?? writeOff },
      );
      writeFacts({ json }, done.break, { Key: keyText(done.break.key), State: done.break.state.toLowerCase() });
    },
  );

  asking(
    reconcile
      .command('sign <name>')
      .description('sign its last run off; with open breaks a second person has to sign as well')
      .requiredOption('--comment <text>', 'what you vouch for'),
    async ({ client, json }, name: string, { comment }: { comment: string }) => {
      const run = await lastRun(client, (await known(client, name)).id);
      if (run === undefined) throw new CommandFailed(`${JSON.stringify(name)} has not run yet.`, EXIT.input);
      const signed = await client.change<{ run: Run }>(
        `mutation ($id: ID!, $comment: String!) { signReconciliationRun(id: $id, comment: $comment) { run { ${RUN} } ${ERRORS} } }`,
        { id: run.id, comment },
      );
      writeFacts({ json }, signed.run, {
        Run: signed.run.id,
        Signed: signed.run.signed.toLowerCase().replaceAll('_', ' '),
        By: signed.run.signOffs.map(({ byWhom }) => byWhom),
      });
    },
  );
}

/** A file as a wish: sides by name, everything else the definition. */
async function wishOf(client: Client, given: unknown) {
  const { name, description, owner, left, right, ...definition } = (given ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') throw new CommandFailed('The file has no "name".', EXIT.input);
  const side = async (which: 'left' | 'right', said: unknown) => {
    const { source, dataset, ...options } = (said ?? {}) as Record<string, unknown>;
    if (typeof dataset !== 'string')
      throw new CommandFailed(
        `The file does not say which dataset is on the ${which}: "${which}: { dataset: … }".`,
        EXIT.input,
      );
    const found = await findAsset(client, dataset, typeof source === 'string' ? source : undefined);
    return { id: found.id, options: Object.keys(options).length === 0 ? undefined : options };
  };
  const [here, there] = [await side('left', left), await side('right', right)];
  return {
    ...{ name, description, owner, leftDatasetId: here.id, rightDatasetId: there.id },
    definition: {
      ...definition,
      ...(here.options && { left: here.options }),
      ...(there.options && { right: there.options }),
    },
  };
}

function fileOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read: ${messageOf(error)}`, EXIT.input);
  }
}

async function find(client: Client, name: string): Promise<Found | undefined> {
  let after: string | null = null;
  do {
    const {
      reconciliations,
    }: { reconciliations: { nodes: Found[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await client.ask(
        `query ($after: String) { reconciliations(first: 500, after: $after) { nodes { ${FOUND} } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    const found = reconciliations.nodes.find((each) => each.name === name || each.id === name);
    if (found !== undefined) return found;
    after = reconciliations.pageInfo.hasNextPage ? reconciliations.pageInfo.endCursor : null;
  } while (after !== null);
  return undefined;
}

async function known(client: Client, name: string): Promise<Found> {
  const found = await find(client, name);
  if (found !== undefined) return found;
  throw new CommandFailed(`There is no reconciliation ${JSON.stringify(name)}. See "reconcile list".`, EXIT.input);
}

async function lastRun(client: Client, reconciliationId: string): Promise<Run | undefined> {
  const { reconciliationRuns } = await client.ask<{ reconciliationRuns: { nodes: Run[] } }>(
    `query ($id: ID!) { reconciliationRuns(reconciliationId: $id, first: 1) { nodes { ${RUN} } } }`,
    { id: reconciliationId },
  );
  return reconciliationRuns.nodes[0];
}

async function breaksOf(
  client: Client,
  reconciliationId: string,
  { kind, state, limit }: { kind?: string; state?: string; limit: number },
): Promise<{ items: Break[]; total: number }> {
  const items: Break[] = [];
  let after: string | null = null;
  for (;;) {
    const {
      reconciliationBreaks: page,
    }: {
      reconciliationBreaks: {
        totalCount: number;
        nodes: Break[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    } = await client.ask(
      `query ($id: ID!, $kinds: [ReconciliationBreakKind!], $states: [ReconciliationBreakState!], $first: Int, $after: String) {
           reconciliationBreaks(reconciliationId: $id, kinds: $kinds, states: $states, first: $first, after: $after) {
             totalCount nodes { ${BREAK} } pageInfo { hasNextPage endCursor } } }`,
      {
        ...{ id: reconciliationId, after, first: Math.min(500, limit - items.length) },
        ...(kind !== undefined && { kinds: [kind.toUpperCase()] }),
        states: state === undefined ? ['OPEN', 'EXPLAINED', 'WRITTEN_OFF'] : [state.toUpperCase()],
      },
    );
    items.push(...page.nodes);
    if (!page.pageInfo.hasNextPage || items.length >= limit) return { items, total: page.totalCount };
    after = page.pageInfo.endCursor;
  }
}

function showRun(json: boolean, run: Run): void {
  if (json) return writeJson(run);
  writeFacts({ json }, run, {
    Verdict: (run.verdict ?? run.state).toLowerCase(),
    'As of': moment(run.asOf),
    'Cut-off': moment(run.cutoff),
    Breaks: run.breakCount,
    Signed: run.signed.toLowerCase().replaceAll('_', ' '),
    ...(run.errorMessage !== null && { Error: `${run.errorSide?.toLowerCase() ?? 'definition'}: ${run.errorMessage}` }),
  });
  if (run.checks.length > 0)
    writeRows({ json }, run.checks, {
      Check: ({ kind, of }) => `${kind.toLowerCase()}${of === '' ? '' : ` ${of}`}`,
      Left: ({ left }) => left,
      Right: ({ right }) => right,
      Difference: ({ difference }) => difference,
      Verdict: ({ status }) => status.toLowerCase(),
    });
  if (run.keys?.complete === false)
    remark(
      `The list of breaks is incomplete: ${run.keys.breaks} were found, ${run.keys.bucketsLeft} differing buckets were not looked into.`,
    );
}

const factsOf = (found: Found) => ({
  ID: found.id,
  Name: found.name,
  Version: found.number,
  Left: `${found.leftSourceName}: ${found.leftName}`,
  Right: `${found.rightSourceName}: ${found.rightName}`,
});

const keyText = (key: readonly (string | null)[]): string => key.map((part) => part ?? 'NULL').join(' + ');

const valuesText = ({ kind, values, columns }: Break): string =>
  kind === 'VALUE_DIFFERS'
    ? values.map(({ column, left, right }) => `${column}: ${left ?? 'NULL'} → ${right ?? 'NULL'}`).join('; ')
    : columns.join(', ');

/** What a spreadsheet would take for a formula stays a text. */
const harmless = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;

const csvOf = (breaks: readonly Break[]): string =>
  stringify(
    breaks.map((found) =>
      [
        ...[found.id, keyText(found.key), found.kind.toLowerCase(), found.state.toLowerCase()],
        ...[valuesText(found), found.firstSeenAt, String(found.openDays), found.reason],
      ].map(harmless),
    ),
    { header: true, columns: ['id', 'key', 'kind', 'state', 'differs', 'first_seen', 'open_days', 'reason'] },
  );
