import type { Reading } from '../resolve/reading.js';
import { isStar, type Rowset } from '../resolve/rowset.js';
import type { TableName } from '../types.js';
import { nameOf } from '../resolve/names.js';

/**
 * The target's column for each column of the rows, by position. After a star of unknown width, positions count from the end; next to
 * two of them nothing is known. Without a column list, and with a target nobody knows, names are assumed to be the same on both sides.
 */
export function placed(
  rows: Rowset,
  target: TableName,
  columns: readonly string[] | undefined,
  reading: Reading,
): (string | undefined)[] {
  const stars = rows.columns.flatMap((column, at) => (isStar(column) ? [at] : []));
  const [star] = stars;
  if (columns === undefined) {
    if (star === undefined && rows.columns.length > 0)
      reading.because(
        'assumed-columns',
        `The columns of ${nameOf(target)} are not known; they are taken to be named like the query's.`,
      );
    return rows.columns.map((column) => column.name);
  }
  if (star === undefined && rows.columns.length > columns.length)
    reading.because(
      'too-many-columns',
      `The query gives ${rows.columns.length} columns, but ${nameOf(target)} takes ${columns.length}.`,
    );
  return rows.columns.map((column, at) => {
    if (star === undefined || at < star) return columns[at] ?? column.name;
    if (isStar(column)) return '*';
    return stars.length === 1 ? columns[columns.length - (rows.columns.length - at)] : '*';
  });
}
