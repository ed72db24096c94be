import chineseDays from 'chinese-days';

import { type BusinessCalendar, byWeekday, type DayFacts, type OwnDay, withOwnDays } from './calendar.js';
import { type Day, plusDays } from './day.js';

interface Notices {
  readonly from: Day;
  readonly until: Day;
  readonly special: ReadonlyMap<Day, DayFacts>;
}

let notices: Notices | undefined;

/** China's working days with their swaps (调休), under the institution's own days. */
export const chinaCalendar = (own: readonly OwnDay[] = []): BusinessCalendar => withOwnDays({ facts: chinaFacts }, own);

/** The first and the last day that the State Council's notices, as far as this version has them, speak of. */
export function chinaKnows(): { readonly from: Day; readonly until: Day } {
  const { from, until } = (notices ??= readNotices());
  return { from, until };
}

function chinaFacts(day: Day): DayFacts {
  const { from, until, special } = (notices ??= readNotices());
  return special.get(day) ?? byWeekday(day, day >= from && day <= until);
}

function readNotices(): Notices {
  const years: number[] = [];
  for (let year = 2000; year < 2100; year++) if (named(`${year}-10-01`) !== undefined) years.push(year);
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) throw new Error('The list of the holidays of China is empty.');
  // The last days of December belong to the notice of the next year: 29 December 2018, a Saturday, was worked for New Year 2019.
  const known = { from: `${first}-01-01`, until: `${last}-12-28` };
  const special = new Map<Day, DayFacts>();
  for (let day: Day = known.from; day <= `${last}-12-31`; day = plusDays(day, 1)) {
    const facts = named(day);
    if (facts) special.set(day, facts);
  }
  return { ...known, special };
}

/** A day that a notice names. The package gives "National Day,国庆节,3" for those and the weekday's name for all others. */
function named(day: Day): DayFacts | undefined {
  const { name, work } = chineseDays.getDayDetail(day);
  const [en, zh] = name.split(',');
  if (en === undefined || zh === undefined) return undefined;
  return { day, working: work, known: true, reason: work ? 'swapped' : 'holiday', name: { en, zh } };
}
