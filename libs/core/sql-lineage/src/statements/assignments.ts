import { dataOf, type ColumnData, type Identifier, isNode, kindOf, type Node } from '../parse/tree.js';
import type { Influence } from '../resolve/influence.js';
import { textOf } from '../resolve/text-of-column.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';

/** The left side of `SET a.b = …`: the names between its dots. Several, when a row is assigned: `SET (a, b) = (…)`. */
export type Path = readonly string[];

/** Rewrites write `(a, b)` as one quoted name, because the parser knows only names there. */
const ROW = /^\(([\s\S]*)\)$/;

function names(text: string, reading: Reading): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|([^\s.,"`[\]]+)/g)].map(([, a, b, c, bare]) =>
    bare === undefined ? (a?.replaceAll('""', '"') ?? b ?? c ?? '') : reading.dialect.names.written(bare, false),
  );
}

/** The parser joins `` `t`.`a` `` to one quoted name; the text shows whether it was one. */
function inQuotes(name: string, reading: Reading): Path {
  const stands = (part: string) => ['"', '`', '['].some((quote) => reading.text.includes(quote + part));
  const parts = stands(name) ? [name] : name.split('.');
  return parts.map((part) => reading.dialect.names.written(part, stands(part)));
}

/** The columns on the left of an assignment. */
function leftSides({ name, quoted }: Identifier, reading: Reading): Path[] {
  const row = quoted ? ROW.exec(name) : null;
  if (row) return (row[1] ?? '').split(',').map((part) => names(part, reading));
  if (quoted) return [inQuotes(name, reading)];
  return [name.split('.').map((part) => reading.dialect.names.written(part, false))];
}

function leftSidesOf(node: Node, reading: Reading): Path[] {
  switch (kindOf(node)) {
    case 'identifier':
      return leftSides(dataOf<Identifier>(node), reading);
    case 'column': {
      const { name, table } = dataOf<ColumnData>(node);
      return leftSides(name, reading).map((path) => [...(table ? [reading.name(table)] : []), ...path]);
    }
    case 'dot': {
      const { this: inner, field } = dataOf<{ this: Node; field: Identifier }>(node);
      return leftSidesOf(inner, reading).map((path) => [...path, reading.name(field)]);
    }
    default:
      return [];
  }
}

export const assignment = (name: string, value: Node, scope: Scope, reading: Reading): OutputColumn => {
  const influences = reading.expression(value, scope);
  return { name, influences, ...textOf(value, influences, scope, reading) };
};

export interface Assigned {
  readonly path: Path;
  readonly column: OutputColumn;
}

const QUERIES = new Set(['subquery', 'select', 'union', 'intersect', 'except', 'values']);

/** The values of a row, one for each column on the left. */
function rowValues(count: number, value: Node, scope: Scope, reading: Reading): OutputColumn[] | undefined {
  const kind = kindOf(value);
  if (QUERIES.has(kind)) {
    const rows = reading.query(value, scope);
    return rows.columns.map((column) => ({
      ...column,
      influences: [...column.influences, ...(rows.influences as Influence[])],
    }));
  }
  const data = dataOf<{ expressions?: readonly Node[]; args?: readonly Node[]; this?: Node; name?: unknown }>(value);
  if (kind === 'paren' && data.this && isNode(data.this))
    return count === 1 ? [assignment('', data.this, scope, reading)] : rowValues(count, data.this, scope, reading);
  const isRow = kind === 'tuple' || (kind === 'function' && String(data.name).toLowerCase() === 'row');
  const parts = isRow ? (data.expressions ?? data.args) : undefined;
  return parts?.map((part) => assignment('', part, scope, reading));
}

/** `a = x`, `t.a = x` and `(a, b) = (SELECT x, y …)`. */
function assignedTo(paths: readonly Path[], value: Node, scope: Scope, reading: Reading): Assigned[] {
  const [first] = paths;
  if (first && paths.length === 1 && kindOf(value) !== 'tuple')
    return [{ path: first, column: assignment('', value, scope, reading) }];
  const values = rowValues(paths.length, value, scope, reading);
  if (values?.length !== paths.length) {
    reading.because('unknown-node', `A row of ${paths.length} columns is assigned something else: "${kindOf(value)}".`);
    return paths.map((path) => ({ path, column: assignment('', value, scope, reading) }));
  }
  return paths.map((path, at) => ({ path, column: values[at] ?? { name: '', influences: [] } }));
}

/** An assignment of UPDATE: the parser gives its left side as a name. */
export const assignedPair = (left: Identifier, value: Node, scope: Scope, reading: Reading): Assigned[] =>
  assignedTo(leftSides(left, reading), value, scope, reading);

/** An assignment that the parser gives as a comparison (ON CONFLICT, MERGE). */
export function assignedIn(node: Node, scope: Scope, reading: Reading): Assigned[] {
  const { left, right } = dataOf<{ left?: Node; right?: Node }>(node);
  const paths = kindOf(node) === 'eq' && left ? leftSidesOf(left, reading) : [];
  if (paths.length > 0 && right) return assignedTo(paths, right, scope, reading);
  reading.because('unknown-node', `An assignment written as "${kindOf(node)}" is not understood.`);
  return [];
}

/** The column that a path names in one table: behind the table's own name, or first; what follows is a field of it. */
export function columnAt(path: Path, isTable: (name: string) => boolean): string {
  const behind = path.findIndex((name, at) => at < path.length - 1 && isTable(name));
  return path[behind + 1] ?? path[0] ?? '';
}
