import { type ColumnEdge, type EdgeTarget, nameOf, type TableName } from '#core/sql-lineage';

/** A table as it is shown; `#` marks a temporary one. */
export const tableShown = (table: TableName): string => `${nameOf(table)}${table.temporary ? '#' : ''}`;

/** `(a | b).x` is a column of one of two tables, `?.x` of nobody knows which. */
export function sourceShown({ table, column, candidates }: ColumnEdge['from']): string {
  if (table) return `${tableShown(table)}.${column}`;
  return candidates ? `(${candidates.map(tableShown).join(' | ')}).${column}` : `?.${column}`;
}

/** A column of the target, or its rows as a whole. `result` is what a bare SELECT gives. */
export function targetShown({ table, column }: EdgeTarget): string {
  const name = table ? tableShown(table) : 'result';
  return column === undefined ? `${name} (rows)` : `${name}.${column}`;
}
