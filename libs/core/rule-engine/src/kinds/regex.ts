import { Type } from 'typebox';

import { regexPattern, termOf } from '../bind-expression.js';
import { CaseInsensitive, expectText, MatchOf, met, metWords } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { matches } from '../sql/term.js';

/** The pattern for the whole text; a flag at its beginning stays there. */
const whole = (pattern: string): string =>
  pattern.startsWith('(?i)') ? `(?i)^(?:${pattern.slice(4)})$` : `^(?:${pattern})$`;

/** The text matches regular expressions. */
export const regex = defineRuleKind({
  code: 'regex',
  title: { en: 'Matches a pattern', zh: '匹配正则表达式' },
  description: {
    en: 'The text matches patterns in the part of the grammar that every engine shares: no back-references, no look-around. Classes such as \\d and \\w know ASCII.',
    zh: '文本匹配正则表达式（各引擎通用的子集：不支持反向引用和环视；\\d、\\w 等仅含 ASCII 字符）。',
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
        'x-title-zh': '正则表达式',
      }),
      match: MatchOf,
      anchor: Type.Enum(['search', 'full'], {
        default: 'search',
        title: 'Where the pattern is met',
        'x-title-zh': '匹配范围',
        description: 'search: somewhere in the text. full: the whole text.',
        'x-description-zh': 'search：文本中任意位置；full：整个文本。',
      }),
      caseInsensitive: CaseInsensitive,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { match, patterns } }) => {
    const words = metWords(match, patterns);
    return { en: `"${column}" ${words.en}`, zh: `“${column}”${words.zh}` };
  },
  compile: ({ columns, params: { patterns, match, anchor, caseInsensitive }, nullPolicy }) => {
    const column = columns[0]!;
    expectText(column, 'a pattern');
    const tests = patterns.map((pattern, at) => {
      const checked = regexPattern(column, pattern, caseInsensitive, ['params', 'patterns', String(at)]);
      return matches(termOf(column), anchor === 'full' ? whole(checked) : checked, caseInsensitive);
    });
    return { asks: { measure: rowsThatPass(columns, met(match, tests), nullPolicy) } };
  },
  examples: [
    {
      title: 'a number of a contract',
      columns: { x: 'text' },
      rows: [['LN-2026-0001'], ['LN-26-1'], [null], ['xLN-2026-0001']],
      rule: { columns: ['x'], params: { patterns: ['^LN-\\d{4}-\\d{4}$'] } },
      expect: { status: 'fail', rows: 4, checked: 3, violations: 2, failingRows: 2 },
    },
    {
      title: 'the whole text, in any case',
      columns: { x: 'text' },
      rows: [['ab'], ['AB'], ['abc'], ['ab\n']],
      rule: { columns: ['x'], params: { patterns: ['a|ab'], anchor: 'full', caseInsensitive: true } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'Chinese names',
      columns: { x: 'text' },
      rows: [['张三'], ['阿·凡提'], ['Zhang']],
      rule: { columns: ['x'], params: { patterns: ['^[\\u4e00-\\u9fff·]+$', '^.{1,3}$'], match: 'any' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'every pattern',
      columns: { x: 'text' },
      rows: [['a1'], ['a'], ['1']],
      rule: { columns: ['x'], params: { patterns: ['[a-z]', '\\d'] } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'none of them',
      columns: { x: 'text' },
      rows: [['a1'], ['-'], ['1']],
      rule: { columns: ['x'], params: { patterns: ['[a-z]', '\\d'], match: 'none' } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'not all of them',
      columns: { x: 'text' },
      rows: [['a1'], ['a'], ['1']],
      rule: { columns: ['x'], params: { patterns: ['[a-z]', '\\d'], match: 'not_all' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'absent values fail when asked to',
      columns: { x: 'text' },
      rows: [['a'], [null]],
      rule: { columns: ['x'], params: { patterns: ['a'] }, nullPolicy: 'fail' },
      expect: { status: 'fail', checked: 2, violations: 1, failingRows: 1 },
    },
    {
      title: 'every text is met',
      columns: { x: 'text' },
      rows: [['a\nb'], [''], ['😀']],
      rule: { columns: ['x'], params: { patterns: ['^[^x]*$'] } },
      expect: { status: 'pass', checked: 3, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { patterns: ['a'] } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
