import { dataOf, type Identifier, kindOf, type Node, type TableRef, type With } from '../parse/tree.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import { indirect } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import { EMPTY, type OutputColumn, type Relation, type Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import { assignments } from './assignments.js';
import { placed } from './place.js';
import { returningRows } from './returning.js';
import type { Statement } from './statement.js';

interface Insert {
  readonly table: TableRef;
  readonly alias: Identifier | null;
  readonly columns: readonly Identifier[];
  readonly values: readonly (readonly Node[])[];
  readonly query: Node | null;
  readonly source: Node | null;
  readonly with: With | null;
  readonly by_name: boolean;
  readonly on_conflict: Node | null;
  readonly returning: readonly Node[];
  readonly partition: readonly unknown[];
  readonly directory: unknown;
  readonly function_target?: unknown;
}

interface OnConflict {
  readonly action: Node | null;
  readonly where_?: Node | null;
}

function inserted(data: Insert, scope: Scope, reading: Reading): Rowset {
  const query = data.query ?? data.source;
  if (query) return reading.query(query, scope);
  if (data.values.length === 0) return EMPTY;
  return reading.query({ values: { expressions: data.values.map((expressions) => ({ expressions })) } }, scope);
}

/** `ON CONFLICT … DO UPDATE SET a = excluded.a`: excluded is the row that was to be inserted. */
function onConflict(
  data: Insert,
  target: TableName,
  own: Relation,
  rows: Rowset,
  names: readonly (string | undefined)[],
  outer: Scope,
  reading: Reading,
): void {
  if (!data.on_conflict || kindOf(data.on_conflict) !== 'on_conflict') return;
  const { action, where_ } = dataOf<OnConflict>(data.on_conflict);
  if (!action || kindOf(action) !== 'tuple') return;
  const excluded: Relation = {
    alias: 'excluded',
    rows: { ...rows, columns: rows.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name })) },
  };
  const scope = new Scope(outer);
  scope.relations.push(own, excluded);
  const columns: OutputColumn[] = assignments(
    dataOf<{ expressions: readonly Node[] }>(action).expressions,
    scope,
    reading,
  );
  const influences = where_ ? indirect('FILTER', reading.expression(where_, scope)) : [];
  reading.give(target, { columns, influences }, []);
}

/** INSERT … SELECT and INSERT … VALUES. */
export const insert: Statement = {
  nodes: ['insert'],
  read(node, outer, reading) {
    const data = dataOf<Insert>(node);
    if (data.partition.length > 0 || data.directory || data.function_target)
      reading.because('unknown-clause', 'PARTITION, DIRECTORY and FUNCTION of an INSERT are not understood.');
    const scope = new Scope(outer);
    const queries = addQueries(data.with, scope, reading);
    const target = reading.table(data.table);
    const rows = inserted(data, scope, reading);
    const listed = data.columns.length > 0 ? reading.names(data.columns) : reading.catalog.columnsOf(target);
    const names = data.by_name ? rows.columns.map((column) => column.name) : placed(rows, target, listed, reading);
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, rows, names);
    const own = reading.relationOf(target, data.alias ? reading.name(data.alias) : undefined);
    onConflict(data, target, own, rows, names, scope, reading);
    reportUnused(queries, reading);
    const returning = returningRows(data.returning, [own], scope, reading);
    return { kind: 'insert', ...(returning && { rows: returning }) };
  },
};
