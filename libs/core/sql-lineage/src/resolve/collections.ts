import type { TableRef } from '../parse/tree.js';
import { columnOf, relationAt } from './column.js';
import { type Influence, through } from './influence.js';
import type { Reading } from './reading.js';
import type { Relation } from './rowset.js';
import type { Scope } from './scope.js';

/** Dialects (Impala's comes as Hive's) where `FROM orders o, o.items i` goes through a collection in a row. */
const DIALECTS = new Set(['hive', 'bigquery', 'generic']);

const relation = (alias: string, found: readonly Influence[]): Relation => {
  const influences = through('TRANSFORMATION', found);
  return {
    alias,
    computed: true,
    rows: { columns: [{ name: '*', influences }], influences: [], rest: () => influences },
  };
};

/**
 * A name in FROM that means a collection inside a table: `o.items`, where o is a table beside it, or Impala's `db.orders.items`, where
 * the schema knows the table. Every column of it is made of the collection.
 */
export function collectionIn(
  ref: TableRef,
  scope: Scope,
  alias: string | undefined,
  reading: Reading,
): Relation | undefined {
  if (!ref.schema || !DIALECTS.has(reading.dialect.name)) return undefined;
  const parts = ref.catalog ? [ref.catalog, ref.schema, ref.name] : [ref.schema, ref.name];
  const path = parts.flatMap((part) => reading.name(part).split('.'));
  const [first, second, third] = path;
  if (first === undefined || second === undefined) return undefined;
  const beside = relationAt(first, scope, reading, { neighbours: true });
  if (!beside && third === undefined) return undefined;
  const last = alias ?? path.at(-1) ?? '';
  if (beside && !reading.catalog.columnsOf(reading.table(ref)))
    return relation(last, columnOf(beside, second, reading, ref.name.span));
  if (third === undefined) return undefined;
  const table = reading.catalog.resolve({ schema: first, name: second });
  if (!reading.catalog.columnsOf(table)?.some((column) => reading.same(column, third))) return undefined;
  reading.read(table);
  return relation(last, columnOf(reading.relationOf(table), third, reading, ref.name.span));
}
