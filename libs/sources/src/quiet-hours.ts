import {
  type BusinessCalendar,
  checkedZone,
  type Day,
  dayAt,
  instantOf,
  isWorkingDay,
  plusDays,
} from '#core/business-calendar';
import { InvalidInput } from '#kernel';

/** The days on which a span of quiet hours begins. */
export const QUIET_DAYS = ['every_day', 'working_days', 'non_working_days'] as const;
export type QuietDays = (typeof QUIET_DAYS)[number];

/** Hours in which a source is left alone. One that ends before it begins ends on the next day. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly days: QuietDays;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MOST = 20;
const FARTHEST_MS = 8 * 86_400_000;

/** @throws {InvalidInput} */
export function checkQuietHours(hours: readonly QuietHours[], timeZone: string): void {
  checkedZone(timeZone);
  if (hours.length > MOST) throw new InvalidInput(`At most ${MOST} spans of quiet hours.`, [], ['quietHours']);
  hours.forEach(({ from, to }, at) => {
    if (!TIME.test(from) || !TIME.test(to) || from === to)
      throw new InvalidInput(
        `Quiet hours go from one time to another, for instance from "09:00" to "17:30"; ${JSON.stringify(from)}–${JSON.stringify(to)} do not.`,
        [],
        ['quietHours', String(at)],
      );
  });
}

/** When the quiet hours that hold at an instant are over; undefined when none do. Spans that follow one another are one. */
export function quietUntil(
  hours: readonly QuietHours[],
  timeZone: string,
  calendar: BusinessCalendar,
  now: Date,
): Date | undefined {
  let until = now;
  for (;;) {
    const next = Math.max(0, ...hours.map((span) => endOf(span, timeZone, calendar, until)));
    if (next <= until.getTime()) return until === now ? undefined : until;
    until = new Date(next);
    // It is never over: it is looked at again then.
    if (next - now.getTime() > FARTHEST_MS) return until;
  }
}

/** When a span that holds at an instant ends, else 0. */
function endOf({ from, to, days }: QuietHours, timeZone: string, calendar: BusinessCalendar, at: Date): number {
  const today = dayAt(at, timeZone);
  for (const day of [today, plusDays(today, -1)]) {
    if (!fits(day, days, calendar)) continue;
    const begins = instantOf(day, from, timeZone);
    const ends = instantOf(from < to ? day : plusDays(day, 1), to, timeZone);
    if (begins <= at && at < ends) return ends.getTime();
  }
  return 0;
}

function fits(day: Day, days: QuietDays, calendar: BusinessCalendar): boolean {
  return days === 'every_day' || isWorkingDay(day, calendar) === (days === 'working_days');
}
