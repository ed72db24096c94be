import { type Clock } from '#kernel';
import { type Settings } from '#platform/config';

/** Today where the institution is, as YYYY-MM-DD. */
export const today = (clock: Clock, { timeZone }: Pick<Settings, 'timeZone'>): string =>
  // The Swedish way of writing a day is the standard's.
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(clock.now());
