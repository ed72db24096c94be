import type { TableName } from '../types.js';
import type { Influence } from './influence.js';

/** A column of a set of rows. */
export interface OutputColumn {
  /** `*` for a star that could not be expanded. */
  readonly name: string;
  readonly influences: readonly Influence[];
  /** The SQL it is computed by, unless it is a plain column. */
  readonly expression?: string;
}

/** What a query, a table or a function gives. */
export interface Rowset {
  readonly columns: readonly OutputColumn[];
  /** What decides which rows there are, how they are joined, grouped and sorted. */
  readonly influences: readonly Influence[];
  /** Present when there may be more columns than are listed: what a column of that name would be. */
  readonly rest?: (name: string) => readonly Influence[];
}

/** A set of rows in a FROM clause. */
export interface Relation {
  /** The name that qualifies its columns. */
  readonly alias?: string;
  /** Schema and catalog that may qualify it too: `sales.orders.id`. */
  readonly schema?: string;
  /** The table, when it is one and not a query. */
  readonly table?: TableName;
  readonly rows: Rowset;
  /** Its columns are named only with the qualifier: `excluded.x`, `inserted.x`. */
  readonly qualifiedOnly?: true;
  /** The right side of a semi or anti join gives no columns to `*`. */
  readonly hidden?: boolean;
}

export const EMPTY: Rowset = { columns: [], influences: [] };

export const isStar = (column: OutputColumn): boolean => column.name === '*';

/** Renames the first columns: `AS t (a, b)`. */
export function renamed(rows: Rowset, names: readonly string[]): Rowset {
  if (names.length === 0) return rows;
  const [first] = rows.columns;
  // A star of unknown width under new names: each new name could be any of its columns.
  if (first !== undefined && isStar(first) && rows.columns.length === 1)
    return {
      ...rows,
      columns: [...names.map((name) => ({ ...first, name, influences: first.influences })), first],
    };
  return { ...rows, columns: rows.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name })) };
}
