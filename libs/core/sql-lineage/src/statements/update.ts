import { dataOf, type Identifier, type Join, type Node, type TableRef, type With } from '../parse/tree.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import { addFrom } from '../resolve/from.js';
import { indirect } from '../resolve/influence.js';
import { Scope } from '../resolve/scope.js';
import { assigned, assignment } from './assignments.js';
import { returningRows } from './returning.js';
import type { Statement } from './statement.js';

interface Update {
  readonly table: TableRef;
  readonly extra_tables: readonly TableRef[];
  readonly table_joins: readonly Join[];
  readonly set: readonly (readonly [Identifier, Node])[];
  readonly from_clause: { readonly expressions: readonly Node[] } | null;
  readonly from_joins: readonly Join[];
  readonly where_clause: { readonly this: Node } | null;
  readonly returning: readonly Node[];
  readonly with: With | null;
}

/** UPDATE … SET … FROM … WHERE. */
export const update: Statement = {
  nodes: ['update'],
  read(node, outer, reading) {
    const data = dataOf<Update>(node);
    const scope = new Scope(outer);
    const queries = addQueries(data.with, scope, reading);
    const target = reading.table(data.table);
    scope.relations.push(reading.relationOf(target, data.table.alias ? reading.name(data.table.alias) : undefined));
    const others = [...data.extra_tables.map((table) => ({ table })), ...(data.from_clause?.expressions ?? [])];
    const influences = [...addFrom(others, [...data.table_joins, ...data.from_joins], scope, reading)];
    const columns = data.set.map(([name, value]) => assignment(assigned(name, reading), value, scope, reading));
    if (data.where_clause) influences.push(...indirect('FILTER', reading.expression(data.where_clause.this, scope)));
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, { columns, influences }, []);
    reportUnused(queries, reading);
    const rows = returningRows(data.returning, scope.relations, scope, reading);
    return { kind: 'update', ...(rows && { rows }) };
  },
};
