import { Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { ExpressionSchema } from '../expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { bothSides, pairsOf, whereOf } from '../sql/both-sides.js';
import { sumWhen } from '../sql/occurrences.js';
import { all, any, column, compared, countWhen, type From, INTEGER, integer, type Term, typeOf } from '../sql/term.js';
import { checkGroupable, columnsNamed } from '../value-bounds.js';

const names = (title: string, zh: string, of: 'target' | 'other', description: string, zhDescription: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      maxItems: 200,
      title,
      'x-title-zh': zh,
      description,
      'x-description-zh': zhDescription,
      'x-columns-of': of,
    }),
  );

/**
 * Each row has its partner in another dataset of the same source, by key, with the same values. A row without a partner is missing,
 * one with other values is different, and a key that is not one row on each side says nothing about which is which: its rows differ.
 */
export const tableDiff = defineRuleKind({
  code: 'table_diff',
  title: { en: 'Agrees with another dataset, key by key', zh: '按主键与另一数据集逐行一致' },
  description: {
    en: 'Rows are matched by key, and their other columns compared. Rows missing there, different, or only there are violations.',
    zh: '按键匹配两个数据集的行并比较其他字段；对方缺失、取值不同、仅对方存在的行均为违规。',
  },
  dimension: 'consistency',
  columns: [1, 16],
  other: 'same_connection',
  nullPolicy: false,
  params: Type.Object(
    {
      otherKeys: names(
        'Key columns there',
        '另一数据集的键',
        'other',
        'When they are called otherwise.',
        '名称不同时填写。',
      ),
      compare: names(
        'Columns to compare',
        '比较字段',
        'target',
        'All but the key when left out; none: only the keys.',
        '省略为键以外的全部字段；空列表表示仅比较键。',
      ),
      otherCompare: names(
        'Columns there',
        '另一数据集的比较字段',
        'other',
        'When they are called otherwise.',
        '名称不同时填写。',
      ),
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
      extra: Type.Enum(['violation', 'ignored'], {
        default: 'violation',
        title: 'Rows that are only there',
        'x-title-zh': '仅对方存在的行',
        description: 'violation: they count. ignored: only the rows here are checked.',
        'x-description-zh': 'violation：计为违规；ignored：只检查本数据集的行。',
      }),
      otherWhere: Type.Optional(
        ExpressionSchema({ title: 'Only rows of the other where', 'x-title-zh': '另一数据集的过滤条件' }),
      ),
    },
    { additionalProperties: false },
  ),
  says: ({ columns }) => {
    const key = columns.map((name) => `"${name}"`).join(' + ');
    return {
      en: `Each row agrees with the row of the same ${key} in the other dataset`,
      zh: `按${key}匹配的行与另一数据集一致`,
    };
  },
  compile: ({ target, where, columns, other, now, params }) => {
    const rest = target.columns.filter(({ name }) => !columns.some((key) => key.name === name));
    const looked = params.compare === undefined ? rest : columnsNamed(target, params.compare, 'compare');
    const twice = looked.find(({ name }) => columns.some((key) => key.name === name));
    if (twice !== undefined) throw fault(`"${twice.name}" is part of the key already`, ['params', 'compare']);
    checkGroupable(columns, ['columns']);
    checkGroupable(looked, ['params', 'compare']);
    const keys = pairsOf(columns, other!, params.otherKeys, ['params', 'otherKeys']);
    const others = pairsOf(looked, other!, params.otherCompare, ['params', 'otherCompare']);
    const { select } = bothSides(
      target,
      where,
      other!,
      whereOf(params.otherWhere, other!, now),
      [...keys, ...others],
      params.precision,
    );
    const [a, b] = [column('c', 'here', INTEGER), column('c', 'there', INTEGER)];
    const common: Term = { is: 'case', whens: [[compared(a, 'lt', b), a]], otherwise: b };
    const grouped = columns.map((each, at) => column('c', `k${at + 1}`, typeOf(termOf(each))));
    const from: From = {
      is: 'query',
      as: 'd',
      select: {
        items: [
          ...grouped.map((term, at) => ({ as: `k${at + 1}`, term })),
          { as: 'here', term: sumWhen(a) },
          { as: 'there', term: sumWhen(b) },
          { as: 'same', term: sumWhen(common) },
        ],
        from: { is: 'query', as: 'c', select },
        groupBy: grouped,
      },
    };
    const [here, there, same] = ['here', 'there', 'same'].map((name) => column('d', name, INTEGER)) as [
      Term,
      Term,
      Term,
    ];
    const none = (side: Term) => compared(side, 'eq', integer(0));
    const both = all(compared(here, 'gt', integer(0)), compared(there, 'gt', integer(0)));
    const ambiguous = all(both, any(compared(here, 'gt', integer(1)), compared(there, 'gt', integer(1))));
    const different = all(both, any(ambiguous, none(same)));
    const broken = any(none(there), different, ...(params.extra === 'violation' ? [none(here)] : []));
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
              { as: 'missing', term: sumWhen(here, none(there)) },
              { as: 'extra', term: sumWhen(there, none(here)) },
              { as: 'different', term: sumWhen(here, different) },
              { as: 'ambiguous', term: countWhen(ambiguous) },
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
        where: broken,
      },
    };
  },
  count: ({ measure }, { extra: extraIs }) => {
    const row = oneRow(measure);
    const of = (name: string) => countIn(row, name);
    const [rows, missing, extra, different] = [of('rows'), of('missing'), of('extra'), of('different')];
    const beyond = extraIs === 'violation' ? extra : 0n;
    return {
      rows,
      checked: rows + beyond,
      violations: missing + different + beyond,
      metrics: { missing, different, extra, ambiguousKeys: of('ambiguous'), otherRows: of('other_rows') },
    };
  },
  found: ({ rows, metrics = {} }) => ({
    en: `of ${rows} rows ${metrics['missing']} are missing there and ${metrics['different']} differ; ${metrics['extra']} are only there`,
    zh: `${rows} 行中 ${metrics['missing']} 行在对方缺失、${metrics['different']} 行不一致；对方多出 ${metrics['extra']} 行`,
  }),
  examples: [
    {
      title: 'one missing, one different, one only there',
      columns: { id: 'integer', name: 'text' },
      rows: [
        [1, '张'],
        [2, '李'],
        [3, null],
        [4, 'x'],
      ],
      other: {
        columns: { id: 'integer', name: 'text' },
        rows: [
          [1, '张'],
          [2, '王'],
          [3, null],
          [5, 'y'],
        ],
      },
      rule: { columns: ['id'] },
      expect: {
        status: 'fail',
        rows: 4,
        checked: 5,
        violations: 3,
        metrics: { missing: '1', different: '1', extra: '1', ambiguousKeys: '0', ratio: '0.6' },
        failingRows: 3,
      },
    },
    {
      title: 'the same under other names, to two digits',
      columns: { id: 'integer', amount: 'decimal' },
      rows: [[1, '1.004']],
      other: { columns: { k: 'integer', betrag: 'decimal' }, rows: [[1, '1.0']] },
      rule: {
        columns: ['id'],
        params: { otherKeys: ['k'], compare: ['amount'], otherCompare: ['betrag'], precision: 2 },
      },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0, failingRows: 0 },
    },
    {
      title: 'only the keys, and only those here',
      columns: { id: 'integer', x: 'text' },
      rows: [[1, 'a']],
      other: {
        columns: { id: 'integer', x: 'text' },
        rows: [
          [1, 'b'],
          [2, 'c'],
        ],
      },
      rule: { columns: ['id'], params: { compare: [], extra: 'ignored' } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { extra: '1' } },
    },
    {
      title: 'a key of two rows matches neither',
      columns: { id: 'integer', x: 'text' },
      rows: [
        [1, 'a'],
        [1, 'b'],
      ],
      other: { columns: { id: 'integer', x: 'text' }, rows: [[1, 'a']] },
      rule: { columns: ['id'], params: { extra: 'ignored' } },
      expect: { status: 'fail', checked: 2, violations: 2, metrics: { ambiguousKeys: '1' } },
    },
    {
      title: 'a share of differences is allowed',
      columns: { id: 'integer', x: 'text' },
      rows: [
        [1, 'a'],
        [2, 'b'],
      ],
      other: {
        columns: { id: 'integer', x: 'text' },
        rows: [
          [1, 'a'],
          [2, null],
        ],
      },
      rule: { columns: ['id'], threshold: { metric: 'ratio', fail: { gt: 0.5 } } },
      expect: { status: 'pass', violations: 1, metrics: { different: '1' } },
    },
    {
      title: 'both empty',
      columns: { id: 'integer' },
      rows: [],
      other: { columns: { id: 'integer' }, rows: [] },
      rule: { columns: ['id'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
