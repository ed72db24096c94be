import { Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { ExpressionSchema } from '../expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { bothSides, pairsOf, whereOf } from '../sql/both-sides.js';
import { sumWhen } from '../sql/occurrences.js';
import { any, call, column, compared, countWhen, type From, INTEGER, integer, typeOf } from '../sql/term.js';
import { checkGroupable, columnsNamed } from '../value-bounds.js';

/** Two datasets hold the same rows, whatever their order. Rows are told apart by all compared columns; absent values are alike. */
export const tableEquality = defineRuleKind({
  code: 'table_equality',
  title: { en: 'Has the same rows as another dataset', zh: '数据行与另一数据集完全一致' },
  description: {
    en: 'Each row occurs in another dataset of the same source, and no other does. Without columns named, all of them are compared.',
    zh: '每一行都出现在同源另一数据集中，且对方没有多余的行；未指定字段时比较全部字段。',
  },
  dimension: 'consistency',
  columns: [0, 16],
  other: 'same_connection',
  nullPolicy: false,
  params: Type.Object(
    {
      exclude: Type.Array(Type.String({ minLength: 1 }), {
        default: [],
        title: 'Columns left out',
        'x-title-zh': '不比较的字段',
        'x-columns-of': 'target',
      }),
      precision: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 10,
          title: 'Digits after the point',
          'x-title-zh': '小数位数',
          description: 'Numbers are rounded to so many before they are compared.',
          'x-description-zh': '数值先四舍五入到该位数再比较。',
        }),
      ),
      duplicates: Type.Enum(['counted', 'ignored'], {
        default: 'counted',
        title: 'Rows that occur several times',
        'x-title-zh': '重复行',
        description: 'counted: as often there as here. ignored: once is enough.',
        'x-description-zh': 'counted：次数须一致；ignored：出现即可。',
      }),
      otherWhere: Type.Optional(
        ExpressionSchema({ title: 'Only rows of the other where', 'x-title-zh': '另一数据集的过滤条件' }),
      ),
    },
    { additionalProperties: false },
  ),
  says: () => ({ en: 'The rows are those of the other dataset', zh: '数据行与另一数据集一致' }),
  compile: ({ target, where, columns, other, now, params: { exclude, precision, otherWhere } }) => {
    const named = columns.length > 0 ? columns : target.columns;
    const left = columnsNamed(target, exclude, 'exclude').map(({ name }) => name);
    const looked = named.filter(({ name }) => !left.includes(name));
    if (looked.length === 0) throw fault('no column is left to compare', ['params', 'exclude']);
    checkGroupable(looked, ['columns']);
    const pairs = pairsOf(looked, other!, undefined, ['columns']);
    const { select } = bothSides(target, where, other!, whereOf(otherWhere, other!, now), pairs, precision);
    const from: From = { is: 'query', as: 'd', select };
    const [here, there] = [column('d', 'here', INTEGER), column('d', 'there', INTEGER)];
    const less = (one: typeof here, two: typeof here) =>
      sumWhen(call('subtract', INTEGER, one, two), compared(one, 'gt', two));
    return {
      asks: {
        measure: {
          is: 'query',
          on: 'target',
          maxRows: 1,
          select: {
            items: [
              { as: 'rows', term: sumWhen(here) },
              { as: 'other_rows', term: sumWhen(there) },
              { as: 'missing', term: less(here, there) },
              { as: 'extra', term: less(there, here) },
              { as: 'combinations', term: countWhen() },
              { as: 'only_here', term: countWhen(compared(there, 'eq', integer(0))) },
              { as: 'only_there', term: countWhen(compared(here, 'eq', integer(0))) },
            ],
            from,
          },
        },
      },
      failing: {
        items: [
          ...looked.map((each, at) => ({ as: each.name, term: column('d', `k${at + 1}`, typeOf(termOf(each))) })),
          { as: 'rows here', term: here },
          { as: 'rows there', term: there },
        ],
        from,
        where: any(compared(here, 'ne', there)),
      },
    };
  },
  count: ({ measure }, { duplicates }) => {
    const row = oneRow(measure);
    const of = (name: string) => countIn(row, name);
    const counted = duplicates === 'counted';
    const [missing, extra] = counted ? [of('missing'), of('extra')] : [of('only_here'), of('only_there')];
    return {
      rows: of('rows'),
      checked: counted ? of('rows') + extra : of('combinations'),
      violations: missing + extra,
      metrics: { missing, extra, otherRows: of('other_rows') },
    };
  },
  found: ({ rows, metrics = {} }) => ({
    en: `of ${rows} rows ${metrics['missing']} are missing there, and ${metrics['extra']} are only there`,
    zh: `${rows} 行中 ${metrics['missing']} 行在对方缺失，对方多出 ${metrics['extra']} 行`,
  }),
  examples: [
    {
      title: 'one row differs',
      columns: { a: 'integer', b: 'text' },
      rows: [
        [1, 'x'],
        [2, null],
      ],
      other: {
        columns: { a: 'integer', b: 'text' },
        rows: [
          [2, null],
          [1, 'y'],
        ],
      },
      rule: {},
      expect: {
        status: 'fail',
        rows: 2,
        checked: 3,
        violations: 2,
        metrics: { missing: '1', extra: '1', otherRows: '2' },
        failingRows: 2,
      },
    },
    {
      title: 'the same rows but for a column that is left out',
      columns: { a: 'integer', b: 'text' },
      rows: [[1, '甲']],
      other: { columns: { a: 'integer', b: 'text' }, rows: [[1, '乙']] },
      rule: { params: { exclude: ['b'] } },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0, failingRows: 0 },
    },
    {
      title: 'a row that is there twice',
      columns: { a: 'integer' },
      rows: [[1], [1]],
      other: { columns: { a: 'integer' }, rows: [[1]] },
      rule: {},
      expect: { status: 'fail', violations: 1, metrics: { missing: '1', extra: '0' } },
    },
    {
      title: 'a row that is there twice, when that is no matter',
      columns: { a: 'integer' },
      rows: [[1], [1]],
      other: { columns: { a: 'integer' }, rows: [[1]] },
      rule: { params: { duplicates: 'ignored' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'floats, to four digits',
      columns: { id: 'text', x: 'float' },
      rows: [['a', 62.3888186]],
      other: { columns: { id: 'text', x: 'float' }, rows: [['a', 62.3888187]] },
      rule: { params: { precision: 4 } },
      expect: { status: 'pass', violations: 0 },
    },
    {
      title: 'both empty',
      columns: { a: 'integer' },
      rows: [],
      other: { columns: { a: 'integer' }, rows: [] },
      rule: {},
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
