import { type Static, Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import {
  CalendarSchema,
  checkMoments,
  checkZone,
  dayText,
  FUTURE,
  isWorkingDay,
  literalOf,
  localOf,
  momentOf,
  TIME_ZONE,
} from '../calendar.js';
import { countIn, oneRow } from '../measured-row.js';
import { type Bound, defineRuleKind } from '../rule-kind.js';
import { all, compared, countWhen, value } from '../sql/term.js';
import { typedValue } from '../typed-values.js';

const params = Type.Object(
  {
    dueBy: Type.String({
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      title: 'Due by',
      'x-title-zh': '截止时间',
      description: 'A time of the day, as 09:30.',
      'x-description-zh': '一天中的时刻，例如 09:30。',
    }),
    timeZone: TIME_ZONE,
    late: Type.Enum(['passes', 'fails'], {
      default: 'passes',
      title: 'Data of today that came late',
      'x-title-zh': '迟到的当日数据',
      description: 'passes: it is there now. fails: it had to be stamped by the time due.',
      'x-description-zh': 'passes：现在有即可；fails：时间戳必须不晚于截止时间。',
    }),
    future: FUTURE,
    calendar: Type.Optional(CalendarSchema),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** By a time of the day, data of that day is there. Before that time nothing is late; on days off there is nothing to check. */
export const dataFreshnessSla = defineRuleKind({
  code: 'data_freshness_sla',
  title: { en: 'Data of the day is there in time', zh: '当日数据按时到达' },
  description: {
    en: 'By a time of the day in a time zone, some row is of that day or later. Before then the rule passes.',
    zh: '在指定时区的截止时间之前，应已有当日（或更晚）的数据；未到截止时间视为通过，非工作日不评价。',
  },
  dimension: 'timeliness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { dueBy, timeZone } }) => ({
    en: `By ${dueBy} (${timeZone}) there is a "${column}" of the day`,
    zh: `“${column}”在 ${dueBy}（${timeZone}）前有当日数据`,
  }),
  compile: (bound) => {
    const column = bound.columns[0]!;
    checkMoments(column, ['columns', '0']);
    checkZone(bound.params.timeZone);
    const { from, until } = dayOf(bound);
    const literal = (moment: number) =>
      value(typedValue(literalOf(moment, column, bound.params.timeZone), column, ['columns', '0']));
    const since = compared(termOf(column), 'gte', literal(from));
    const today = until === undefined ? since : all(since, compared(termOf(column), 'lte', literal(until)));
    return { asks: { measure: { is: 'values', values: { rows: countWhen(), today: countWhen(today) } } } };
  },
  count: ({ measure }, { calendar }, bound) => {
    const row = oneRow(measure);
    const today = countIn(row, 'today');
    const { day, due } = dayOf(bound);
    const late = today === 0n && bound.now.getTime() >= due;
    return {
      rows: countIn(row, 'rows'),
      checked: isWorkingDay(day, calendar) ? 1n : 0n,
      violations: late ? 1n : 0n,
      metrics: { today, day },
    };
  },
  found: ({ metrics = {} }) => ({
    en: `${metrics['today']} rows of ${metrics['day']}`,
    zh: `${metrics['day']} 有 ${metrics['today']} 行`,
  }),
  examples: [
    {
      title: 'it is eight in Shanghai, and nothing of today is there',
      columns: { at: 'timestamp' },
      rows: [['2026-06-29T23:00:00'], [null]],
      rule: { columns: ['at'], params: { dueBy: '07:30', timeZone: 'Asia/Shanghai' } },
      expect: {
        status: 'fail',
        rows: 2,
        checked: 1,
        violations: 1,
        metrics: { today: '0', day: '2026-06-30' },
        failingRows: 0,
      },
    },
    {
      title: 'something of today is there',
      columns: { on: 'date' },
      rows: [['2026-06-30']],
      rule: { columns: ['on'], params: { dueBy: '07:30', timeZone: 'Asia/Shanghai' } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { today: '1' } },
    },
    {
      title: 'it is not due yet, even in an empty table',
      columns: { at: 'timestamptz' },
      rows: [],
      rule: { columns: ['at'], params: { dueBy: '09:00', timeZone: 'Asia/Shanghai' } },
      expect: { status: 'pass', rows: 0, checked: 1, violations: 0 },
    },
    {
      title: 'it came, but late',
      columns: { at: 'timestamptz' },
      rows: [['2026-06-30T07:45:00+08:00']],
      rule: { columns: ['at'], params: { dueBy: '07:30', timeZone: 'Asia/Shanghai', late: 'fails' } },
      expect: { status: 'fail', checked: 1, violations: 1 },
    },
    {
      title: 'only something of tomorrow is there',
      columns: { at: 'timestamp' },
      rows: [['2026-07-01T09:00:00'], ['2026-06-29T09:00:00']],
      rule: { columns: ['at'], params: { dueBy: '00:00', future: 'ignored' } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { today: '0' } },
    },
    {
      title: 'what is stamped later counts unless it is ignored',
      columns: { at: 'timestamp' },
      rows: [['2026-07-01T09:00:00']],
      rule: { columns: ['at'], params: { dueBy: '00:00' } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { today: '1' } },
    },
    {
      title: 'a holiday',
      columns: { at: 'timestamptz' },
      rows: [],
      rule: { columns: ['at'], params: { dueBy: '00:00', calendar: { holidays: ['2026-06-30'] } } },
      expect: { status: 'not_evaluated', checked: 0 },
    },
  ],
});

/** The day of the run in the zone: when it began, when data was due, and until when data counts. */
function dayOf({ now, params: { dueBy, timeZone, late, future } }: Bound<Params>) {
  const day = dayText(localOf(now.getTime(), timeZone));
  const local = (clock: string) => momentOf(Date.parse(`${day}T${clock}Z`), timeZone);
  const due = local(`${dueBy}:00`);
  const end = future === 'counted' ? undefined : local('23:59:59.999');
  return { day, due, from: local('00:00:00'), until: late === 'fails' ? due : end };
}
