import { Type } from 'typebox';

import { bindExpression } from '../bind-expression.js';
import { compareFractions, decimalText, toDecimal, toFraction } from '../exact.js';
import { ExpressionSchema } from '../expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { countWhen, table } from '../sql/term.js';

const numeral = (title: string, zh: string, description: string, zhDescription: string) =>
  Type.Optional(
    Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,30}(\\.[0-9]{1,30})?$' })], {
      title,
      'x-title-zh': zh,
      description,
      'x-description-zh': zhDescription,
    }),
  );

/**
 * Two datasets, perhaps of different sources, have the same number of rows, give or take. It is one comparison: checked is
 * 1 and violations 0 or 1, but when both are empty nothing was checked.
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
  params: Type.Object(
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
      otherWhere: Type.Optional(
        ExpressionSchema({ title: 'Only rows of the other where', 'x-title-zh': '另一数据集的过滤条件' }),
      ),
    },
    { additionalProperties: false },
  ),
  says: () => ({ en: 'There are as many rows as in the other dataset', zh: '行数与另一数据集一致' }),
  compile: ({ params: { otherWhere }, other, now }) => ({
    asks: {
      measure: { is: 'values', values: { rows: countWhen() } },
      other: {
        is: 'query',
        on: 'other',
        // The kind asks for another dataset, so there is one.
        select: {
          items: [{ as: 'rows', term: countWhen() }],
          from: table(other!),
          ...(otherWhere === undefined
            ? {}
            : { where: bindExpression(otherWhere, other!, ['params', 'otherWhere'], 't', now) }),
        },
        maxRows: 1,
      },
    },
  }),
  count: (measured, { absolute = 0, relative = 0 }) => {
    const here = countIn(oneRow(measured['measure']), 'rows');
    const there = countIn(oneRow(measured['other']), 'rows');
    const difference = here > there ? here - there : there - here;
    const ofThere = toFraction(toDecimal(relative)!);
    const byShare = { numerator: ofThere.numerator * there, denominator: ofThere.denominator };
    const byRows = toFraction(toDecimal(absolute)!);
    const apart = { numerator: difference, denominator: 1n };
    const within = compareFractions(apart, byShare) <= 0 || compareFractions(apart, byRows) <= 0;
    return {
      rows: here,
      checked: here === 0n && there === 0n ? 0n : 1n,
      violations: within ? 0n : 1n,
      metrics: { otherRows: there, difference: decimalText({ units: here - there, scale: 0 }) },
    };
  },
  found: ({ rows, metrics = {} }) => ({
    en: `${rows} rows here and ${metrics['otherRows']} there`,
    zh: `本数据集 ${rows} 行，另一数据集 ${metrics['otherRows']} 行`,
  }),
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
  ],
});
