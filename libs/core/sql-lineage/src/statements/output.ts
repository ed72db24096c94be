import { type ColumnData, dataOf, type Identifier, kindOf, type Node, type TableRef } from '../parse/tree.js';
import { distinctTables, tableKey } from '../resolve/names.js';
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

const refOf = (parts: readonly Identifier[]): TableRef | undefined => {
  const [name, schema = null, catalog = null] = [...parts].reverse();
  return name && { name, schema, catalog };
};

/** The names of `dbo.log`, which the parser takes for a column of a table. */
function partsOf(node: Node): Identifier[] {
  switch (kindOf(node)) {
    case 'table': {
      const { catalog, schema, name } = dataOf<TableRef>(node);
      return [catalog, schema, name].filter((part) => part != null);
    }
    case 'column': {
      const { name, table } = dataOf<ColumnData>(node);
      return table ? [table, name] : [name];
    }
    case 'identifier':
      return [dataOf<Identifier>(node)];
    case 'parameter':
      return [{ name: `@${dataOf<{ name: string }>(node).name}` }];
    case 'dot': {
      const { this: inner, field } = dataOf<{ this: Node; field: Identifier }>(node);
      return [...partsOf(inner), field];
    }
    case 'method_call': {
      const { this: inner, method } = dataOf<{ this: Node; method: Identifier }>(node);
      return [...partsOf(inner), method];
    }
    case 'function':
      return dataOf<{ name: string }>(node)
        .name.split('.')
        .map((name) => ({ name }));
    default:
      return [];
  }
}

/** `log (a, b)` comes as a call. */
function intoOf(node: Node, reading: Reading): Into | undefined {
  const ref = refOf(partsOf(node));
  const { args = [] } = dataOf<{ args?: readonly Node[] }>(node);
  const columns = args.flatMap((arg) => (kindOf(arg) === 'column' ? [reading.name(dataOf<ColumnData>(arg).name)] : []));
  return ref && { ref, columns };
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
  // The changed table itself gives what was there before.
  const read = new Set(reading.sources.map(tableKey));
  const from = columns.flatMap(({ influences }) => influences.flatMap((one) => one.from.table ?? []));
  for (const table of distinctTables(from))
    if (!read.has(tableKey(table))) reading.tableEdges.push({ from: table, to });
}
