import { Type } from 'typebox';

import { type TypeFamily, type Words } from '#core/connector-kit';

import { columnOf, fault, termOf } from './bind-expression.js';
import { type ColumnFact, type DatasetFacts } from './facts.js';
import { countIn, oneRow } from './measured-row.js';
import { compareQuantities, type Quantity, quantityOf } from './quantity.js';
import { type Ask, type Compiled, type Counts, type Measurements } from './rule-kind.js';
import {
  all,
  any,
  column,
  compared,
  countWhen,
  FALSE,
  type From,
  present,
  type Select,
  table,
  type Term,
  type Test,
  typeOf,
  value,
} from './sql/term.js';
import { typedValue } from './typed-values.js';

/** Between which bounds a measured value has to lie; the bounds belong to it unless they are strict. */
export interface Bounds {
  readonly min?: string | number;
  readonly max?: string | number;
  readonly strictMin: boolean;
  readonly strictMax: boolean;
}

const limit = (title: string, zh: string) =>
  Type.Optional(Type.Union([Type.Number(), Type.String({ minLength: 1 })], { title, 'x-title-zh': zh }));

/** Parameters of every kind that measures one value. Without any bound it only measures, and passes. */
export const BOUNDS = {
  min: limit('At least', '不低于'),
  max: limit('At most', '不高于'),
  strictMin: Type.Boolean({ default: false, title: 'More than the lower bound, not equal', 'x-title-zh': '不含下限' }),
  strictMax: Type.Boolean({ default: false, title: 'Less than the upper bound, not equal', 'x-title-zh': '不含上限' }),
};

/** Parameter of kinds that can be asked for each group of rows. */
export const GROUP_BY = {
  groupBy: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    maxItems: 16,
    title: 'For each',
    'x-title-zh': '分组字段',
    description:
      'Measured for each combination of these columns; groups are what is checked, and violations are groups.',
    'x-description-zh': '按这些字段分组分别度量；检查与违规均以组为单位。',
    'x-columns-of': 'target',
  }),
};

/** Throws `InvalidInput` for bounds that are not of the value's type, or that no value can meet. */
export function checkBounds({ min, max }: Bounds, family: TypeFamily): void {
  const read = (bound: string | number | undefined, name: string): Quantity | undefined => {
    if (bound === undefined) return undefined;
    const quantity = quantityOf(bound, family);
    if (quantity !== undefined) return quantity;
    throw fault(`${JSON.stringify(bound)} cannot be compared with a value of type ${family}`, ['params', name]);
  };
  const [low, high] = [read(min, 'min'), read(max, 'max')];
  if (low !== undefined && high !== undefined && compareQuantities(low, high) > 0)
    throw fault('the lower bound is above the upper bound, so no value can pass', ['params', 'min']);
}

/** Whether a value lies outside of checked bounds. */
export function isOutside(measured: Quantity, { min, max, strictMin, strictMax }: Bounds, family: TypeFamily): boolean {
  const against = (bound: string | number) => compareQuantities(measured, quantityOf(bound, family)!);
  const low = min === undefined ? 1 : against(min);
  const high = max === undefined ? -1 : against(max);
  return (strictMin ? low <= 0 : low < 0) || (strictMax ? high >= 0 : high > 0);
}

/** The same as a condition in SQL, for values of groups. */
export function outsideOf(term: Term, { min, max, strictMin, strictMax }: Bounds): Test {
  const { family } = typeOf(term);
  const literal = (bound: string | number, name: string) =>
    value(typedValue(bound, { name: 'value', typeFamily: family }, ['params', name]));
  return any(
    ...(min === undefined ? [] : [compared(term, strictMin ? 'lte' : 'lt', literal(min, 'min'))]),
    ...(max === undefined ? [] : [compared(term, strictMax ? 'gte' : 'gt', literal(max, 'max'))]),
  );
}

/** Counts of a rule that measured one value: one thing was checked, unless there was no value. */
export function countsOfValue(
  rows: bigint,
  measured: Quantity | undefined,
  bounds: Bounds,
  family: TypeFamily,
  metrics: Counts['metrics'] = {},
): Counts {
  if (measured === undefined) return { rows, checked: 0n, violations: 0n, metrics };
  return { rows, checked: 1n, violations: isOutside(measured, bounds, family) ? 1n : 0n, value: measured, metrics };
}

