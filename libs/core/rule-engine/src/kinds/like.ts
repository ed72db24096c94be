import { Type } from 'typebox';

import { likePattern, termOf } from '../bind-expression.js';
import { expectText, MatchOf, met, metWords } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';

/** The text matches patterns with % and _. */
export const like = defineRuleKind({
  code: 'like',
  title: { en: 'Matches a simple pattern', zh: '匹配通配模式' },
  description: {
    en: 'The text matches patterns in which % stands for any characters and _ for one; \\% and \\_ are these signs themselves.',
    zh: '文本匹配通配模式：% 代表任意个字符，_ 代表一个字符；\\%、\\_ 表示字符本身。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      patterns: Type.Array(Type.String({ maxLength: 2_000 }), {
        minItems: 1,
        maxItems: 16,
        title: 'Patterns',
        'x-title-zh': '通配模式',
      }),
      match: MatchOf,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { match, patterns } }) => {
    const words = metWords(match, patterns);
    return { en: `"${column}" ${words.en}`, zh: `“${column}”${words.zh}` };
  },
  compile: ({ columns, params: { patterns, match }, nullPolicy }) => {
    const column = columns[0]!;
    expectText(column, 'a pattern');
    const of = termOf(column);
    const tests = patterns.map(
      (pattern, at) =>
        ({ is: 'like', of, pattern: likePattern(column, pattern, ['params', 'patterns', String(at)]) }) as const,
    );
    return { asks: { measure: rowsThatPass(columns, met(match, tests), nullPolicy) } };
  },
  examples: [
    {
      title: 'how it begins',
      columns: { x: 'text' },
      rows: [['foo'], ['foobar'], ['Foo'], [' foo'], [null]],
      rule: { columns: ['x'], params: { patterns: ['foo%'] } },
      expect: { status: 'fail', rows: 5, checked: 4, violations: 2, failingRows: 2 },
    },
    {
      title: 'one character, whatever it is',
      columns: { x: 'text' },
      rows: [['a汉b'], ['a😀b'], ['ab']],
      rule: { columns: ['x'], params: { patterns: ['a_b'] } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'the signs themselves',
      columns: { x: 'text' },
      rows: [['100%'], ['a_b'], ['1000']],
      rule: { columns: ['x'], params: { patterns: ['%\\%', '%\\_%'], match: 'any' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'none of them',
      columns: { x: 'text' },
      rows: [['abc'], ['xyz']],
      rule: { columns: ['x'], params: { patterns: ['x%', '%c'], match: 'none' } },
      expect: { status: 'fail', checked: 2, violations: 2 },
    },
    {
      title: 'every text is met',
      columns: { x: 'text' },
      rows: [['a\nb'], ['']],
      rule: { columns: ['x'], params: { patterns: ['%'] } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { patterns: ['%'] } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
