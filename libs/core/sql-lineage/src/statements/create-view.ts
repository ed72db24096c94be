import { dataOf, type Identifier, type Node, type TableRef } from '../parse/tree.js';
import { renamed } from '../resolve/rowset.js';
import type { TableName } from '../types.js';
import { columnsMade } from './create-table.js';
import type { Statement } from './statement.js';

interface CreateView {
  readonly name: TableRef;
  readonly columns: readonly { readonly name: Identifier }[];
  readonly query: Node;
  readonly temporary: boolean;
}

/** CREATE VIEW, materialized or not: to readers, a table that is made of its query. */
export const createView: Statement = {
  nodes: ['create_view'],
  read(node, scope, reading) {
    const data = dataOf<CreateView>(node);
    const target: TableName = data.temporary ? reading.temporary(data.name) : reading.tableItself(data.name);
    const rows = renamed(
      reading.query(data.query, scope),
      data.columns.map((column) => reading.name(column.name)),
    );
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, rows, []);
    return { kind: 'create_view', afterwards: () => reading.catalog.create(target, columnsMade(rows)) };
  },
};
