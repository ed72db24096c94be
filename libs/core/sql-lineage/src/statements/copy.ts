import { dataOf, type Identifier, kindOf, type Node, type TableRef } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { TableName } from '../types.js';
import type { Statement } from './statement.js';

interface Copy {
  readonly this: Node;
  /** True: into the table. */
  readonly kind?: boolean;
  readonly files: readonly Node[];
}

/** `t` or `t (a, b)` */
function tableIn(node: Node): TableRef | undefined {
  if (kindOf(node) === 'table') return dataOf<TableRef>(node);
  if (kindOf(node) === 'schema') {
    const { this: inner } = dataOf<{ this?: Node; expressions?: readonly { column?: { name: Identifier } }[] }>(node);
    return inner && kindOf(inner) === 'table' ? dataOf<TableRef>(inner) : undefined;
  }
  return undefined;
}

const filesOf = (nodes: readonly Node[]): TableName[] =>
  nodes.flatMap((node) => (kindOf(node) === 'literal' ? [{ name: dataOf<{ value: string }>(node).value }] : []));

function fromFiles(table: TableName, files: readonly TableName[], reading: Reading): void {
  files.forEach((file) => reading.read(file));
  reading.touch(table, 'write');
  reading.flow(table);
}

/** COPY between a table or a query and files. A program or the client's own end of the line has no name. */
export const copy: Statement = {
  nodes: ['copy'],
  read(node, scope, reading) {
    const data = dataOf<Copy>(node);
    const ref = tableIn(data.this);
    const files = filesOf(data.files);
    if (ref && data.kind) {
      fromFiles(reading.table(ref), files, reading);
      return { kind: 'copy' };
    }
    const query: Node = ref ? { table: ref } : data.this;
    const rows = reading.query(query, scope);
    for (const file of files) {
      reading.touch(file, 'write');
      reading.flow(file);
      reading.give(file, rows, []);
    }
    return { kind: 'copy' };
  },
};
