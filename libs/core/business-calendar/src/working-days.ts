import { type BusinessCalendar } from './calendar.js';
import { type Day, firstDayOfMonth, lastDayOfMonth, plusDays } from './day.js';

/** A day that was reckoned; not known when a day on the way is not published yet. */
export interface ReckonedDay {
  readonly day: Day;
  readonly known: boolean;
}

/** Years without a single working day are a mistake in the own days, not a calendar. */
const FARTHEST = 3660;

/** The working day that is `days` working days after a day (before it, when negative). 0 is the day itself if it is worked, else the next. */
export function addWorkingDays(day: Day, days: number, calendar: BusinessCalendar): ReckonedDay {
  if (days === 0) return workingDayOnOrAfter(day, calendar);
  let [left, at, known, idle] = [Math.abs(days), day, true, 0];
  while (left > 0) {
    at = plusDays(at, Math.sign(days));
    const facts = calendar.facts(at);
    known &&= facts.known;
    idle = facts.working ? 0 : idle + 1;
    if (facts.working) left--;
    if (idle > FARTHEST) throw new Error(`The calendar has no working day in ten years around ${day}.`);
  }
  return { day: at, known };
}

/** The first working day after a day. */
export const nextWorkingDay = (day: Day, calendar: BusinessCalendar): ReckonedDay => addWorkingDays(day, 1, calendar);

/** The last working day before a day. */
export const previousWorkingDay = (day: Day, calendar: BusinessCalendar): ReckonedDay =>
  addWorkingDays(day, -1, calendar);

export function workingDayOnOrAfter(day: Day, calendar: BusinessCalendar): ReckonedDay {
  const { working, known } = calendar.facts(day);
  if (working) return { day, known };
  const next = nextWorkingDay(day, calendar);
  return { day: next.day, known: known && next.known };
}

/** Of a month, "2026-10". */
export const firstWorkingDayOfMonth = (month: string, calendar: BusinessCalendar): ReckonedDay =>
  workingDayOnOrAfter(firstDayOfMonth(month), calendar);

/** Of a month, "2026-10". */
export function lastWorkingDayOfMonth(month: string, calendar: BusinessCalendar): ReckonedDay {
  const last = lastDayOfMonth(month);
  const { working, known } = calendar.facts(last);
  if (working) return { day: last, known };
  const before = previousWorkingDay(last, calendar);
  return { day: before.day, known: known && before.known };
}

/** Working days after `from` up to and with `to`; negative when `to` is earlier. */
export function workingDaysBetween(from: Day, to: Day, calendar: BusinessCalendar): { days: number; known: boolean } {
  const [early, late] = from <= to ? [from, to] : [to, from];
  let [days, known] = [0, true];
  for (let at = plusDays(early, 1); at <= late; at = plusDays(at, 1)) {
    const facts = calendar.facts(at);
    known &&= facts.known;
    if (facts.working) days++;
  }
  return { days: from <= to ? days : -days, known };
}
