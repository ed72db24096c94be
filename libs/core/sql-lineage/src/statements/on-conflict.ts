import { dataOf, isNode, kindOf, type Node } from '../parse/tree.js';
import { indirect } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn, Relation, Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { assignedIn, columnAt } from './assignments.js';

interface OnConflict {
  readonly action?: Node | null;
  readonly where_?: Node | null;
  /** MySQL's ON DUPLICATE KEY UPDATE. */
  readonly expressions?: readonly Node[];
}

/** A name that nobody can write, for the row that MySQL's `VALUES(x)` looks into. */
const INSERTED = ' inserted ';

/** `VALUES(x)` written as a column of the row that was to be inserted. */
function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutValues);
  if (typeof value !== 'object' || value === null) return value;
  if (isNode(value) && kindOf(value) === 'function') {
    const { name, args = [] } = dataOf<{ name?: unknown; args?: readonly Node[] }>(value);
    const [column] = args;
    if (typeof name === 'string' && name.toLowerCase() === 'values' && column && kindOf(column) === 'column')
      return { column: { ...dataOf<object>(column), table: { name: INSERTED, quoted: true } } };
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutValues(part)]));
}

/**
 * What happens to a row that is there already: `ON CONFLICT … DO UPDATE SET a = excluded.a`, `ON DUPLICATE KEY UPDATE a = VALUES(a)`,
 * `… AS new ON DUPLICATE KEY UPDATE a = new.a`.
 */
export function onConflict(
  node: Node | null,
  own: Relation,
  inserted: Rowset,
  rowAlias: string | undefined,
  outer: Scope,
  reading: Reading,
): void {
  if (!node || !own.table) return;
  if (kindOf(node) !== 'on_conflict') {
    reading.because('unknown-clause', `The clause "${kindOf(node)}" of an INSERT is not understood.`);
    return;
  }
  const { action, where_, expressions = [] } = dataOf<OnConflict>(node);
  const assigned =
    action && kindOf(action) === 'tuple'
      ? dataOf<{ expressions: readonly Node[] }>(action).expressions
      : expressions.map((each) => withoutValues(each) as Node);
  if (assigned.length === 0) return;
  const scope = new Scope(outer);
  const names = [action ? 'excluded' : INSERTED, ...(rowAlias === undefined ? [] : [rowAlias])];
  // The table itself has its columns by their bare names; of the row that was to be inserted they need a qualifier.
  scope.relations.push(own, ...names.map((alias) => ({ alias, rows: inserted, qualifiedOnly: true as const })));
  const isOwn = (name: string) => own.alias !== undefined && reading.same(name, own.alias);
  const columns: OutputColumn[] = assigned
    .flatMap((each) => assignedIn(each, scope, reading))
    .map(({ path, column }) => ({ ...column, name: columnAt(path, isOwn) }));
  const influences = where_ ? indirect('FILTER', reading.expression(where_, scope)) : [];
  reading.give(own.table, { columns, influences }, []);
}
