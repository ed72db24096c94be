import { type Tool } from './tools.js';
import { NotMapped, Refused } from './mapped.js';

/** What has to hold of a number, in the words of the vocabulary. */
export type Assertion = Readonly<Record<string, unknown>>;

/** One of our thresholds. */
export type Threshold = { readonly metric: string; readonly fail?: object; readonly warn?: object };

const OPPOSITE: Readonly<Record<string, string>> = {
  eq: 'ne',
  ne: 'eq',
  gt: 'lte',
  gte: 'lt',
  lt: 'gte',
  lte: 'gt',
  between: 'notBetween',
  notBetween: 'between',
};

/** Measured how, at which level, in which unit: all that is said beside the condition. */
const BESIDE = ['metric', 'level', 'unit', 'boundsExclusive'];

interface Condition {
  readonly op: string;
  readonly bound: unknown;
}

/** The condition of an assertion; undefined when it has none, as `{ level: 'warn' }`. */
export function conditionIn(assertion: Assertion): Condition | undefined {
  const [said, ...more] = Object.entries(assertion).filter(([name]) => !BESIDE.includes(name));
  if (more.length > 0) throw new NotMapped(`not mapped: two conditions in ${JSON.stringify(assertion)}`);
  if (said === undefined) return undefined;
  const [op, bound] = said;
  if (OPPOSITE[op] === undefined) throw new NotMapped(`not mapped: the condition ${op}`);
  return { op, bound: op.endsWith('etween') ? rangeOf(bound, assertion['boundsExclusive'] === true) : bound };
}

interface Range {
  readonly min: Numeral;
  readonly max: Numeral;
  readonly strictMin: boolean;
  readonly strictMax: boolean;
}
type Numeral = number | string;

function rangeOf(bound: unknown, strict: boolean): Range {
  const [min, max] = Array.isArray(bound)
    ? (bound as Numeral[])
    : [(bound as Partial<Range>).min, (bound as Partial<Range>).max];
  if (min === undefined || max === undefined) throw new NotMapped(`not mapped: between ${JSON.stringify(bound)}`);
  return { min, max, strictMin: strict, strictMax: strict };
}

/** When the condition does not hold. */
const failing = ({ op, bound }: Condition): object => ({ [OPPOSITE[op]!]: bound });

/** A number made of each number of a condition. */
function each({ op, bound }: Condition, make: (numeral: Numeral) => string): Condition {
  if (!op.endsWith('etween')) return { op, bound: make(bound as Numeral) };
  const range = bound as Range;
  return { op, bound: { ...range, min: make(range.min), max: make(range.max) } };
}

const SIDES: Readonly<Record<string, string>> = { gt: 'lt', gte: 'lte', lt: 'gt', lte: 'gte' };

/** The same condition on `1 - x`. */
function complement(condition: Condition): Condition {
  const { op, bound } = each(condition, lessThanOne);
  if (!op.endsWith('etween')) return { op: SIDES[op] ?? op, bound };
  const { min, max, strictMin, strictMax } = bound as Range;
  return { op, bound: { min: max, max: min, strictMin: strictMax, strictMax: strictMin } };
}

/** `1 - x` in decimals: 1 - 0.9 is 0.1. */
export function lessThanOne(share: Numeral): string {
  const digits = (String(share).split('.')[1] ?? '').length;
  const difference = 1 - Number(share);
  if (Number.isNaN(difference)) throw new Refused(`${JSON.stringify(share)} is no share`);
  return difference.toFixed(digits);
}

const hundredth = (percent: Numeral): string => {
  const digits = (String(percent).split('.')[1] ?? '').length;
  return (Number(percent) / 100).toFixed(digits + 2);
};

/** A threshold of a rule about rows: how many may break it, or which share has to obey it. */
export function ofRows(assertion: Assertion | undefined, tool: Tool): Threshold | undefined {
  if (assertion === undefined) return undefined;
  const condition = conditionIn(assertion) ?? { op: 'eq', bound: 0 };
  const level = assertion['level'] === 'warn' ? 'warn' : 'fail';
  if (assertion['metric'] === 'percent') return { metric: 'ratio', [level]: failing(each(condition, hundredth)) };
  if (tool.threshold === 'violations' || assertion['metric'] === 'count')
    return { metric: 'count', [level]: failing(condition) };
  return { metric: 'ratio', [level]: failing(complement(condition)) };
}

/** A threshold of a rule that measures a value. */
export function ofValue(assertion: Assertion | undefined): Threshold | undefined {
  if (assertion === undefined) return undefined;
  const condition = conditionIn(assertion);
  const level = assertion['level'] === 'warn' ? 'warn' : 'fail';
  return condition === undefined ? undefined : { metric: 'value', [level]: failing(condition) };
}

const SIGNS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
};

/** dbt's `warn_if: "> 10"`: a number of bad rows. The first one is an error all the same, unless the test only warns. */
export function warnIf(text: string, onlyWarns: boolean): Threshold {
  const [, sign = '', bound = ''] = /^\s*(=|!=|<>|>=?|<=?)\s*(\d+)\s*$/.exec(text) ?? [];
  const op = SIGNS[sign];
  if (op === undefined) throw new NotMapped(`not mapped: warn_if ${JSON.stringify(text)}`);
  return { metric: 'count', ...(onlyWarns ? {} : { fail: { gt: 0 } }), warn: { [op]: Number(bound) } };
}
