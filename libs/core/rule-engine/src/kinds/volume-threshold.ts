import { type Static, Type } from 'typebox';

import { checkMoments, dayText } from '../calendar.js';
import { divideFractions, multiplyFractions, wholeFraction } from '../exact.js';
import { countIn } from '../measured-row.js';
import { askDays, beginOf, periodsOf } from '../periods.js';
import { type Counts, defineRuleKind } from '../rule-kind.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

const params = Type.Object(
  {
    unit: Type.Enum(['day', 'week', 'month'], { default: 'day', title: 'Period', 'x-title-zh': '周期' }),
    ...BOUNDS,
  },
  { additionalProperties: false },
);

/** The rows of the last whole period are not many more or fewer than those of the one before. The measured value is the change in percent. */
export const volumeThreshold = defineRuleKind({
  code: 'volume_threshold',
  title: { en: 'Rows of a period have changed only so much', zh: '周期数据量变化' },
  description: {
    en: 'By percent, the rows of the last whole day, week or month before the run differ from those of the one before no more than allowed.',
    zh: '运行前最后一个完整周期的行数相对上一周期的变化百分比在区间之内。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { unit, ...bounds } }) => {
    const said = boundsSay(bounds);
    return {
      en: `The change in percent of rows of a ${unit} by "${column}" ${said.en}`,
      zh: `按“${column}”统计的${{ day: '日', week: '周', month: '月' }[unit]}数据量变化（%） ${said.zh}`,
    };
  },
  compile: ({ target, where, columns, params: given }) => {
    checkMoments(columns[0]!, ['columns', '0']);
    checkBounds(given, 'decimal');
    return { asks: { days: askDays(target, where, columns[0]!) }, measures: 'decimal' };
  },
  count: ({ days = [] }, given, { now }): Counts => {
    const counted = periodsOf(days, given.unit);
    const last = before(beginOf(dayText(now.getTime()), given.unit), given);
    const [rows, earlier] = [counted.get(last) ?? 0n, counted.get(before(last, given)) ?? 0n];
    const change = divideFractions(
      multiplyFractions(wholeFraction(rows - earlier), wholeFraction(100n)),
      wholeFraction(earlier),
    );
    const all = days.reduce((sum, row) => sum + countIn(row, 'n'), 0n);
    return countsOfValue(all, change, given, 'decimal', { period: last, now: rows, before: earlier });
  },
  found: ({ metrics = {} }) => ({
    en: `${metrics['now']} rows in the period of ${metrics['period']}, ${metrics['before']} before`,
    zh: `${metrics['period']} 周期 ${metrics['now']} 行，上一周期 ${metrics['before']} 行`,
  }),
  examples: [
    {
      title: 'yesterday had half as many',
      columns: { on: 'date' },
      rows: [['2026-06-28'], ['2026-06-28'], ['2026-06-29'], ['2026-06-30'], [null]],
      rule: { columns: ['on'], params: { min: -20, max: 20 } },
      expect: {
        status: 'fail',
        rows: 4,
        checked: 1,
        violations: 1,
        metrics: { value: '-50', now: '1', before: '2', period: '2026-06-29' },
        failingRows: 0,
      },
    },
    {
      title: 'a third more than the week before',
      columns: { at: 'timestamp' },
      rows: [
        ['2026-06-21T23:59:59'],
        ['2026-06-15T00:00:00'],
        ['2026-06-16T12:00:00'],
        ['2026-06-22T00:00:00'],
        ['2026-06-23T00:00:00'],
        ['2026-06-24T00:00:00'],
        ['2026-06-28T23:59:59'],
      ],
      rule: { columns: ['at'], params: { unit: 'week', max: 34 } },
      expect: { status: 'pass', metrics: { value: '33.333333333333' } },
    },
    {
      title: 'nothing to compare with',
      columns: { on: 'date' },
      rows: [['2026-06-29']],
      rule: { columns: ['on'], params: { min: -20 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});

/** The first day of the period before the one that begins on this day. */
const before = (begin: string, { unit }: Static<typeof params>): string =>
  beginOf(dayText(Date.parse(`${begin}T00:00:00Z`) - 86_400_000), unit);
