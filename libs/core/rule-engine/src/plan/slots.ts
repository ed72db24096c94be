import { countIn } from '../measured-row.js';
import { type MeasuredRow } from '../rule-kind.js';

/** Where a value stands in the row that comes back: in one column, or as the sum of several, of which some are taken off. */
export type Slot = readonly { readonly column: string; readonly sign: 1 | -1 }[];

/** Where a part's values stand, by their names. */
export type Slots = Readonly<Record<string, Slot>>;

/** What is added and taken off again is left out. */
export function sum(...slots: readonly Slot[]): Slot {
  const left: { readonly column: string; readonly sign: 1 | -1 }[] = [];
  for (const part of slots.flat()) {
    const opposite = left.findIndex(({ column, sign }) => column === part.column && sign !== part.sign);
    if (opposite === -1) left.push(part);
    else left.splice(opposite, 1);
  }
  return left;
}

export const difference = (of: Slot, less: Slot): Slot =>
  sum(
    of,
    less.map(({ column, sign }) => ({ column, sign: sign === 1 ? -1 : 1 })),
  );

/** The values of one part, out of the row of a statement that many share. */
export const valuesIn = (row: MeasuredRow, slots: Slots): MeasuredRow =>
  Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, valueIn(row, slot)]));

function valueIn(row: MeasuredRow, slot: Slot): string | null {
  const [only, ...more] = slot;
  if (only !== undefined && more.length === 0 && only.sign === 1) return row[only.column] ?? null;
  return String(slot.reduce((total, { column, sign }) => total + BigInt(sign) * countIn(row, column), 0n));
}

/** Rows of `at` and `n` as the one row of a statement: `n` in the column `v` and `at`. */
export const asOneRow = (rows: readonly MeasuredRow[]): MeasuredRow =>
  Object.fromEntries(rows.map(({ at, n }) => [`v${at ?? ''}`, n ?? null]));
