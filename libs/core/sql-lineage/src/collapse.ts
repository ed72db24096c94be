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
  TargetTable,
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

/** Which tables are seen through. */
interface Passing {
  /** True for a target whose readers shall see what it is made of. */
  passes(target: TargetTable, statement: StatementLineage): boolean;
  /** The statement that makes it keeps its edges and its target. */
  readonly keeps: boolean;
}

class Passed {
  private readonly filled = new Map<string, Filled>();

  has(table: TableName): boolean {
    return this.filled.has(tableKey(table));
  }

  of(table: TableName): Filled {
    const key = tableKey(table);
    const filled = this.filled.get(key) ?? { columns: new Map<string, Influence[]>(), rows: [], tables: [] };
    this.filled.set(key, filled);
    return filled;
  }

  forget(table: TableName): void {
    this.filled.delete(tableKey(table));
  }

  rename({ from, to }: TableEdge): void {
    const filled = this.filled.get(tableKey(from));
    this.forget(from);
    if (filled) this.filled.set(tableKey(to), filled);
  }

  swap([one, other]: readonly [TableName, TableName]): void {
    const [first, second] = [this.filled.get(tableKey(one)), this.filled.get(tableKey(other))];
    this.forget(one);
    this.forget(other);
    if (first) this.filled.set(tableKey(other), first);
    if (second) this.filled.set(tableKey(one), second);
  }

  /** The edge's sources outside of what is seen through. */
  sources(edge: ColumnEdge): Influence[] {
    const { table, column } = edge.from;
    if (!table || !this.has(table)) return [influenceOf(edge)];
    const { columns } = this.of(table);
    const reached = column === STAR ? [...columns.values()].flat() : (columns.get(column) ?? columns.get(STAR) ?? []);
    return onward(edge, reached);
  }
}

const MAKES = new Set<StatementLineage['kind']>(['create_table', 'create_view', 'cache']);

function collapseStatement(statement: StatementLineage, passed: Passed, passing: Passing): StatementLineage {
  const read = statement.sources.filter((table) => passed.has(table)).map((table) => ({ ...passed.of(table) }));
  const edges = statement.columnEdges.flatMap((edge) =>
    passed.sources(edge).map((one): ColumnEdge => ({ ...edge, ...one })),
  );
  const sources = distinctTables([
    ...statement.sources.filter((table) => !passed.has(table)),
    ...read.flatMap(({ tables }) => tables),
  ]);
  const rows = read.flatMap((filled) => filled.rows);
  const writes = statement.targets.filter(({ action }) => action === 'write');
  for (const target of writes) for (const one of distinct(rows)) edges.push({ ...one, to: { table: plain(target) } });
  if (writes.length === 0 && statement.kind === 'select')
    for (const one of distinct(rows)) edges.push({ ...one, to: {} });
  const made = statement.targets.filter((target) => passing.passes(target, statement));
  for (const target of statement.targets)
    if (target.action === 'drop' || MAKES.has(statement.kind)) passed.forget(target);
  for (const target of made.filter(({ action }) => action !== 'drop')) fill(passed.of(target), target, edges, sources);
  statement.renames.forEach((rename) => passed.rename(rename));
  statement.swaps.forEach((pair) => passed.swap(pair));
  if (passing.keeps) return finished(statement, statement.targets, sources, edges);
  const gone = new Set(made.map(tableKey));
  return finished(
    statement,
    statement.targets.filter((table) => !gone.has(tableKey(table))),
    sources,
    edges.filter(({ to }) => !to.table || !gone.has(tableKey(to.table))),
  );
}

const finished = (
  statement: StatementLineage,
  targets: readonly TargetTable[],
  sources: readonly TableName[],
  edges: readonly ColumnEdge[],
): StatementLineage => ({
  ...statement,
  targets,
  sources,
  tableEdges: tableEdges(statement, sources, targets),
  columnEdges: distinctEdges(edges),
  generated: generatedIn(statement, edges, targets),
});

const plain = ({ catalog, schema, name, temporary, path }: TableName): TableName => ({
  ...(catalog !== undefined && { catalog }),
  ...(schema !== undefined && { schema }),
  name,
  ...(temporary && { temporary }),
  ...(path && { path }),
});

function fill(filled: Filled, table: TableName, edges: readonly ColumnEdge[], sources: readonly TableName[]): void {
  filled.tables = distinctTables([...filled.tables, ...sources]);
  for (const edge of edges.filter(({ to }) => to.table && tableKey(to.table) === tableKey(table))) {
    const { column } = edge.to;
    if (column === undefined) filled.rows = distinct([...filled.rows, influenceOf(edge)]);
    else filled.columns.set(column, distinct([...(filled.columns.get(column) ?? []), influenceOf(edge)]));
  }
}

/** The statement's own pairs, with what is seen through replaced by what filled it. */
function tableEdges(
  statement: StatementLineage,
  sources: readonly TableName[],
  targets: readonly TargetTable[],
): TableEdge[] {
  const kept = new Set(targets.map(tableKey));
  const into = distinctTables(statement.tableEdges.map(({ to }) => to)).filter((table) => kept.has(tableKey(table)));
  return into.flatMap((to) => sources.map((from) => ({ from, to })));
}

/** What was generated on its way into a table that is seen through is generated for whoever reads it from there. */
function generatedIn(
  statement: StatementLineage,
  edges: readonly ColumnEdge[],
  targets: readonly TargetTable[],
): GeneratedColumn[] {
  const key = ({ table, column }: EdgeTarget) => JSON.stringify([table && tableKey(table), column]);
  const kept = new Set(targets.map(tableKey));
  const fed = new Set(edges.filter(({ type }) => type === 'DIRECT').map(({ to }) => key(to)));
  const written = statement.columnEdges.filter(({ type }) => type === 'DIRECT');
  const unfed = [...statement.generated, ...written].filter(
    ({ to }) =>
      to.column !== undefined && to.column !== STAR && (!to.table || kept.has(tableKey(to.table))) && !fed.has(key(to)),
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

function seenThrough(script: ScriptLineage, passing: Passing): ScriptLineage {
  const passed = new Passed();
  const statements = script.statements.map((statement) => collapseStatement(statement, passed, passing));
  return { statements, totals: totalsOf(statements) };
}

const isView = ({ action }: TargetTable, { kind }: StatementLineage): boolean =>
  kind === 'create_view' && action === 'write';

/**
 * The same script with its temporary tables taken out: what went in on one side comes out at the other.
 *
 * @example
 * // create temp table t as select x from a;  insert into b select x from t;
 * collapseTemporaries(script)   // a.x -> b.x
 */
export const collapseTemporaries = (script: ScriptLineage): ScriptLineage =>
  seenThrough(script, { passes: ({ temporary }) => temporary === true, keeps: false });

/**
 * The same script with its views seen through: who reads a view that the script made reads the tables behind it. The views themselves
 * stay, with the edges they are made of.
 *
 * @example
 * // create view v as select x from a;  insert into b select x from v;
 * expandViews(script)   // a.x -> v.x, a.x -> b.x instead of v.x -> b.x
 */
export const expandViews = (script: ScriptLineage): ScriptLineage =>
  seenThrough(script, { passes: isView, keeps: true });

/** Sees through the views and temporary tables that the first statements have made, up to an offset of the text. */
export const expandPrelude = (script: ScriptLineage, end: number): ScriptLineage =>
  seenThrough(script, {
    passes: (target, statement) =>
      statement.start < end ? isView(target, statement) || target.temporary === true : false,
    keeps: true,
  });
