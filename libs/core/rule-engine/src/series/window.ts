import { fault } from '../bind-expression.js';
import { localOf } from '../calendar.js';

const HOUR = 3_600_000;
const DAY = 86_400_000;
/** More periods are not cut: a year of hours is less. */
const MOST_PERIODS = 10_000;

export const UNITS = ['hour', 'day', 'week', 'month'] as const;
export type Unit = (typeof UNITS)[number];

/** So many hours, days, weeks or months. */
export interface Span {
  readonly unit: Unit;
  readonly count: number;
}

/** The periods that a run looks at. Times are what clocks in the zone show, as milliseconds as if they were UTC. */
export interface Window {
  readonly zone: string;
  readonly bucket: Span;
  /** How many whole periods there are. */
  readonly periods: number;
  readonly begin: number;
  readonly end: number;
  /** When the run is, less the delay: periods that end later are not whole yet. */
  readonly until: number;
}

export interface WindowOptions {
  readonly bucket: Span;
  /** How far back the periods go. */
  readonly training: Span;
  /** How late data comes: the newest so long are not looked at. */
  readonly delay: Span;
  readonly timeZone: string;
}

const MS: Readonly<Record<Exclude<Unit, 'month'>, number>> = { hour: HOUR, day: DAY, week: 7 * DAY };

/** A time so many spans later, or earlier; months are those of the calendar. */
export function moved(at: number, { unit, count }: Span, times: number): number {
  if (unit !== 'month') return at + MS[unit] * count * times;
  const date = new Date(at);
  const month = date.getUTCMonth() + count * times;
  const days = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const first = Date.UTC(date.getUTCFullYear(), month, 1);
  // Three months before 31 May is the last day of February.
  return first + (Math.min(date.getUTCDate(), days) - 1) * DAY + (((at % DAY) + DAY) % DAY);
}

/** The beginning of the hour, day, week (on Monday) or month. */
export function beginningOf(at: number, unit: Unit): number {
  const date = new Date(at);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  switch (unit) {
    case 'hour':
      return Math.floor(at / HOUR) * HOUR;
    case 'day':
      return day;
    case 'week':
      return day - ((date.getUTCDay() + 6) % 7) * DAY;
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    default:
      return unit satisfies never;
  }
}

/** Whole periods from the day on which training begins to the time of the run. Throws `InvalidInput` when there are too many. */
export function windowOf(now: Date, { bucket, training, delay, timeZone }: WindowOptions): Window {
  const until = moved(localOf(Math.floor(now.getTime() / 1000) * 1000, timeZone), delay, -1);
  const begin = beginningOf(beginningOf(moved(until, training, -1), 'day'), bucket.unit);
  let periods = 0;
  while (moved(begin, bucket, periods + 1) <= until) {
    periods++;
    if (periods > MOST_PERIODS)
      throw fault(`training has more than ${MOST_PERIODS} periods; take longer ones`, ['params', 'training']);
  }
  return { zone: timeZone, bucket, periods, begin, end: moved(begin, bucket, periods), until };
}

/** The beginning of the n-th period, counted from 0; of the one after the last, the end. */
export const beginOfPeriod = ({ begin, bucket }: Window, n: number): number => moved(begin, bucket, n);

/** As people write it, and as texts of times compare: `2026-06-29 13:00:00`. */
export const timeText = (local: number): string => new Date(local).toISOString().slice(0, 19).replace('T', ' ');
