import { InvalidInput } from '#kernel';

export const PERIODS = ['day', 'week', 'month'] as const;
export type PeriodKind = (typeof PERIODS)[number];

/** Days in a time zone, both in it: `{ first: '2026-06-01', last: '2026-06-30', timeZone: 'Asia/Shanghai' }`. */
export interface Period {
  readonly first: string;
  readonly last: string;
  readonly timeZone: string;
}

const LONGEST_DAYS = 366;
const DAY_MS = 86_400_000;

/** Checks a period from outside. @throws {InvalidInput} */
export function checkPeriod(first: string, last: string, timeZone: string): Period {
  checkTimeZone(timeZone);
  for (const [at, day] of [
    ['from', first],
    ['to', last],
  ] as const)
    if (!isDay(day)) throw refusal(at, `${JSON.stringify(day)} is no day; write it as 2026-06-30`);
  if (last < first) throw refusal('to', `the period ends on ${last}, before it begins on ${first}`);
  if (daysOf({ first, last }).length > LONGEST_DAYS) throw refusal('to', `a period has at most ${LONGEST_DAYS} days`);
  return { first, last, timeZone };
}

/** @throws {InvalidInput} */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw refusal('timeZone', `${JSON.stringify(timeZone)} is no time zone; write for instance "Asia/Shanghai"`);
  }
}

/** The whole day, week (from Monday) or month before the one in which `at` lies. */
export function periodBefore(kind: PeriodKind, at: Date, timeZone: string): Period {
  const today = localDay(at, timeZone);
  switch (kind) {
    case 'day':
      return { first: plusDays(today, -1), last: plusDays(today, -1), timeZone };
    case 'week': {
      const monday = plusDays(today, -((utc(today).getUTCDay() + 6) % 7));
      return { first: plusDays(monday, -7), last: plusDays(monday, -1), timeZone };
    }
    case 'month': {
      const last = plusDays(`${today.slice(0, 8)}01`, -1);
      return { first: `${last.slice(0, 8)}01`, last, timeZone };
    }
    default:
      return kind satisfies never;
  }
}

/** Every day of a period. */
export function daysOf({ first, last }: Pick<Period, 'first' | 'last'>): readonly string[] {
  const count = Math.round((utc(last).getTime() - utc(first).getTime()) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => plusDays(first, at));
}

/** The day that it is in a time zone, as 2026-06-30. */
export const localDay = (at: Date, timeZone: string): string => localTime(at, timeZone).slice(0, 10);

/** The time in a time zone, as 2026-06-30 08:15:00. */
export function localTime(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);

const plusDays = (day: string, days: number): string =>
  new Date(utc(day).getTime() + days * DAY_MS).toISOString().slice(0, 10);

function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const date = utc(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

const refusal = (at: string, message: string): InvalidInput =>
  new InvalidInput(`${message[0]?.toUpperCase()}${message.slice(1)}.`, [{ path: [at], message }]);
