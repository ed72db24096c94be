import { toDecimal } from '../../exact.js';
import { type FunctionName } from '../term.js';
import { type Argument, type SqlDialect } from './dialect.js';

const MAX_INT64 = 2n ** 63n - 1n;

/** Whether a numeral is a whole number of 64 bits. As a wider type it would turn every value of the column into that first. */
export function fitsInt64(text: string): boolean {
  const decimal = toDecimal(text);
  if (decimal === undefined || decimal.scale > 0) return false;
  return decimal.units <= MAX_INT64 && decimal.units >= -MAX_INT64;
}

/** `DECIMAL(p, s)` with just the digits of the numeral: alone, DECIMAL has a scale of its own in most engines. */
export function exactDecimal(text: string): string {
  const digits = text.replace(/[-.]/g, '').replace(/^0+(?=\d)/, '').length;
  const scale = toDecimal(text)?.scale ?? 0;
  return `DECIMAL(${Math.max(digits, scale, 1)}, ${scale})`;
}

/** Whole numbers whose sum or product may be beyond 64 bits. */
export const mayOverflow = ([left, right]: readonly Argument[]): boolean =>
  [left!, right!].every(({ type }) => type.family === 'integer') &&
  [left!, right!].some(({ type }) => type.nativeType !== 'small');

const operator =
  (sign: string) =>
  ([left, right]: readonly Argument[]): string =>
    `(${left!.sql} ${sign} ${right!.sql})`;

const plain =
  (name: string) =>
  (args: readonly Argument[]): string =>
    `${name}(${args.map(({ sql }) => sql).join(', ')})`;

/** Functions that the engines we speak with spell alike. A dialect takes these and puts its own in their place. */
export const SHARED_FUNCTIONS: Readonly<
  Record<
    Exclude<FunctionName, 'hash' | 'seconds_between' | 'days_between' | 'add_days'>,
    (args: readonly Argument[]) => string
  >
> = {
  length: plain('char_length'),
  lower: plain('lower'),
  upper: plain('upper'),
  trim: plain('trim'),
  substring: plain('substring'),
  concat: plain('concat'),
  coalesce: plain('coalesce'),
  nullif: plain('nullif'),
  abs: plain('abs'),
  round: plain('round'),
  floor: plain('floor'),
  ceil: plain('ceil'),
  replace: plain('replace'),
  position: plain('strpos'),
  add: operator('+'),
  subtract: operator('-'),
  multiply: operator('*'),
  // As a double everywhere: what an engine makes of a quotient of decimals differs in the number of its digits.
  divide: ([left, right]) =>
    `(CAST(${left!.sql} AS DOUBLE PRECISION) / nullif(CAST(${right!.sql} AS DOUBLE PRECISION), 0))`,
  // A remainder by nothing is unknown, not an error that takes the other rules of the statement down.
  modulo: ([left, right]) => `mod(${left!.sql}, nullif(${right!.sql}, 0))`,
  negate: ([only]) => `(- ${only!.sql})`,
  ln: plain('ln'),
  year: ([only]) => `extract(year FROM ${only!.sql})`,
  month: ([only]) => `extract(month FROM ${only!.sql})`,
  day: ([only]) => `extract(day FROM ${only!.sql})`,
  hour: ([only]) => `extract(hour FROM ${only!.sql})`,
};

export const doubleQuoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const backticked = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const likeEscaped: SqlDialect['like'] = (of, pattern) => `(${of} LIKE ${pattern} ESCAPE '\\')`;
