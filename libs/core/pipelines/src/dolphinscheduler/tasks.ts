import { contentsOf, readContent } from '../datax/read-datax.js';
import { fill, fillWhole } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import { datasetIn, type Store, storeAt, storeOf, tableNamed } from '../naming/store.js';
import { systemNamed } from '../naming/systems.js';
import type { Reading } from '../reading.js';
import { readSeaTunnelJob } from '../seatunnel/seatunnel-file.js';
import { readSelect } from '../sql/read-select.js';
import { runStatements } from '../sql/run-statements.js';
import { readLenientJson } from '../text/lenient-json.js';
import { plainText } from '../text/secrets.js';
import { Unreadable } from '../text/unreadable.js';
import { textOf, type Value } from '../text/value.js';
import { CONTROL, OPAQUE } from './task-types.js';

/** Reads what one task does. What cannot be read says so; it never hides the other tasks. */
export async function readTask(
  reading: Reading,
  draft: JobDraft,
  taskType: string,
  params: Value | undefined,
): Promise<void> {
  const type = taskType.toUpperCase();
  if (CONTROL.has(type)) return;
  if (!params) {
    draft.say('no-parameters', 'The task has no parameters that can be read.', undefined, 'failed');
    return;
  }
  try {
    await readKnown(reading, draft, type, params);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    draft.say('not-read', error.message, { start: error.offset }, 'failed');
  }
}

async function readKnown(reading: Reading, draft: JobDraft, type: string, params: Value): Promise<void> {
  if (type === 'SQL') return readSqlTask(reading, draft, params);
  if (type === 'DATAX' || type === 'CHUNJUN') return readTransfer(reading, draft, params);
  const script = params.field('rawScript', 'hiveSqlScript', 'sql');
  if (type === 'SEATUNNEL' && script?.text?.trim()) return readSeaTunnelJob(reading, draft, script);
  const program = textOf(params, 'programType')?.toUpperCase();
  const runsSql = type === 'HIVECLI' || (program === 'SQL' && (type === 'SPARK' || type.startsWith('FLINK')));
  if (runsSql && script?.text?.trim()) {
    const store = nowhereIn(type === 'SPARK' ? 'spark' : type === 'HIVECLI' ? 'hive' : 'flink');
    draft.sql = script.text;
    draft.dialect = store.dialect;
    draft.say(
      'unknown-place',
      `Where the tables of this ${store.dialect} script are, the export does not say.`,
      placeOf(script),
    );
    await runStatements(reading, draft, script.text, store, script.at);
    return;
  }
  const known = OPAQUE[type];
  if (known !== undefined || type === 'SEATUNNEL' || type === 'HIVECLI') {
    const method = type === 'PROCEDURE' ? textOf(params, 'method') : undefined;
    draft.say(
      'opaque-task',
      `The task ${known ?? 'runs a file that is elsewhere'}${method === undefined ? '' : ` (${plainText(method)})`}: what it reads and writes cannot be read here.`,
      undefined,
      'opaque',
    );
    return;
  }
  draft.say(
    'unknown-task-type',
    type === '' ? 'The task has no type.' : `Nobody knows what a task of the type "${type}" does.`,
    undefined,
    'opaque',
  );
}

const nowhereIn = (kind: string): Store => {
  const { schema: _, ...store } = storeOf(kind);
  return store;
};

/** The server behind a data source of the scheduler. An export has only its number. */
function datasource(reading: Reading, draft: JobDraft, kind: string, id: Value | undefined): Store {
  const number = id?.text ?? 'unknown';
  const system = systemNamed(kind);
  const url = reading.options.datasources?.[number];
  const store =
    url === undefined ? undefined : storeAt(url, undefined, system?.scheme === 'mysql' ? undefined : system);
  if (store) return store;
  draft.say(
    url === undefined ? 'unknown-datasource' : 'no-place',
    url === undefined
      ? `Where data source ${number} (${kind}) is, the export does not say: its tables are named after its number.`
      : `What is given for data source ${number} is no JDBC URL.`,
    id && placeOf(id),
    url === undefined ? 'ok' : 'partial',
  );
  if (!system)
    draft.say(
      'unknown-dialect',
      `Nobody knows the kind of data source "${kind}": its SQL is read as standard SQL.`,
      id && placeOf(id),
    );
  const { schema: _, ...bare } = storeOf(kind === '' ? 'unknown' : kind);
  return { ...bare, namespace: `${bare.system.scheme}://datasource-${number}` };
}

async function readSqlTask(reading: Reading, draft: JobDraft, params: Value): Promise<void> {
  const store = datasource(reading, draft, textOf(params, 'type') ?? '', params.field('datasource'));
  const separator = textOf(params, 'segmentSeparator');
  const main = params.field('sql');
  if (!main?.text?.trim()) draft.say('no-sql', 'The task has no SQL.', undefined, 'failed');
  const sqls = [
    ...(params.field('preStatements')?.items ?? []),
    ...(main ? [main] : []),
    ...(params.field('postStatements')?.items ?? []),
  ].filter(({ text }) => text?.trim());
  draft.dialect = store.dialect;
  if (main?.text !== undefined) draft.sql = main.text;
  for (const sql of sqls) {
    const text = (sql.text ?? '').replaceAll('!{', '${');
    // As long as it was, so that places stay right.
    const apart =
      separator !== undefined && separator !== ';' ? text.replaceAll(separator, ';'.padEnd(separator.length)) : text;
    await runStatements(reading, draft, apart, store, sql.at);
  }
  if (textOf(params, 'sqlType') === '0' && !draft.hasEdges)
    draft.say(
      'no-target',
      'The rows of a query task go into a message or a parameter: there is no lineage.',
      undefined,
    );
}

/** A DataX task: a whole job, or a query and a table. */
async function readTransfer(reading: Reading, draft: JobDraft, params: Value): Promise<void> {
  const json = params.field('json');
  if (json?.text?.trim()) {
    const { value } = readLenientJson(json.text, json.at);
    const contents = contentsOf(value);
    if (contents.length === 0) throw new Unreadable('There is no job.content in the JSON of the task.', json.start);
    for (const content of contents) await readContent(reading, draft, content);
    return;
  }
  const sql = params.field('sql');
  const table = textOf(params, 'targetTable');
  if (!sql?.text?.trim() || table === undefined) {
    draft.say('no-sql', 'The task has neither a job as JSON nor a query with a target table.', undefined, 'failed');
    return;
  }
  const from = datasource(reading, draft, textOf(params, 'dsType') ?? '', params.field('dataSource', 'datasource'));
  const to = datasource(reading, draft, textOf(params, 'dtType') ?? '', params.field('dataTarget', 'datatarget'));
  draft.sql = sql.text;
  draft.dialect = from.dialect;
  const { flow, status, reasons } = await readSelect(reading, sql.text, from, sql.at);
  draft.take(reasons, status);
  const dataset = datasetIn(to, tableNamed(table, to.dialect));
  // The scheduler names the target's columns like those of the query.
  const names = flow.columns.map(({ name = '' }) => name);
  if (flow.open || names.length === 0) fillWhole(draft, flow, dataset);
  else fill(draft, flow, { dataset, columns: names });
  for (const statement of ['preStatements', 'postStatements'].flatMap((name) => params.field(name)?.items ?? []))
    if (/\b(?:insert|merge|update|create|replace)\b/i.test(statement.text ?? ''))
      await runStatements(reading, draft, statement.text ?? '', to, statement.at);
}
