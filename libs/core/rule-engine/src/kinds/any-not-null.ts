import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, all, TRUE } from '../sql/term.js';

/** Every row has a value in at least one of several columns. */
export const anyNotNull = defineRuleKind({
  code: 'any_not_null',
  title: { en: 'Has a value in one of the columns', zh: '至少一个字段非空' },
  description: {
    en: 'Every row has a value in at least one of the columns, as a telephone number or an e-mail address.',
    zh: '每一行在所列字段中至少有一个有值，例如电话或邮箱至少填写一项。',
  },
  dimension: 'completeness',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({}, { additionalProperties: false }),
  says: ({ columns }) => {
    const list = columns.map((name) => `"${name}"`).join(', ');
    return { en: `One of ${list} has a value`, zh: `${list} 至少一个有值` };
  },
  compile: ({ columns }) => ({
    asks: { measure: { is: 'rows', checked: TRUE, violation: all(...columns.map((each) => absent(termOf(each)))) } },
  }),
  examples: [
    {
      title: 'both are missing in one row',
      columns: { phone: 'text', mail: 'text' },
      rows: [
        ['1', null],
        [null, ''],
        [null, null],
      ],
      rule: { columns: ['phone', 'mail'] },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'one is there in each row',
      columns: { 电话: 'text', b: 'integer' },
      rows: [
        ['1', null],
        [null, 0],
      ],
      rule: { columns: ['电话', 'b'] },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { a: 'text', b: 'text' },
      rows: [],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
