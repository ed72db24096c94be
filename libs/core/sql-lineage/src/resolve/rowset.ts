import type { TableName } from '../types.js';
import type { Influence } from './influence.js';

/** A column of a set of rows. */
export interface OutputColumn {
  /** `*` for a star that could not be expanded. */
  readonly name: string;
  readonly influences: readonly Influence[];
  /** The SQL it is computed by, unless it is a plain column. */
  readonly expression?: string;
  /** Its type as the schema has it, for a plain column. */
  readonly type?: string;
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
  readonly schema?: string | undefined;
  /** The table, when it is one and not a query. */
  readonly table?: TableName;
  readonly rows: Rowset;
  /** Its columns are named only with the qualifier: `excluded.x`, `inserted.x`. */
  readonly qualifiedOnly?: true;
  /** The right side of a semi or anti join gives no columns to `*`. */
  readonly hidden?: boolean;
  /** Nor does it have any for the rest of the query, once it is joined. */
  readonly absent?: boolean;
  /** Made by a function of its arguments: asked for a column of no known name only when no table could have it. */
  readonly computed?: boolean;
}

export const EMPTY: Rowset = { columns: [], influences: [] };

export const isStar = (column: OutputColumn): boolean => column.name === '*';

/**
 * Renames the first columns: `AS t (a, b)`. Next to a star of unknown width, names count from both ends; a name that falls on the
 * star could be any of its columns.
 */
export function renamed(rows: Rowset, names: readonly string[]): Rowset {
  if (names.length === 0) return rows;
  const at = rows.columns.findIndex(isStar);
  const star = rows.columns[at];
  if (!star)
    return {
      ...rows,
      columns: rows.columns.map((column, place) => ({ ...column, name: names[place] ?? column.name })),
    };
  const after = rows.columns.length - at - 1;
  const end = Math.max(at, names.length - after);
  const columns = [
    ...rows.columns.slice(0, at).map((column, place) => ({ ...column, name: names[place] ?? column.name })),
    ...names.slice(at, end).map((name) => ({ ...star, name })),
    ...(after > 0 ? [] : [star]),
    ...rows.columns.slice(at + 1).map((column, place) => ({ ...column, name: names[end + place] ?? column.name })),
  ];
  return { ...rows, columns };
}
