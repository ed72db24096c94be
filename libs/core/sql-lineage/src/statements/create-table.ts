import { dataOf, type Identifier, type Node, type TableRef, type With } from '../parse/tree.js';
import { addQueries } from '../resolve/ctes.js';
import { isStar, renamed, type Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import type { Statement } from './statement.js';

interface CreateTable {
  readonly name: TableRef;
  readonly columns: readonly { readonly name: Identifier }[];
  readonly temporary: boolean;
  readonly as_select: Node | null;
  readonly with_cte: With | null;
  readonly clone_source: TableRef | null;
  readonly constraints: readonly unknown[];
}

/** The columns of a table made from rows; undefined when a star among them is of unknown width. */
export const columnsMade = (rows: Rowset): string[] | undefined =>
  rows.columns.some(isStar) ? undefined : rows.columns.map((column) => column.name);

const likeSource = (constraint: unknown): TableRef | undefined =>
  (constraint as { readonly Like?: { readonly source: TableRef } }).Like?.source;

/** CREATE TABLE, with or without AS. */
export const createTable: Statement = {
  nodes: ['create_table'],
  read(node, outer, reading) {
    const data = dataOf<CreateTable>(node);
    const target: TableName = data.temporary ? reading.temporary(data.name) : reading.tableItself(data.name);
    const declared = data.columns.map((column) => reading.name(column.name));
    if (data.as_select) {
      const scope = new Scope(outer);
      addQueries(data.with_cte, scope, reading);
      const rows = renamed(reading.query(data.as_select, scope), declared);
      reading.touch(target, 'write');
      reading.flow(target);
      reading.give(target, rows, []);
      return { kind: 'create_table', afterwards: () => reading.catalog.create(target, columnsMade(rows)) };
    }
    reading.touch(target, 'create');
    const like = data.clone_source ?? data.constraints.map(likeSource).find((source) => source !== undefined);
    const copied = like ? reading.catalog.columnsOf(reading.table(like)) : [];
    const columns = copied && [...declared, ...copied];
    return {
      kind: 'create_table',
      afterwards: () => reading.catalog.create(target, columns && columns.length > 0 ? columns : undefined),
    };
  },
};
