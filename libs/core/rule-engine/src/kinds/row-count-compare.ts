import { type Static, Type } from 'typebox';

import { fault } from '../bind-expression.js';
import {
  compareFractions,
  decimalText,
  divideFractions,
  multiplyFractions,
  toDecimal,
  toFraction,
  wholeFraction,
} from '../exact.js';
import { ExpressionSchema } from '../expression.js';
import { countIn } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { pairsOf, whereOf } from '../sql/both-sides.js';
import { askFigures, isNear, matched } from '../sql/figures.js';
import { countWhen } from '../sql/term.js';
import { checkGroupable, columnsNamed, GROUP_BY } from '../value-bounds.js';

const numeral = (title: string, zh: string, description: string, zhDescription: string) =>
  Type.Optional(
    Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,30}(\\.[0-9]{1,30})?$' })], {
      title,
      'x-title-zh': zh,
      description,
      'x-description-zh': zhDescription,
    }),
  );

const params = Type.Object(
  {
    absolute: numeral(
      'Rows of difference allowed',
      '允许的行数差',
      'The larger of the two tolerances counts; without any, the numbers have to be equal.',
      '两种容差取较大者；均不填时行数必须相等。',
    ),
    relative: numeral(
      'Share of difference allowed',
      '允许的差异比例',
      'Of the rows of the other dataset: 0.01 is one in a hundred.',
      '相对另一数据集的行数，例如 0.01 表示 1%。',
    ),
    factor: Type.Union(
      [Type.Number({ exclusiveMinimum: 0 }), Type.String({ pattern: '^[0-9]{1,30}(\\.[0-9]{1,30})?$' })],
      {
        default: 1,
        title: 'Times the rows there',
        'x-title-zh': '倍数',
        description: 'With 2, there have to be twice as many rows here as there.',
        'x-description-zh': '填 2 表示本数据集的行数须为另一数据集的两倍。',
      },
    ),
    relation: Type.Enum(['equal', 'fewer', 'at_most', 'more', 'at_least', 'any'], {
      default: 'equal',
      title: 'Rows here are',
      'x-title-zh': '行数关系',
      description: 'any: the ratio of rows here to rows there is only measured, for a threshold on the value.',
      'x-description-zh': 'any：仅度量行数之比，由阈值（value）判定。',
    }),
    ...GROUP_BY,
    otherGroupBy: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: 16,
        title: 'For each, there',
        'x-title-zh': '另一数据集的分组字段',
        'x-columns-of': 'other',
      }),
    ),
    otherWhere: Type.Optional(
      ExpressionSchema({ title: 'Only rows of the other where', 'x-title-zh': '另一数据集的过滤条件' }),
    ),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/**
 * Two datasets, perhaps of different sources, have the same number of rows, give or take; or they do for each group. Without groups
 * it is one comparison: checked is 1 and violations 0 or 1, but when both are empty nothing was checked. The measured value is the
 * ratio of rows here to rows there.
 */
