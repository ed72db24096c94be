import { type Static, Type } from 'typebox';

import { type Words } from '#core/connector-kit';

import { termOf } from '../bind-expression.js';
import {
  CalendarSchema,
  checkMoments,
  checkZone,
  FUTURE,
  literalOf,
  momentIn,
  TIME_ZONE,
  workingTime,
} from '../calendar.js';
import { type Fraction } from '../exact.js';
import { countIn, oneRow } from '../measured-row.js';
import { type Bound, defineRuleKind, type MeasuredRow } from '../rule-kind.js';
import { compared, countWhen, type Term, value } from '../sql/term.js';
import { typedValue } from '../typed-values.js';
import { BOUNDS, countsOfValue } from '../value-bounds.js';

const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
const ZH = { second: '秒', minute: '分钟', hour: '小时', day: '天', week: '周' } as const;

const params = Type.Object(
  {
    maxAge: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,15}(\\.[0-9]{1,9})?$' })], {
        title: 'Oldest age',
        'x-title-zh': '最大时效',
        description: 'Of the latest value, in the unit; exactly so old is still fresh.',
        'x-description-zh': '最新取值距今的时长（按单位），恰好等于时仍视为及时。',
      }),
    ),
    unit: Type.Enum(['second', 'minute', 'hour', 'day', 'week'], {
      default: 'hour',
      title: 'Unit',
      'x-title-zh': '单位',
    }),
    timeZone: TIME_ZONE,
    future: FUTURE,
    strictMax: {
      ...BOUNDS.strictMax,
      title: 'Exactly as old as allowed is too old',
      'x-title-zh': '恰好达到最大时效视为超时',
    },
    calendar: Type.Optional(CalendarSchema),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** The latest value of a column is not too old. Now is the time of the run. A date is as old as the beginning of its day. */
export const freshness = defineRuleKind({
  code: 'freshness',
  title: { en: 'Latest value is fresh', zh: '数据及时更新' },
  description: {
    en: 'The latest date or time in the column is no older than allowed; with working days, only those count.',
    zh: '字段中最新的日期或时间距今不超过限定时长；配置工作日历时只计工作日。',
  },
  dimension: 'timeliness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { maxAge, unit } }): Words =>
    maxAge === undefined
      ? { en: `The age of the latest "${column}" is measured`, zh: `“${column}”最新值的时效（仅度量）` }
      : {
          en: `The latest "${column}" is no older than ${maxAge} ${unit}s`,
          zh: `“${column}”最新值距今不超过 ${maxAge} ${ZH[unit]}`,
        },
  compile: ({ columns, params: { timeZone, future }, now }) => {
    const column = columns[0]!;
    checkMoments(column, ['columns', '0']);
    checkZone(timeZone);
    const term = termOf(column);
    const until = value(typedValue(literalOf(now.getTime(), column, timeZone), column, ['columns', '0']));
    const latest: Term = {
      is: 'aggregate',
      fn: 'max',
      of: term,
      ...(future === 'ignored' ? { when: compared(term, 'lte', until) } : {}),
      type: { family: column.typeFamily },
    };
    return { asks: { measure: { is: 'values', values: { rows: countWhen(), latest } } }, measures: 'decimal' };
  },
  count: ({ measure }, given, bound) => {
    const row = oneRow(measure);
    return countsOfValue(
      countIn(row, 'rows'),
      ageIn(row, given, bound),
      { max: given.maxAge, strictMin: false, strictMax: given.strictMax },
      'decimal',
      row['latest'] == null ? {} : { latest: row['latest'] },
    );
  },
  found: ({ metrics = {} }) => ({ en: `the latest is ${metrics['latest']}`, zh: `最新值为 ${metrics['latest']}` }),
  examples: [
    {
      title: 'two days old, and one was allowed',
      columns: { at: 'timestamptz' },
      rows: [['2026-06-28T00:00:00Z'], ['2026-06-01T00:00:00Z'], [null]],
      rule: { columns: ['at'], params: { maxAge: 1, unit: 'day' } },
      expect: { status: 'fail', rows: 3, checked: 1, violations: 1, metrics: { value: '2' }, failingRows: 0 },
    },
    {
      title: 'exactly as old as allowed',
      columns: { at: 'timestamp' },
      rows: [['2026-06-29T00:00:00']],
      rule: { columns: ['at'], params: { maxAge: 24 } },
      expect: { status: 'pass', rows: 1, checked: 1, violations: 0, metrics: { value: '24' } },
    },
    {
      title: 'clocks in Shanghai are eight hours ahead',
      columns: { at: 'timestamp' },
      rows: [['2026-06-30T07:00:00']],
      rule: { columns: ['at'], params: { maxAge: 1, timeZone: 'Asia/Shanghai' } },
      expect: { status: 'pass', metrics: { value: '1' } },
    },
    {
      title: 'a date is as old as its morning',
      columns: { on: 'date' },
      rows: [['2026-06-27']],
      rule: {
        columns: ['on'],
        params: { unit: 'day' },
        threshold: { metric: 'value', warn: { gt: 2 }, fail: { gt: 7 } },
      },
      expect: { status: 'warn', metrics: { value: '3' } },
    },
    {
      title: 'a date next year does not hide old data',
      columns: { on: 'date' },
      rows: [['2027-01-01'], ['2026-06-01']],
      rule: { columns: ['on'], params: { maxAge: 7, unit: 'day', future: 'ignored' } },
      expect: { status: 'fail', metrics: { value: '29' } },
    },
    {
      title: 'over a weekend, working days count',
      columns: { on: 'timestamp' },
      rows: [['2026-06-26T00:00:00']],
      rule: { columns: ['on'], params: { maxAge: 2, unit: 'day', calendar: {} } },
      expect: { status: 'pass', metrics: { value: '2' } }, // Friday and Monday
    },
    {
      title: 'an empty table has no age',
      columns: { at: 'timestamp' },
      rows: [],
      rule: { columns: ['at'], params: { maxAge: 1 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

function ageIn(
  row: MeasuredRow,
  { unit, timeZone, calendar }: Params,
  { columns, now }: Bound<Params>,
): Fraction | undefined {
  if (row['latest'] == null) return undefined;
  const latest = momentIn(row['latest'], columns[0]!, timeZone);
  if (latest === undefined) throw new RangeError(`the latest value ${row['latest']} is not a moment`);
  const age = workingTime(latest, now.getTime(), timeZone, calendar);
  return { numerator: BigInt(age), denominator: BigInt(UNITS[unit]) };
}
