import { DETECTORS } from './detectors/index.js';

/** What one detector found among some values. */
export interface DetectorCount {
  /** Values of the right form. */
  readonly matched: number;
  /** Those of them that pass the check digit, or a check as sure. */
  readonly checked: number;
  /** How many different values matched. */
  readonly distinct: number;
}

/** What values look like whatever they mean. */
export const SHAPES = ['letters', 'digits', 'number', 'masked', 'encrypted', 'short'] as const;
export type Shape = (typeof SHAPES)[number];

/**
 * What is known of a column's values: numbers only, never a value. It comes from {@link matchValues} or from counts that
 * the source made itself.
 */
export interface Evidence {
  /** Values that were looked at, without NULL and empty ones. */
  readonly values: number;
  readonly distinct: number;
  readonly shapes: Readonly<Partial<Record<Shape, number>>>;
  /** By the detector's code; one that found nothing may be left out. */
  readonly detectors: Readonly<Record<string, DetectorCount>>;
}

export const MOST_VALUES = 1_000;
const LONGEST_VALUE = 2_000;

/**
 * Counts what the values of a column look like, and forgets them. At most {@link MOST_VALUES} are looked at, and of each
 * the first 2,000 characters; the rest is not even read.
 *
 * @example
 * matchValues(['11010519491231002X', null]).detectors.resident_id // { matched: 1, checked: 1, distinct: 1 }
 */
export function matchValues(values: Iterable<unknown>, most = MOST_VALUES): Evidence {
  const seen = new Set<string>();
  const found = new Map<string, { matched: number; checked: number; distinct: number }>();
  const shapes: Partial<Record<Shape, number>> = {};
  let count = 0;
  let looked = 0;
  for (const value of values) {
    // NULLs are looked at too, or a column of nothing else would be read to its end.
    if (++looked > most * 10 || count >= most) break;
    const text = textOf(value);
    if (text === '') continue;
    count++;
    const isNew = !seen.has(text);
    seen.add(text);
    for (const shape of shapesOf(text)) shapes[shape] = (shapes[shape] ?? 0) + 1;
    for (const { code, test } of DETECTORS) {
      const answer = test(text);
      if (answer === undefined) continue;
      const counts = found.get(code) ?? { matched: 0, checked: 0, distinct: 0 };
      counts.matched++;
      if (answer === 'checked') counts.checked++;
      if (isNew) counts.distinct++;
      found.set(code, counts);
    }
  }
  return { values: count, distinct: seen.size, shapes, detectors: Object.fromEntries(found) };
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.slice(0, LONGEST_VALUE).normalize('NFKC').trim();
    case 'number':
    case 'bigint':
      return String(value);
    case 'object':
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
      return '';
    default:
      return '';
  }
}

function shapesOf(text: string): Shape[] {
  const shapes: Shape[] = [];
  if (/\p{L}{2}/u.test(text)) shapes.push('letters');
  if (/^\+?[\d -]{5,30}[\dXx]$/.test(text)) shapes.push('digits');
  if (/^-?\d+(?:\.\d+)?$/.test(text)) shapes.push('number');
  if (/[*＊•●]{2,}|[xX#]{4,}/u.test(text)) shapes.push('masked');
  if (
    /^(?:[0-9a-f]{2}){16,}$/i.test(text) ||
    (/^[\w+/-]{22,}={0,2}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text))
  )
    shapes.push('encrypted');
  if (text.length <= 4) shapes.push('short');
  return shapes;
}
