import { InvalidInput } from '#kernel';

import { type BusinessCalendar } from './calendar.js';
import { type Day, plusDays } from './day.js';
import { checkedZone, dayAt, instantOf } from './zone.js';

/** When work is done on a working day, in a zone: `[{ from: '09:00', to: '12:00' }, { from: '13:00', to: '18:00' }]`. */
export interface BusinessHours {
  readonly timeZone: string;
  /** In order, not overlapping. "24:00" is the end of the day. */
  readonly spans: readonly { readonly from: string; readonly to: string }[];
}

/** An instant that was reckoned; not known when a day on the way is not published yet. */
export interface ReckonedTime {
  readonly at: Date;
  readonly known: boolean;
}

const MS_OF_MINUTE = 60_000;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const FARTHEST = 3660;

/** @throws {InvalidInput} when spans are not times, empty or overlap, or the zone is unknown */
export function checkedHours(hours: BusinessHours, path: readonly string[] = ['hours']): BusinessHours {
  checkedZone(hours.timeZone, [...path, 'timeZone']);
  let end = '';
  for (const { from, to } of hours.spans) {
    if (!TIME.test(from) || !TIME.test(to) || from >= to || from < end)
      throw new InvalidInput(
        `Business hours are spans like 09:00–12:00 and 13:00–18:00, in order; ${JSON.stringify(from)}–${JSON.stringify(to)} is not.`,
        [],
        [...path, 'spans'],
      );
    end = to;
  }
  if (end === '') throw new InvalidInput('Business hours need at least one span.', [], [...path, 'spans']);
  return hours;
}

/**
 * The instant at which `minutes` of business hours have passed since `from`. Time outside the hours does not count.
 *
 * @example
 * // 17:00 in Shanghai on the eve of the National Day week, and 4 hours of 09:00–12:00 and 13:00–18:00:
 * addWorkingTime(new Date('2026-09-30T09:00:00Z'), 240, hours, chinaCalendar()).at; // 8 October, 12:00 in Shanghai
 */
export function addWorkingTime(
  from: Date,
  minutes: number,
  hours: BusinessHours,
  calendar: BusinessCalendar,
): ReckonedTime {
  let left = minutes * MS_OF_MINUTE;
  let [known, idle] = [true, 0];
  for (let day = dayAt(from, hours.timeZone); idle <= FARTHEST; day = plusDays(day, 1)) {
    const facts = calendar.facts(day);
    known &&= facts.known;
    idle = facts.working ? 0 : idle + 1;
    for (const { begin, end } of facts.working ? spansOn(day, hours) : []) {
      const start = Math.max(begin, from.getTime());
      if (start > end) continue;
      if (start + left <= end) return { at: new Date(start + left), known };
      left -= end - start;
    }
  }
  throw new Error(`The calendar has no working day in ten years after ${from.toISOString()}.`);
}

/** Minutes of business hours between two instants; 0 when `to` is not later. */
export function workingMinutesBetween(
  from: Date,
  to: Date,
  hours: BusinessHours,
  calendar: BusinessCalendar,
): { readonly minutes: number; readonly known: boolean } {
  const last = dayAt(to, hours.timeZone);
  let [ms, known] = [0, true];
  for (let day = dayAt(from, hours.timeZone); day <= last; day = plusDays(day, 1)) {
    const facts = calendar.facts(day);
    known &&= facts.known;
    for (const { begin, end } of facts.working ? spansOn(day, hours) : [])
      ms += Math.max(0, Math.min(end, to.getTime()) - Math.max(begin, from.getTime()));
  }
  return { minutes: ms / MS_OF_MINUTE, known };
}

function spansOn(day: Day, { spans, timeZone }: BusinessHours): { begin: number; end: number }[] {
  return spans.map(({ from, to }) => ({
    begin: instantOf(day, from, timeZone).getTime(),
    end: instantOf(day, to, timeZone).getTime(),
  }));
}