/** Columns of the target by their names in a parameter. */
export const columnsNamed = (target: DatasetFacts, names: readonly string[], parameter: string): ColumnFact[] =>
  names.map((name, at) => columnOf(target, name, ['params', parameter, String(at)]));

/** Throws `InvalidInput` for columns whose values have no common notion of "the same". */
export function checkGroupable(columns: readonly ColumnFact[], path: readonly string[]): void {
  columns.forEach(({ name, typeFamily }, at) => {
    if (typeFamily === 'json')
      throw fault(`"${name}" holds documents, which have no common notion of "the same"`, [...path, String(at)]);
  });
}

/** One measured value for each group of the target's rows: as a query with a column for each key, and `v`. */
export interface Groups {
  readonly select: Select;
  readonly keys: readonly ColumnFact[];
  /** The value of a group, as a term over the rows of `select` called `g`. */
  readonly measured: Term;
}

const key = (at: number) => `k${at + 1}`;

/** `SELECT keys, count(*) n, term v … GROUP BY keys`. */
export function groupsOf(target: DatasetFacts, where: Test, keys: readonly ColumnFact[], measured: Term): Groups {
  const terms = keys.map((each) => termOf(each));
  return {
    keys,
    measured: column('g', 'v', typeOf(measured)),
    select: {
      items: [
        ...terms.map((term, at) => ({ as: key(at), term })),
        { as: 'n', term: countWhen() },
        { as: 'v', term: measured },
      ],
      from: table(target),
      where,
      groupBy: terms,
    },
  };
}

/** Groups are what is checked; those whose value lies outside are violations, and are shown. A group without a value is not checked. */
export function compiledGroups({ select, keys, measured }: Groups, bounds: Bounds): Compiled {
  const outside = outsideOf(measured, bounds);
  const broken = outside.is === 'any' && outside.of.length === 0 ? FALSE : all(present(measured), outside);
  const from: From = { is: 'query', select, as: 'g' };
  const measure: Ask = {
    is: 'query',
    on: 'target',
    maxRows: 1,
    select: {
      items: [
        { as: 'rows', term: countWhen() },
        { as: 'checked', term: countWhen(present(measured)) },
        { as: 'violations', term: countWhen(broken) },
      ],
      from,
    },
  };
  return {
    asks: { groups: measure },
    failing: {
      items: [
        ...keys.map(({ name, typeFamily }, at) => ({ as: name, term: column('g', key(at), { family: typeFamily }) })),
        { as: 'value', term: measured },
      ],
      from,
      where: broken,
    },
  };
}

/** Counts of groups, when the rule was asked for groups. */
export function countsOfGroups({ groups }: Measurements): Counts | undefined {
  if (groups === undefined) return undefined;
  const row = oneRow(groups);
  return {
    rows: countIn(row, 'rows'),
    checked: countIn(row, 'checked'),
    violations: countIn(row, 'violations'),
  };
}

/** The half of a sentence that names the bounds: "between 1 and 3", "more than 0". */
export function boundsSay({ min, max, strictMin, strictMax }: Bounds): Words {
  if (min !== undefined && min === max) return { en: `is ${min}`, zh: `为 ${min}` };
  const low = min === undefined ? [] : [`${strictMin ? '>' : '≥'} ${min}`];
  const high = max === undefined ? [] : [`${strictMax ? '<' : '≤'} ${max}`];
  const sides = [...low, ...high];
  if (sides.length === 0) return { en: 'is measured', zh: '仅度量' };
  return { en: `is ${sides.join(' and ')}`, zh: sides.join('，') };
}

/** The half of a sentence that names the groups. */
export const groupsSay = (groupBy: readonly string[]): Words =>
  groupBy.length === 0
    ? { en: '', zh: '' }
    : {
        en: ` for each ${groupBy.map((name) => `"${name}"`).join(' + ')}`,
        zh: `（按${groupBy.map((name) => `“${name}”`).join('、')}分组）`,
      };

/** What was found of groups; of one value, the judge says it. */
export const groupsFound = ({ checked, violations, value: measured }: Counts): Words | undefined =>
  measured !== undefined
    ? undefined
    : violations === 0n
      ? { en: `holds for all ${checked} groups checked`, zh: `检查 ${checked} 组，全部符合` }
      : {
          en: `${violations} of ${checked} groups checked break this`,
          zh: `检查 ${checked} 组，${violations} 组不符合`,
        };
