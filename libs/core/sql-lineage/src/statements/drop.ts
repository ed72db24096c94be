import { dataOf, type TableRef } from '../parse/tree.js';
import type { Statement } from './statement.js';

/** DROP TABLE and DROP VIEW: from here on the script has no such table. */
export const drop: Statement = {
  nodes: ['drop_table', 'drop_view'],
  read(node, _scope, reading) {
    const { names, name } = dataOf<{ names?: readonly TableRef[]; name?: TableRef }>(node);
    const tables = [...(names ?? []), ...(name ? [name] : [])].map((ref) => reading.tableItself(ref));
    for (const table of tables) reading.touch(table, 'drop');
    return { kind: 'drop', afterwards: () => tables.forEach((table) => reading.catalog.drop(table)) };
  },
};
