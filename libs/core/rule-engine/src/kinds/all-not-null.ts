import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { provenPresent } from '../constraint-proof.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, any, TRUE } from '../sql/term.js';

/** Every row has a value in each of several columns. */
export const allNotNull = defineRuleKind({
  code: 'all_not_null',
  title: { en: 'Has a value in each column', zh: '各字段均非空' },
  description: {
    en: 'Every row has a value in each of the columns. An empty text counts as a value.',
    zh: '每一行在所列的每个字段上都有值；空字符串视为有值。',
  },
  dimension: 'completeness',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({}, { additionalProperties: false }),
  says: ({ columns }) => {
    const list = columns.map((name) => `"${name}"`).join(', ');
    return { en: `Each of ${list} has a value`, zh: `${list} 均有值` };
  },
  provenBy: ({ target, columns }) =>
    provenPresent(
      target,
      columns.map(({ name }) => name),
    ),
  compile: ({ columns }) => ({
    asks: { measure: { is: 'rows', checked: TRUE, violation: any(...columns.map((each) => absent(termOf(each)))) } },
  }),
  examples: [
    {
      title: 'one of two is missing',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['x', null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2, failingRows: 2 },
    },
    {
      title: 'both are there',
      columns: { a: 'text', b: 'json' },
      rows: [['', '{}']],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0 },
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
