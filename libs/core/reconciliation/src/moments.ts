import { InvalidInput } from '#kernel';

import { type Definition } from './definition.js';

const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

/** How far a zone is ahead of UTC at a moment, in minutes. @throws {InvalidInput} for a zone that nobody knows. */
export function offsetAt(zone: string, at: number): number {
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (hours !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(
    ...([parts['year'], parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]),
  );
  return Math.round((local - Math.floor(at / 1000) * 1000) / 60_000);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(zone, format);
    return format;
  } catch {
    throw new InvalidInput(`There is no time zone ${JSON.stringify(zone)}. Write it as Asia/Shanghai or +08:00.`);
  }
}

/** What a clock in the zone shows: `2026-01-31 23:59:59.000`. */
export const localText = (zone: string, at: number): string =>
  new Date(at + offsetAt(zone, at) * 60_000).toISOString().slice(0, -1).replace('T', ' ');

/** From when on a zone has which offset, latest first; the first entry that is not after a clock's time is its. */
export interface ZoneStretch {
  /** What the clock shows when the stretch begins; the earliest has none. */
  readonly from?: string;
  readonly minutes: number;
}

const FIRST = Date.UTC(1902, 0, 1);
const LAST = Date.UTC(2061, 0, 1);
const WEEK = 7 * 86_400_000;

/** For engines whose own tables of zones may be empty or end in 2038. */
export function stretchesOf(zone: string): readonly ZoneStretch[] {
  let minutes = offsetAt(zone, FIRST);
  const found: ZoneStretch[] = [{ minutes }];
  if (OFFSET.test(zone)) return found;
  for (let at = FIRST; at < LAST; at += WEEK) {
    const next = offsetAt(zone, at + WEEK);
    if (next === minutes) continue;
    let [low, high] = [at, at + WEEK];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (middle <= low) break;
      if (offsetAt(zone, middle) === minutes) low = middle;
      else high = middle;
    }
    minutes = next;
    found.unshift({ from: new Date(high + next * 60_000).toISOString().slice(0, 19).replace('T', ' '), minutes });
  }
  return found;
}

/** The moment before which rows count. @throws {InvalidInput} for an unknown zone. */
export function cutoffMoment(until: NonNullable<Definition['cutoff']>['until'], now: Date): Date {
  if ('moment' in until) return new Date(until.moment);
  if ('minutesBack' in until) return new Date(now.getTime() - until.minutesBack * 60_000);
  const { daysBack, timeZone } = until;
  const today = localText(timeZone, now.getTime()).slice(0, 10);
  // The day after it begins where it ends.
  const begin = Date.parse(`${today}T00:00:00Z`) - (daysBack - 1) * 86_400_000;
  let at = begin - offsetAt(timeZone, begin) * 60_000;
  at = begin - offsetAt(timeZone, at) * 60_000;
  return new Date(at);
}
