const DAY = 86_400_000;

/** A day as the number of days since 1970-01-01. */
export type Day = number;

export const dayOf = (iso: string): Day => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);

export const isoDay = (day: Day): string => new Date(day * DAY).toISOString().slice(0, 10);

/** A moment of that day, as `2026-06-30 08:15:09`. */
export function isoMoment(day: Day, second: number): string {
  return `${isoDay(day)} ${new Date(second * 1000).toISOString().slice(11, 19)}`;
}

/** The same day of a later month. Days beyond the 28th are not used, so that every month has them. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(day * DAY);
  return Math.round(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()) / DAY);
}

/** The day the bank's books are closed at; nothing in the demo happens after it. */
export const BUSINESS_DATE = '2026-06-30';
export const TODAY: Day = dayOf(BUSINESS_DATE);
