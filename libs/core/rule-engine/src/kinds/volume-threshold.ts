import { type Static, Type } from 'typebox';

import { checkMoments, checkZone, TIME_ZONE } from '../calendar.js';
import { divideFractions, type Fraction, multiplyFractions, wholeFraction } from '../exact.js';
import { type Bound, type Counts, defineRuleKind } from '../rule-kind.js';
import { periodIn } from '../series/ask-series.js';
import { compiledSeries, rowsIn } from '../series/series-rule.js';
import { beginOfPeriod, timeText, UNITS, type Window, windowOf } from '../series/window.js';
import { countWhen } from '../sql/term.js';
import { countIn } from '../measured-row.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

const params = Type.Object(
  {
    unit: Type.Enum([...UNITS], { default: 'day', title: 'Period', 'x-title-zh': '周期' }),
    count: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 1_000,
      title: 'Of so many',
      'x-title-zh': '周期倍数',
      description: 'A period of so many hours, days, weeks from Monday, or months.',
      'x-description-zh': '每个周期包含的小时、日、周（自周一起）或月数。',
    }),
    direction: Type.Enum(['signed', 'both', 'spike', 'drop'], {
      default: 'signed',
      title: 'Which change',
      'x-title-zh': '变化方向',
      description:
        'signed: fewer rows are a change below zero. both: its size. spike: how many more. drop: how many fewer, in percent.',
      'x-description-zh': 'signed：减少为负；both：变化幅度；spike：增加幅度；drop：减少幅度（%）。',
    }),
    minRows: Type.Integer({
      default: 0,
      minimum: 0,
      title: 'Rows of the period before, at least',
      'x-title-zh': '上一周期最少行数',
      description: 'With fewer, percents say nothing, and the rule is not evaluated.',
      'x-description-zh': '不足时百分比无意义，不予评价。',
    }),
    timeZone: TIME_ZONE,
    ...BOUNDS,
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** The rows of the last whole period are not many more or fewer than those of the one before. The measured value is the change in percent. */
export const volumeThreshold = defineRuleKind({
  code: 'volume_threshold',
  title: { en: 'Rows of a period against the one before', zh: '数据量环比' },
  description: {
    en: 'By percent, the rows of the last whole hour, day, week or month before the run differ from those of the one before no more than allowed.',
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
      zh: `按“${column}”统计的${{ hour: '小时', day: '日', week: '周', month: '月' }[unit]}数据量变化（%） ${said.zh}`,
    };
  },
  compile: (bound) => {
    const [time] = bound.columns;
    checkMoments(time!, ['columns', '0']);
    checkZone(bound.params.timeZone);
    checkBounds(bound.params, 'decimal');
    return {
      ...compiledSeries(bound, windowIn(bound), { time: time!, figures: () => ({ n: countWhen() }) }),
      measures: 'decimal',
    };
  },
  count: ({ periods = [] }, given, bound): Counts => {
    const window = windowIn(bound);
    const last = window.periods - 1;
    const of = (period: number): bigint => {
      const row = periods.find((each) => periodIn(each) === period);
      return row === undefined ? 0n : countIn(row, 'n');
    };
    const [rows, earlier] = [of(last), of(last - 1)];
    const change = earlier < BigInt(given.minRows) ? undefined : changeOf(rows, earlier, given);
    const begin = timeText(beginOfPeriod(window, last));
    const period = given.unit === 'hour' ? begin : begin.slice(0, 10);
    return countsOfValue(rowsIn(periods), change, given, 'decimal', { period, now: rows, before: earlier });
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
        rows: 3,
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
    {
      title: 'hours, by their size of change',
      columns: { at: 'timestamp' },
      rows: [['2026-06-29T22:10:00'], ['2026-06-29T22:50:00'], ['2026-06-29T23:00:00']],
      rule: {
        columns: ['at'],
        params: { unit: 'hour', direction: 'both' },
        threshold: { metric: 'value', warn: { gte: 50 }, fail: { gte: 51 } },
      },
      expect: { status: 'warn', checked: 1, metrics: { value: '50', period: '2026-06-29 23:00:00' } },
    },
    {
      title: 'only more rows matter',
      columns: { on: 'date' },
      rows: [['2026-06-28'], ['2026-06-28'], ['2026-06-29']],
      rule: { columns: ['on'], params: { direction: 'spike', max: 10 } },
      expect: { status: 'pass', metrics: { value: '-50' } },
    },
    {
      title: 'too few rows for percents',
      columns: { on: 'date' },
      rows: [['2026-06-28'], ['2026-06-29'], ['2026-06-29']],
      rule: { columns: ['on'], params: { max: 10, minRows: 100 } },
      expect: { status: 'not_evaluated', checked: 0 },
    },
    {
      title: 'months of the calendar',
      columns: { on: 'date' },
      rows: [['2026-04-30'], ['2026-04-01'], ['2026-05-31'], ['2026-05-01'], ['2026-03-31'], ['2026-06-29']],
      rule: { columns: ['on'], params: { unit: 'month', min: 0, max: 0 } },
      expect: { status: 'pass', metrics: { now: '2', before: '2', period: '2026-05-01' } },
    },
  ],
});

// The last whole period, the one before, and whatever the run has seen of its own.
const PERIODS = 3;

const windowIn = ({ now, params: { unit, count, timeZone } }: Pick<Bound<Params>, 'now' | 'params'>): Window =>
  windowOf(now, {
    bucket: { unit, count },
    training: { unit, count: count * PERIODS },
    delay: { unit: 'day', count: 0 },
    timeZone,
  });

/** In percent of the rows before; undefined when there were none. */
function changeOf(rows: bigint, earlier: bigint, { direction }: Params): Fraction | undefined {
  const difference = direction === 'drop' || (direction === 'both' && rows < earlier) ? earlier - rows : rows - earlier;
  return divideFractions(multiplyFractions(wholeFraction(difference), wholeFraction(100n)), wholeFraction(earlier));
}
