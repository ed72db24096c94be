import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { provenPresent, provenTogether, provenUnique } from '../constraint-proof.js';
import { countIn, oneRow } from '../measured-row.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, any, countWhen, TRUE } from '../sql/term.js';
import { unique } from './unique.js';

const ONLY_WHOLE = { nulls: 'ignore_if_any_null', counted: 'extra_rows' } as const;

/** Each row can be told by the columns: all of them have a value, and no two rows have the same. */
export const primaryKey = defineRuleKind({
  code: 'primary_key',
  title: { en: 'Is a primary key', zh: '主键有效' },
  description: {
    en: 'Every row has a value in each of the columns, and no two rows have the same combination. Rows of either fault are violations.',
    zh: '每一行在主键各字段上都有值，且组合互不重复；缺值的行与重复多出的行均为违规。',
  },
  dimension: 'uniqueness',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({}, { additionalProperties: false }),
  says: ({ columns }) => {
    const list = columns.map((name) => `"${name}"`).join(' + ');
    return { en: `${list} is a primary key`, zh: `${list}可作主键` };
  },
  provenBy: ({ target, columns }) => {
    const names = columns.map(({ name }) => name);
    return provenTogether(provenUnique(target, names, true), provenPresent(target, names));
  },
  compile: (bound) => {
    const doubles = unique.compile({ ...bound, params: ONLY_WHOLE });
    const missing = any(...bound.columns.map((each) => absent(termOf(each))));
    return {
      ...doubles,
      looksAt: TRUE,
      asks: { ...doubles.asks, whole: { is: 'values', values: { rows: countWhen(), missing: countWhen(missing) } } },
    };
  },
  count: (measured, _, bound) => {
    const doubles = unique.count!(measured, ONLY_WHOLE, { ...bound, params: ONLY_WHOLE });
    const row = oneRow(measured['whole']);
    const [rows, missing] = [countIn(row, 'rows'), countIn(row, 'missing')];
    return { rows, checked: rows, violations: doubles.violations + missing, metrics: { ...doubles.metrics, missing } };
  },
  found: ({ checked, violations, metrics = {} }) =>
    violations === 0n
      ? { en: `it tells all ${checked} rows apart`, zh: `${checked} 行均可区分` }
      : {
          en: `of ${checked} rows ${metrics['missing']} lack a part, and ${metrics['extraRows']} repeat another`,
          zh: `${checked} 行中 ${metrics['missing']} 行缺值，${metrics['extraRows']} 行重复`,
        },
  examples: [
    {
      title: 'one double and one missing',
      columns: { id: 'integer' },
      rows: [[1], [1], [2], [null]],
      rule: { columns: ['id'] },
      expect: {
        status: 'fail',
        rows: 4,
        checked: 4,
        violations: 2,
        metrics: { missing: '1', extraRows: '1' },
        failingRows: 1,
      },
    },
    {
      title: 'two columns together',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['x', '2026-01-02'],
        ['X', '2026-01-01'],
      ],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'pass', rows: 3, checked: 3, violations: 0 },
    },
    {
      title: 'a part is missing',
      columns: { a: 'text', b: 'integer' },
      rows: [
        ['x', 1],
        ['x', null],
        ['x', null],
      ],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'fail', violations: 2, metrics: { missing: '2', extraRows: '0' } },
    },
    {
      title: 'an empty table',
      columns: { id: 'integer' },
      rows: [],
      rule: { columns: ['id'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
