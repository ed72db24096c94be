import {
  type ColumnData,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type SelectData,
  type TableRef,
} from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { Rowset } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';
import { placed } from './place.js';
import type { Statement } from './statement.js';

interface Copy {
  readonly this: Node;
  /** True: into the table. */
  readonly kind?: boolean;
  /** COPY INTO: what is filled comes first, be it a table or a file. */
  readonly is_into?: boolean;
  readonly files: readonly Node[];
}

interface Into {
  readonly ref: TableRef;
  readonly columns: readonly string[];
}

/** `t` or `t (a, b)` */
function tableIn(node: Node, reading: Reading): Into | undefined {
  if (kindOf(node) === 'table') return { ref: dataOf<TableRef>(node), columns: [] };
  if (kindOf(node) === 'column') {
    const { name, table } = dataOf<ColumnData>(node);
    return { ref: { name, ...(table && { schema: table }) }, columns: [] };
  }
  if (kindOf(node) !== 'schema') return undefined;
  const { this: inner, expressions = [] } = dataOf<{ this?: Node; expressions?: readonly Node[] }>(node);
  if (!inner || kindOf(inner) !== 'table') return undefined;
  const columns = expressions.flatMap((each) => {
    const { name } = dataOf<{ name?: Identifier }>(each);
    return name ? [reading.name(name)] : [];
  });
  return { ref: dataOf<TableRef>(inner), columns };
}

/** A file, or a stage (`@stage/path`). */
function fileIn(node: Node): TableName | undefined {
  if (kindOf(node) === 'literal') return { name: dataOf<{ value: string }>(node).value, path: true };
  if (kindOf(node) === 'identifier') return { name: dataOf<Identifier>(node).name, path: true };
  return undefined;
}

const QUERIES = new Set(['subquery', 'select', 'union', 'intersect', 'except', 'values', 'paren', 'table']);

/** The files that a COPY's own query reads: there they stand where tables do. */
function filesOf(node: Node): TableName[] {
  if (kindOf(node) === 'subquery' || kindOf(node) === 'paren') return filesOf(dataOf<{ this: Node }>(node).this);
  if (kindOf(node) !== 'select') return [];
  return (dataOf<SelectData>(node).from?.expressions ?? []).flatMap((item) => fileIn(item) ?? []);
}

function rowsFrom(node: Node, scope: Scope, reading: Reading): Rowset {
  for (const file of filesOf(node)) reading.read(file);
  return reading.query(node, scope);
}

function fill(target: TableName, columns: readonly string[], rows: Rowset, reading: Reading): void {
  const known = columns.length > 0 ? columns : target.path ? undefined : reading.catalog.columnsOf(target);
  reading.touch(target, 'write');
  reading.flow(target);
  reading.give(target, rows, target.path ? [] : placed(rows, target, known, reading));
}

/** COPY between a table or a query and files. A program or the client's own end of the line has no name. */
export const copy: Statement = {
  nodes: ['copy'],
  read(node, scope, reading) {
    const data = dataOf<Copy>(node);
    const into = tableIn(data.this, reading);
    if (data.kind) {
      const target = into ? reading.table(into.ref) : fileIn(data.this);
      if (!target) return { kind: 'copy', opaque: 'What the COPY fills is not understood.' };
      for (const source of data.files) {
        const file = fileIn(source);
        const table = file || !data.is_into ? undefined : tableIn(source, reading);
        if (file) {
          reading.read(file);
          reading.touch(target, 'write');
          reading.flow(target);
        } else if (table ?? QUERIES.has(kindOf(source))) {
          const rows = rowsFrom(table ? { table: table.ref } : source, scope, reading);
          fill(target, into?.columns ?? [], rows, reading);
        } else reading.touch(target, 'write');
      }
      if (data.files.length === 0) reading.touch(target, 'write');
      return { kind: 'copy' };
    }
    const rows = reading.query(into ? { table: into.ref } : data.this, scope);
    for (const file of data.files.flatMap((each) => fileIn(each) ?? [])) fill(file, [], rows, reading);
    return { kind: 'copy' };
  },
};

interface ExportData {
  readonly this: Node;
  readonly options?: readonly Node[];
}

/** BigQuery: `EXPORT DATA OPTIONS (uri = 'gs://x') AS SELECT …`. */
export const exportData: Statement = {
  nodes: ['export'],
  read(node, scope, reading) {
    const data = dataOf<ExportData>(node);
    const rows = reading.query(data.this, scope);
    const uri = (data.options ?? [])
      .map((option) => dataOf<{ left?: Node; right?: Node }>(option))
      .find(
        ({ left }) => left && kindOf(left) === 'column' && dataOf<ColumnData>(left).name.name.toLowerCase() === 'uri',
      );
    const file = uri?.right && fileIn(uri.right);
    if (!file) return { kind: 'copy', opaque: 'Where the EXPORT goes is not said as a constant.' };
    fill(file, [], rows, reading);
    return { kind: 'copy' };
  },
};
