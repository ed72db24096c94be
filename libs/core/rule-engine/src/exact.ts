/** A decimal number without rounding: `units / 10^scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const NUMERAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a numeral; undefined when it is none. A number is taken by its shortest writing: 0.1 is one tenth. */
export function toDecimal(numeral: string | number): Decimal | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = NUMERAL.exec(String(numeral).trim()) ?? [];
  if (whole === undefined) return undefined;
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Writes a decimal without an exponent: `-0.05`. */
export function decimalText({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Negative, zero or positive, as `one` is less than, equal to or greater than `other`. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  return compareFractions(toFraction(one), toFraction(other));
}

/** `numerator / denominator`; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const toFraction = ({ units, scale }: Decimal): Fraction => ({
  numerator: units,
  denominator: 10n ** BigInt(scale),
});

export function compareFractions(one: Fraction, other: Fraction): number {
  const difference = one.numerator * other.denominator - other.numerator * one.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A fraction as text with at most `digits` digits after the point, rounded half up: 2/3 is `0.6667`. */
export function fractionText({ numerator, denominator }: Fraction, digits: number): string {
  const scaled = (numerator * 10n ** BigInt(digits) * 2n + denominator) / (denominator * 2n);
  return decimalText({ units: scaled, scale: digits }).replace(/\.?0+$/, '') || '0';
}

export const wholeFraction = (numerator: bigint): Fraction => ({ numerator, denominator: 1n });

export const addFractions = (one: Fraction, other: Fraction): Fraction => ({
  numerator: one.numerator * other.denominator + other.numerator * one.denominator,
  denominator: one.denominator * other.denominator,
});

export const negated = ({ numerator, denominator }: Fraction): Fraction => ({ numerator: -numerator, denominator });

export const multiplyFractions = (one: Fraction, other: Fraction): Fraction => ({
  numerator: one.numerator * other.numerator,
  denominator: one.denominator * other.denominator,
});

/** Undefined when there is nothing to divide by. */
export function divideFractions(one: Fraction, other: Fraction): Fraction | undefined {
  if (other.numerator === 0n) return undefined;
  const sign = other.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * one.numerator * other.denominator,
    denominator: sign * one.denominator * other.numerator,
  };
}
