import { type ColumnEdge, nameKey, type Reason, type SqlDialect, type StatementStatus } from '#core/sql-lineage';

import { EMPTY_FLOW, type Flow, type FlowColumn, type Origin, passedOn } from '../flow.js';
import type { Reading } from '../reading.js';
import { movedReason } from './read-select.js';

/** Rows under the name that a query has for them. */
export interface NamedFlow {
  readonly name: string;
  readonly schema?: string;
  readonly flow: Flow;
}

/**
 * Lets rows go through a query of the tool itself: what the query says about its tables is said about what those are made of.
 *
 * @param at where the character at an offset of the query stands in the file
 * @param inputs the tables that the query knows; a single one is meant whatever the query calls it
 */
export async function throughSelect(
  reading: Reading,
  sql: string,
  dialect: SqlDialect,
  at: (offset: number) => number,
  inputs: readonly NamedFlow[],
): Promise<{ readonly flow: Flow; readonly status: StatementStatus; readonly reasons: readonly Reason[] }> {
  const tables = inputs.flatMap(({ name, schema, flow }) =>
    flow.open || flow.columns.some((column) => column.name === undefined) || flow.columns.length === 0
      ? []
      : [{ name, ...(schema !== undefined && { schema }), columns: flow.columns.map((column) => column.name ?? '') }],
  );
  const { statements } = await reading.readSql({ sql, dialect, ...(tables.length > 0 && { tables }) });
  const reasons = statements
    .flatMap((statement) => statement.reasons)
    // What the tool's own table is called tells nobody anything.
    .filter(({ code }) => code !== 'unknown-columns')
    .map((reason) => movedReason(reading, reason, at));
  const query = statements.find(({ kind }) => kind === 'select');
  if (!query) return { flow: EMPTY_FLOW, status: statements[0]?.status === 'failed' ? 'failed' : 'partial', reasons };
  const key = nameKey(dialect);
  const inputOf = (table: ColumnEdge['from']['table']): NamedFlow | undefined =>
    inputs.length === 1 ? inputs[0] : inputs.find(({ name }) => table !== undefined && key(name) === key(table.name));
  const inner = (edge: ColumnEdge): Origin[] => {
    const input = inputOf(edge.from.table ?? edge.from.candidates?.[0]);
    return input ? originsOf(input.flow, edge.from.column, dialect).map((origin) => combined(origin, edge)) : [];
  };
  const columns = new Map<number, { name?: string; origins: Origin[]; expression?: string }>();
  const columnAt = (ordinal: number, name: string | undefined) => {
    const column = columns.get(ordinal) ?? { origins: [], ...(name !== undefined && { name }) };
    columns.set(ordinal, column);
    return column;
  };
  const rows: Origin[] = inputs.flatMap(({ flow }) => [...flow.rows]);
  let open = false;
  for (const edge of query.columnEdges) {
    if (edge.to.column === undefined && edge.to.ordinal === undefined) rows.push(...inner(edge));
    else if (edge.from.column === '*') open = true;
    else {
      const column = columnAt(edge.to.ordinal ?? 0, edge.to.column);
      column.origins.push(...inner(edge));
      if (edge.expression !== undefined) column.expression ??= edge.expression;
    }
  }
  for (const { to, expression } of query.generated) {
    const column = columnAt(to.ordinal ?? 0, to.column);
    if (expression !== undefined) column.expression ??= expression;
  }
  const listed: FlowColumn[] = [...columns].sort(([one], [other]) => one - other).map(([, column]) => column);
  return {
    flow: { sources: inputs.flatMap(({ flow }) => [...flow.sources]), columns: listed, open, rows },
    status: query.status,
    reasons,
  };
}

/** What a column of the rows is made of; of rows whose columns are not known, the column of that name of their only dataset. */
export function originsOf(flow: Flow, name: string, dialect: SqlDialect): readonly Origin[] {
  const key = nameKey(dialect);
  const found =
    flow.columns.find((column) => column.name === name) ??
    flow.columns.find((column) => column.name !== undefined && key(column.name) === key(name));
  if (found) return passedOn(found);
  if (!flow.open) return [];
  const confidence = flow.sources.length === 1 ? 'single-source' : 'ambiguous';
  return flow.sources.map((dataset) => ({ dataset, column: name, type: 'DIRECT', subtype: 'IDENTITY', confidence }));
}

/** What decides on one step decides in all; of values the strongest change counts. */
function combined(origin: Origin, { type, subtype }: ColumnEdge): Origin {
  if (origin.type === 'INDIRECT') return origin;
  if (type === 'INDIRECT') return { ...origin, type, subtype };
  const strength = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'] as const;
  const stronger = strength.findLast((each) => each === origin.subtype || each === subtype) ?? subtype;
  return { ...origin, subtype: stronger };
}
