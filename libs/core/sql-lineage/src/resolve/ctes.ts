import {
  type Cte,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type SetOperationData,
  type TableRef,
  type With,
} from '../parse/tree.js';
import { influenceKey } from './influence.js';
import type { Reading } from './reading.js';
import { EMPTY, renamed, type Rowset } from './rowset.js';
import { type NamedQuery, Scope } from './scope.js';

const WRITES = new Set(['insert', 'update', 'delete', 'merge']);

/** Makes the CTEs of a WITH known in a scope. Those that change a table happen whether or not anything reads them. */
export function addQueries(clause: With | null | undefined, scope: Scope, reading: Reading): NamedQuery[] {
  const recursive = clause?.recursive === true;
  // With RECURSIVE each sees itself and all others; otherwise only those before it. None sees the tables of the main query.
  const together = new Scope(scope.parent);
  return (clause?.ctes ?? []).flatMap((cte) => {
    if (isExpression(cte, reading)) {
      const item = { node: cte.this, everywhere: true, busy: false };
      scope.items.set(reading.key(reading.name(cte.alias)), item);
      return [];
    }
    const key = reading.key(reading.name(cte.alias));
    const self = !recursive && readsItself(cte, key, reading);
    const own = recursive ? together : alone(together);
    const query: NamedQuery = { cte, scope: own, recursive: recursive || self, used: false };
    if (self) own.queries.set(key, query);
    scope.queries.set(key, query);
    together.queries.set(key, query);
    if (WRITES.has(kindOf(cte.this))) {
      query.rows = renamed(reading.write(cte.this, query.scope), reading.names(cte.columns));
      query.used = true;
    }
    return [query];
  });
}

/** ClickHouse's `WITH x + 1 AS y`: a name for a value, and not for a query. */
const isExpression = (cte: Cte, reading: Reading): boolean =>
  reading.dialect.name === 'clickhouse' && cte.alias_first !== true;

/** Dialects whose recursive queries need not say so. */
const UNSAID = new Set(['tsql', 'oracle', 'snowflake']);

/** True for a UNION whose first part does not, but a later one does read the CTE's own name. */
function readsItself(cte: Cte, key: string, reading: Reading): boolean {
  if (!UNSAID.has(reading.dialect.name) || kindOf(cte.this) !== 'union') return false;
  const { left, right } = dataOf<SetOperationData>(cte.this);
  return namesTable(right, key, reading) && !namesTable(left, key, reading);
}

function namesTable(value: unknown, key: string, reading: Reading): boolean {
  if (Array.isArray(value)) return value.some((item) => namesTable(item, key, reading));
  if (typeof value !== 'object' || value === null) return false;
  const { table } = value as { readonly table?: TableRef | Identifier | null };
  const ref = table && typeof table.name === 'object' ? (table as TableRef) : undefined;
  if (ref && !ref.schema && reading.key(reading.name(ref.name)) === key) return true;
  return Object.values(value).some((part) => namesTable(part, key, reading));
}

/** The same CTEs, without those that come later. */
function alone(scope: Scope): Scope {
  const copy = new Scope(scope.parent);
  for (const [key, query] of scope.queries) copy.queries.set(key, query);
  return copy;
}

const size = (rows: Rowset): number =>
  new Set([
    ...rows.columns.flatMap((column, at) => column.influences.map((one) => `${at} ${influenceKey(one)}`)),
    ...rows.influences.map(influenceKey),
  ]).size + rows.columns.length;

/** The part of a recursive CTE that it starts from. It also names the columns, where they are not listed. */
function startOf(node: Node): Node | undefined {
  if (kindOf(node) !== 'union') return undefined;
  const { left, with: clause } = dataOf<SetOperationData>(node);
  return clause ? undefined : left;
}

/** More than these in each other are resolved from the innermost out: on its way down, each takes a dozen calls of the stack. */
const NESTED = 40;

/** The rows of a CTE. */
export function namedQuery(query: NamedQuery, reading: Reading): Rowset {
  query.used = true;
  if (query.rows) return query.rows;
  if (query.soFar) return query.soFar;
  reading.depth.queries++;
  try {
    if (reading.depth.queries > NESTED) innermostFirst(query, reading);
    return resolved(query, reading);
  } finally {
    reading.depth.queries--;
  }
}

/** Resolves the CTEs that a CTE reads, and those that they read, before itself. */
function innermostFirst(query: NamedQuery, reading: Reading): void {
  const seen = new Set([query]);
  const open = [query];
  for (let next = open.at(-1); next; next = open.at(-1)) {
    const before = queriesReadBy(next, reading).filter((each) => !seen.has(each) && !each.rows && !each.soFar);
    if (before.length === 0) {
      open.pop();
      if (next !== query && !next.rows) namedQuery(next, reading);
    }
    for (const each of before.reverse()) {
      seen.add(each);
      open.push(each);
    }
  }
}

/** The CTEs outside of a CTE that are named in it, as far as can be told before it is resolved. */
function queriesReadBy({ cte, scope }: NamedQuery, reading: Reading): NamedQuery[] {
  const found = new Set<NamedQuery>();
  const own = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (typeof value !== 'object' || value === null) return;
    const { table, ctes } = value as { readonly table?: TableRef | Identifier | null; readonly ctes?: readonly Cte[] };
    for (const { alias } of ctes ?? []) own.add(reading.key(reading.name(alias)));
    const ref =
      table && typeof table.name === 'object' && !('schema' in table && table.schema) ? table.name : undefined;
    const key = ref && reading.key(reading.name(ref));
    const query = key === undefined || own.has(key) ? undefined : scope.query(key);
    if (query) found.add(query);
    Object.values(value).forEach(look);
  };
  look(cte.this);
  return [...found];
}

/** A recursive one is resolved again with what it gave before, until nothing new comes. */
function resolved(query: NamedQuery, reading: Reading): Rowset {
  const { cte, recursive } = query;
  const names = reading.names(cte.columns);
  query.soFar = { ...EMPTY, columns: names.map((name) => ({ name, influences: [] })) };
  const start = recursive ? startOf(cte.this) : undefined;
  if (start) query.soFar = renamed(reading.query(start, new Scope(query.scope)), names);
  let rows = renamed(reading.query(cte.this, new Scope(query.scope)), names);
  for (let before = -1; recursive && size(rows) !== before;) {
    before = size(rows);
    query.soFar = rows;
    rows = renamed(reading.query(cte.this, new Scope(query.scope)), names);
  }
  query.rows = rows;
  return rows;
}

/** CTEs that nothing reads: their tables influence nothing, but are named. */
export function reportUnused(queries: readonly NamedQuery[], reading: Reading): void {
  for (const query of queries.filter(({ used }) => !used)) {
    const aside = reading.nested();
    namedQuery(query, aside);
    reading.unusedSources.push(...aside.sources);
    const name = reading.name(query.cte.alias);
    reading.because('unused-query', `Nothing reads the query ${name} of the WITH clause.`, query.cte.alias.span);
  }
}
