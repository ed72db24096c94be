import { dataOf, type Identifier, type Node, type TableRef } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import { renamed } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import { columnsMade } from './create-table.js';
import { placed } from './place.js';
import type { Read, Statement } from './statement.js';

interface CreateView {
  readonly name: TableRef;
  readonly columns: readonly { readonly name: Identifier }[];
  readonly query: Node;
  readonly temporary: boolean;
  /** ClickHouse: the rows go to this table. */
  readonly to_table?: TableRef | null;
}

/** A view is made of its query, under the names of its list. */
export function readView(
  target: TableName,
  query: Node,
  columns: readonly string[],
  scope: Scope,
  reading: Reading,
): Read {
  const rows = renamed(reading.query(query, scope), columns);
  reading.touch(target, 'write');
  reading.flow(target);
  reading.give(target, rows, []);
  return { kind: 'create_view', afterwards: () => reading.catalog.create(target, columnsMade(rows)) };
}

/** `CREATE MATERIALIZED VIEW v TO t AS …`: what is inserted into the query's table goes on into t, by name; v is another name for t. */
function feeding(view: TableName, data: CreateView, ref: TableRef, scope: Scope, reading: Reading): Read {
  const target = reading.table(ref);
  const rows = reading.query(data.query, scope);
  const names = rows.columns.map((column) => column.name);
  const known = reading.catalog.columnsOf(target);
  const byName = known === undefined || names.some((name) => known.some((column) => reading.same(column, name)));
  reading.touch(target, 'write');
  reading.touch(view, 'define');
  reading.flow(target);
  reading.give(target, rows, byName ? names : placed(rows, target, known, reading));
  return { kind: 'create_view', afterwards: () => reading.catalog.alias(view, target) };
}

/** Spark keeps global temporary views in a schema of their own. */
function temporaryView(ref: TableRef, reading: Reading): TableName {
  const view = reading.temporary(ref);
  return /\bglobal\s+temp/i.test(reading.text) && view.schema === undefined ? { schema: 'global_temp', ...view } : view;
}

/** CREATE VIEW, materialized or not: to readers, a table that is made of its query. */
export const createView: Statement = {
  nodes: ['create_view'],
  read(node, scope, reading) {
    const data = dataOf<CreateView>(node);
    const target = data.temporary ? temporaryView(data.name, reading) : reading.tableItself(data.name);
    if (data.to_table) return feeding(target, data, data.to_table, scope, reading);
    const columns = data.columns.map((column) => reading.name(column.name));
    return readView(target, data.query, columns, scope, reading);
  },
};
