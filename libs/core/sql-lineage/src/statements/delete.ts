import { dataOf, type Identifier, type Join, type Node, type TableRef, type With } from '../parse/tree.js';
import { addQueries } from '../resolve/ctes.js';
import { addFrom } from '../resolve/from.js';
import { Scope } from '../resolve/scope.js';
import { returningRows } from './returning.js';
import type { Statement } from './statement.js';

interface Delete {
  readonly table: TableRef;
  readonly alias: Identifier | null;
  readonly using: readonly TableRef[];
  readonly joins: readonly Join[];
  readonly where_clause: { readonly this: Node } | null;
  readonly with: With | null;
  readonly returning: readonly Node[];
}

/** DELETE takes rows away: it has a target and sources, but no edges, for nothing flows. */
export const remove: Statement = {
  nodes: ['delete'],
  read(node, outer, reading) {
    const data = dataOf<Delete>(node);
    const scope = new Scope(outer);
    addQueries(data.with, scope, reading);
    const target = reading.table(data.table);
    const alias = data.alias ?? data.table.alias;
    scope.relations.push(reading.relationOf(target, alias ? reading.name(alias) : undefined));
    addFrom(
      data.using.map((table) => ({ table })),
      data.joins,
      scope,
      reading,
    );
    if (data.where_clause) reading.expression(data.where_clause.this, scope);
    reading.touch(target, 'delete');
    const rows = returningRows(data.returning, scope.relations, scope, reading);
    return { kind: 'delete', ...(rows && { rows }) };
  },
};

interface Truncate {
  readonly target: string;
  readonly table: TableRef;
  readonly extra_tables?: readonly { readonly table: TableRef }[];
}

export const truncate: Statement = {
  nodes: ['truncate'],
  read(node, _scope, reading) {
    const { table, extra_tables = [] } = dataOf<Truncate>(node);
    for (const ref of [table, ...extra_tables.map((extra) => extra.table)]) reading.touch(reading.table(ref), 'delete');
    return { kind: 'truncate' };
  },
};
