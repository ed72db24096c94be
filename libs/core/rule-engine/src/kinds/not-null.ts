import { Type } from 'typebox';

import { provenPresent } from '../constraint-proof.js';
import { missing, TreatAsNull } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { TRUE } from '../sql/term.js';

/** Every row has a value. An empty text is a value; `not blank` is another rule's business. */
export const notNull = defineRuleKind({
  code: 'not_null',
  title: { en: 'Has a value', zh: '非空' },
  description: {
    en: 'Every row has a value in the column. An empty text counts as a value.',
    zh: '字段的每一行都有值；空字符串视为有值。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ treatAsNull: TreatAsNull }, { additionalProperties: false }),
  says: ({ columns: [column] }) => ({ en: `"${column}" has a value`, zh: `“${column}”有值` }),
  provenBy: ({ target, columns: [column], params: { treatAsNull } }) =>
    (treatAsNull ?? []).some((each) => each !== null) ? undefined : provenPresent(target, [column!.name]),
  compile: ({ columns, params: { treatAsNull } }) => ({
    asks: { measure: { is: 'rows', checked: TRUE, violation: missing(columns[0]!, treatAsNull) } },
  }),
  examples: [
    {
      title: 'a value is missing in one of three rows',
      columns: { x: 'text' },
      rows: [['a'], [null], ['']],
      rule: { columns: ['x'] },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1, metrics: { ratio: '0.333333' } },
    },
    {
      title: 'a value in every row',
      columns: { x: 'integer' },
      rows: [[0], [1]],
      rule: { columns: ['x'] },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0, failingRows: 0 },
    },
    {
      title: 'nothing but absent values',
      columns: { x: 'json' },
      rows: [[null], [null]],
      rule: { columns: ['x'] },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 2 },
    },
    {
      title: 'numbers that stand for nothing',
      columns: { x: 'integer' },
      rows: [[0], [-999], [null], [5]],
      rule: { columns: ['x'], params: { treatAsNull: [-999] } },
      expect: { status: 'fail', rows: 4, checked: 4, violations: 2, failingRows: 2 },
    },
    {
      title: 'an empty table',
      columns: { x: 'date' },
      rows: [],
      rule: { columns: ['x'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0, violations: 0 },
    },
    {
      title: 'an empty table that must not be empty',
      columns: { x: 'date' },
      rows: [],
      rule: { columns: ['x'], onEmpty: 'fail' },
      expect: { status: 'fail', rows: 0, checked: 0, violations: 0 },
    },
    {
      title: 'only the rows of a filter',
      columns: { x: 'text', state: 'text' },
      rows: [
        [null, 'closed'],
        ['a', 'open'],
        [null, null],
      ],
      rule: { columns: ['x'], where: { op: 'eq', left: { column: 'state' }, right: { literal: 'open' } } },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0 },
    },
    {
      title: 'exactly one tenth may be missing, and is',
      columns: { x: 'integer' },
      rows: [[null], [1], [2], [3], [4], [5], [6], [7], [8], [9]],
      rule: { columns: ['x'], threshold: { metric: 'ratio', fail: { gt: 0.1 }, warn: { gte: '0.1' } } },
      expect: { status: 'warn', rows: 10, checked: 10, violations: 1, metrics: { ratio: '0.1' } },
    },
  ],
});
