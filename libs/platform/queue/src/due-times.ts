import {
  type BusinessCalendar,
  checkedZone,
  type Day,
  dayAt,
  firstWorkingDayOfMonth,
  instantOf,
  lastWorkingDayOfMonth,
  monthOf,
  plusDays,
  wallClock,
  weekdayCalendar,
  workingDayOnOrAfter,
} from '#core/business-calendar';
import { InvalidInput, messageOf } from '#kernel';
import { CronExpressionParser } from 'cron-parser';

/** The days on which a schedule is due at all. */
export const SCHEDULE_DAYS = [
  'every_day',
  'working_days',
  'non_working_days',
  'first_working_day',
  'last_working_day',
] as const;
export type ScheduleDays = (typeof SCHEDULE_DAYS)[number];

/** What becomes of a due time on a day that is not one of those. */
export const ON_OTHER_DAYS = ['skip', 'next_working_day'] as const;
export type OnOtherDays = (typeof ON_OTHER_DAYS)[number];

/** What says when a schedule is due. */
export interface Timing {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** For instance "Asia/Shanghai". */
  readonly timeZone: string;
  readonly days: ScheduleDays;
  readonly onOtherDays: OnOtherDays;
}

export interface DueTime {
  readonly at: Date;
  /** False: it hangs on a day that the calendar does not know yet. */
  readonly known: boolean;
}

const MS_OF_HOUR = 3_600_000;
/** Longer than any clock is put forward or back, and than the time around it in which a parser is unsure. */
const AROUND_A_CHANGE_MS = 4 * MS_OF_HOUR;
/** A day that fits is looked for so long. 29 February can be eight years away. */
const FARTHEST_DAYS = 9 * 366;

/** @throws {InvalidInput} when the expression or the time zone is wrong, the parts do not fit, or it is never due. */
export function checkTiming(timing: Timing, from: Date): void {
  checkedZone(timing.timeZone);
  try {
    if (timing.cron.trim().split(/\s+/).length !== 5) throw new Error('it must have five fields');
    CronExpressionParser.parse(timing.cron, { tz: timing.timeZone });
  } catch (error) {
    throw new InvalidInput(
      `The schedule ${JSON.stringify(timing.cron)} in ${JSON.stringify(timing.timeZone)} cannot be read: ${messageOf(error)}. ` +
        'Write minute, hour, day of month, month and day of week, for instance "30 2 * * 1-5" in "Asia/Shanghai".',
      [],
      ['cron'],
    );
  }
  if (timing.onOtherDays !== 'skip' && timing.days !== 'working_days')
    throw new InvalidInput(
      'Only a schedule of working days can move what falls on another day to the next working day.',
      [],
      ['onOtherDays'],
    );
  // Monday to Friday will do to see whether it is ever due.
  if (dueTimes(timing, weekdayCalendar(), from).next().done)
    throw new InvalidInput(`The schedule ${JSON.stringify(timing.cron)} is never due.`, [], ['cron']);
}

/** The next time a schedule on every day is due after `from`. @throws {InvalidInput} when the expression or the zone is wrong. */
export function nextDue(cron: string, timeZone: string, from: Date = new Date()): Date {
  const timing: Timing = { cron, timeZone, days: 'every_day', onOtherDays: 'skip' };
  checkTiming(timing, from);
  const { value } = dueTimes(timing, weekdayCalendar(), from).next();
  // checkTiming has just found one.
  return (value as DueTime).at;
}

/**
 * When a schedule is due after an instant, in order, each time once. It depends on nothing but what is given: who asks
 * again from any later instant gets the rest of the same times.
 */
export function* dueTimes(timing: Timing, calendar: BusinessCalendar, after: Date): Generator<DueTime, undefined> {
  // Two due times can be moved to one, and those of a later day can be earlier in it: those of one day are held together.
  let held: { readonly day: Day; readonly times: Map<number, DueTime> } | undefined;
  for (const { at, day, known } of landed(timing, calendar, after)) {
    if (held && held.day !== day) {
      yield* inOrder(held.times, after);
      held = undefined;
    }
    held ??= { day, times: new Map() };
    held.times.set(at.getTime(), { at, known });
    if (timing.onOtherDays !== 'skip') continue;
    yield* inOrder(held.times, after);
    held = undefined;
  }
  if (held) yield* inOrder(held.times, after);
  return undefined;
}

