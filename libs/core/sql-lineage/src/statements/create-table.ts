import { dataOf, type Identifier, kindOf, type Node, type TableRef, type With } from '../parse/tree.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import type { Reading } from '../resolve/reading.js';
import { isStar, type OutputColumn, type Relation, renamed, type Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import { assignment } from './assignments.js';
import type { Read, Statement } from './statement.js';

interface Constraint {
  readonly ComputedColumn?: { readonly expression: Node };
}

interface ColumnDefinition {
  readonly name: Identifier;
  readonly constraints?: readonly Constraint[];
  /** ClickHouse: MATERIALIZED, ALIAS and DEFAULT may be made of other columns. */
  readonly materialized_expr?: Node | null;
  readonly alias_expr?: Node | null;
  readonly default?: Node | null;
}

interface CreateTable {
  readonly name: TableRef;
  readonly columns: readonly ColumnDefinition[];
  readonly temporary: boolean;
  readonly as_select: Node | null;
  readonly with_cte: With | null;
  readonly clone_source: TableRef | null;
  readonly constraints: readonly unknown[];
  readonly inherits?: readonly TableRef[];
  readonly partition_of?: Node | null;
  readonly properties?: readonly Node[];
  readonly shallow_clone?: boolean;
  readonly deep_clone?: boolean;
  readonly is_copy?: boolean;
}

/** The columns of a table made from rows; undefined when a star among them is of unknown width. */
export const columnsMade = (rows: Rowset): string[] | undefined =>
  rows.columns.some(isStar) ? undefined : rows.columns.map((column) => column.name);

const likeSource = (constraint: unknown): TableRef | undefined =>
  (constraint as { readonly Like?: { readonly source: TableRef } }).Like?.source;

/** Columns of `PARTITIONED BY (dt string)`: Hive's are not among the others. */
function partitionColumns(data: CreateTable, reading: Reading): string[] {
  return (data.properties ?? []).flatMap((property) => {
    if (kindOf(property) !== 'partitioned_by_property') return [];
    const { this: list } = dataOf<{ this?: Node | null }>(property);
    if (!list || kindOf(list) !== 'tuple') return [];
    return dataOf<{ expressions: readonly Node[] }>(list).expressions.flatMap((column) =>
      kindOf(column) === 'column_def' ? [reading.name(dataOf<{ name: Identifier }>(column).name)] : [],
    );
  });
}

/** A column that the table computes of its others: an edge inside of the table. */
function computed(target: TableName, data: CreateTable, columns: readonly string[], reading: Reading): void {
  const from = (column: string): OutputColumn['influences'] => [
    { from: { table: target, column }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'schema' },
  ];
  const own: Relation = {
    alias: target.name,
    table: target,
    rows: { columns: columns.map((name) => ({ name, influences: from(name) })), influences: [] },
  };
  const made = data.columns.flatMap((column) => {
    const [constraint] = (column.constraints ?? []).flatMap((each) =>
      each.ComputedColumn ? [each.ComputedColumn] : [],
    );
    const value = constraint?.expression ?? column.materialized_expr ?? column.alias_expr;
    if (!value) return [];
    const scope = new Scope();
    scope.relations.push(own);
    return [assignment(reading.name(column.name), value, scope, reading)];
  });
  if (made.length > 0)
    reading.give(target, { columns: made.filter(({ influences }) => influences.length > 0), influences: [] }, []);
}

/** `CREATE TABLE b CLONE a`: the rows too. */
function clone(target: TableName, source: TableName, reading: Reading): Read {
  const { rows } = reading.relationOf(source);
  reading.read(source);
  reading.touch(target, 'write');
  reading.flow(target);
  reading.give(target, rows, []);
  return { kind: 'create_table', afterwards: () => reading.catalog.create(target, columnsMade(rows)) };
}

const copiesRows = (data: CreateTable, reading: Reading): boolean =>
  // ClickHouse's `CREATE TABLE b AS a` takes the structure only; `CLONE AS` takes the rows too.
  reading.dialect.name !== 'clickhouse' || /\bclone\s+as\b/i.test(reading.text);

/** What rewrites put where a table's columns are not said. */
const UNKNOWN = 'unknown_columns';

/** In Flink a temporary table only names what lies outside, a topic or a file, and lasts with it. */
const isTemporary = (data: CreateTable, reading: Reading): boolean =>
  data.temporary && reading.dialect.name !== 'flink';

/** MySQL puts the query's columns behind those that are declared and not in the query; elsewhere declared names are the query's. */
const addsToDeclared = (reading: Reading): boolean => reading.dialect.name === 'mysql';

function columnsWith(declared: readonly string[], rows: Rowset, reading: Reading): readonly string[] | undefined {
  const columns = columnsMade(rows);
  if (!columns || !addsToDeclared(reading)) return columns;
  return [...declared.filter((name) => !columns.some((column) => reading.same(column, name))), ...columns];
}

/** CREATE TABLE, with or without AS. */
export const createTable: Statement = {
  nodes: ['create_table'],
  read(node, outer, reading) {
    const data = dataOf<CreateTable>(node);
    const target = isTemporary(data, reading) ? reading.temporary(data.name) : reading.tableItself(data.name);
    const declared = data.columns.map((column) => reading.name(column.name)).filter((name) => name !== UNKNOWN);
    if (data.as_select) {
      const scope = new Scope(outer);
      const queries = addQueries(data.with_cte, scope, reading);
      const rows = renamed(reading.query(data.as_select, scope), addsToDeclared(reading) ? [] : declared);
      reading.touch(target, 'write');
      reading.flow(target);
      reading.give(target, rows, []);
      reportUnused(queries, reading);
      const columns = columnsWith(declared, rows, reading);
      return { kind: 'create_table', afterwards: () => reading.catalog.create(target, columns) };
    }
    const source = data.clone_source;
    const isTable =
      source !== null && source !== undefined && (source.name.name !== '' || reading.dialect.name !== 'clickhouse');
    if (source && isTable && copiesRows(data, reading)) return clone(target, reading.table(source), reading);
    // LIKE reads what a table is made of, not what is in it: a table edge, and none between columns.
    const like = [
      ...(source && isTable ? [source] : []),
      ...data.constraints.flatMap((constraint) => likeSource(constraint) ?? []),
      ...(data.inherits ?? []),
    ].map((ref) => reading.table(ref));
    like.forEach((table) => reading.read(table));
    reading.touch(target, 'create');
    reading.flow(target);
    const copied = like.map((table) => reading.catalog.columnsOf(table));
    const known = copied.every((columns) => columns !== undefined);
    const columns = [...declared, ...copied.flatMap((each) => each ?? []), ...partitionColumns(data, reading)];
    computed(target, data, columns, reading);
    return {
      kind: 'create_table',
      afterwards: () => reading.catalog.create(target, known && columns.length > 0 ? columns : undefined),
    };
  },
};
