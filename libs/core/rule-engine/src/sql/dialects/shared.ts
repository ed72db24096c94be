import { quoteIdentifier } from '#core/connector-kit';

import { toDecimal } from '../../exact.js';
import { type AggregateName, type FunctionName } from '../term.js';
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

/** A function by its name. */
export const plain =
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

export const nullsLast: SqlDialect['sorted'] = (sql, descending) => `${sql}${descending ? ' DESC' : ''} NULLS LAST`;

/** A point in time as its date and time in UTC, for engines whose literals know no zones. */
export function utcText(text: string): string {
  const [, local, fraction = '', zone] = /^(.*?)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  // Seconds have no parts in the shift of a zone, so the fraction stays as it is.
  return `${new Date(`${local!.replace(' ', 'T')}${zone!}`).toISOString().slice(0, 19).replace('T', ' ')}${fraction}`;
}

/** Characters that are nothing to look at, by their numbers: what `trim` takes away. */
export const BLANKS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d, 0x0c, 0x0b, 0xa0, 0x3000];

/** Texts that stay one literal in every engine and under every mode: no quote, no backslash, no dollar, no brace. */
const PLAIN_TEXT = /^[\w .,:;@/+-]*$/;

export const isPlain = (text: string): boolean => PLAIN_TEXT.test(text);

/** The bytes of a text in hexadecimal digits, in which no sign of SQL can occur. */
export const utf8Hex = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();

/** A number as it is written without quotes. Throws for anything else: it would get into the SQL as it is. */
export function numeral(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new TypeError(`${JSON.stringify(text)} is no numeral`);
  return text;
}

/** Writes a name by the engine's own rule, after what no engine takes for a name was refused. */
export const named =
  (write: (name: string) => string): SqlDialect['quote'] =>
  (name) => {
    quoteIdentifier('duckdb', name);
    return write(name);
  };

/** `agg(…)` by the names of the SQL standard, for engines that have all of them. */
export function standardAggregate(fn: Exclude<AggregateName, 'count' | 'quantile'>, sql: string): string {
  switch (fn) {
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return `${fn}(${sql})`;
    case 'stddev':
      return `stddev_samp(${sql})`;
    case 'stddev_pop':
      return `stddev_pop(${sql})`;
    case 'variance':
      return `var_samp(${sql})`;
    case 'variance_pop':
      return `var_pop(${sql})`;
    default:
      return fn satisfies never;
  }
}
