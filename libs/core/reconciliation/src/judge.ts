import {
  addFractions,
  compareFractions,
  type Fraction,
  isNear,
  negated,
  type Quantity,
  quantityOf,
  quantityText,
  toDecimal,
} from '#core/rule-engine';

import { type Comparing, type MappedColumn } from './mapped.js';

export interface Tolerance {
  readonly absolute: string;
  readonly relative: string;
}

export const toleranceOf = ({
  absolute = 0,
  relative = 0,
}: {
  readonly absolute?: string | number;
  readonly relative?: string | number;
}): Tolerance => ({ absolute: numeralOf(absolute), relative: numeralOf(relative) });

const numeralOf = (given: string | number): string => String(given);

/** Two figures of a check, with what is between them. */
export interface Compared {
  readonly left: string | null;
  readonly right: string | null;
  /** Right minus left; null when one is absent or no number. */
  readonly difference: string | null;
  readonly agrees: boolean;
}

/** Compares two figures; an absent one is equal to nothing but another. */
export function compareFigures(left: string | null, right: string | null, tolerance: Tolerance): Compared {
  if (left === null || right === null) {
    const shown = (text: string | null) => (text === null ? null : textOf(numberIn(text)));
    return { left: shown(left), right: shown(right), difference: null, agrees: left === right };
  }
  const [one, other] = [numberIn(left), numberIn(right)];
  if (typeof one === 'string' || typeof other === 'string')
    return { left: textOf(one), right: textOf(other), difference: null, agrees: one === other };
  return {
    left: quantityText(one, 20),
    right: quantityText(other, 20),
    difference: quantityText(addFractions(other, negated(one)), 20),
    agrees: isNear(other, one, toDecimal(tolerance.absolute)!, toDecimal(tolerance.relative)!),
  };
}

type Numeric = Fraction | 'inf' | '-inf' | 'nan';

const textOf = (number: Numeric): string => (typeof number === 'string' ? number : quantityText(number, 20));

function numberIn(text: string): Numeric {
  if (/nan/i.test(text)) return 'nan';
  if (/inf/i.test(text)) return text.startsWith('-') ? '-inf' : 'inf';
  const quantity: Quantity | undefined = quantityOf(text, 'float');
  if (quantity === undefined || typeof quantity === 'string') throw new TypeError('a figure is no number');
  return quantity;
}

/** The value by which rows are matched and compared: as the options of the pair make it. */
export function normal(text: string | null, { form, trim, ignoreCase, emptyIsNull }: Comparing): string | null {
  if (text === null || form !== 'text') return text;
  let given = text;
  if (trim) given = given.replace(BLANKS_AT_ENDS, '');
  if (ignoreCase) given = given.toLowerCase();
  return emptyIsNull && given === '' ? null : given;
}

// What the engines' own trimming takes away.
const BLANKS_AT_ENDS = /^[ \t\n\r\f\u000B\u00a0\u3000]+|[ \t\n\r\f\u000B\u00a0\u3000]+$/g;

/** Whether two canonical texts are the same value, give or take what the pair allows. */
export function agree(left: string | null, right: string | null, column: MappedColumn): boolean {
  const [one, other] = [normal(left, column), normal(right, column)];
  if (one === other) return true;
  if (one === null || other === null) return false;
  if (column.form !== 'number' && column.form !== 'float') return false;
  const [a, b] = [numberIn(one), numberIn(other)];
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return compareFractions(a, b) === 0 || isNear(b, a, toDecimal(column.absolute)!, toDecimal(column.relative)!);
}

/** What a canonical text is to people: a float has digits and an exponent until here. */
export function shownText(text: string | null, { form }: Comparing): string | null {
  if (text === null || form !== 'float') return text;
  const number = numberIn(text);
  return typeof number === 'string' ? number : quantityText(number, 30);
}

/** The sum of figures; null when none is there. */
export function addFigures(texts: readonly (string | null)[]): string | null {
  const numbers = texts.flatMap((text) => (text === null ? [] : [numberIn(text)]));
  if (numbers.length === 0) return null;
  const beyond = new Set(numbers.filter((number) => typeof number === 'string'));
  if (beyond.size > 1 || beyond.has('nan')) return 'nan';
  for (const one of beyond) return one;
  return quantityText(
    numbers.reduce<Fraction>((sum, each) => addFractions(sum, each as Fraction), { numerator: 0n, denominator: 1n }),
    40,
  );
}
