import { InvalidInput } from '#kernel';

/** A day of the calendar, "2026-10-10", with no zone of its own. */
export type Day = string;

const MS_OF_DAY = 86_400_000;
const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is a day that exists: "2026-02-29" is not. */
export function isDay(text: string): boolean {
  return FORM.test(text) && text >= '0001' && dayOfNumber(numberOfDay(text)) === text;
}

/** @throws {InvalidInput} when there is no such day */
export function checkedDay(text: string, path: readonly string[] = ['day']): Day {
  if (isDay(text)) return text;
  throw new InvalidInput(`${JSON.stringify(text)} is not a day. Write it as year-month-day, "2026-10-10".`, [], path);
}

/** The day some days later; earlier when `days` is negative. */
export const plusDays = (day: Day, days: number): Day => dayOfNumber(numberOfDay(day) + days);

/** 1 for Monday to 7 for Sunday. */
export const weekdayOf = (day: Day): number => ((((numberOfDay(day) + 3) % 7) + 7) % 7) + 1;

/** "2026-10" of "2026-10-10". */
export const monthOf = (day: Day): string => day.slice(0, 7);

export const firstDayOfMonth = (month: string): Day => `${month}-01`;

export function lastDayOfMonth(month: string): Day {
  // 31 days after the first is always in the next month.
  return plusDays(firstDayOfMonth(monthOf(plusDays(firstDayOfMonth(month), 31))), -1);
}

/** Days since 1970-01-01. UTC serves as a calendar without changes of the clock, not as a time zone. */
export function numberOfDay(day: Day): number {
  const [, year, month, date] = FORM.exec(day) ?? [];
  const at = new Date(0);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(date));
  return at.getTime() / MS_OF_DAY;
}

const dayOfNumber = (number: number): Day => new Date(number * MS_OF_DAY).toISOString().slice(0, 10);
