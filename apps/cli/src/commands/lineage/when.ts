import { CommandFailed, EXIT } from '../../client/exit.js';
import { moment } from '../../client/output.js';
import { type Times } from './graph.js';

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;
const WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/**
 * A moment from a flag. A date alone is its midnight; without a zone it is local time.
 * @throws {CommandFailed}
 */
export function momentOf(text: string): string {
  const date = WITH_ZONE.test(text) ? new Date(text.replace(' ', 'T').toUpperCase()) : localMoment(text);
  if (date && !Number.isNaN(date.getTime())) return date.toISOString();
  throw new CommandFailed(
    `"${text}" is no time. Write for instance 2026-06-30, "2026-06-30 18:00" or 2026-06-30T18:00:00+08:00.`,
    EXIT.input,
  );
}

function localMoment(text: string): Date | undefined {
  const found = LOCAL.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part || 0));
  const date = new Date(year, month - 1, day, hour, minute, second, Number((found[7] ?? '0').padEnd(3, '0')));
  // The 30th of February is no second of March.
  return date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60 && second < 60
    ? date
    : undefined;
}

/** The moment of an answer in words, in local time. */
export function timesShown({ asOf, knownAt, freshAsOf }: Times): string {
  const at = (time: string) => (time === freshAsOf ? `now (${moment(time)})` : moment(time));
  if (asOf === freshAsOf && knownAt === freshAsOf) return `As of ${at(freshAsOf)}.`;
  return `As of ${at(asOf)}, known as of ${at(knownAt)}.`;
}
