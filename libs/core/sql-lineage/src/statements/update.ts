import { dataOf, type Identifier, type Join, type Node, type TableRef, type With } from '../parse/tree.js';
import { columnIn, relationNamed } from '../resolve/column.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import { addFrom } from '../resolve/from.js';
import { indirect } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Relation } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { assignedPair, columnAt, type Path } from './assignments.js';
import { Changes, changedRelation, homeOf, changedOnly, notRead, standsFor, tablesBehind } from './changed.js';
import { type Output, readOutput } from './output.js';
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
  readonly output?: Output | null;
  readonly with: With | null;
}

/** Which of the tables an assignment belongs to: the one it names, the only one that has the column, or the first. */
function ownerOf(path: Path, own: Relation, several: boolean, scope: Scope, reading: Reading): Relation {
  for (let at = path.length - 2; at >= 0; at--) {
    const named = relationNamed(path[at] ?? '', scope, reading);
    if (named) return named;
  }
  if (!several) return own;
  const [column = ''] = path;
  const having = scope.relations.filter((relation) => columnIn(relation, column, reading));
  return (having.length === 1 ? having[0] : undefined) ?? own;
}

/** UPDATE … SET … FROM … WHERE, of one table or (MySQL) of several. */
export const update: Statement = {
  nodes: ['update'],
  read(node, outer, reading) {
    const data = dataOf<Update>(node);
    const scope = new Scope(outer);
    const queries = addQueries(data.with, scope, reading);
    const items = data.from_clause?.expressions ?? [];
    const inFrom = [...items, ...data.from_joins.map((join) => join.this)].find((item) =>
      standsFor(data.table, item, reading),
    );
    const first = inFrom ? undefined : changedRelation(data.table, data.table.alias, scope, reading);
    if (first) scope.relations.push(first);
    const others = [...data.extra_tables.map((table) => ({ table })), ...items];
    const influences = [...addFrom(others, [...data.table_joins, ...data.from_joins], scope, reading)];
    const own = first ?? relationNamed(reading.name(data.table.name), scope, reading) ?? scope.relations[0];
    if (!own) return { kind: 'update', opaque: 'The target of the UPDATE is not a table.' };
    const several = data.extra_tables.length > 0 || data.table_joins.length > 0;
    if (several && own.table) reading.read(own.table);
    influences.push(...(first?.rows.influences ?? []));

    const changes = new Changes();
    for (const { path, column } of data.set.flatMap(([left, value]) => assignedPair(left, value, scope, reading))) {
      // T-SQL: a variable.
      if (path[0]?.startsWith('@')) continue;
      const owner = ownerOf(path, own, several, scope, reading);
      const name = columnAt(path, (part) => relationNamed(part, scope, reading) !== undefined);
      const home = homeOf(owner, name, reading);
      if (home) changes.add(home, column);
      else reading.because('unknown-column', `${name} is not a column of one table, so that it cannot be changed.`);
    }
    if (data.where_clause) influences.push(...indirect('FILTER', reading.expression(data.where_clause.this, scope)));
    if (changes.all.length === 0) for (const table of tablesBehind(own)) reading.touch(table, 'write');
    if (several) changedOnly(changes).forEach((table) => notRead(table, reading));
    else if (inFrom || !own.table) changes.all.map(({ table }) => table).forEach((table) => notRead(table, reading));
    for (const { table, columns } of changes.all) {
      reading.touch(table, 'write');
      reading.flow(table);
      reading.give(table, { columns, influences }, []);
    }
    readOutput(data.output, own, changes.all[0]?.columns ?? [], scope.relations, scope, reading);
    reportUnused(queries, reading);
    const rows = returningRows(data.returning, scope.relations, scope, reading);
    return { kind: 'update', ...(rows && { rows }) };
  },
};
