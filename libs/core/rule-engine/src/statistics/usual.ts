import { chinaCalendar, isWorkingDay, nextWorkingDay, previousWorkingDay } from '#core/business-calendar';

/** With the working days that were swapped for holidays. */
const CHINA = chinaCalendar();

/** A measurement of one moment. */
export interface Point {
  readonly at: string;
  readonly value: number;
  readonly excluded?: boolean;
}

export const SEASONALITIES = [
  'none',
  'day_of_week',
  'month_end',
  'hour_of_day',
  'hour_of_week',
  'working_day',
  'working_month_end',
] as const;
export type Seasonality = (typeof SEASONALITIES)[number];

export interface UsualOptions {
  /** How many spreads from the median are still usual. */
  readonly sensitivity: number;
  /** Points to learn from, at least; with fewer nothing is said. */
  readonly minTraining: number;
  readonly seasonality: Seasonality;
  readonly direction: 'both' | 'spike' | 'drop';
  /** Changes from the median of no more than these percents are never unusual. */
  readonly ignoreDropPercent?: number;
  readonly ignoreSpikePercent?: number;
  readonly failOnZero?: boolean;
}

/** What is usual, and from what it was learnt. */
export interface Usual {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly trainedOn: number;
  readonly trainedFrom: string;
  readonly trainedTo: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

// 1/Φ⁻¹(3/4): makes the median of absolute deviations the standard deviation of a normal distribution (Hampel 1974).
const NORMAL = 1.4826;
// A series that never moved must not make every change unusual.
const LEAST_SPREAD = 0.02;
// A day of the week is only learnt from if it was seen so often.
const LEAST_OF_CLASS = 3;

/**
 * What is usual for a moment, by the median and the median absolute deviation of the points before it. The judged point takes no part
 * in what it is judged by: a z-score over all n points can never be beyond (n-1)/√n, which is 2.3 for a week.
 */
export function usualFor(at: string, before: readonly Point[], options: UsualOptions): Usual | undefined {
  const learnt = before.filter(({ excluded, value }) => excluded !== true && Number.isFinite(value));
  if (learnt.length < options.minTraining) return undefined;
  const same = learnt.filter((point) => classOf(point.at, options.seasonality) === classOf(at, options.seasonality));
  if (options.seasonality !== 'none' && same.length < LEAST_OF_CLASS) return undefined;
  const values = same.map(({ value }) => value);
  const middle = median(values);
  const deviation = median(values.map((value) => Math.abs(value - middle)));
  const spread = Math.max(NORMAL * deviation, LEAST_SPREAD * Math.abs(middle), Number.EPSILON);
  return {
    median: middle,
    low: middle - options.sensitivity * spread,
    high: middle + options.sensitivity * spread,
    trainedOn: same.length,
    trainedFrom: same[0]!.at,
    trainedTo: same.at(-1)!.at,
  };
}

/** Whether a value is beyond what is usual, in a direction that matters and by enough to matter. */
export function isUnusual(value: number, usual: Usual, options: UsualOptions): boolean {
  if (options.failOnZero === true && value === 0) return true;
  const [spike, drop] = [value > usual.high, value < usual.low];
  const change = usual.median === 0 ? Infinity : (Math.abs(value - usual.median) / Math.abs(usual.median)) * 100;
  if (spike) return options.direction !== 'drop' && change > (options.ignoreSpikePercent ?? 0);
  return drop && options.direction !== 'spike' && change > (options.ignoreDropPercent ?? 0);
}

/** Moments of the same class are compared with each other. */
export function classOf(at: string, seasonality: Seasonality): number {
  const day = new Date(`${at.slice(0, 10)}T00:00:00Z`);
  const hour = Number(at.slice(11, 13));
  if (seasonality === 'none') return 0;
  if (seasonality === 'day_of_week') return day.getUTCDay();
  if (seasonality === 'hour_of_day') return hour;
  if (seasonality === 'hour_of_week') return day.getUTCDay() * 24 + hour;
  if (seasonality === 'working_day') return isWorkingDay(at.slice(0, 10), CHINA) ? 1 : 0;
  if (seasonality === 'working_month_end') return workingMonthEnd(at.slice(0, 10));
  // The last day of a month and the first: books are closed, and everything is different.
  const next = new Date(day.getTime() + 86_400_000);
  return next.getUTCMonth() !== day.getUTCMonth() ? 1 : day.getUTCDate() === 1 ? 2 : 0;
}

/** The last working day of a month and the first, all other working days, and days on which nobody works. */
function workingMonthEnd(day: string): number {
  if (!isWorkingDay(day, CHINA)) return 3;
  if (nextWorkingDay(day, CHINA).day.slice(0, 7) !== day.slice(0, 7)) return 1;
  return previousWorkingDay(day, CHINA).day.slice(0, 7) === day.slice(0, 7) ? 0 : 2;
}

/** The n-th differences of the newest values, or their ratio to the one n before; undefined when there are too few. */
export function rateOfChange(values: readonly number[], order: number, relative: boolean): number | undefined {
  if (values.length <= order) return undefined;
  if (relative) return values.at(-1)! / values.at(-1 - order)!;
  let differences = [...values];
  for (let n = 0; n < order; n++) differences = differences.slice(1).map((value, at) => value - differences[at]!);
  return differences.at(-1);
}
