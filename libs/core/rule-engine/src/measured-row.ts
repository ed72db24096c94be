import { type QueryResult } from '#core/connector-kit';

import { type MeasuredRow } from './rule-kind.js';

/** The one row of a measuring statement, by column. */
export function measuredRow({ columns, rows }: QueryResult): MeasuredRow {
  const [row, ...more] = rows;
  if (row === undefined || more.length > 0)
    throw new TypeError(`a measuring statement gives one row, not ${rows.length}`);
  return Object.fromEntries(columns.map(({ name }, at) => [name, String(row[at])]));
}

/** Reads a count that a statement gave. */
export function countIn(row: MeasuredRow | undefined, name: string): bigint {
  const text = row?.[name];
  if (text === undefined || !/^\d+$/.test(text))
    throw new TypeError(`the measured row has no whole number "${name}": ${JSON.stringify(row)}`);
  return BigInt(text);
}
