import { EMPTY_FLOW, fill, fillWhole, type Flow } from '../flow.js';
import { JobDraft, placeOf } from '../job-draft.js';
import type { Reading } from '../reading.js';
import { runStatements } from '../sql/run-statements.js';
import type { Value } from '../text/value.js';
import { readReader } from './reader.js';
import { transform } from './transformers.js';
import { inOrderOf, readWriter, type Written, type WrittenColumn } from './writer.js';

/** The `content` of a DataX job: what moves from where to where. */
export function contentsOf(root: Value): readonly Value[] {
  const job = root.field('job') ?? root;
  return job.field('content')?.items ?? [];
}

/** Reads what one entry of a job's `content` moves. */
export async function readContent(reading: Reading, draft: JobDraft, content: Value): Promise<void> {
  const reader = content.field('reader');
  const writer = content.field('writer');
  const flows = (await readReader(reading, draft, reader)).map((flow) =>
    transform(draft, flow, content.field('transformer')?.items ?? []),
  );
  const targets = readWriter(reading, draft, writer);
  const splits = reader?.path('parameter', 'splitPk')?.text?.trim();
  for (const [flow, target] of pairs(draft, content, flows, targets, splits !== undefined && splits !== ''))
    fillTarget(draft, content, flow, target);
  if (targets.length === 0) for (const { sources } of flows) for (const source of sources) draft.source(source);
  for (const target of targets.slice(0, 1)) await runBesides(reading, draft, writer, target);
}

/** DataX gives the rows of each source table to its own target table, when there are as many; all to one, when there is one. */
function pairs(
  draft: JobDraft,
  content: Value,
  flows: readonly Flow[],
  targets: readonly Written[],
  splits: boolean,
): (readonly [Flow, Written])[] {
  if (targets.length > 1 && flows.length === targets.length && !splits)
    return flows.map((flow, at) => [flow, targets[at]!] as const);
  if (targets.length > 1 && flows.length > 0)
    draft.say(
      'unknown-pairs',
      `Which of ${flows.length} sources goes into which of ${targets.length} tables depends on how the job is divided: each is taken to go into each.`,
      placeOf(content.field('writer') ?? content),
      'partial',
    );
  const given = flows.length === 0 ? [EMPTY_FLOW] : flows;
  return targets.flatMap((target) => given.map((flow) => [flow, target] as const));
}

function fillTarget(draft: JobDraft, content: Value, flow: Flow, { dataset, columns: listed, byPlace }: Written): void {
  const columns: readonly WrittenColumn[] | undefined =
    byPlace && !flow.open ? flow.columns.map((_, place) => ({ name: `_c${place}` })) : listed;
  const at = placeOf(content.path('writer', 'parameter', 'column') ?? content.field('writer') ?? content);
  const taken = columns && inOrderOf(columns, flow);
  if (!columns || !taken || (flow.open && flow.columns.length === 0)) {
    fillWhole(draft, flow, dataset);
    if (flow.sources.length > 0)
      draft.say(
        'unknown-columns',
        `Which column goes into which of ${dataset.name} is not known without the schema of ${columns ? 'the source' : 'the target'}.`,
        at,
      );
    return;
  }
  const positional = columns.filter((column: WrittenColumn) => !column.from && column.constant === undefined).length;
  if (
    !flow.open &&
    positional > 0 &&
    positional === columns.length &&
    flow.sources.length > 0 &&
    flow.columns.length !== positional
  )
    draft.say(
      'column-count',
      `The reader gives ${flow.columns.length} columns, the writer takes ${positional}: DataX refuses that, and what is behind the shorter list is left out.`,
      at,
      'partial',
    );
  const known = Math.min(columns.length, flow.open && positional === columns.length ? flow.columns.length : Infinity);
  const filled = flow.columns.length < positional ? columns.slice(0, flow.columns.length) : columns.slice(0, known);
  fill(
    draft,
    { ...taken, columns: taken.columns.slice(0, filled.length) },
    { dataset, columns: filled.map(({ name }) => name) },
  );
  if (flow.open) draft.say('unknown-columns', `Which columns a star stands for is not known without the schema.`, at);
}

/** SQL that runs on the target before and after. `@table` stands for the table. */
async function runBesides(
  reading: Reading,
  draft: JobDraft,
  writer: Value | undefined,
  { store, table }: Written,
): Promise<void> {
  if (!store || table === undefined) return;
  const besides = ['preSql', 'postSql'].flatMap((name) => writer?.path('parameter', name)?.items ?? []);
  for (const sql of besides) {
    const text = sql.text ?? '';
    // Only what could move rows is read: most of it empties the table.
    if (!/\b(?:insert|merge|update|create|replace|call|exec)\b/i.test(text)) continue;
    await runStatements(reading, draft, text.replaceAll('@table', table), store, sql.at);
  }
}
