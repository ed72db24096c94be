import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { expectText } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { looksLike } from '../sql/looks.js';
import { matches, TRUE } from '../sql/term.js';

const NUMBER = '^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?$';

/** The text can be read as another type. */
export const castable = defineRuleKind({
  code: 'castable',
  title: { en: 'Can be read as another type', zh: '可转换为指定类型' },
  description: {
    en: 'The text is written like a value of the type, as every engine reads it: no blanks around it, days that exist, true or false.',
    zh: '文本符合目标类型的写法，各引擎判定一致：前后无空白、日期真实存在、布尔值为 true 或 false。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      as: Type.Enum(['text', 'integer', 'number', 'boolean', 'date', 'time', 'timestamp', 'uuid'], {
        title: 'Type',
        'x-title-zh': '目标类型',
        description: 'integer: whole, of 64 bits. number: any decimal or floating-point number.',
        'x-description-zh': 'integer：64 位整数；number：任意小数或浮点数。',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { as } }) => ({
    en: `"${column}" can be read as ${as}`,
    zh: `“${column}”可转换为 ${as}`,
  }),
  compile: ({ columns, params: { as }, nullPolicy }) => {
    const column = columns[0]!;
    expectText(column, 'castable');
    const of = termOf(column);
    const readable = as === 'number' ? matches(of, NUMBER) : (looksLike(of, as) ?? TRUE);
    return { asks: { measure: rowsThatPass(columns, readable, nullPolicy) } };
  },
  examples: [
    {
      title: 'whole numbers',
      columns: { x: 'text' },
      rows: [['1'], ['-007'], ['1.0'], ['x'], [''], [' 1'], ['９'], ['9223372036854775808'], [null]],
      rule: { columns: ['x'], params: { as: 'integer' } },
      expect: { status: 'fail', rows: 9, checked: 8, violations: 6, failingRows: 6 },
    },
    {
      title: 'numbers',
      columns: { x: 'text' },
      rows: [
        ['1'],
        ['-0.50'],
        ['.5'],
        ['1e10'],
        ['1,000'],
        ['NaN'],
        ['12345678901234567890123456789012345678901234567890'],
      ],
      rule: { columns: ['x'], params: { as: 'number' } },
      expect: { status: 'fail', checked: 7, violations: 2 },
    },
    {
      title: 'days that exist',
      columns: { x: 'text' },
      rows: [['2024-02-29'], ['2023-02-29'], ['2026-1-1'], ['2026-13-01']],
      rule: { columns: ['x'], params: { as: 'date' } },
      expect: { status: 'fail', checked: 4, violations: 3 },
    },
    {
      title: 'date and time',
      columns: { x: 'text' },
      rows: [['2026-01-01 08:00:00'], ['2026-01-01T08:00'], ['2026-01-01']],
      rule: { columns: ['x'], params: { as: 'timestamp' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'truth values',
      columns: { x: 'text' },
      rows: [['true'], ['False'], ['yes'], ['1']],
      rule: { columns: ['x'], params: { as: 'boolean' } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'any text is a text',
      columns: { x: 'text' },
      rows: [['x'], ['']],
      rule: { columns: ['x'], params: { as: 'text' } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { as: 'date' } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
