const DAY = 86_400_000;

/** A day as the number of days since 1970-01-01. */
export type Day = number;

export const dayOf = (iso: string): Day => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);

// A bank writes the same few thousand days millions of times.
const written = new Map<Day, string>();

export function isoDay(day: Day): string {
  const known = written.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * DAY).toISOString().slice(0, 10);
  written.set(day, text);
  return text;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** A moment of that day, as `2026-06-30 08:15:09`. */
export function isoMoment(day: Day, second: number): string {
  return `${isoDay(day)} ${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

/** First days of the months from 1950 to 2049. */
const FIRST_YEAR = 1950;
const monthStarts = Array.from({ length: 1_200 }, (_, month) => Math.round(Date.UTC(FIRST_YEAR, month, 1) / DAY));

/** The same day of a later month. Days beyond the 28th are not used, so that every month has them. */
export function addMonths(day: Day, months: number): Day {
  const month = monthOf(day);
  return startOf(month + months) + day - startOf(month);
}

function monthOf(day: Day): number {
  let month = Math.floor((day - startOf(0)) / 30.44);
  while (startOf(month) > day) month--;
  while (startOf(month + 1) <= day) month++;
  return month;
}

function startOf(month: number): Day {
  const start = monthStarts[month];
  if (start === undefined) throw new RangeError('The demo bank knows the months from 1950 to 2049.');
  return start;
}

/** Day of the month. */
export const dateOf = (day: Day): number => day - startOf(monthOf(day)) + 1;

/** The day the bank's books are closed at; nothing in the demo happens after it. */
export const BUSINESS_DATE = '2026-06-30';
export const TODAY: Day = dayOf(BUSINESS_DATE);
