import { assertionIn } from './common.js';
import { type Params } from './params.js';
import { type Assertion, conditionIn, ofValue } from './thresholds.js';

type Bound = number | string | undefined;

/** Bounds of a measured value, as most rules that measure one have them. */
export const boundsIn = (params: Params) => ({
  min: params.take<number | string>('min'),
  max: params.take<number | string>('max'),
  strictMin: params.take<boolean>('strictMin'),
  strictMax: params.take<boolean>('strictMax'),
});

/** Whether a value keeps bounds and assertion; for tools to which the count of nothing is zero. */
export function keeps(value: number, bounds: Partial<ReturnType<typeof boundsIn>>, assertion?: Assertion): boolean {
  const { min, max, strictMin, strictMax } = bounds;
  return within(value, min, max, strictMin, strictMax) && (assertion === undefined || holds(value, assertion));
}

function within(value: number, min: Bound, max: Bound, strictMin = false, strictMax = false): boolean {
  const [low, high] = [Number(min ?? -Infinity), Number(max ?? Infinity)];
  return (strictMin ? value > low : value >= low) && (strictMax ? value < high : value <= high);
}

function holds(value: number, assertion: Assertion): boolean {
  const { op, bound } = conditionIn(assertion) ?? { op: 'none', bound: undefined };
  if (op.endsWith('etween')) {
    const { min, max, strictMin, strictMax } = bound as Parameters<typeof keeps>[1];
    return within(value, min, max, strictMin, strictMax) === (op === 'between');
  }
  const against = Number(bound);
  switch (op) {
    case 'eq':
      return value === against;
    case 'ne':
      return value !== against;
    case 'gt':
      return value > against;
    case 'gte':
      return value >= against;
    case 'lt':
      return value < against;
    case 'lte':
      return value <= against;
    default:
      return true;
  }
}

/** What to say of nothing, to which a tool gives this value: pass or fail, as the value would. */
export function emptyAs(value: number, bounds: Partial<ReturnType<typeof boundsIn>>, params: Params) {
  const assertion = assertionIn(params);
  const threshold = ofValue(assertion);
  return {
    onEmpty: keeps(value, bounds, assertion) ? 'pass' : 'fail',
    ...(threshold && { threshold }),
  };
}
