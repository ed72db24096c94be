import { childrenOf, type Node } from '../parse/tree.js';
import { indirect, type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Rowset } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import type { Meaning, Meanings } from './expression.js';

const values = (rows: Rowset): Influence[] => rows.columns.flatMap((column) => [...column.influences]);

/** A query whose value is used: its columns give the value; its filters and joins influence only this value. */
const scalar = (node: Node, scope: Scope, reading: Reading): Influence[] => {
  const rows = reading.query(node, scope);
  return [...values(rows), ...rows.influences];
};

/** EXISTS gives no value of the query's columns, only whether there are rows: grouping and sorting change nothing of that. */
const exists: Meaning = (data, scope, reading) =>
  childrenOf(data).flatMap((node) => {
    const { influences } = reading.query(node, scope);
    const decide = influences.filter(({ subtype }) => subtype !== 'GROUP_BY' && subtype !== 'SORT');
    return indirect('CONDITIONAL', decide);
  });

/** `x IN (SELECT …)`: the value compares x with the query's column. */
const isIn: Meaning = (data, scope, reading) => {
  const { query } = data as { readonly query?: Node | null };
  return through('TRANSFORMATION', [
    ...reading.expressions(childrenOf(data, ['query']), scope),
    ...(query ? scalar(query, scope, reading) : []),
  ]);
};

/** `x = ANY (SELECT …)` */
const quantified: Meaning = (data, scope, reading) =>
  through('TRANSFORMATION', reading.expressions(childrenOf(data), scope));

/** Queries inside expressions. */
export const SUBQUERIES: Meanings = {
  ...Object.fromEntries(
    ['select', 'union', 'intersect', 'except', 'subquery', 'values'].map((kind) => [
      kind,
      (data: unknown, scope: Scope, reading: Reading) => scalar({ [kind]: data }, scope, reading),
    ]),
  ),
  exists,
  in: isIn,
  any: quantified,
  all: quantified,
};
