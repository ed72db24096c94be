import { type ColumnFact } from '#core/rule-engine';

import { type Comparing } from '../mapped.js';

/** A column's value in the SQL of one side. */
export interface Value {
  readonly sql: string;
  readonly column: ColumnFact;
  /** Of moments that name no zone. */
  readonly zone: string;
}

/**
 * How one engine writes values so that equal ones have the same text in all of them. `docs/reconciliation.md` has the table; the
 * differential test asks all engines for the same hostile values.
 */
export interface TextDialect {
  /** The canonical text of a value; NULL where there is none. */
  text(value: Value, comparing: Comparing): string;
  /** The same of a number rounded to so many digits after the point. */
  rounded(value: Value, comparing: Comparing, digits: number): string;
  lower(sql: string): string;
  characters(sql: string): string;
  left(sql: string, characters: number): string;
  concat(parts: readonly string[]): string;
  /** Of the text's UTF-8, as 32 hexadecimal digits. */
  md5(sql: string): string;
  /** Sixty bits of a hash as a whole number, from its n-th hexadecimal digit. */
  number(md5: string, from: number): string;
  /** A text to be grouped by its bytes, and how it is shown again. */
  grouped(sql: string): string;
  shown(sql: string): string;
}

/** A number as an engine writes it, as digits and an exponent: `-15e-1`, `0`, `inf`, `nan`. */
export interface Notation {
  /** The part before, or after, the first such sign; the empty text when there is none after. */
  before(sql: string, sign: string): string;
  after(sql: string, sign: string): string;
  withoutLeadingZeros(sql: string): string;
  withoutTrailingZeros(sql: string): string;
  whole(sql: string): string;
  concat(parts: readonly string[]): string;
}

export function scientific(text: string, notation: Notation): string {
  const { before, after, withoutLeadingZeros, withoutTrailingZeros, whole, concat } = notation;
  const mantissa = before(text, 'e');
  const digits = withoutLeadingZeros(`replace(replace(${mantissa}, '-', ''), '.', '')`);
  const significant = withoutTrailingZeros(digits);
  const exponent = `${whole(after(text, 'e'))} - char_length(${after(mantissa, '.')}) + char_length(${digits}) - char_length(${significant})`;
  const sign = `CASE WHEN ${text} LIKE '-%' THEN '-' ELSE '' END`;
  return (
    `CASE WHEN ${text} LIKE '%nan%' THEN 'nan' WHEN ${text} LIKE '%inf%' THEN ${concat([sign, `'inf'`])} ` +
    `WHEN ${significant} = '' THEN '0' ELSE ${concat([sign, significant, `'e'`, notation.concat([exponent])])} END`
  );
}
