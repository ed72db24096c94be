import { dataOf, type Identifier, kindOf, type Node, type TableRef, type With } from '../parse/tree.js';
import { Words } from '../parse/words.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import type { Reading } from '../resolve/reading.js';
import { EMPTY, type Relation, type Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import { assignment } from './assignments.js';
import { Changes, changedQuery, homeOf, notRead } from './changed.js';
import { functionTarget } from './function-target.js';
import { onConflict } from './on-conflict.js';
import { type Output, readOutput } from './output.js';
import { columnsGiven, lastColumns, type Partition, type PartitionClause, partitionOf } from './partition.js';
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
  readonly partition: PartitionClause;
  readonly directory: { readonly path: string } | null;
  readonly function_target?: Node | null;
  readonly source_alias?: Identifier | null;
  readonly output?: Output | null;
  readonly replace_where?: Node | null;
}

/** `REPLACE INTO t SET a = 1` */
interface SetItems {
  readonly items: readonly { readonly name: Node; readonly value: Node }[];
}

function inserted(data: Insert, scope: Scope, reading: Reading): Rowset {
  const query = data.query ?? data.source;
  if (query) {
    switch (kindOf(query)) {
      case 'set_statement':
        return {
          columns: dataOf<SetItems>(query).items.map(({ name, value }) =>
            assignment(reading.name(dataOf<Identifier>(name)), value, scope, reading),
          ),
          influences: [],
        };
      case 'execute':
        reading.because('runs-code', 'The rows come from a procedure; what it reads is not seen.');
        return EMPTY;
      case 'command':
        // The rows follow the statement, or come from the client.
        if (/^\s*format\s/i.test(dataOf<{ this?: string }>(query).this ?? '')) return EMPTY;
        return reading.query(query, scope);
      default:
        return reading.query(query, scope);
    }
  }
  if (data.values.length === 0) return EMPTY;
  return reading.query({ values: { expressions: data.values.map((expressions) => ({ expressions })) } }, scope);
}

function targetOf(data: Insert, reading: Reading): TableName {
  if (data.directory) return { name: data.directory.path, path: true };
  if (data.function_target) return functionTarget(data.function_target, reading);
  return reading.table(data.table);
}

/** ClickHouse's `INSERT INTO t (* EXCEPT (x, y))`: the parser leaves the list out. */
function allBut(reading: Reading): string[] | undefined {
  if (!/\(\s*\*\s*except\b/i.test(reading.text)) return undefined;
  const words = new Words(reading.text, reading.dialect.lex);
  const open = words.list.findIndex((_, at) => words.is(at, '( * except'));
  if (open === -1 || words.pastBrackets(open) > words.length) return undefined;
  return words.list
    .slice(open + 3, words.pastBrackets(open) - 1)
    .filter(({ kind }) => kind === 'word' || kind === 'quoted')
    .map(({ kind, text }) => (kind === 'quoted' ? text.slice(1, -1) : reading.dialect.names.written(text, false)));
}

/** The columns that the rows fill, in order; undefined when nobody knows. */
function columnsOf(
  data: Insert,
  target: TableName,
  partition: Partition,
  reading: Reading,
): readonly string[] | undefined {
  if (data.columns.length > 0) return columnsGiven(reading.names(data.columns), partition, reading);
  const without = data.query && reading.dialect.name === 'clickhouse' ? allBut(reading) : undefined;
  const known = columnsGiven(reading.catalog.columnsOf(target), partition, reading);
  return without ? known?.filter((column) => !without.some((name) => reading.same(name, column))) : known;
}

function namesOf(
  data: Insert,
  rows: Rowset,
  target: TableName,
  partition: Partition,
  reading: Reading,
): readonly (string | undefined)[] {
  const named = data.query && kindOf(data.query) === 'set_statement';
  if (data.by_name || data.directory || named) return rows.columns.map((column) => column.name);
  const columns = columnsOf(data, target, partition, reading);
  const names = placed(rows, target, columns, reading);
  return columns ? names : lastColumns(names, rows, partition);
}

/** `INSERT INTO (SELECT a, b FROM t) …`: the tables behind the query's columns. */
function intoQuery(own: Relation, data: Insert, rows: Rowset, reading: Reading): void {
  const listed = data.columns.length > 0 ? reading.names(data.columns) : own.rows.columns.map(({ name }) => name);
  const changes = new Changes();
  rows.columns.forEach((column, at) => {
    const home = homeOf(own, listed[at] ?? column.name, reading);
    if (home) changes.add(home, column);
    else reading.because('unknown-column', `${listed[at] ?? column.name} is not a column of one table.`);
  });
  for (const { table, columns } of changes.all) {
    notRead(table, reading);
    reading.touch(table, 'write');
    reading.flow(table);
    reading.give(table, { ...rows, columns }, []);
  }
}

/** INSERT … SELECT and INSERT … VALUES. */
export const insert: Statement = {
  nodes: ['insert'],
  read(node, outer, reading) {
    const data = dataOf<Insert>(node);
    const scope = new Scope(outer);
    const queries = addQueries(data.with, scope, reading);
    const query = data.directory || data.function_target ? undefined : changedQuery(data.table, null, scope, reading);
    if (query) {
      intoQuery(query, data, inserted(data, scope, reading), reading);
      return { kind: 'insert' };
    }
    const target = targetOf(data, reading);
    const rows = inserted(data, scope, reading);
    const partition = partitionOf(data.partition, scope, reading);
    const names = namesOf(data, rows, target, partition, reading);
    const own: Relation = reading.relationOf(target, data.alias ? reading.name(data.alias) : undefined);
    if (data.replace_where) {
      const replaced = new Scope(scope);
      replaced.relations.push(own);
      reading.expression(data.replace_where, replaced);
    }
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, { ...rows, columns: [...rows.columns, ...partition.fixed] }, names);
    const columns = rows.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
    const rowAlias = data.source_alias ? reading.name(data.source_alias) : undefined;
    onConflict(data.on_conflict, own, { ...rows, columns }, rowAlias, scope, reading);
    readOutput(data.output, own, columns, [], scope, reading);
    reportUnused(queries, reading);
    const returning = returningRows(data.returning, [own], scope, reading);
    return { kind: 'insert', ...(returning && { rows: returning }) };
  },
};
