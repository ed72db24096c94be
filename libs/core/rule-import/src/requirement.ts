import { type Bound, decimalText, type Threshold, toDecimal } from '#core/rule-engine';

import { type Numeral } from './args.js';
import { NotUnderstood } from './imported.js';

/** What a number has to be like for a check to pass. Other tools say this; a threshold of ours says when the rule fails. */
export type Requirement =
  | { readonly is: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'; readonly than: Numeral }
  | {
      readonly is: 'between' | 'outside';
      readonly min: Numeral;
      readonly max: Numeral;
      /** Whether the ends themselves do not belong to the range. */
      readonly strictMin: boolean;
      readonly strictMax: boolean;
    };

const NEGATED = { eq: 'ne', ne: 'eq', gt: 'lte', gte: 'lt', lt: 'gte', lte: 'gt' } as const;

/** The parameters `min`, `max`, `strictMin`, `strictMax` of kinds that measure one value; undefined when they cannot say it. */
export function boundsFor(required: Requirement): Readonly<Record<string, unknown>> | undefined {
  switch (required.is) {
    case 'eq':
      return { min: required.than, max: required.than };
    case 'gt':
      return { min: required.than, strictMin: true };
    case 'gte':
      return { min: required.than };
    case 'lt':
      return { max: required.than, strictMax: true };
    case 'lte':
      return { max: required.than };
    case 'between':
      return {
        min: required.min,
        max: required.max,
        ...(required.strictMin && { strictMin: true }),
        ...(required.strictMax && { strictMax: true }),
      };
    case 'ne':
    case 'outside':
      return undefined;
    default:
      return required satisfies never;
  }
}

/** The condition under which the requirement is broken. */
export function brokenWhen(required: Requirement): Bound {
  if ('than' in required) return { [NEGATED[required.is]]: required.than };
  const { is, min, max, strictMin, strictMax } = required;
  const range = { min, max, ...(strictMin && { strictMin }), ...(strictMax && { strictMax }) };
  return is === 'outside' ? { between: range } : { notBetween: range };
}

/** The requirement that is met just where this one is broken. */
export const opposite = (required: Requirement): Requirement =>
  'than' in required
    ? { ...required, is: NEGATED[required.is] }
    : { ...required, is: required.is === 'between' ? 'outside' : 'between' };

/** Whether zero meets the requirement: what a tool says of an empty table when it counts there. */
export function meetsZero(required: Requirement): boolean {
  const of = (numeral: Numeral) => Number(numeral);
  switch (required.is) {
    case 'eq':
      return of(required.than) === 0;
    case 'ne':
      return of(required.than) !== 0;
    case 'gt':
      return of(required.than) < 0;
    case 'gte':
      return of(required.than) <= 0;
    case 'lt':
      return of(required.than) > 0;
    case 'lte':
      return of(required.than) >= 0;
    case 'between':
    case 'outside': {
      const above = required.strictMin ? of(required.min) < 0 : of(required.min) <= 0;
      const below = required.strictMax ? of(required.max) > 0 : of(required.max) >= 0;
      return (above && below) === (required.is === 'between');
    }
    default:
      return required satisfies never;
  }
}

/** The same requirement on a share from 0 to 1, instead of on percent. */
export function ofShare(required: Requirement): Requirement {
  return 'than' in required
    ? { ...required, than: percent(required.than) }
    : { ...required, min: percent(required.min), max: percent(required.max) };
}

/** A hundredth of a number, exactly. */
export function percent(of: Numeral): Numeral {
  const decimal = toDecimal(of);
  if (decimal === undefined) throw new NotUnderstood(`${JSON.stringify(of)} is no number`);
  return numeral(decimalText({ units: decimal.units, scale: decimal.scale + 2 }));
}

/** `1 - share`, exactly: 1 - 0.9 is 0.1. */
export function rest(share: Numeral): Numeral {
  const decimal = toDecimal(share);
  if (decimal === undefined) throw new NotUnderstood(`${JSON.stringify(share)} is no number`);
  return numeral(decimalText({ units: 10n ** BigInt(decimal.scale) - decimal.units, scale: decimal.scale }));
}

/** The number that is written so, where a double says the same. */
export function numeral(text: string): Numeral {
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return String(Number(trimmed)) === trimmed ? Number(trimmed) : trimmed;
}

/** What a rule does with each of two levels; a level that is absent says nothing. */
export interface Levels {
  readonly fail?: Requirement;
  readonly warn?: Requirement;
}

/** A threshold on the number of violations, or on their share; undefined for "no violation", which needs none. */
export function thresholdOn(metric: 'count' | 'ratio', { fail, warn }: Levels): Threshold | undefined {
  const isZero = (required: Requirement | undefined) =>
    required?.is === 'eq' && Number(required.than) === 0 && metric === 'count';
  if (isZero(fail) && warn === undefined) return undefined;
  return {
    metric,
    ...(fail && { fail: brokenWhen(fail) }),
    ...(warn && { warn: brokenWhen(warn) }),
  };
}

/** Bounds in the parameters where they can say it, a threshold on the value otherwise. */
export function measured(levels: Levels): {
  readonly params: Readonly<Record<string, unknown>>;
  readonly threshold?: Threshold;
} {
  const params = levels.fail && levels.warn === undefined ? boundsFor(levels.fail) : undefined;
  if (params !== undefined) return { params };
  return {
    params: {},
    threshold: {
      metric: 'value',
      ...(levels.fail && { fail: brokenWhen(levels.fail) }),
      ...(levels.warn && { warn: brokenWhen(levels.warn) }),
    },
  };
}
