import { dataOf, type Identifier, kindOf, type Node } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn, Rowset } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import { assignment } from './assignments.js';

/** `PARTITION (dt = '2026-06-30', region)` as the parser gives it. */
export type PartitionClause = readonly (readonly [Identifier, Node | null])[];

export interface Partition {
  /** Columns with a value of their own: the query does not give them. */
  readonly fixed: readonly OutputColumn[];
  /** Columns that the query gives last, in this order. */
  readonly given: readonly string[];
}

export function partitionOf(clause: PartitionClause, scope: Scope, reading: Reading): Partition {
  const fixed: OutputColumn[] = [];
  const given: string[] = [];
  for (const [column, value] of clause) {
    const name = reading.name(column);
    // The parser keeps the text of a constant as it is; a column on the right would be one of the query, which is not allowed.
    if (value) fixed.push({ ...assignment(name, value, scope, reading), expression: textOf(value, reading) });
    else if (reading.dialect.partitionColumns) given.push(name);
  }
  return { fixed, given };
}

const textOf = (value: Node, reading: Reading): string =>
  reading.sql(value) ?? (kindOf(value) === 'literal' ? String(dataOf<{ value?: unknown }>(value).value) : '');

/** The target's columns in the order in which the query gives them. */
export function columnsGiven(
  columns: readonly string[] | undefined,
  { fixed, given }: Partition,
  reading: Reading,
): readonly string[] | undefined {
  if (!columns) return undefined;
  const apart = [...fixed.map(({ name }) => name), ...given];
  return [...columns.filter((column) => !apart.some((name) => reading.same(name, column))), ...given];
}

/** Where nothing is known of the target, at least the last columns of the query are known: they fill the partition's. */
export function lastColumns(
  names: readonly (string | undefined)[],
  rows: Rowset,
  { given }: Partition,
): (string | undefined)[] {
  const from = names.length - given.length;
  return names.map((name, at) => (at >= from && rows.columns[at]?.name !== '*' ? given[at - from] : name));
}
