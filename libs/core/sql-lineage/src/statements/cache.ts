import { dataOf, type Identifier, type Node, type TableRef } from '../parse/tree.js';
import type { Statement } from './statement.js';
import { columnsMade } from './create-table.js';

interface Cache {
  readonly table: Identifier;
  readonly query?: Node | null;
}

/** Spark's `CACHE TABLE c AS SELECT …` makes a temporary view; `CACHE TABLE t` keeps a table in memory, and changes nothing. */
export const cache: Statement = {
  nodes: ['cache'],
  read(node, scope, reading) {
    const { table, query } = dataOf<Cache>(node);
    if (!query) return { kind: 'cache' };
    const target = reading.temporary({ name: table });
    const rows = reading.query(query, scope);
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, rows, []);
    return { kind: 'cache', afterwards: () => reading.catalog.create(target, columnsMade(rows)) };
  },
};

/** The view stays; only its rows are computed anew. */
export const uncache: Statement = {
  nodes: ['uncache'],
  read: () => ({ kind: 'cache' }),
};

interface CreateSynonym {
  readonly name: TableRef;
  readonly target: TableRef;
}

/** `CREATE SYNONYM s FOR t`: another name for a table. */
export const createSynonym: Statement = {
  nodes: ['create_synonym'],
  read(node, _scope, reading) {
    const { name, target } = dataOf<CreateSynonym>(node);
    const synonym = reading.tableItself(name);
    const table = reading.table(target);
    reading.touch(synonym, 'define');
    return { kind: 'other', afterwards: () => reading.catalog.alias(synonym, table) };
  },
};
