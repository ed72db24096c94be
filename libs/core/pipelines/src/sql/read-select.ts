import type { ColumnEdge, Reason, StatementLineage, StatementStatus } from '#core/sql-lineage';

import { EMPTY_FLOW, type Flow, type FlowColumn, type Origin } from '../flow.js';
import { datasetIn, type Store } from '../naming/store.js';
import type { Reading } from '../reading.js';

/** What a query gives, and how far it was understood. */
export interface Selected {
  readonly flow: Flow;
  readonly status: StatementStatus;
  readonly reasons: readonly Reason[];
}

/**
 * Reads a query that a tool runs on a store.
 *
 * @param at where the character at an offset of the query stands in the file
 */
export async function readSelect(
  reading: Reading,
  sql: string,
  store: Store,
  at: (offset: number) => number,
): Promise<Selected> {
  const tables = reading.known.tablesFor(store, sql);
  const { statements } = await reading.readSql({
    sql,
    dialect: store.dialect,
    ...(store.schema !== undefined && { defaultSchema: store.schema }),
    ...(store.system.parts === 'database' && store.database !== undefined && { defaultCatalog: store.database }),
    ...(tables.length > 0 && { tables }),
  });
  const reasons = statements.flatMap(({ reasons: given }) => given.map((reason) => movedReason(reading, reason, at)));
  const [query] = statements.filter(({ kind }) => kind === 'select');
  if (!query) {
    const [other] = statements;
    const failed = other?.status === 'failed';
    return {
      flow: EMPTY_FLOW,
      status: failed ? 'failed' : 'partial',
      reasons: failed
        ? reasons
        : [...reasons, reading.reason('no-query', 'The text is no query that gives rows.', { start: at(0) })],
    };
  }
  return { flow: flowOf(query, store), status: query.status, reasons };
}

/** The place of a reason in the file. */
export function movedReason(
  reading: Reading,
  { code, message, start, end }: Reason,
  at: (offset: number) => number,
): Reason {
  return reading.reason(code, message, { start: at(start), end: at(end) });
}

function flowOf(query: StatementLineage, store: Store): Flow {
  const columns = new Map<number, { name?: string; origins: Origin[]; expression?: string }>();
  const columnAt = (ordinal: number, name: string | undefined) => {
    const column = columns.get(ordinal) ?? { origins: [], ...(name !== undefined && { name }) };
    columns.set(ordinal, column);
    return column;
  };
  const rows: Origin[] = [];
  let star = Infinity;
  for (const edge of query.columnEdges) {
    const { to, expression } = edge;
    const origins = originsOf(edge, store);
    if (to.column === undefined && to.ordinal === undefined) {
      rows.push(...origins);
      continue;
    }
    const ordinal = to.ordinal ?? 0;
    if (edge.from.column === '*' || to.column === '*') star = Math.min(star, ordinal);
    const column = columnAt(ordinal, to.column);
    column.origins.push(...origins);
    if (expression !== undefined) column.expression ??= expression;
  }
  for (const { to, expression } of query.generated) {
    const column = columnAt(to.ordinal ?? 0, to.column);
    if (expression !== undefined) column.expression ??= expression;
  }
  // Behind a star that nobody could expand, positions say nothing.
  const listed: FlowColumn[] = [];
  for (let ordinal = 0; ordinal < star && columns.has(ordinal); ordinal++) listed.push(columns.get(ordinal)!);
  return {
    sources: query.sources.map((table) => datasetIn(store, table)),
    columns: listed,
    open: listed.length < columns.size || (columns.size === 0 && query.status !== 'ok'),
    rows,
  };
}

/** A column that several tables could have comes from each of them. */
function originsOf({ from, type, subtype, confidence }: ColumnEdge, store: Store): Origin[] {
  const tables = from.table ? [from.table] : (from.candidates ?? []);
  return tables.map((table) => ({ dataset: datasetIn(store, table), column: from.column, type, subtype, confidence }));
}
