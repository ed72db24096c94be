import { type AliasData, type ColumnData, dataOf, type Join, kindOf, type Node } from '../parse/tree.js';
import { type Influence, through } from './influence.js';
import type { Reading } from './reading.js';
import type { OutputColumn, Relation } from './rowset.js';
import type { Scope } from './scope.js';

export const isArrayJoin = (join: Join): boolean => join.kind === 'Array' || join.kind === 'LeftArray';

const elements = (node: Node): readonly Node[] =>
  kindOf(node) === 'tuple' ? dataOf<{ expressions: readonly Node[] }>(node).expressions : [node];

/** The same relation, with one column made of something else. */
function replaced(relation: Relation, name: string, influences: readonly Influence[], reading: Reading): Relation {
  const { columns, rest } = relation.rows;
  return {
    ...relation,
    rows: {
      ...relation.rows,
      columns: columns.map((column) => (reading.same(column.name, name) ? { ...column, influences } : column)),
      ...(rest && { rest: (asked: string) => (reading.same(asked, name) ? influences : rest(asked)) }),
    },
  };
}

/** ClickHouse's `ARRAY JOIN tags AS tag`: a row for each element. Without an alias, the array's own name now means the element. */
export function addArrayJoin(join: Join, scope: Scope, reading: Reading): void {
  const added: OutputColumn[] = [];
  for (const node of elements(join.this)) {
    const value = kindOf(node) === 'alias' ? dataOf<AliasData>(node).this : node;
    const influences = through('TRANSFORMATION', reading.expression(value, scope));
    if (kindOf(node) === 'alias') added.push({ name: reading.name(dataOf<AliasData>(node).alias), influences });
    else if (kindOf(node) === 'column') {
      const name = reading.name(dataOf<ColumnData>(node).name);
      scope.relations.splice(
        0,
        scope.relations.length,
        ...scope.relations.map((relation) => replaced(relation, name, influences, reading)),
      );
    }
  }
  // A star does not have the elements that got a name of their own.
  if (added.length > 0)
    scope.relations.push({ hidden: true, computed: true, rows: { columns: added, influences: [] } });
}
