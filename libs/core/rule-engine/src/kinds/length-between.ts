import { Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { expectText } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { all, call, compared, integer, INTEGER } from '../sql/term.js';

/** The text has so many characters. */
export const lengthBetween = defineRuleKind({
  code: 'length_between',
  title: { en: 'Has a length between two bounds', zh: '文本长度在区间内' },
  description: {
    en: 'The text has neither fewer nor more characters than allowed. A Chinese character or an emoji is one character. Give one bound or both.',
    zh: '文本的字符数不低于下限、不高于上限（一个汉字或表情计一个字符）；上下限至少填写一个。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      min: Type.Optional(Type.Integer({ minimum: 0, title: 'Fewest characters', 'x-title-zh': '最少字符数' })),
      max: Type.Optional(Type.Integer({ minimum: 0, title: 'Most characters', 'x-title-zh': '最多字符数' })),
      strictMin: Type.Boolean({ default: false, title: 'More than the fewest', 'x-title-zh': '不含下限' }),
      strictMax: Type.Boolean({ default: false, title: 'Fewer than the most', 'x-title-zh': '不含上限' }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { min, max, strictMin, strictMax } }) => {
    const low = min === undefined ? undefined : `${strictMin ? '>' : '≥'} ${min}`;
    const high = max === undefined ? undefined : `${strictMax ? '<' : '≤'} ${max}`;
    const bounds = [low, high].filter((side) => side !== undefined);
    return { en: `the length of "${column}" is ${bounds.join(' and ')}`, zh: `“${column}”的长度 ${bounds.join('，')}` };
  },
  compile: ({ columns, params: { min, max, strictMin, strictMax }, nullPolicy }) => {
    const column = columns[0]!;
    expectText(column, 'length_between');
    if (min === undefined && max === undefined) throw fault('it has neither a lower nor an upper bound', ['params']);
    if (min !== undefined && max !== undefined && min > max)
      throw fault('the lower bound is above the upper bound, so no value can pass', ['params', 'min']);
    const length = call('length', INTEGER, termOf(column));
    const sides = [
      ...(min === undefined ? [] : [compared(length, strictMin ? 'gt' : 'gte', integer(min))]),
      ...(max === undefined ? [] : [compared(length, strictMax ? 'lt' : 'lte', integer(max))]),
    ];
    return { asks: { measure: rowsThatPass(columns, all(...sides), nullPolicy) } };
  },
  examples: [
    {
      title: 'characters are counted, not bytes',
      columns: { x: 'text' },
      rows: [['张三'], ['a'], ['😀😀'], ['abcd'], [null]],
      rule: { columns: ['x'], params: { min: 2, max: 3 } },
      expect: { status: 'fail', rows: 5, checked: 4, violations: 2, failingRows: 2 },
    },
    {
      title: 'blanks count, at the end as well',
      columns: { x: 'text' },
      rows: [['ab '], ['']],
      rule: { columns: ['x'], params: { max: 2 } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'strict bounds',
      columns: { x: 'text' },
      rows: [['a'], ['ab'], ['abc']],
      rule: { columns: ['x'], params: { min: 1, max: 3, strictMin: true, strictMax: true } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'all of one length',
      columns: { x: 'text' },
      rows: [['110000'], ['310000']],
      rule: { columns: ['x'], params: { min: 6, max: 6 } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { min: 1 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
