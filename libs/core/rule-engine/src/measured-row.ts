import { type QueryResult } from '#core/connector-kit';

import { type MeasuredRow } from './rule-kind.js';

/** The rows of a measuring statement, by column; everything as text. */
export function measuredRows({ columns, rows, truncated }: QueryResult, maxRows?: number): MeasuredRow[] {
  if (truncated && maxRows !== undefined)
    throw new RangeError(`there are more than ${maxRows} rows to look at, which is more than this rule can take`);
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name }, at) => {
        const cell = row[at] ?? null;
        return [name, cell === null ? null : String(cell)];
      }),
    ),
  );
}

/** The one row of a statement that gives one. */
export function oneRow(rows: readonly MeasuredRow[] | undefined): MeasuredRow {
  const [row, ...more] = rows ?? [];
  if (row === undefined || more.length > 0)
    throw new TypeError(`a measuring statement gives one row, not ${rows?.length ?? 0}`);
  return row;
}

/** Reads a count that a statement gave. */
export function countIn(row: MeasuredRow, name: string): bigint {
  const text = row[name];
  if (text == null || !/^\d+$/.test(text))
    throw new TypeError(`the measured row has no whole number "${name}": ${JSON.stringify(row)}`);
  return BigInt(text);
}
