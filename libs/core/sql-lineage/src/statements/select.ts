import { dataOf, kindOf, type Node, type SelectData, type SetOperationData, type TableRef } from '../parse/tree.js';
import type { Statement } from './statement.js';
import { columnsMade } from './create-table.js';

/** INTO stands in the first SELECT, however many are united. */
function intoOf(node: Node): SelectData['into'] {
  switch (kindOf(node)) {
    case 'select':
      return dataOf<SelectData>(node).into;
    case 'union':
    case 'intersect':
    case 'except':
      return intoOf(dataOf<SetOperationData>(node).left);
    default:
      return null;
  }
}

/** A bare SELECT gives rows to whoever asked; `SELECT … INTO t` makes a table of them. */
export const select: Statement = {
  nodes: ['select', 'union', 'intersect', 'except', 'subquery', 'values', 'pivot'],
  read(node, scope, reading) {
    const rows = reading.query(node, scope);
    const into = intoOf(node);
    if (!into || kindOf(into.this) !== 'table') {
      reading.give(undefined, rows, []);
      return { kind: 'select', rows };
    }
    const ref = dataOf<TableRef>(into.this);
    const target = into.temporary ? reading.temporary(ref) : reading.tableItself(ref);
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, rows, []);
    return { kind: 'create_table', afterwards: () => reading.catalog.create(target, columnsMade(rows)) };
  },
};
