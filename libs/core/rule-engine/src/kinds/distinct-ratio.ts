import { Type } from 'typebox';

import { divideFractions, wholeFraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { occurrences, occurring, OCCURS, sumWhen } from '../sql/occurrences.js';
import { absent, all, compared, countWhen, integer, not, TRUE } from '../sql/term.js';
import { BOUNDS, boundsSay, checkBounds, checkGroupable, countsOfValue } from '../value-bounds.js';

/** The share of different values among the rows that have one, or of those that occur just once. */
export const distinctRatio = defineRuleKind({
  code: 'distinct_ratio',
  title: { en: 'Share of different values', zh: '不同取值占比' },
  description: {
    en: 'Different values by rows, or values that occur just once by rows or by different values, lie between two bounds (0 to 1).',
    zh: '不同取值数与行数之比，或仅出现一次的取值与行数（或取值数）之比，在区间之内（0 到 1）。',
  },
  dimension: 'uniqueness',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      measure: Type.Enum(['distinct_of_rows', 'single_of_rows', 'single_of_distinct'], {
        default: 'distinct_of_rows',
        title: 'Which share',
        'x-title-zh': '占比口径',
        description:
          'distinct_of_rows: different values by rows. single_of_rows: values that occur once, by rows. single_of_distinct: values ' +
          'that occur once, by different values.',
        'x-description-zh':
          'distinct_of_rows：不同取值数/行数；single_of_rows：仅出现一次的取值数/行数；single_of_distinct：仅出现一次的取值数/不同取值数。',
      }),
      nullCountsAsValue: Type.Boolean({
        default: false,
        title: 'Absent counts as a value',
        'x-title-zh': '空值视为一种取值',
        description: 'Otherwise rows without any value take no part, above and below.',
        'x-description-zh': '否则全部为空的行不参与分子和分母。',
      }),
      ...BOUNDS,
    },
    { additionalProperties: false },
  ),
  says: ({ columns, params: { measure, ...bounds } }) => {
    const of = columns.map((name) => `"${name}"`).join(' + ');
    const said = boundsSay(bounds);
    const what =
      measure === 'distinct_of_rows'
        ? ['different values', '不同取值']
        : ['values that occur once', '仅出现一次的取值'];
    return { en: `The share of ${what[0]} in ${of} ${said.en}`, zh: `${of}中${what[1]}占比 ${said.zh}` };
  },
  compile: ({ target, where, columns, params }) => {
    checkBounds(params, 'decimal');
    checkGroupable(columns, ['columns']);
    const counts = params.nullCountsAsValue ? TRUE : not(all(...occurring(columns).map(absent)));
    return {
      asks: {
        measure: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: {
            items: [
              { as: 'rows', term: sumWhen(OCCURS) },
              { as: 'counted', term: sumWhen(OCCURS, counts) },
              { as: 'distinct', term: countWhen(counts) },
              { as: 'single', term: countWhen(all(counts, compared(OCCURS, 'eq', integer(1)))) },
            ],
            from: occurrences(target, where, columns),
          },
        },
      },
      measures: 'decimal',
    };
  },
  count: (measured, params) => {
    const row = oneRow(measured['measure']);
    const [counted, distinct, single] = ['counted', 'distinct', 'single'].map((name) =>
      wholeFraction(countIn(row, name)),
    );
    const share =
      params.measure === 'distinct_of_rows'
        ? divideFractions(distinct!, counted!)
        : divideFractions(single!, params.measure === 'single_of_rows' ? counted! : distinct!);
    return countsOfValue(countIn(row, 'rows'), share, params, 'decimal', {
      distinct: distinct!.numerator,
      single: single!.numerator,
    });
  },
  examples: [
    {
      title: 'three values in four rows that have one',
      columns: { x: 'integer' },
      rows: [[1], [2], [3], [3], [null]],
      rule: { columns: ['x'], params: { min: 0.75, max: 0.75 } },
      expect: {
        status: 'pass',
        rows: 5,
        checked: 1,
        violations: 0,
        metrics: { value: '0.75', distinct: '3', single: '2' },
      },
    },
    {
      title: 'a third is less than 0.34',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['a']],
      rule: { columns: ['x'], params: { min: '0.34' } },
      expect: { status: 'fail', metrics: { value: '0.333333333333' }, failingRows: 0 },
    },
    {
      title: 'values that occur once, by rows and by values',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['b'], [null]],
      rule: { columns: ['x'], params: { measure: 'single_of_distinct', min: 0.5, max: 0.5 } },
      expect: { status: 'pass', metrics: { value: '0.5' } },
    },
    {
      title: 'absent counts as a value when asked to',
      columns: { x: 'text' },
      rows: [['a'], [null], [null], [null]],
      rule: { columns: ['x'], params: { measure: 'single_of_rows', nullCountsAsValue: true, max: 0.2 } },
      expect: { status: 'fail', metrics: { value: '0.25', distinct: '2' } },
    },
    {
      title: 'nothing but absent values',
      columns: { x: 'text' },
      rows: [[null]],
      rule: { columns: ['x'], params: { min: 0.5 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});
