import { type AliasData, type ColumnData, dataOf, kindOf, type Node } from '../parse/tree.js';
import { columnIn } from './column.js';
import type { Influence } from './influence.js';
import type { Reading } from './reading.js';
import type { Scope } from './scope.js';

/**
 * The SQL behind a plain column: what it is computed by in the query of FROM that it comes from; its own name when it is no column at all
 * (a variable, a parameter, the day).
 */
export function textOfColumn(
  node: Node,
  influences: readonly Influence[],
  scope: Scope,
  reading: Reading,
): { expression?: string } {
  const { this: value } = kindOf(node) === 'alias' ? dataOf<AliasData>(node) : { this: node };
  if (kindOf(value) !== 'column') return {};
  const { name, table } = dataOf<ColumnData>(value);
  const owner = table ? reading.name(table) : undefined;
  const queries = scope.relations.filter(
    ({ table: real, alias }) => !real && (owner === undefined || (alias !== undefined && reading.same(alias, owner))),
  );
  const [only, ...others] = queries
    .map((each) => columnIn(each, reading.name(name), reading))
    .filter((column) => column !== undefined);
  if (only?.expression !== undefined && others.length === 0) return { expression: only.expression };
  if (only || influences.length > 0) return {};
  return { expression: table ? `${table.name}.${name.name}` : name.name };
}

/** The SQL of a value; of a plain column, that of the query it comes from. */
export function textOf(
  value: Node,
  influences: readonly Influence[],
  scope: Scope,
  reading: Reading,
): { expression?: string } {
  if (kindOf(value) === 'column') return textOfColumn(value, influences, scope, reading);
  const sql = reading.sql(value);
  return sql === undefined ? {} : { expression: sql };
}
