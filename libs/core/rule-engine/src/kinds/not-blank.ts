import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { expectText, missing, TreatAsNull } from '../kind-parts.js';
import { defineRuleKind } from '../rule-kind.js';
import { any, call, compared, TEXT, TRUE, value } from '../sql/term.js';

/** There is a text, and something in it. */
export const notBlank = defineRuleKind({
  code: 'not_blank',
  title: { en: 'Is not blank', zh: '非空白' },
  description: {
    en: 'Every row has a text with something in it: absent, empty and blank texts break the rule, and so do the values listed as absent.',
    zh: '每一行都有实际内容：空值、空字符串、空白以及所列的占位值均视为违规。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      trim: Type.Boolean({ default: true, title: 'Blanks alone are nothing', 'x-title-zh': '仅含空白视为空' }),
      treatAsNull: TreatAsNull,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column] }) => ({ en: `"${column}" is not blank`, zh: `“${column}”非空白` }),
  compile: ({ columns, params: { trim, treatAsNull } }) => {
    const column = columns[0]!;
    expectText(column, 'not_blank');
    const text = termOf(column);
    const inside = trim ? call('trim', TEXT, text) : text;
    const blank = compared(inside, 'eq', value({ family: 'text', text: '' }));
    return { asks: { measure: { is: 'rows', checked: TRUE, violation: any(missing(column, treatAsNull), blank) } } };
  },
  examples: [
    {
      title: 'absent, empty and blank texts',
      columns: { x: 'text' },
      rows: [['a'], [null], [''], ['  '], ['\t\n'], ['\u3000'], ['\u00a0'], [' a ']],
      rule: { columns: ['x'] },
      expect: { status: 'fail', rows: 8, checked: 8, violations: 6, failingRows: 6 },
    },
    {
      title: 'something in each',
      columns: { x: 'text' },
      rows: [['张三'], ['-'], ['0']],
      rule: { columns: ['x'] },
      expect: { status: 'pass', rows: 3, checked: 3, violations: 0 },
    },
    {
      title: 'words that say nothing',
      columns: { x: 'text' },
      rows: [['张三'], ['N/A'], ['无'], ['-']],
      rule: { columns: ['x'], params: { treatAsNull: ['N/A', '无', null] } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'blanks count as something when asked to',
      columns: { x: 'text' },
      rows: [[' '], ['']],
      rule: { columns: ['x'], params: { trim: false } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0, violations: 0 },
    },
  ],
});
