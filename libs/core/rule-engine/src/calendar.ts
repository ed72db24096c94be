import { Type, type Static } from 'typebox';

import { fault } from './bind-expression.js';
import { type ColumnFact } from './facts.js';
import { instantMicros } from './quantity.js';

const DAY = 86_400_000;
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });

/** Which days are worked on: days of the week, less holidays, plus days worked instead (as Chinese weekends before a festival). */
export const CalendarSchema = Type.Object(
  {
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { default: [1, 2, 3, 4, 5] }),
    holidays: Type.Array(Day, { default: [], maxItems: 2000 }),
    workdays: Type.Array(Day, { default: [], maxItems: 2000 }),
  },
  {
    additionalProperties: false,
    title: 'Working days',
    'x-title-zh': '工作日历',
    description: 'Days of the week (1 is Monday), holidays, and days worked instead. Left out: every day counts.',
    'x-description-zh': '一周中的工作日（1 为周一）、节假日与调休上班日；省略表示每天都计。',
  },
);
export type Calendar = Static<typeof CalendarSchema>;

export const TIME_ZONE = Type.String({
  default: 'UTC',
  minLength: 1,
  title: 'Time zone',
  'x-title-zh': '时区',
  description: 'In which dates and times without a zone are read, such as Asia/Shanghai.',
  'x-description-zh': '用于解释不带时区的日期时间，例如 Asia/Shanghai。',
});

/** Parameter of kinds that look at the latest value. */
export const FUTURE = Type.Enum(['counted', 'ignored'], {
  default: 'counted',
  title: 'Values in the future',
  'x-title-zh': '未来时间',
  description:
    'counted: the latest value counts even when it lies in the future. ignored: a date mistyped into next year does not make old data fresh.',
  'x-description-zh': 'counted：未来的取值也计入；ignored：误填的未来日期不会让陈旧数据看似及时。',
});

/** Throws `InvalidInput` for a zone that is not known. */
export function checkZone(zone: string): void {
  try {
    offsetAt(0, zone);
  } catch {
    throw fault(`there is no time zone ${JSON.stringify(zone)}`, ['params', 'timeZone']);
  }
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', era: 'short' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/** The moment at which clocks in the zone show a time; of an hour that a summer time skips, one after it. */
export function momentOf(local: number, zone: string): number {
  const guess = local - offsetAt(local, zone);
  return local - offsetAt(guess, zone);
}

/** What clocks in the zone show at a moment, as if it were UTC. */
export const localOf = (moment: number, zone: string): number => moment + offsetAt(moment, zone);

export const dayText = (local: number): string => new Date(local).toISOString().slice(0, 10);

export function isWorkingDay(day: string, calendar: Calendar | undefined): boolean {
  if (calendar === undefined) return true;
  if (calendar.workdays.includes(day)) return true;
  const weekday = ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
  return calendar.weekdays.includes(weekday) && !calendar.holidays.includes(day);
}

// Older than this is old by any calendar.
const MOST_DAYS = 4_000;

/** Milliseconds of working days between two moments; negative when the second comes first. */
export function workingTime(from: number, to: number, zone: string, calendar: Calendar | undefined): number {
  if (calendar === undefined) return to - from;
  if (to < from) return -workingTime(to, from, zone, calendar);
  let sum = 0;
  const first = Math.floor(localOf(from, zone) / DAY) * DAY;
  const last = localOf(to, zone);
  for (let day = first, seen = 0; day <= last; day += DAY, seen++) {
    if (seen > MOST_DAYS) return sum + (to - momentOf(day, zone));
    if (!isWorkingDay(dayText(day), calendar)) continue;
    sum += Math.min(to, momentOf(day + DAY, zone)) - Math.max(from, momentOf(day, zone));
  }
  return sum;
}

/** The moment that a value of a column means; a date is the moment at which its day begins. */
export function momentIn(text: string, { typeFamily }: ColumnFact, zone: string): number | undefined {
  const micros = instantMicros(text, typeFamily);
  if (micros === undefined) return undefined;
  const ms = Number(micros / 1000n);
  return typeFamily === 'timestamptz' ? ms : momentOf(ms, zone);
}

/** A moment as a literal for a column. */
export function literalOf(moment: number, { typeFamily }: ColumnFact, zone: string): string {
  if (typeFamily === 'timestamptz') return new Date(moment).toISOString();
  const local = new Date(localOf(moment, zone)).toISOString().slice(0, -1);
  return typeFamily === 'date' ? local.slice(0, 10) : local;
}

/** Throws `InvalidInput` for a column that holds no moments. */
export function checkMoments(column: ColumnFact, path: readonly string[]): void {
  if (!['date', 'timestamp', 'timestamptz'].includes(column.typeFamily))
    throw fault(`"${column.name}" is ${column.nativeType ?? column.typeFamily}, not a date or a time`, path);
}
