import {
  type AliasData,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type SubqueryData,
  type TableRef,
} from '../parse/tree.js';
import { CHANGED_QUERY } from '../parse/rewrites/plain-change.js';
import { columnIn } from '../resolve/column.js';
import { distinctTables, tableKey } from '../resolve/names.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn, Relation } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';

// What UPDATE, DELETE and MERGE change: a table, the table behind an alias, or, through a query, the tables it is made of.

/** The name that a FROM item has in its statement. */
function aliasOf(node: Node): Identifier | undefined {
  switch (kindOf(node)) {
    case 'table': {
      const { alias, name } = dataOf<TableRef>(node);
      return alias ?? name;
    }
    case 'subquery':
      return dataOf<SubqueryData>(node).alias ?? undefined;
    case 'alias':
      return dataOf<AliasData>(node).alias;
    default:
      return undefined;
  }
}

/** True when the name of an UPDATE or DELETE is only an alias of something in its FROM clause. */
export function standsFor(ref: TableRef, item: Node, reading: Reading): boolean {
  const alias = aliasOf(item);
  if (!alias) return false;
  if (!ref.schema && reading.same(reading.name(alias), reading.name(ref.name))) return true;
  // T-SQL: `UPDATE dbo.t … FROM dbo.t JOIN s` names one table twice, not two tables.
  if (reading.dialect.name !== 'tsql' || kindOf(item) !== 'table') return false;
  return tableKey(reading.table(dataOf<TableRef>(item))) === tableKey(reading.table(ref));
}

/** T-SQL changes tables through CTEs; elsewhere a CTE of the target's name is not meant. */
const isChangedQuery = (name: string, reading: Reading): boolean =>
  reading.dialect.name === 'tsql' || name.toLowerCase() === CHANGED_QUERY;

/** The query through which tables are changed, when the name means one. */
export function changedQuery(
  ref: TableRef,
  alias: Identifier | null | undefined,
  scope: Scope,
  reading: Reading,
): Relation | undefined {
  const name = reading.name(ref.name);
  const query = ref.schema || !isChangedQuery(name, reading) ? undefined : scope.query(reading.key(name));
  return query && { alias: alias ? reading.name(alias) : name, rows: reading.named(query) };
}

/** What is changed, as a relation. */
export const changedRelation = (
  ref: TableRef,
  alias: Identifier | null | undefined,
  scope: Scope,
  reading: Reading,
): Relation =>
  changedQuery(ref, alias, scope, reading) ??
  reading.relationOf(reading.table(ref), alias ? reading.name(alias) : undefined);

export interface Home {
  readonly table: TableName;
  readonly column: string;
}

/** The table and column that a column of what is changed really is. */
export function homeOf(relation: Relation, column: string, reading: Reading): Home | undefined {
  if (relation.table) {
    // As the schema spells it, when it knows it.
    const known = reading.catalog.columnsOf(relation.table)?.find((name) => reading.same(name, column));
    return { table: relation.table, column: known ?? column };
  }
  const influences = columnIn(relation, column, reading)?.influences ?? relation.rows.rest?.(column) ?? [];
  const own = influences.filter(({ subtype, from }) => subtype === 'IDENTITY' && from.table);
  const [only, ...more] = own;
  return only?.from.table && more.length === 0 ? { table: only.from.table, column: only.from.column } : undefined;
}

/** The tables whose rows are there in what is changed. */
export function tablesBehind(relation: Relation): TableName[] {
  if (relation.table) return [relation.table];
  const found = relation.rows.columns.flatMap(({ influences }) =>
    influences.flatMap(({ subtype, from }) => (subtype === 'IDENTITY' && from.table ? [from.table] : [])),
  );
  return distinctTables(found);
}

/** Changes of columns, by the table they are in. */
export class Changes {
  private readonly byTable = new Map<string, { table: TableName; columns: OutputColumn[] }>();

  add(home: Home, column: OutputColumn): void {
    const key = tableKey(home.table);
    const found = this.byTable.get(key) ?? { table: home.table, columns: [] };
    this.byTable.set(key, found);
    found.columns.push({ ...column, name: home.column });
  }

  get all(): readonly { readonly table: TableName; readonly columns: readonly OutputColumn[] }[] {
    return [...this.byTable.values()];
  }
}

/** Takes back one reading of a table: the changed table stands among those that are read, but is not one of them. */
export function notRead(table: TableName, reading: Reading): void {
  const at = reading.sources.findIndex((source) => tableKey(source) === tableKey(table));
  if (at !== -1) reading.sources.splice(at, 1);
}

/** The changed tables whose values go into no other table. */
export function changedOnly(changes: Changes): TableName[] {
  const givers = new Set(
    changes.all.flatMap(({ table, columns }) =>
      columns
        .flatMap(({ influences }) => influences.flatMap(({ from }) => (from.table ? [tableKey(from.table)] : [])))
        .filter((key) => key !== tableKey(table)),
    ),
  );
  return changes.all.map(({ table }) => table).filter((table) => !givers.has(tableKey(table)));
}
