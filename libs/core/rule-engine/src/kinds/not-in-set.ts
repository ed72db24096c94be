import { Type } from 'typebox';

import { CaseInsensitive, listed, ValuesList } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { not } from '../sql/term.js';

/** The value is none of a list. A NULL in the list is left out. */
export const notInSet = defineRuleKind({
  code: 'not_in_set',
  title: { en: 'Is none of a list', zh: '取值不在列表内' },
  description: {
    en: 'The value is none of those listed: test accounts, placeholders, states that are no longer used.',
    zh: '取值不得为所列值之一，例如测试账号、占位值、已停用的状态。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      values: ValuesList('Values', '禁止的取值'),
      caseInsensitive: CaseInsensitive,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { values } }) => {
    const shown = values.filter((value) => value !== null).map(String);
    const list = shown.slice(0, 5).join(', ') + (shown.length > 5 ? ', …' : '');
    return { en: `"${column}" is none of ${list}`, zh: `“${column}”取值不为 ${list}` };
  },
  compile: ({ columns, params: { values, caseInsensitive }, nullPolicy }) => ({
    asks: { measure: rowsThatPass(columns, not(listed(columns[0]!, values, caseInsensitive)), nullPolicy) },
  }),
  examples: [
    {
      title: 'an account for tests',
      columns: { x: 'text' },
      rows: [['alice'], ['test'], ['Test'], [null]],
      rule: { columns: ['x'], params: { values: ['test'] } },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'in any case',
      columns: { x: 'text' },
      rows: [['alice'], ['test'], ['TeSt'], ['É+']],
      rule: { columns: ['x'], params: { values: ['test', 'é+'], caseInsensitive: true } },
      expect: { status: 'fail', checked: 4, violations: 3 },
    },
    {
      title: 'a NULL in the list hides nothing',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      rule: { columns: ['x'], params: { values: [1, null] } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'an empty list forbids nothing',
      columns: { x: 'date' },
      rows: [['2026-01-01'], [null]],
      rule: { columns: ['x'], params: { values: [] } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'absent values fail when asked to',
      columns: { x: 'decimal' },
      rows: [['0.1'], [null]],
      rule: { columns: ['x'], params: { values: ['0.10'] }, nullPolicy: 'fail' },
      expect: { status: 'fail', checked: 2, violations: 2 },
    },
    {
      title: 'nothing but absent values',
      columns: { x: 'text' },
      rows: [[null]],
      rule: { columns: ['x'], params: { values: ['a'] } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { values: ['a'] } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
