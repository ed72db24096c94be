import { type Static, Type } from 'typebox';

import { fault } from '../bind-expression.js';
import { CalendarSchema, checkMoments, dayText, isWorkingDay } from '../calendar.js';
import { countIn } from '../measured-row.js';
import { type Bound, defineRuleKind, type MeasuredRow } from '../rule-kind.js';
import { askDays, beginOf, MOST_DAYS, nextOf, periodsOf } from '../periods.js';

const DAY = 86_400_000;

const day = (title: string, zh: string, description: string, zhDescription: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      title,
      'x-title-zh': zh,
      description,
      'x-description-zh': zhDescription,
    }),
  );

const params = Type.Object(
  {
    unit: Type.Enum(['day', 'week', 'month', 'quarter', 'year'], {
      default: 'day',
      title: 'Period',
      'x-title-zh': '周期',
      description: 'Weeks begin on Monday.',
      'x-description-zh': '一周从周一开始。',
    }),
    from: day('From', '起始日期', 'The first day; that of the data when left out.', '省略时取数据中的最早日期。'),
    to: day('To', '截止日期', 'The last day; that of the data when left out.', '省略时取数据中的最晚日期。'),
    untilNow: Type.Boolean({ default: false, title: 'To the day before the run', 'x-title-zh': '截至运行前一日' }),
    minRows: Type.Integer({
      default: 1,
      minimum: 1,
      title: 'Rows of each period, at least',
      'x-title-zh': '每个周期最少行数',
    }),
    calendar: Type.Optional(CalendarSchema),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** No day, week or month without rows between the first and the last. Periods are what is checked; a point in time is cut in UTC. */
export const periodComplete = defineRuleKind({
  code: 'period_complete',
  title: { en: 'No gaps in time', zh: '时间周期无缺失' },
  description: {
    en: 'Each day, week, month, quarter or year has rows, from the first to the last; with working days, only those are expected.',
    zh: '从首个到最后一个周期（日、周、月、季、年）均有数据；按日检查时可只要求工作日。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { unit } }) => ({
    en: `There is a "${column}" in each ${unit}`,
    zh: `“${column}”在每个${{ day: '日', week: '周', month: '月', quarter: '季度', year: '年' }[unit]}均有数据`,
  }),
  compile: ({ target, where, columns, params: given }) => {
    const column = columns[0]!;
    checkMoments(column, ['columns', '0']);
    if (given.to !== undefined && given.untilNow) throw fault('it names two ends', ['params', 'untilNow']);
    if (given.calendar !== undefined && given.unit !== 'day')
      throw fault('working days are for days', ['params', 'calendar']);
    for (const name of ['from', 'to'] as const)
      if (given[name] !== undefined && Number.isNaN(Date.parse(given[name])))
        throw fault('there is no such day', ['params', name]);
    return { asks: { days: askDays(target, where, column) } };
  },
  count: ({ days = [] }, given, bound) => {
    const counted = periodsOf(days, given.unit);
    const expected = expectedPeriods(days, given, bound);
    const missing = expected.filter((period) => (counted.get(period) ?? 0n) < BigInt(given.minRows));
    return {
      rows: days.reduce((sum, row) => sum + countIn(row, 'n'), 0n),
      checked: BigInt(expected.length),
      violations: BigInt(missing.length),
      metrics: { missing: missing.slice(0, 20).join(', ') + (missing.length > 20 ? ', …' : '') },
    };
  },
  found: ({ checked, violations, metrics = {} }) =>
    violations === 0n
      ? { en: `all ${checked} are there`, zh: `${checked} 个周期均有数据` }
      : {
          en: `${violations} of ${checked} lack rows: ${metrics['missing']}`,
          zh: `${checked} 个周期中缺 ${violations} 个：${metrics['missing']}`,
        },
  examples: [
    {
      title: 'a day is missing',
      columns: { on: 'date' },
      rows: [['2026-01-01'], ['2026-01-02'], ['2026-01-04'], [null]],
      rule: { columns: ['on'] },
      expect: {
        status: 'fail',
        rows: 3,
        checked: 4,
        violations: 1,
        metrics: { missing: '2026-01-03' },
        failingRows: 0,
      },
    },
    {
      title: 'Saturday and Sunday are not expected, a day worked instead is',
      columns: { at: 'timestamp' },
      rows: [['2026-01-02T10:00:00'], ['2026-01-05T23:59:59']],
      rule: { columns: ['at'], params: { calendar: { workdays: ['2026-01-04'] } } },
      expect: { status: 'fail', checked: 3, violations: 1, metrics: { missing: '2026-01-04' } },
    },
    {
      title: 'every month has a row',
      columns: { at: 'timestamptz' },
      rows: [['2025-12-31T23:59:59Z'], ['2026-01-31T00:00:00Z'], ['2026-02-01T00:00:00Z']],
      rule: { columns: ['at'], params: { unit: 'month' } },
      expect: { status: 'pass', rows: 3, checked: 3, violations: 0 },
    },
    {
      title: 'weeks up to the run',
      columns: { on: 'date' },
      rows: [['2026-06-14']],
      rule: { columns: ['on'], params: { unit: 'week', untilNow: true } },
      expect: { status: 'fail', checked: 4, violations: 3 }, // the weeks of 8, 15, 22 and 29 June
    },
    {
      title: 'an empty table, with days that are expected',
      columns: { on: 'date' },
      rows: [],
      rule: { columns: ['on'], params: { from: '2026-01-01', to: '2026-01-02' } },
      expect: { status: 'fail', rows: 0, checked: 2, violations: 2 },
    },
    {
      title: 'an empty table',
      columns: { on: 'date' },
      rows: [],
      rule: { columns: ['on'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

function expectedPeriods(
  days: readonly MeasuredRow[],
  { unit, from, to, untilNow, calendar }: Params,
  { now }: Bound<Params>,
): string[] {
  const there = days.map((row) => row['d']!.slice(0, 10)).sort();
  const first = from ?? there[0];
  const last = to ?? (untilNow ? dayText(now.getTime() - DAY) : there.at(-1));
  if (first === undefined || last === undefined) return [];
  const expected: string[] = [];
  for (let period = beginOf(first, unit); period <= last; period = nextOf(period, unit)) {
    if (expected.length > MOST_DAYS) throw new RangeError(`there are more than ${MOST_DAYS} periods to expect`);
    if (unit !== 'day' || isWorkingDay(period, calendar)) expected.push(period);
  }
  return expected;
}
