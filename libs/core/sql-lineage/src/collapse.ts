import { totalsOf } from './outcome.js';
import { distinct, indirect, isDirect, type Influence, influenceKey, through } from './resolve/influence.js';
import { distinctTables, tableKey } from './resolve/names.js';
import type {
  ColumnEdge,
  EdgeTarget,
  GeneratedColumn,
  ScriptLineage,
  StatementLineage,
  TableEdge,
  TableName,
} from './types.js';

/** What has flowed into a temporary table so far. */
interface Filled {
  readonly columns: Map<string, Influence[]>;
  rows: Influence[];
  tables: TableName[];
}

const STAR = '*';

const influenceOf = ({ from, type, subtype, confidence }: ColumnEdge): Influence => ({
  from,
  type,
  subtype,
  confidence,
});

/** What an edge does to what reached its source. */
function onward(edge: ColumnEdge, reached: readonly Influence[]): Influence[] {
  const { subtype } = edge;
  return isDirect(subtype) ? through(subtype, reached) : indirect(subtype, reached);
}

class Temporaries {
  private readonly filled = new Map<string, Filled>();

  of(table: TableName): Filled {
    const key = tableKey(table);
    const filled = this.filled.get(key) ?? { columns: new Map<string, Influence[]>(), rows: [], tables: [] };
    this.filled.set(key, filled);
    return filled;
  }

  forget(table: TableName): void {
    this.filled.delete(tableKey(table));
  }

  /** The edge's sources outside of temporary tables. */
  sources(edge: ColumnEdge): Influence[] {
    const { table, column } = edge.from;
    if (!table?.temporary) return [influenceOf(edge)];
    const { columns } = this.of(table);
    const reached = column === STAR ? [...columns.values()].flat() : (columns.get(column) ?? columns.get(STAR) ?? []);
    return onward(edge, reached);
  }
}

function collapseStatement(statement: StatementLineage, temporaries: Temporaries): StatementLineage {
  const made = statement.kind === 'create_table' || statement.kind === 'create_view' || statement.kind === 'drop';
  const read = statement.sources.filter((table) => table.temporary).map((table) => ({ ...temporaries.of(table) }));
  const edges = statement.columnEdges.flatMap((edge) =>
    temporaries.sources(edge).map((one): ColumnEdge => ({ ...edge, ...one })),
  );
  const sources = distinctTables([
    ...statement.sources.filter((table) => !table.temporary),
    ...read.flatMap(({ tables }) => tables),
  ]);
  const rows = read.flatMap((filled) => filled.rows);
  const writes = statement.targets.filter(({ action }) => action === 'write');
  for (const target of writes) for (const one of distinct(rows)) edges.push({ ...one, to: { table: plain(target) } });
  if (writes.length === 0 && statement.kind === 'select')
    for (const one of distinct(rows)) edges.push({ ...one, to: {} });
  for (const target of statement.targets.filter((table) => table.temporary)) {
    if (made) temporaries.forget(target);
    fill(temporaries.of(target), target, edges, sources);
  }
  const lasting = edges.filter((edge) => !edge.to.table?.temporary);
  return {
    ...statement,
    targets: statement.targets.filter((table) => !table.temporary),
    sources,
    tableEdges: tableEdges(statement, sources),
    columnEdges: distinctEdges(lasting),
    generated: generatedIn(statement, lasting),
  };
}

const plain = ({ catalog, schema, name, temporary }: TableName): TableName => ({
  ...(catalog !== undefined && { catalog }),
  ...(schema !== undefined && { schema }),
  name,
  ...(temporary && { temporary }),
});

function fill(filled: Filled, table: TableName, edges: readonly ColumnEdge[], sources: readonly TableName[]): void {
  filled.tables = distinctTables([...filled.tables, ...sources]);
  for (const edge of edges.filter(({ to }) => to.table && tableKey(to.table) === tableKey(table))) {
    const { column } = edge.to;
    if (column === undefined) filled.rows = distinct([...filled.rows, influenceOf(edge)]);
    else filled.columns.set(column, distinct([...(filled.columns.get(column) ?? []), influenceOf(edge)]));
  }
}

/** The statement's own pairs, with a temporary source replaced by what filled it. */
function tableEdges(statement: StatementLineage, sources: readonly TableName[]): TableEdge[] {
  const targets = distinctTables(statement.tableEdges.map(({ to }) => to)).filter((table) => !table.temporary);
  return targets.flatMap((to) => sources.map((from) => ({ from, to })));
}

/** What was generated on its way into a temporary table is generated for whoever reads it from there. */
function generatedIn(statement: StatementLineage, lasting: readonly ColumnEdge[]): GeneratedColumn[] {
  const key = ({ table, column }: EdgeTarget) => JSON.stringify([table && tableKey(table), column]);
  const fed = new Set(lasting.filter(({ type }) => type === 'DIRECT').map(({ to }) => key(to)));
  const written = statement.columnEdges.filter(({ type }) => type === 'DIRECT');
  const unfed = [...statement.generated, ...written].filter(
    ({ to }) => to.column !== undefined && to.column !== STAR && !to.table?.temporary && !fed.has(key(to)),
  );
  return [...new Map(unfed.map((one) => [key(one.to), one])).values()].map(({ to, expression }) => ({
    to,
    ...(expression !== undefined && { expression }),
  }));
}

function distinctEdges(edges: readonly ColumnEdge[]): ColumnEdge[] {
  const key = (edge: ColumnEdge) =>
    JSON.stringify([
      influenceKey(influenceOf(edge)),
      edge.to.table && tableKey(edge.to.table),
      edge.to.column,
      edge.to.ordinal,
    ]);
  return [...new Map(edges.map((edge) => [key(edge), edge])).values()];
}

/**
 * The same script with its temporary tables taken out: what went in on one side comes out at the other.
 *
 * @example
 * // create temp table t as select x from a;  insert into b select x from t;
 * collapseTemporaries(script)   // a.x -> b.x
 */
export function collapseTemporaries(script: ScriptLineage): ScriptLineage {
  const temporaries = new Temporaries();
  const statements = script.statements.map((statement) => collapseStatement(statement, temporaries));
  return { statements, totals: totalsOf(statements) };
}
