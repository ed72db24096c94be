import { type TypeFamily } from '#core/connector-kit';
import { InvalidInput } from '#kernel';

import { compareDecimals, decimalText, toDecimal } from './exact.js';
import { type LiteralValue } from './expression.js';
import { type ColumnFact } from './facts.js';

/** A literal that was checked against the type of the column it is compared with. `text` is its only writing. */
export interface TypedValue {
  readonly family: TypeFamily;
  readonly text: string;
  /** For `float`: the column is of single precision, in which 0.1 is another number. */
  readonly single?: boolean;
}

// DuckDB's widest decimal; PostgreSQL's is far wider, but a rule means the same on every engine.
const MOST_DIGITS = 38;

const SINGLE_PRECISION = /^(real|float4|float(\(\d+,\d+\))?)( unsigned)?$/i;

/** Reads a literal as a value of the column's type. Throws `InvalidInput` that says how to write it. */
export function typedValue(value: LiteralValue, column: ColumnFact, path: readonly string[]): TypedValue {
  const family = column.typeFamily;
  const refuse = (how: string): never => {
    const fault = `${JSON.stringify(value)} cannot be compared with "${column.name}" (${column.nativeType ?? family}): ${how}`;
    throw new InvalidInput(`${fault}.`, [{ path, message: fault }]);
  };
  switch (family) {
    case 'text':
    case 'other':
      return { family, text: typeof value === 'string' ? storable(value, refuse) : refuse('write it as a text') };
    case 'integer':
    case 'decimal':
    case 'float': {
      const decimal = typeof value === 'boolean' ? undefined : toDecimal(value);
      if (decimal === undefined) return refuse('write a number such as 12 or "0.10"');
      if (decimal.scale > MOST_DIGITS || decimal.units.toString().replace('-', '').length > MOST_DIGITS)
        return refuse(`it has more than ${MOST_DIGITS} digits`);
      const single = family === 'float' && SINGLE_PRECISION.test(column.nativeType ?? '');
      return { family, text: decimalText(decimal), ...(single ? { single } : {}) };
    }
    case 'boolean':
      return typeof value === 'boolean' ? { family, text: String(value) } : refuse('write true or false');
    case 'date':
      return { family, text: (typeof value === 'string' && date(value)) || refuse('write a date as 2026-02-28') };
    case 'time':
      return { family, text: (typeof value === 'string' && time(value)) || refuse('write a time as 08:30:00') };
    case 'timestamp':
      return {
        family,
        text:
          (typeof value === 'string' && timestamp(value, false)) ||
          refuse('write date and time without a zone, as 2026-02-28T00:00:00'),
      };
    case 'timestamptz':
      return {
        family,
        text:
          (typeof value === 'string' && timestamp(value, true)) ||
          refuse('write date, time and zone, as 2026-02-28T00:00:00+08:00'),
      };
    case 'uuid':
      return {
        family,
        text: typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : refuse('write a UUID with hyphens'),
      };
    case 'binary':
    case 'json':
    case 'array':
      return refuse('values of this type cannot be compared with a literal');
    default:
      return family satisfies never;
  }
}

/** A literal that meets nothing to take its type from: it is what it looks like. */
export function naturalValue(value: LiteralValue, path: readonly string[]): TypedValue {
  const whole = typeof value === 'number' && toDecimal(value)?.scale === 0;
  const typeFamily =
    typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'boolean' : whole ? 'integer' : 'decimal';
  return typedValue(value, { name: String(value), typeFamily }, path);
}

/** Which of two values of the same column is greater, where that can be told without the engine. */
export function isGreater(one: TypedValue, other: TypedValue): boolean {
  switch (one.family) {
    case 'integer':
    case 'decimal':
    case 'float':
      return compareDecimals(toDecimal(one.text)!, toDecimal(other.text)!) > 0;
    case 'date':
    case 'time':
    case 'timestamp':
      return one.text > other.text;
    case 'timestamptz':
      return Date.parse(one.text.replace(' ', 'T')) > Date.parse(other.text.replace(' ', 'T'));
    case 'text':
    case 'other':
    case 'boolean':
    case 'uuid':
    case 'binary':
    case 'json':
    case 'array':
      return false;
    default:
      return one.family satisfies never;
  }
}

/** No database stores NUL in a text, and half a surrogate pair has no UTF-8. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

export const storable = (text: string, refuse: (how: string) => never): string =>
  UNSTORABLE.test(text) ? refuse('it has a character that no database stores') : text;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,6})?)?$/;
const ZONE = /(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;

function date(text: string): string | undefined {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined || year === '0000') return undefined;
  const at = new Date(`${text}T00:00:00Z`);
  // 2026-02-30 would be taken for the second of March.
  return at.getUTCMonth() + 1 === Number(month) && at.getUTCDate() === Number(day) ? text : undefined;
}

function time(text: string): string | undefined {
  const [, hours, minutes, seconds = '00', fraction = ''] = TIME.exec(text) ?? [];
  return hours === undefined ? undefined : `${hours}:${minutes}:${seconds}${fraction}`;
}

function timestamp(text: string, zoned: boolean): string | undefined {
  const zone = ZONE.exec(text)?.[1];
  if ((zone !== undefined) !== zoned) return undefined;
  const local = zone === undefined ? text : text.slice(0, -zone.length);
  const [day, clock, ...more] = local.split(/[T ]/);
  const on = date(day ?? '');
  const at = time(clock ?? '');
  if (on === undefined || at === undefined || more.length > 0) return undefined;
  const offset = zone === 'Z' ? '+00:00' : zone?.replace(/^(...):?(..)$/, '$1:$2');
  return `${on} ${at}${offset ?? ''}`;
}
