import { nextDue } from '#platform/queue';

import { type NoticeSeverity } from './notice.js';

/** When somebody wants to be told. */
export interface TellingTimes {
  readonly timeZone: string;
  /** HH:MM by the clock of the time zone; over midnight when the end comes first. */
  readonly quiet: { readonly from: string; readonly to: string } | null;
  readonly urgentAtOnce: boolean;
  /** What comes in is told together; null: each at once. */
  readonly digest: { readonly minutes: number } | { readonly at: string } | null;
}

/** From when on something that happened may be told: after the digest's time and the quiet hours. */
export function whenToTell(at: Date, severity: NoticeSeverity | undefined, times: TellingTimes): Date {
  if (severity === 'S1' && times.urgentAtOnce) return at;
  return afterQuiet(afterDigest(at, times), times);
}

function afterDigest(at: Date, { digest, timeZone }: TellingTimes): Date {
  if (digest === null) return at;
  if ('at' in digest) return nextAt(digest.at, timeZone, at);
  const step = digest.minutes * 60_000;
  return new Date(Math.ceil((at.getTime() + 1) / step) * step);
}

function afterQuiet(at: Date, { quiet, timeZone }: TellingTimes): Date {
  if (quiet === null) return at;
  const now = clockOf(at, timeZone);
  const { from, to } = quiet;
  const inside = from <= to ? from <= now && now < to : now >= from || now < to;
  return inside ? nextAt(to, timeZone, at) : at;
}

/** The next time that the clock of a zone shows HH:MM. Where summer time leaves it out, the hour after. */
function nextAt(time: string, timeZone: string, from: Date): Date {
  const [hour, minute] = time.split(':');
  return nextDue(`${Number(minute)} ${Number(hour)} * * *`, timeZone, from);
}

function clockOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    at,
  );
}
