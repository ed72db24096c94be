import { dataOf, type Identifier, kindOf, type Node, type TableRef } from '../parse/tree.js';
import { Words } from '../parse/words.js';
import type { Reading } from '../resolve/reading.js';
import type { Rowset } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import { readView } from './create-view.js';
import type { Read, Statement } from './statement.js';

interface Action {
  readonly AddColumn?: { readonly column: { readonly name: Identifier } };
  readonly AddColumns?: { readonly columns: readonly { readonly name: Identifier }[] };
  readonly DropColumn?: { readonly name: Identifier };
  readonly RenameColumn?: { readonly old_name: Identifier; readonly new_name: Identifier };
  readonly ChangeColumn?: { readonly old_name: Identifier; readonly new_name: Identifier };
  readonly RenameTable?: TableRef;
  readonly Rename?: TableRef;
  readonly SwapWith?: TableRef;
  readonly AsSelect?: Node;
  readonly ReplacePartition?: { readonly source?: Node | null };
  /** What the parser does not take apart. */
  readonly Raw?: { readonly sql: string };
}

const newName = (action: Action): TableRef | undefined => action.RenameTable ?? action.Rename;

/** The columns after the actions, when they were known before. */
function columnsAfter(
  columns: readonly string[] | undefined,
  actions: readonly Action[],
  reading: Reading,
): readonly string[] | undefined {
  return actions.reduce<readonly string[] | undefined>((known, action) => {
    const { AddColumn, AddColumns, DropColumn } = action;
    const renamed = action.RenameColumn ?? action.ChangeColumn;
    if (!known) return known;
    if (AddColumn) return [...known, reading.name(AddColumn.column.name)];
    if (AddColumns) return [...known, ...reading.names(AddColumns.columns.map(({ name }) => name))];
    if (DropColumn) return known.filter((name) => !reading.same(name, reading.name(DropColumn.name)));
    if (renamed) {
      const [from, to] = [reading.name(renamed.old_name), reading.name(renamed.new_name)];
      return known.map((name) => (reading.same(name, from) ? to : name));
    }
    return known;
  }, columns);
}

function rename(table: TableName, ref: TableRef, reading: Reading): Read {
  // RENAME TO takes a bare name: the table stays in its schema.
  const to: TableName = ref.schema ? reading.tableItself(ref) : { ...table, name: reading.name(ref.name) };
  reading.renames.push({ from: table, to });
  return { kind: 'rename', afterwards: () => reading.catalog.rename(table, to) };
}

function swap(table: TableName, ref: TableRef, reading: Reading): Read {
  const other = reading.table(ref);
  reading.swaps.push([table, other]);
  return { kind: 'swap', afterwards: () => reading.catalog.swap(table, other) };
}

type Way = 'in' | 'out' | 'both';

/** How partitions move between the altered table and another, in words that the parser leaves as they are. */
const MOVES: readonly (readonly [RegExp, string, Way])[] = [
  [/^exchange (sub)?partition/, 'with table', 'both'],
  [/^move partition/, 'to table', 'out'],
  [/^(attach|replace|fetch) partition/, 'from', 'in'],
];

interface Moved {
  readonly other: TableName;
  readonly way: Way;
}

function movedBy({ ReplacePartition, Raw }: Action, reading: Reading): Moved | undefined {
  const { source } = ReplacePartition ?? {};
  if (source && kindOf(source) === 'table') return { other: reading.table(dataOf<TableRef>(source)), way: 'in' };
  const sql = Raw?.sql ?? '';
  const move = MOVES.find(([pattern]) => pattern.test(sql.toLowerCase()));
  if (!move) return undefined;
  const [, phrase, way] = move;
  const words = new Words(sql, reading.dialect.lex);
  const at = words.list.findIndex((_, index) => words.is(index, phrase));
  const from = words.past(at, phrase);
  const parts = words.list
    .slice(from, words.pastName(from))
    .filter(({ kind }) => kind === 'word' || kind === 'quoted')
    .map(({ kind, text }) => ({ name: kind === 'quoted' ? text.slice(1, -1) : text, quoted: kind === 'quoted' }));
  const [name, schema = null, catalog = null] = parts.reverse();
  // Hive takes the partition out of the other table; elsewhere both change places.
  const hive = ['hive', 'spark', 'databricks'].includes(reading.dialect.name);
  return name && at !== -1
    ? { other: reading.table({ name, schema, catalog }), way: way === 'both' && hive ? 'in' : way }
    : undefined;
}

/** Rows of one table become rows of another. */
function flow(from: TableName, to: TableName, reading: Reading): void {
  const { rows } = reading.relationOf(from);
  const columns = reading.catalog.columnsOf(to);
  const own: Rowset = {
    ...rows,
    columns: rows.columns.map((column, at) => ({ ...column, name: columns?.[at] ?? column.name })),
  };
  reading.read(from);
  reading.touch(to, 'write');
  reading.tableEdges.push({ from, to });
  reading.give(to, own, []);
}

function move(table: TableName, { other, way }: Moved, reading: Reading): Read {
  if (way !== 'out') flow(other, table, reading);
  if (way !== 'in') flow(table, other, reading);
  return { kind: way === 'both' ? 'swap' : 'alter' };
}

/** ALTER TABLE and ALTER VIEW: what later statements of the script must know, and rows that change their table. */
export const alter: Statement = {
  nodes: ['alter_table', 'alter_view'],
  read(node, scope: Scope, reading) {
    const { name, actions } = dataOf<{ name: TableRef; actions: readonly Action[] }>(node);
    const table = reading.tableItself(name);
    for (const action of actions) {
      const to = newName(action);
      if (to) return rename(table, to, reading);
      if (action.SwapWith) return swap(table, action.SwapWith, reading);
      if (action.AsSelect) return readView(table, action.AsSelect, [], scope, reading);
      const moved = movedBy(action, reading);
      if (moved) return move(table, moved, reading);
    }
    // The rows of the partition go with it.
    reading.touch(
      table,
      /\b(drop|truncate)\s+(if\s+exists\s+)?(sub)?partition/i.test(reading.text) ? 'delete' : 'alter',
    );
    const columns = columnsAfter(reading.catalog.columnsOf(table), actions, reading);
    return { kind: 'alter', afterwards: () => (columns ? reading.catalog.create(table, columns) : undefined) };
  },
};
