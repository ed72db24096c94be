import { type Day, weekdayOf } from './day.js';

/** Why a day is worked or not. */
export type DayReason = 'weekday' | 'weekend' | 'holiday' | 'swapped' | 'own';

export interface DayFacts {
  readonly day: Day;
  readonly working: boolean;
  /** False: nobody has published this day yet, so its weekday decides. */
  readonly known: boolean;
  /** Swapped: a day of a weekend that is worked in place of another (调休上班). */
  readonly reason: DayReason;
  readonly name?: { readonly en: string; readonly zh: string };
}

/** A day that the institution itself has declared free or worked. */
export interface OwnDay {
  readonly day: Day;
  readonly working: boolean;
  readonly name: string;
}

/** Tells of any day whether it is worked. */
export interface BusinessCalendar {
  facts(day: Day): DayFacts;
}

export const isWorkingDay = (day: Day, calendar: BusinessCalendar): boolean => calendar.facts(day).working;

/** Monday to Friday, and what the institution says. */
export const weekdayCalendar = (own: readonly OwnDay[] = []): BusinessCalendar =>
  withOwnDays({ facts: (day) => byWeekday(day, true) }, own);

/** A calendar in which the institution's own days come first. */
export function withOwnDays(calendar: BusinessCalendar, own: readonly OwnDay[]): BusinessCalendar {
  const declared = new Map(own.map((one) => [one.day, one]));
  return {
    facts(day) {
      const found = declared.get(day);
      if (!found) return calendar.facts(day);
      const { working, name } = found;
      return { day, working, known: true, reason: 'own', ...(name !== '' && { name: { en: name, zh: name } }) };
    },
  };
}

/** What a day's weekday says. */
export function byWeekday(day: Day, known: boolean): DayFacts {
  const working = weekdayOf(day) <= 5;
  return { day, working, known, reason: working ? 'weekday' : 'weekend' };
}
