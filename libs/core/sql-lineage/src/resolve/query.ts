import {
  childrenOf,
  dataOf,
  kindOf,
  type Node,
  type SelectData,
  type SetOperationData,
  type SubqueryData,
  type ValuesData,
} from '../parse/tree.js';
import { addQueries, reportUnused } from './ctes.js';
import { distinct, indirect, type Influence, PLAIN } from './influence.js';
import type { Reading } from './reading.js';
import { EMPTY, isStar, type OutputColumn, type Rowset } from './rowset.js';
import { Scope } from './scope.js';
import { textOf } from './text-of-column.js';
import { selectRows, sortedBy } from './select.js';

const BETWEEN_SIDES = ' UNION ';
/** Of many sides, the first are shown. */
const LONGEST_TEXT = 500;

/** The SQL of a column that two sides compute, each in its own way. */
function textOfBoth(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined || left === right) return left ?? right;
  const known = left.length > LONGEST_TEXT || left.split(BETWEEN_SIDES).includes(right);
  return known ? left : `${left}${BETWEEN_SIDES}${right}`;
}

/** A column with the values of both sides. Where they are computed differently, each value keeps the SQL of its side. */
function either(left: OutputColumn, right: OutputColumn | undefined): OutputColumn {
  if (!right) return left;
  const expression = textOfBoth(left.expression, right.expression);
  const differ = left.expression !== right.expression;
  const of = ({ influences, expression: by }: OutputColumn) =>
    differ ? influences.map((one) => ({ by: by ?? PLAIN, ...one })) : influences;
  return {
    ...left,
    influences: distinct([...of(left), ...of(right)]),
    ...(expression !== undefined && { expression }),
  };
}

/** Columns of both sides at the same place, under the left side's names. */
function byPosition(left: readonly OutputColumn[], right: readonly OutputColumn[], reading: Reading): OutputColumn[] {
  const aligned = !left.some(isStar) && !right.some(isStar);
  if (!aligned && !(left.length === 1 && right.length === 1)) return byName(left, right, reading);
  return left.map((column, at) => either(column, right[at]));
}

function byName(left: readonly OutputColumn[], right: readonly OutputColumn[], reading: Reading): OutputColumn[] {
  const partner = (column: OutputColumn, others: readonly OutputColumn[]) =>
    others.find((other) => reading.same(other.name, column.name));
  return [
    ...left.map((column) => either(column, partner(column, right))),
    ...right.filter((column) => !partner(column, left)),
  ];
}

const values = (rows: Rowset): Influence[] => rows.columns.flatMap((column) => [...column.influences]);

/** UNION and INTERSECT give values of both sides. EXCEPT gives those of the left; the right only filters. */
function combine(kind: string, data: SetOperationData, left: Rowset, right: Rowset, reading: Reading): Rowset {
  const influences = distinct([...left.influences, ...right.influences]);
  if (kind === 'except') return { ...left, influences: [...influences, ...indirect('FILTER', values(right))] };
  const columns = data.by_name
    ? byName(left.columns, right.columns, reading)
    : byPosition(left.columns, right.columns, reading);
  const rests = [left.rest, right.rest].filter((rest) => rest !== undefined);
  return {
    columns,
    influences,
    ...(rests.length > 0 && { rest: (name: string) => rests.flatMap((rest) => [...rest(name)]) }),
  };
}

function setOperation(kind: string, data: SetOperationData, outer: Scope, reading: Reading): Rowset {
  const scope = new Scope(outer);
  const queries = addQueries(data.with, scope, reading);
  const left = query(data.left, scope, reading);
  const right = query(data.right, scope, reading);
  const rows = combine(kind, data, left, right, reading);
  reportUnused(queries, reading);
  return {
    ...rows,
    influences: [...rows.influences, ...sortedBy(data.order_by, rows.columns, scope, reading, rows.rest)],
  };
}

/** PostgreSQL numbers the columns of VALUES from 1, DuckDB from 0. */
function valuesRows(data: ValuesData, scope: Scope, reading: Reading): Rowset {
  const width = Math.max(0, ...data.expressions.map((row) => row.expressions.length));
  const name = (at: number) => (reading.dialect.name === 'duckdb' ? `col${at}` : `column${at + 1}`);
  const columns = Array.from({ length: width }, (_, at): OutputColumn => {
    const cells = data.expressions.map((row) => row.expressions[at]).filter((cell) => cell !== undefined);
    const influences = cells.flatMap((cell) => reading.expression(cell, scope));
    const [only, ...more] = cells;
    const text =
      only && more.length === 0 && kindOf(only) !== 'literal' ? textOf(only, influences, scope, reading) : {};
    return { name: name(at), influences, ...text };
  });
  return { columns, influences: [] };
}

function subquery(data: SubqueryData, outer: Scope, reading: Reading): Rowset {
  const scope = new Scope(outer);
  const queries = addQueries((data as { with?: SelectData['with'] }).with, scope, reading);
  const rows = query(data.this, scope, reading);
  reportUnused(queries, reading);
  return data.order_by
    ? { ...rows, influences: [...rows.influences, ...sortedBy(data.order_by, rows.columns, scope, reading, rows.rest)] }
    : rows;
}

/** The rows that a query gives. */
export function query(node: Node, scope: Scope, reading: Reading): Rowset {
  const kind = kindOf(node);
  switch (kind) {
    case 'select':
      return selectRows(dataOf<SelectData>(node), scope, reading);
    case 'union':
    case 'intersect':
    case 'except':
      return setOperation(kind, dataOf<SetOperationData>(node), scope, reading);
    case 'subquery':
      return subquery(dataOf<SubqueryData>(node), scope, reading);
    case 'paren':
      return query(dataOf<{ this: Node }>(node).this, scope, reading);
    case 'values':
      return valuesRows(dataOf<ValuesData>(node), scope, reading);
    case 'pivot':
    case 'unpivot':
    case 'table': {
      // DuckDB's PIVOT as a statement, `TABLE orders`, and `FROM orders` where a query is expected.
      const star: Node = { select: { expressions: [{ star: {} }], from: { expressions: [node] }, joins: [] } };
      return query(star, scope, reading);
    }
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return reading.write(node, scope);
    default: {
      reading.because(
        'unknown-node',
        `The parser's node "${kind}" is not understood as a query; only the queries in it were followed.`,
      );
      const inner = childrenOf(dataOf(node)).filter((child) =>
        ['select', 'union', 'subquery', 'table'].includes(kindOf(child)),
      );
      return inner
        .map((child) => query(child, scope, reading))
        .reduce((all, rows) => ({ ...rows, influences: [...all.influences, ...rows.influences] }), EMPTY);
    }
  }
}
