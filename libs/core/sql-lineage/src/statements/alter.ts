import { dataOf, type Identifier, type TableRef } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { TableName } from '../types.js';
import type { Statement } from './statement.js';

interface Action {
  readonly AddColumn?: { readonly column: { readonly name: Identifier } };
  readonly DropColumn?: { readonly name: Identifier };
  readonly RenameColumn?: { readonly old_name: Identifier; readonly new_name: Identifier };
  readonly RenameTable?: TableRef;
  readonly Rename?: TableRef;
}

const newName = (action: Action): TableRef | undefined => action.RenameTable ?? action.Rename;

/** The columns after the actions, when they were known before. */
function columnsAfter(
  columns: readonly string[] | undefined,
  actions: readonly Action[],
  reading: Reading,
): readonly string[] | undefined {
  return actions.reduce<readonly string[] | undefined>((known, { AddColumn, DropColumn, RenameColumn }) => {
    if (!known) return known;
    if (AddColumn) return [...known, reading.name(AddColumn.column.name)];
    if (DropColumn) return known.filter((name) => !reading.same(name, reading.name(DropColumn.name)));
    if (RenameColumn) {
      const [from, to] = [reading.name(RenameColumn.old_name), reading.name(RenameColumn.new_name)];
      return known.map((name) => (reading.same(name, from) ? to : name));
    }
    return known;
  }, columns);
}

/** ALTER TABLE and ALTER VIEW: what later statements of the script must know. */
export const alter: Statement = {
  nodes: ['alter_table', 'alter_view'],
  read(node, _scope, reading) {
    const { name, actions } = dataOf<{ name: TableRef; actions: readonly Action[] }>(node);
    const table = reading.table(name);
    const rename = actions.map(newName).find((ref) => ref !== undefined);
    if (!rename) {
      reading.touch(table, 'alter');
      const columns = columnsAfter(reading.catalog.columnsOf(table), actions, reading);
      return { kind: 'alter', afterwards: () => (columns ? reading.catalog.create(table, columns) : undefined) };
    }
    // RENAME TO takes a bare name: the table stays in its schema.
    const to: TableName = rename.schema ? reading.table(rename) : { ...table, name: reading.name(rename.name) };
    reading.renames.push({ from: table, to });
    return { kind: 'rename', afterwards: () => reading.catalog.rename(table, to) };
  },
};