function* inOrder(times: ReadonlyMap<number, DueTime>, after: Date): Generator<DueTime, void> {
  for (const [ms, time] of [...times].sort(([a], [b]) => a - b)) if (ms > after.getTime()) yield time;
}

interface Landed extends DueTime {
  readonly day: Day;
}

/** What the expression gives, on the day on which it ends up. */
function* landed(timing: Timing, calendar: BusinessCalendar, after: Date): Generator<Landed, void> {
  const { timeZone, days, onOtherDays } = timing;
  let cron = cronFrom(timing, startFor(timing, calendar, after));
  let until = plusDays(dayAt(after, timeZone), FARTHEST_DAYS);
  for (;;) {
    const at = cron();
    if (at === undefined) return;
    if (days === 'every_day') {
      yield { at, day: '', known: true };
      continue;
    }
    const { day, time } = wallClock(at, timeZone);
    const { fits, known } = fitting(day, days, calendar);
    if (fits) {
      until = plusDays(day, FARTHEST_DAYS);
      yield { at, day, known };
    } else if (onOtherDays === 'next_working_day') {
      const next = workingDayOnOrAfter(day, calendar);
      yield { at: instantOf(next.day, time, timeZone), day: next.day, known: next.known };
      continue;
    } else {
      // An expression for every minute would be asked 40,000 times before the last working day of a month.
      const next = nextFittingDay(day, days, calendar);
      if (next === undefined || next > until) return;
      const noon = instantOf(plusDays(next, -1), '12:00', timeZone);
      if (noon > at) cron = cronFrom(timing, noon);
    }
  }
}

/** Asks an expression for one time after the other; undefined when there are no more. */
function cronFrom({ cron, timeZone }: Timing, from: Date): () => Date | undefined {
  const times = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: from });
  return () => {
    try {
      return times.next().toDate();
    } catch {
      return undefined;
    }
  };
}

/**
 * Where to begin to ask the expression. Begun inside an hour that the clock jumps over or shows twice, the parser gives
 * other times than begun before it: 30 2 * * * in New York, asked on 8 March 2026 at 07:00Z, leaves 07:30Z out, and
 * 30 1 * * *, asked on 1 November at 06:00Z, gives the second 01:30 too. So near a change it is begun at noon the day before.
 */
function startFor({ timeZone, days, onOtherDays }: Timing, calendar: BusinessCalendar, after: Date): Date {
  const today = dayAt(after, timeZone);
  let first = today;
  if (days === 'working_days' && onOtherDays === 'next_working_day')
    // What fell on the free days before may have been moved to today or later.
    while (!calendar.facts(plusDays(first, -1)).working) first = plusDays(first, -1);
  if (first === today && !nearAChange(after, timeZone)) return after;
  return instantOf(plusDays(first, -1), '12:00', timeZone);
}

function nearAChange(at: Date, timeZone: string): boolean {
  const offsetAt = (ms: number) => {
    const { day, time } = wallClock(new Date(ms), timeZone);
    return Date.parse(`${day}T${time}Z`) - Math.floor(ms / 1000) * 1000;
  };
  return offsetAt(at.getTime() - AROUND_A_CHANGE_MS) !== offsetAt(at.getTime() + AROUND_A_CHANGE_MS);
}

function fitting(day: Day, days: ScheduleDays, calendar: BusinessCalendar): { fits: boolean; known: boolean } {
  const { working, known } = calendar.facts(day);
  switch (days) {
    case 'every_day':
      return { fits: true, known: true };
    case 'working_days':
      return { fits: working, known };
    case 'non_working_days':
      return { fits: !working, known };
    case 'first_working_day': {
      const first = firstWorkingDayOfMonth(monthOf(day), calendar);
      return { fits: first.day === day, known: first.known };
    }
    case 'last_working_day': {
      const last = lastWorkingDayOfMonth(monthOf(day), calendar);
      return { fits: last.day === day, known: last.known };
    }
    default:
      return days satisfies never;
  }
}

function nextFittingDay(day: Day, days: ScheduleDays, calendar: BusinessCalendar): Day | undefined {
  for (let [at, looked] = [plusDays(day, 1), 0]; looked < 366; [at, looked] = [plusDays(at, 1), looked + 1])
    if (fitting(at, days, calendar).fits) return at;
  return undefined;
}
