import { EMPTY_FLOW, type Flow, type FlowColumn, plainColumns } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import { nameIn } from '../naming/names.js';
import { datasetIn, datasetKey, type Store, tableNamed } from '../naming/store.js';
import type { Reading } from '../reading.js';
import { Composed } from '../sql/composed.js';
import { readSelect } from '../sql/read-select.js';
import type { Value } from '../text/value.js';
import type { Dataset } from '../types.js';
import { type ListedColumn, listedColumns } from './columns.js';
import { tablesOf } from './table-ranges.js';

const PLAIN = /^[\p{L}_][\p{L}\p{M}\p{N}_$#]*$/u;
/** Words that stand where a column could and are none. */
const VALUES =
  /^(?:null|true|false|sysdate|systimestamp|user|current_date|current_time|current_timestamp|current_user|localtime|localtimestamp|rownum|rowid|level|default|case|cast|distinct)$/i;

/** Reads the tables of one connection as DataX does: `select COLUMNS from TABLE where WHERE`. */
export async function readTables(
  reading: Reading,
  draft: JobDraft,
  store: Store,
  tables: readonly Value[],
  parameter: Value | undefined,
): Promise<Flow[]> {
  const flows: Flow[] = [];
  const columns = listedColumns(parameter?.field('column'));
  const where = parameter?.field('where');
  let asFirst: { readonly dataset: Dataset; readonly flow: Flow } | undefined;
  for (const entry of tables) {
    const names = tablesOf(entry.text ?? '');
    if (!names)
      draft.say('too-many-tables', `"${entry.text}" names more tables than are read.`, placeOf(entry), 'partial');
    for (const name of names ?? []) {
      const dataset = datasetIn(store, tableNamed(name, store.dialect));
      // What is true of one of a thousand tables is true of all: only the name differs.
      const flow: Flow =
        asFirst && columns
          ? renamed(asFirst.flow, asFirst.dataset, dataset)
          : await readTable(reading, draft, { store, dataset, name, entry, columns, where });
      asFirst ??= { dataset, flow };
      flows.push(flow);
    }
  }
  return flows;
}

interface TableToRead {
  readonly store: Store;
  readonly dataset: Dataset;
  readonly name: string;
  readonly entry: Value;
  readonly columns: readonly ListedColumn[] | undefined;
  readonly where: Value | undefined;
}

async function readTable(reading: Reading, draft: JobDraft, table: TableToRead): Promise<Flow> {
  const { dataset, columns, store } = table;
  const known = reading.known.columnsOf(dataset);
  const all: FlowColumn[] = columns
    ? columns.map(() => ({ origins: [] }))
    : plainColumns(dataset, known ?? [], 'schema');
  const computed: number[] = [];
  for (const [ordinal, { value, text = '' }] of (columns ?? []).entries()) {
    const name = plainName(text, store);
    if (name === undefined) computed.push(ordinal);
    else {
      if (known && !known.some((column) => column.toLowerCase() === name.toLowerCase()))
        draft.say('unknown-column', `${dataset.name} has no column "${name}".`, placeOf(value), 'partial');
      all[ordinal] = plainColumns(dataset, [name], known ? 'schema' : 'single-source')[0]!;
    }
  }
  const { where } = table;
  const rest =
    computed.length > 0 || (where?.text ?? '').trim() !== ''
      ? await computedColumns(reading, draft, table, computed, all)
      : EMPTY_FLOW;
  return {
    sources: distinct([dataset, ...rest.sources]),
    columns: all,
    open: columns === undefined && known === undefined,
    rows: rest.rows,
  };
}

/** The name of a column that is simply read; undefined for an expression or a constant. */
function plainName(text: string, store: Store): string | undefined {
  const written = text.trim();
  if (PLAIN.test(written)) return VALUES.test(written) ? undefined : nameIn(written, store.dialect);
  if (/^`[^`]+`$/.test(written)) return nameIn(written, store.dialect);
  // MySQL's double quotes are a string.
  return /^"[^"]+"$/.test(written) && store.system.scheme !== 'mysql' ? nameIn(written, store.dialect) : undefined;
}

/** Puts what expressions are made of into `all`; gives what decides about rows. */
async function computedColumns(
  reading: Reading,
  draft: JobDraft,
  table: TableToRead,
  computed: readonly number[],
  all: FlowColumn[],
): Promise<Flow> {
  const { columns = [], where } = table;
  const together = await select(reading, table, computed, where);
  if (together.status === 'ok' || together.status === 'fallback') {
    draft.take(together.reasons, together.status);
    for (const [at, ordinal] of computed.entries()) all[ordinal] = together.flow.columns[at] ?? all[ordinal]!;
    return together.flow;
  }
  // One expression that nobody understands does not hide the others.
  let rows: Flow = EMPTY_FLOW;
  for (const ordinal of computed) {
    const one = await select(reading, table, [ordinal], undefined);
    const [column] = one.flow.columns;
    if (column) all[ordinal] = column;
    if (one.status !== 'ok')
      draft.say(
        'column-not-understood',
        `The column ${JSON.stringify(columns[ordinal]?.text ?? '')} was not understood: ${one.reasons.map(({ message }) => message).join(' ')}`,
        placeOf(columns[ordinal]!.value),
        'partial',
      );
  }
  if (where && (where.text ?? '').trim() !== '') {
    const filter = await select(reading, table, [], where);
    rows = filter.flow;
    if (filter.status !== 'ok')
      draft.say(
        'where-not-understood',
        `The condition was not understood: ${filter.reasons.map(({ message }) => message).join(' ')}`,
        placeOf(where),
        'partial',
      );
  }
  return rows;
}

function select(
  reading: Reading,
  { store, name, entry, columns = [] }: TableToRead,
  which: readonly number[],
  where: Value | undefined,
) {
  const sql = new Composed().own('select ');
  for (const [at, ordinal] of which.entries()) {
    if (at > 0) sql.own(', ');
    sql.piece(columns[ordinal]!.value, columns[ordinal]!.text);
  }
  if (which.length === 0) sql.own('1');
  sql.own(' from ').piece(entry, name);
  if (where && (where.text ?? '').trim() !== '') sql.own(' where (').piece(where).own(')');
  return readSelect(reading, sql.text, store, sql.at);
}

function renamed(flow: Flow, from: Dataset, to: Dataset): Flow {
  const key = datasetKey(from);
  const other = (dataset: Dataset) => (datasetKey(dataset) === key ? to : dataset);
  const column = (each: FlowColumn): FlowColumn => ({
    ...each,
    origins: each.origins.map((origin) => ({ ...origin, dataset: other(origin.dataset) })),
  });
  return {
    ...flow,
    sources: flow.sources.map(other),
    columns: flow.columns.map(column),
    rows: flow.rows.map((origin) => ({ ...origin, dataset: other(origin.dataset) })),
  };
}

const distinct = (datasets: readonly Dataset[]): Dataset[] => [
  ...new Map(datasets.map((dataset) => [datasetKey(dataset), dataset])).values(),
];

/** Reads the queries of one connection. */
export async function readQueries(
  reading: Reading,
  draft: JobDraft,
  store: Store,
  queries: readonly Value[],
): Promise<Flow[]> {
  const flows: Flow[] = [];
  for (const query of queries) {
    const { flow, status, reasons } = await readSelect(reading, query.text ?? '', store, query.at);
    draft.take(reasons, status);
    draft.sql ??= query.text ?? '';
    draft.dialect ??= store.dialect;
    flows.push(flow);
  }
  return flows;
}
