import { type ColumnData, dataOf, type Identifier, kindOf, type Node, type TableRef } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn, Relation } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { project } from '../resolve/select.js';
import type { TableName } from '../types.js';
import { placed } from './place.js';

/** T-SQL's `OUTPUT inserted.x, deleted.y INTO log (a, b)`, as the parser gives it. */
export interface Output {
  readonly columns: readonly Node[];
  readonly into_table?: Node | null;
}

interface Into {
  readonly ref: TableRef;
  readonly columns: readonly string[];
}

const identifiers = (path: string): TableRef => {
  const [name = path, schema, catalog] = path.split('.').reverse();
  return {
    name: { name },
    ...(schema !== undefined && { schema: { name: schema } }),
    ...(catalog !== undefined && { catalog: { name: catalog } }),
  };
};

/** The parser takes `log (a, b)` for a call and `dbo.log` for a column. */
function intoOf(node: Node, reading: Reading): Into | undefined {
  switch (kindOf(node)) {
    case 'table':
      return { ref: dataOf<TableRef>(node), columns: [] };
    case 'column': {
      const { name, table } = dataOf<ColumnData>(node);
      return { ref: { name, ...(table && { schema: table }) }, columns: [] };
    }
    case 'identifier':
      return { ref: { name: dataOf<Identifier>(node) }, columns: [] };
    case 'parameter':
      return { ref: { name: { name: `@${dataOf<{ name: string }>(node).name}` } }, columns: [] };
    case 'function': {
      const { name, args = [] } = dataOf<{ name: string; args?: readonly Node[] }>(node);
      const columns = args.flatMap((arg) =>
        kindOf(arg) === 'column' ? [reading.name(dataOf<ColumnData>(arg).name)] : [],
      );
      return { ref: identifiers(name), columns };
    }
    default:
      return undefined;
  }
}

/** The changed row as it is afterwards: the new values where there are some, else what the table has. */
function after(target: Relation, changes: readonly OutputColumn[]): Relation {
  const old = target.rows;
  const fresh = new Map(changes.map((column) => [column.name, column]));
  return {
    alias: 'inserted',
    qualifiedOnly: true,
    rows: {
      columns: [...fresh.values(), ...old.columns.filter(({ name }) => !fresh.has(name))],
      influences: [],
      ...(old.rest && { rest: old.rest }),
    },
  };
}

/** OUTPUT gives rows of the change to another table, besides the change itself. */
export function readOutput(
  output: Output | null | undefined,
  target: Relation,
  changes: readonly OutputColumn[],
  relations: readonly Relation[],
  outer: Scope,
  reading: Reading,
): void {
  if (!output?.into_table) return;
  const into = intoOf(output.into_table, reading);
  if (!into) {
    reading.because('unknown-node', 'The table that OUTPUT writes INTO is not understood.');
    return;
  }
  const scope = new Scope(outer);
  scope.relations.push(
    after(target, changes),
    { ...target, alias: 'deleted', qualifiedOnly: true },
    ...relations.map((relation) => ({ ...relation, qualifiedOnly: true as const })),
  );
  const { columns } = project(output.columns, scope, reading);
  const to: TableName = reading.table(into.ref);
  const rows = { columns, influences: [] };
  const listed = into.columns.length > 0 ? into.columns : reading.catalog.columnsOf(to);
  reading.touch(to, 'write');
  reading.flow(to);
  reading.give(to, rows, placed(rows, to, listed, reading));
}
