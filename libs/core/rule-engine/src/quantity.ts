import { type TypeFamily } from '#core/connector-kit';

import { compareFractions, decimalText, type Fraction, toDecimal, toFraction } from './exact.js';

/** A measured value as an exact number: a numeral as itself, a date or time as microseconds. Floats may lie beyond all numbers. */
export type Quantity = Fraction | 'infinity' | '-infinity';

const DAY = 86_400_000_000n;

/** Families whose values have an order that every engine shares. */
export const NUMBERS: readonly TypeFamily[] = ['integer', 'decimal', 'float'];
export const TIMES: readonly TypeFamily[] = ['date', 'time', 'timestamp', 'timestamptz'];
export const ORDERED: readonly TypeFamily[] = [...NUMBERS, ...TIMES];

/** What a driver gave, or a rule says, as a quantity; undefined when it is none of that family. Throws for NaN, which is no number. */
export function quantityOf(text: string | number, family: TypeFamily): Quantity | undefined {
  if (NUMBERS.includes(family)) {
    const decimal = toDecimal(text);
    return decimal === undefined ? beyondNumbers(String(text)) : toFraction(decimal);
  }
  if (typeof text === 'number' || !TIMES.includes(family)) return undefined;
  const micros = family === 'time' ? timeMicros(text) : instantMicros(text, family);
  return micros === undefined ? undefined : { numerator: micros, denominator: 1n };
}

function beyondNumbers(text: string): Quantity | undefined {
  const [, sign, word] = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text.trim()) ?? [];
  if (word === undefined) return undefined;
  if (/nan/i.test(word)) throw new RangeError('the measured value is NaN, which is no number');
  return sign === '-' ? '-infinity' : 'infinity';
}

/** Negative, zero or positive, as `one` is less than, equal to or greater than `other`. */
export function compareQuantities(one: Quantity, other: Quantity): number {
  const [a, b] = [side(one), side(other)];
  if (a !== 0 || b !== 0) return a - b;
  return compareFractions(one as Fraction, other as Fraction);
}

const side = (quantity: Quantity): number => (quantity === 'infinity' ? 1 : quantity === '-infinity' ? -1 : 0);

const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?$/;
const INSTANT =
  /^([+-]?\d{4,6})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?( BC)?$/;

function timeMicros(text: string): bigint | undefined {
  const [, hours, minutes, seconds = '0', fraction = ''] = TIME.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const whole = (BigInt(hours) * 60n + BigInt(minutes!)) * 60n + BigInt(seconds);
  return whole * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** Microseconds since 1970. Without a zone, the clock is read as that of UTC, as the sessions of all sources are. */
export function instantMicros(text: string, family: TypeFamily = 'timestamptz'): bigint | undefined {
  const [, year, month, day, clock = '00:00', zone, before] = INSTANT.exec(text.trim()) ?? [];
  if (year === undefined || before !== undefined) return undefined;
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (at.getUTCMonth() + 1 !== Number(month) || at.getUTCDate() !== Number(day)) return undefined;
  const time = family === 'date' ? 0n : timeMicros(clock);
  return time === undefined ? undefined : BigInt(at.getTime() / 86_400_000) * DAY + time - offsetMicros(zone);
}

function offsetMicros(zone = 'Z'): bigint {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (hours === undefined) return 0n;
  const size = (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n;
  return sign === '-' ? -size : size;
}

/** The same value in the same writing, whichever engine wrote it: `1.50` and `1.5`, `2026-01-01T00:00` and `2026-01-01 00:00:00`. */
export function sameWriting(text: string | null, family: TypeFamily): string | null {
  if (text === null) return null;
  const read = NUMBERS.includes(family) && /^[+-]?nan$/i.test(text.trim()) ? undefined : quantityOf(text, family);
  if (read === undefined) return family === 'boolean' ? truth(text) : text;
  return typeof read === 'string' ? read : `${read.numerator * scaleOf(read)}`;
}

// Decimal denominators only; 60 digits after the point are more than any engine keeps.
const scaleOf = ({ denominator }: Fraction): bigint => 10n ** 60n / denominator;

const truth = (text: string): string => (/^(1|t|true)$/i.test(text) ? 'true' : 'false');

/** A fraction as a decimal text of at most `digits` digits after the point; exact when it has no more than that. */
export function quantityText(quantity: Quantity, digits = 12): string {
  if (typeof quantity === 'string') return quantity;
  const { numerator, denominator } = quantity;
  const negative = numerator < 0n;
  const scaled = ((negative ? -numerator : numerator) * 10n ** BigInt(digits) * 2n + denominator) / (denominator * 2n);
  const text = decimalText({ units: negative ? -scaled : scaled, scale: digits });
  return text.includes('.') ? text.replace(/\.?0+$/, '') || '0' : text;
}
