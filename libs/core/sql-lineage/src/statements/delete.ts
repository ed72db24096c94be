import { dataOf, type Identifier, type Join, type Node, type TableRef, type With } from '../parse/tree.js';
import { relationNamed } from '../resolve/column.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import { addFrom } from '../resolve/from.js';
import { distinctTables } from '../resolve/names.js';
import { Scope } from '../resolve/scope.js';
import { changedRelation, notRead, standsFor, tablesBehind } from './changed.js';
import { type Output, readOutput } from './output.js';
import { returningRows } from './returning.js';
import type { Statement } from './statement.js';

/** A subquery in USING comes as a table without a name, with the query among its hints. */
interface Using extends TableRef {
  readonly hints?: readonly Node[];
}

interface Delete {
  readonly table: TableRef;
  readonly alias: Identifier | null;
  /** `DELETE a, b FROM …`: those whose rows go. */
  readonly tables?: readonly TableRef[];
  readonly using: readonly Using[];
  readonly joins: readonly Join[];
  readonly where_clause: { readonly this: Node } | null;
  readonly with: With | null;
  readonly returning: readonly Node[];
  readonly output?: Output | null;
}

function itemOf(ref: Using): Node {
  const [hint] = ref.hints ?? [];
  const query = ref.name.name === '' && hint && 'subquery' in hint ? (hint['subquery'] as object) : undefined;
  return query ? { subquery: { ...query, alias: ref.alias ?? null } } : { table: ref };
}

/** DELETE takes rows away: it has targets and sources, but no edges, for nothing flows. */
export const remove: Statement = {
  nodes: ['delete'],
  read(node, outer, reading) {
    const data = dataOf<Delete>(node);
    const scope = new Scope(outer);
    const queries = addQueries(data.with, scope, reading);
    const items = data.using.map(itemOf);
    const named = data.tables ?? [];
    // MySQL's `DELETE FROM a USING a JOIN b` names the table once more.
    const again = items.some((item) => standsFor(data.table, item, reading));
    const alias = data.alias ?? data.table.alias;
    const first = again ? undefined : changedRelation(data.table, alias, scope, reading);
    if (first) scope.relations.push(first);
    addFrom(items, data.joins, scope, reading);
    if (data.where_clause) reading.expression(data.where_clause.this, scope);
    if (first?.table && named.length > 0) reading.read(first.table);

    const refs = named.length > 0 ? named : [data.table];
    const relations = refs.map((ref) =>
      named.length === 0 && first
        ? first
        : (relationNamed(reading.name(ref.name), scope, reading) ?? changedRelation(ref, null, scope, reading)),
    );
    const targets = distinctTables(relations.flatMap(tablesBehind));
    for (const relation of relations)
      if (relation !== first || named.length > 0 || !relation.table)
        tablesBehind(relation).forEach((table) => notRead(table, reading));
    if (targets.length === 0) reading.because('unnamed-table', 'What the DELETE takes rows from cannot be read.');
    for (const target of targets) reading.touch(target, 'delete');
    const [own] = relations;
    if (own) readOutput(data.output, own, [], scope.relations, scope, reading);
    reportUnused(queries, reading);
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
