import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { isJson } from '../formats/json-text.js';
import { expectText } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { TRUE } from '../sql/term.js';

/** The text is a JSON document. */
export const jsonValid = defineRuleKind({
  code: 'json_valid',
  title: { en: 'Is a JSON document', zh: '为合法 JSON' },
  description: {
    en: 'The text is one JSON document as RFC 8259 has it, nested no deeper than 16 levels: no comments, no comma too many, no NaN.',
    zh: '文本为符合 RFC 8259 的 JSON（嵌套不超过 16 层）：不含注释、多余逗号或 NaN。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object({}, { additionalProperties: false }),
  says: ({ columns: [column] }) => ({ en: `"${column}" is JSON`, zh: `“${column}”为合法 JSON` }),
  compile: ({ columns, nullPolicy }) => {
    const column = columns[0]!;
    if (column.typeFamily !== 'json') expectText(column, 'json_valid');
    // A column of documents holds nothing else.
    const valid = column.typeFamily === 'json' ? TRUE : isJson(termOf(column));
    return { asks: { measure: rowsThatPass(columns, valid, nullPolicy) } };
  },
  examples: [
    {
      title: 'documents and what only looks like them',
      columns: { x: 'text' },
      rows: [
        ['{"a": [1, -2.5e3, "x,]}", true, null], "b": {}}'],
        [' [] '],
        ['"汉\\u6c49\\n"'],
        ['{"a": 1,}'],
        ['[1 2]'],
        ['{a: 1}'],
        ["{'a': 1}"],
        ['NaN'],
        ['01'],
        ['[1, 2'],
        [''],
        ['"a\tb"'],
        [null],
      ],
      rule: { columns: ['x'] },
      expect: { status: 'fail', rows: 13, checked: 12, violations: 9, failingRows: 9 },
    },
    {
      title: 'a column of documents',
      columns: { x: 'json' },
      rows: [['{"a":1}'], [null]],
      rule: { columns: ['x'] },
      expect: { status: 'pass', rows: 2, checked: 1, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
