import { InvalidInput } from '#kernel';

import { type Day, numberOfDay } from './day.js';

const MS_OF_DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws {InvalidInput} when there is no such zone */
export function checkedZone(timeZone: string, path: readonly string[] = ['timeZone']): string {
  try {
    formatOf(timeZone);
    return timeZone;
  } catch {
    throw new InvalidInput(
      `There is no time zone ${JSON.stringify(timeZone)}. Write its name in the IANA list, for instance "Asia/Shanghai" or "UTC".`,
      [],
      path,
    );
  }
}

/** What a clock on the wall shows in a zone. */
export function wallClock(instant: Date, timeZone: string): { readonly day: Day; readonly time: string } {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) part[type] = value;
  return {
    day: `${part.year?.padStart(4, '0')}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}:${part.second}`,
  };
}

/** The day it is in a zone. */
export const dayAt = (instant: Date, timeZone: string): Day => wallClock(instant, timeZone).day;

/**
 * The instant at which a clock in a zone shows a time ("09:00", also "24:00"). A time that the clock jumps over is the end
 * of the jump; of a time that it shows twice, it is the first.
 */
export function instantOf(day: Day, time: string, timeZone: string): Date {
  const wall = numberOfDay(day) * MS_OF_DAY + msOfTime(time);
  // Zones change by less than a day at once, so the offset is one of those a day before and a day after.
  const offsets = [offsetAt(wall - MS_OF_DAY, timeZone), offsetAt(wall + MS_OF_DAY, timeZone)];
  const fitting = offsets.map((offset) => wall - offset).filter((at) => at + offsetAt(at, timeZone) === wall);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : endOfJump(wall, offsets, timeZone));
}

/** Milliseconds since midnight of "09:00" or "09:00:30". */
function msOfTime(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function endOfJump(wall: number, offsets: readonly number[], timeZone: string): number {
  let before = wall - Math.max(...offsets);
  let after = wall - Math.min(...offsets);
  const early = offsetAt(before, timeZone);
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (offsetAt(middle, timeZone) === early) before = middle;
    else after = middle;
  }
  return after;
}

function offsetAt(ms: number, timeZone: string): number {
  const { day, time } = wallClock(new Date(ms), timeZone);
  return numberOfDay(day) * MS_OF_DAY + msOfTime(time) - Math.floor(ms / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(timeZone, format);
  return format;
}
