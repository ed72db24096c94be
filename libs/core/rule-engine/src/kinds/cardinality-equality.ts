import { Type } from 'typebox';

import { ExpressionSchema } from '../expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { bothSides, pairsOf, whereOf } from '../sql/both-sides.js';
import { sumWhen } from '../sql/occurrences.js';
import { column, compared, countWhen, type From, INTEGER, typeOf } from '../sql/term.js';
import { termOf } from '../bind-expression.js';
import { checkGroupable } from '../value-bounds.js';

/** Each value occurs as often here as there; an absent value is a value like others. Values are what is checked. */
export const cardinalityEquality = defineRuleKind({
  code: 'cardinality_equality',
  title: { en: 'Values occur as often as in another dataset', zh: '取值频次与另一数据集一致' },
  description: {
    en: 'Each value, or combination of values, occurs in as many rows here as in another dataset of the same source.',
    zh: '每个取值（或取值组合）在本数据集与同源另一数据集中出现的行数相同；空值视为一种取值。',
  },
  dimension: 'consistency',
  columns: [1, 16],
  other: 'same_connection',
  nullPolicy: false,
  params: Type.Object(
    {
      otherColumns: Type.Optional(
        Type.Array(Type.String({ minLength: 1 }), {
          minItems: 1,
          maxItems: 16,
          title: 'Columns there, if they are called otherwise',
          'x-title-zh': '另一数据集的字段（名称不同时填写）',
          'x-columns-of': 'other',
        }),
      ),
      otherWhere: Type.Optional(
        ExpressionSchema({ title: 'Only rows of the other where', 'x-title-zh': '另一数据集的过滤条件' }),
      ),
    },
    { additionalProperties: false },
  ),
  says: ({ columns }) => {
    const of = columns.map((name) => `"${name}"`).join(' + ');
    return {
      en: `Each value of ${of} occurs as often as in the other dataset`,
      zh: `${of}的各取值频次与另一数据集一致`,
    };
  },
  compile: ({ target, where, columns, other, now, params: { otherColumns, otherWhere } }) => {
    checkGroupable(columns, ['columns']);
    const pairs = pairsOf(columns, other!, otherColumns, ['params', 'otherColumns']);
    const from: From = {
      is: 'query',
      as: 'd',
      select: bothSides(target, where, other!, whereOf(otherWhere, other!, now), pairs).select,
    };
    const [here, there] = [column('d', 'here', INTEGER), column('d', 'there', INTEGER)];
    const differ = compared(here, 'ne', there);
    return {
      asks: {
        measure: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: {
            items: [
              { as: 'rows', term: sumWhen(here) },
              { as: 'checked', term: countWhen() },
              { as: 'violations', term: countWhen(differ) },
            ],
            from,
          },
        },
      },
      failing: {
        items: [
          ...columns.map((each, at) => ({ as: each.name, term: column('d', `k${at + 1}`, typeOf(termOf(each))) })),
          { as: 'rows here', term: here },
          { as: 'rows there', term: there },
        ],
        from,
        where: differ,
      },
    };
  },
  count: ({ measure }) => {
    const row = oneRow(measure);
    return { rows: countIn(row, 'rows'), checked: countIn(row, 'checked'), violations: countIn(row, 'violations') };
  },
  found: ({ checked, violations }) => ({
    en: `${violations} of ${checked} different values differ`,
    zh: `${checked} 种取值中 ${violations} 种频次不一致`,
  }),
  examples: [
    {
      title: 'one value more often, one only there',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['b'], [null]],
      other: { columns: { x: 'text' }, rows: [['a'], ['b'], [null], ['c']] },
      rule: { columns: ['x'] },
      expect: { status: 'fail', rows: 4, checked: 4, violations: 2, failingRows: 2 },
    },
    {
      title: 'the same, in another order and under another name',
      columns: { x: 'integer' },
      rows: [[1], [2], [2]],
      other: { columns: { y: 'decimal' }, rows: [['2.0'], ['1'], ['2.00']] },
      rule: { columns: ['x'], params: { otherColumns: ['y'] } },
      expect: { status: 'pass', rows: 3, checked: 2, violations: 0, failingRows: 0 },
    },
    {
      title: 'both empty',
      columns: { x: 'text' },
      rows: [],
      other: { columns: { x: 'text' }, rows: [] },
      rule: { columns: ['x'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
