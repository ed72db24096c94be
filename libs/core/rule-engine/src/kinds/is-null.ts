import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, not, TRUE } from '../sql/term.js';

/** The column is not used. The other side of `not_null`. */
export const isNull = defineRuleKind({
  code: 'is_null',
  title: { en: 'Has no value', zh: '为空' },
  description: {
    en: 'No row has a value in the column: it is not used yet, or no longer.',
    zh: '字段的每一行都没有值（尚未启用或已停用）。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({}, { additionalProperties: false }),
  says: ({ columns: [column] }) => ({ en: `"${column}" has no value`, zh: `“${column}”为空` }),
  compile: ({ columns }) => ({
    asks: { measure: { is: 'rows', checked: TRUE, violation: not(absent(termOf(columns[0]!))) } },
  }),
  examples: [
    {
      title: 'nobody uses it',
      columns: { x: 'text' },
      rows: [[null], [null]],
      rule: { columns: ['x'] },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0, failingRows: 0 },
    },
    {
      title: 'an empty text is a value',
      columns: { x: 'text' },
      rows: [[null], [''], ['a']],
      rule: { columns: ['x'] },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2, failingRows: 2 },
    },
    {
      title: 'a fifth may have one',
      columns: { x: 'integer' },
      rows: [[null], [null], [null], [null], [0]],
      rule: { columns: ['x'], threshold: { metric: 'ratio', fail: { gt: 0.2 } } },
      expect: { status: 'pass', checked: 5, violations: 1, metrics: { ratio: '0.2' } },
    },
    {
      title: 'an empty table',
      columns: { x: 'date' },
      rows: [],
      rule: { columns: ['x'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0, violations: 0 },
    },
  ],
});