export const rowCountCompare = defineRuleKind({
  code: 'row_count_compare',
  title: { en: 'Has as many rows as another dataset', zh: '行数与另一数据集一致' },
  description: {
    en: 'The numbers of rows of two datasets differ by no more than the tolerance. They may be in different sources.',
    zh: '两个数据集的行数之差不超过容差；两者可以属于不同数据源。',
  },
  dimension: 'consistency',
  columns: [0, 0],
  other: 'any',
  nullPolicy: false,
  params,
  says: ({ params: { relation, factor, groupBy } }) => {
    const times = String(factor) === '1' ? ['', ''] : [` times ${factor}`, `的 ${factor} 倍`];
    const each =
      groupBy.length === 0 ? ['', ''] : [`, for each ${groupBy.join(' + ')}`, `（按 ${groupBy.join('、')} 分组）`];
    const [en, zh] = RELATIONS[relation];
    return {
      en: `There are ${en} in the other dataset${times[0]}${each[0]}`,
      zh: `行数${zh}另一数据集${times[1]}${each[1]}`,
    };
  },
  compile: ({ params: given, target, where, other, now }) => {
    const keys = columnsNamed(target, given.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    // The kind asks for another dataset, so there is one.
    const there = pairsOf(keys, other!, given.otherGroupBy, ['params', 'otherGroupBy']).map((pair) => pair.there);
    if (given.relation !== 'equal' && (given.absolute !== undefined || given.relative !== undefined))
      throw fault('a tolerance is for equal numbers of rows', ['params', 'relation']);
    const grouped = keys.length > 0;
    return {
      asks: {
        measure: grouped
          ? askFigures('target', target, where, keys, { rows: countWhen() })
          : { is: 'values', values: { rows: countWhen() } },
        other: askFigures('other', other!, whereOf(given.otherWhere, other!, now), there, { rows: countWhen() }),
      },
      ...(grouped ? {} : { measures: 'decimal' }),
    };
  },
  count: ({ measure = [], other = [] }, given, { target }) => {
    const keys = columnsNamed(target, given.groupBy, 'groupBy');
    const groups = matched(measure, other, keys).map((group) => ({
      here: group.here === undefined ? 0n : countIn(group.here, 'rows'),
      there: group.there === undefined ? 0n : countIn(group.there, 'rows'),
    }));
    const checked = groups.filter(({ here, there }) => here > 0n || there > 0n);
    const rows = groups.reduce((sum, { here }) => sum + here, 0n);
    const otherRows = groups.reduce((sum, { there }) => sum + there, 0n);
    const ratio = keys.length > 0 ? undefined : divideFractions(wholeFraction(rows), wholeFraction(otherRows));
    return {
      rows,
      checked: BigInt(checked.length),
      violations: BigInt(checked.filter(({ here, there }) => !obeys(here, there, given)).length),
      ...(ratio === undefined ? {} : { value: ratio }),
      metrics: { otherRows, difference: decimalText({ units: rows - otherRows, scale: 0 }) },
    };
  },
  found: ({ rows, checked, violations, metrics = {} }) =>
    checked > 1n
      ? { en: `${violations} of ${checked} groups differ`, zh: `${checked} 组中 ${violations} 组不符合` }
      : {
          en: `${rows} rows here and ${metrics['otherRows']} there`,
          zh: `本数据集 ${rows} 行，另一数据集 ${metrics['otherRows']} 行`,
        },
  examples: [
    {
      title: 'one row is missing',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      other: { columns: { y: 'text' }, rows: [['a'], ['b'], ['c']] },
      rule: {},
      expect: {
        status: 'fail',
        rows: 2,
        checked: 1,
        violations: 1,
        metrics: { otherRows: '3', difference: '-1', ratio: '1' },
        failingRows: 0,
      },
    },
    {
      title: 'the same number',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      other: { columns: { x: 'integer' }, rows: [[7], [8]] },
      rule: {},
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0 },
    },
    {
      title: 'one row of difference is allowed',
      columns: { x: 'integer' },
      rows: [[1], [2], [3]],
      other: { columns: { x: 'integer' }, rows: [[7], [8]] },
      rule: { params: { absolute: 1 } },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0, metrics: { difference: '1' } },
    },
    {
      title: 'a share of difference is allowed, and it is exactly that',
      columns: { x: 'integer' },
      rows: [[1], [2], [3], [4], [5], [6], [7], [8], [9]],
      other: { columns: { x: 'integer' }, rows: [[1], [2], [3], [4], [5], [6], [7], [8], [9], [10]] },
      rule: { params: { relative: 0.1 } },
      expect: { status: 'pass', rows: 9, checked: 1, violations: 0 },
    },
    {
      title: 'filters on both sides',
      columns: { x: 'integer' },
      rows: [[1], [2], [3]],
      other: { columns: { y: 'integer' }, rows: [[1], [2], [3]] },
      rule: {
        where: { op: 'gt', left: { column: 'x' }, right: { literal: 1 } },
        params: { otherWhere: { op: 'gt', left: { column: 'y' }, right: { literal: 2 } } },
      },
      expect: { status: 'fail', rows: 2, checked: 1, violations: 1, metrics: { otherRows: '1', difference: '1' } },
    },
    {
      title: 'empty here, not there',
      columns: { x: 'integer' },
      rows: [],
      other: { columns: { x: 'integer' }, rows: [[1]] },
      rule: {},
      expect: { status: 'fail', rows: 0, checked: 1, violations: 1 },
    },
    {
      title: 'both empty',
      columns: { x: 'integer' },
      rows: [],
      other: { columns: { x: 'integer' }, rows: [] },
      rule: {},
      expect: { status: 'not_evaluated', rows: 0, checked: 0, violations: 0 },
    },
    {
      title: 'twice as many',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      other: { columns: { x: 'integer' }, rows: [[1]] },
      rule: { params: { factor: 2 } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'fewer than there',
      columns: { x: 'integer' },
      rows: [[1]],
      other: { columns: { x: 'integer' }, rows: [[1]] },
      rule: { params: { relation: 'fewer' } },
      expect: { status: 'fail', checked: 1, violations: 1 },
    },
    {
      title: 'the ratio is measured, and a threshold says what it may be',
      columns: { x: 'integer' },
      rows: [[1], [2], [3], [4]],
      other: { columns: { x: 'integer' }, rows: [[1], [2], [3]] },
      rule: { params: { relation: 'any' }, threshold: { metric: 'value', warn: { gt: 1 }, fail: { gt: '1.34' } } },
      expect: { status: 'warn', metrics: { value: '1.333333333333' } },
    },
    {
      title: 'for each group, whichever side it is on',
      columns: { who: 'text' },
      rows: [['a'], ['a'], [null]],
      other: { columns: { who: 'text' }, rows: [['a'], ['a'], [null], ['b']] },
      rule: { params: { groupBy: ['who'] } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1 },
    },
  ],
});

const RELATIONS = {
  equal: ['as many rows as', '等于'],
  fewer: ['fewer rows than', '少于'],
  at_most: ['at most as many rows as', '不多于'],
  more: ['more rows than', '多于'],
  at_least: ['at least as many rows as', '不少于'],
  any: ['some rows here and', '相对'],
} as const;

function obeys(here: bigint, there: bigint, { relation, factor, absolute = 0, relative = 0 }: Params): boolean {
  const expected = multiplyFractions(toFraction(toDecimal(factor)!), wholeFraction(there));
  const apart = compareFractions(wholeFraction(here), expected);
  switch (relation) {
    case 'equal':
      return isNear(wholeFraction(here), expected, toDecimal(absolute)!, toDecimal(relative)!);
    case 'fewer':
      return apart < 0;
    case 'at_most':
      return apart <= 0;
    case 'more':
      return apart > 0;
    case 'at_least':
      return apart >= 0;
    case 'any':
      return true;
    default:
      return relation satisfies never;
  }
}
