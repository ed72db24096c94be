import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { dateFormatPattern } from '../formats/date-format.js';
import { expectText } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';
import { matches } from '../sql/term.js';

/** The text is a date written in a format, and a day that exists. */
export const dateFormat = defineRuleKind({
  code: 'date_format',
  title: { en: 'Is a date in a format', zh: '日期格式' },
  description: {
    en: 'The text is a date or time written in a strftime format, and the day exists: 29 February in leap years only.',
    zh: '文本为指定 strftime 格式的日期或时间，且日期真实存在（2 月 29 日仅限闰年）。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      format: Type.String({
        minLength: 2,
        maxLength: 60,
        title: 'Format',
        'x-title-zh': '格式',
        description:
          'As in strftime: %Y-%m-%d, %d/%m/%Y %H:%M:%S, %Y%m%d. Known: Y y m d j b B a A H I M S f p z F T R D %.',
        'x-description-zh': '与 strftime 相同，如 %Y-%m-%d、%Y年%m月%d日、%Y%m%d %H:%M:%S。',
      }),
      padded: Type.Boolean({
        default: true,
        title: 'With leading zeros, as strftime writes them',
        'x-title-zh': '必须补零',
        description: 'Without, 2024-1-5 is %Y-%m-%d as well, as strptime reads it.',
        'x-description-zh': '不要求时，2024-1-5 也符合 %Y-%m-%d。',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { format } }) => ({
    en: `"${column}" is a date as ${format}`,
    zh: `“${column}”符合日期格式 ${format}`,
  }),
  compile: ({ columns, params: { format, padded }, nullPolicy }) => {
    const column = columns[0]!;
    expectText(column, 'date_format');
    const pattern = dateFormatPattern(format, padded, ['params', 'format']);
    return { asks: { measure: rowsThatPass(columns, matches(termOf(column), pattern), nullPolicy) } };
  },
  examples: [
    {
      title: 'days that exist',
      columns: { x: 'text' },
      rows: [['2024-02-29'], ['2023-02-29'], ['1900-02-29'], ['2000-02-29'], ['2026-04-31'], ['2026-1-5'], [null]],
      rule: { columns: ['x'], params: { format: '%Y-%m-%d' } },
      expect: { status: 'fail', rows: 7, checked: 6, violations: 4, failingRows: 4 },
    },
    {
      title: 'the day first, with a time',
      columns: { x: 'text' },
      rows: [['29/02/2024 23:59:59'], ['29/02/2023 00:00:00'], ['01/01/2026 24:00:00']],
      rule: { columns: ['x'], params: { format: '%d/%m/%Y %H:%M:%S' } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'Chinese signs, no leading zeros',
      columns: { x: 'text' },
      rows: [['2026年1月5日'], ['2026年01月05日'], ['2026年2月30日'], ['2026-1-5']],
      rule: { columns: ['x'], params: { format: '%Y年%m月%d日', padded: false } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'names of months, two digits of a year',
      columns: { x: 'text' },
      rows: [['29-Feb-24'], ['29-FEB-23'], ['31-Apr-24'], ['5-Jan-24']],
      rule: { columns: ['x'], params: { format: '%d-%b-%y' } },
      expect: { status: 'fail', checked: 4, violations: 3 },
    },
    {
      title: 'the day of the year',
      columns: { x: 'text' },
      rows: [['2024366'], ['2023366'], ['2023365'], ['2023000']],
      rule: { columns: ['x'], params: { format: '%Y%j' } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'twelve hours and a zone',
      columns: { x: 'text' },
      rows: [['12:30 PM +08:00'], ['00:30 AM Z'], ['01:05 am -0330']],
      rule: { columns: ['x'], params: { format: '%I:%M %p %z' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'a month',
      columns: { x: 'text' },
      rows: [['202601'], ['202612']],
      rule: { columns: ['x'], params: { format: '%Y%m' } },
      expect: { status: 'pass', checked: 2, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { format: '%F' } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
