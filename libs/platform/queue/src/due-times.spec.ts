import { type BusinessCalendar, chinaCalendar, wallClock, weekdayCalendar } from '#core/business-calendar';
import { InvalidInput, SystemClock } from '#kernel';

import { checkTiming, dueTimes, nextDue, type Timing } from './due-times.js';

const [NEW_YORK, BERLIN, SHANGHAI] = ['America/New_York', 'Europe/Berlin', 'Asia/Shanghai'];

const MOVED: Partial<Timing> = { days: 'working_days', onOtherDays: 'next_working_day' };

const timing = (cron: string, timeZone: string, more: Partial<Timing> = {}): Timing => ({
  ...{ cron, timeZone, days: 'every_day', onOtherDays: 'skip', ...more },
});

function between(wish: Timing, from: string, to: string, calendar: BusinessCalendar = chinaCalendar()): string[] {
  const found: string[] = [];
  for (const { at } of dueTimes(wish, calendar, new Date(from))) {
    if (at > new Date(to)) return found;
    found.push(at.toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

/** In the schedule's own time: "10-09 03:00". */
const localOf = (wish: Timing, from: string, to: string, calendar?: BusinessCalendar): string[] =>
  between(wish, from, to, calendar).map((at) => {
    const { day, time } = wallClock(new Date(at), wish.timeZone);
    return `${day.slice(5)} ${time.slice(0, 5)}`;
  });

describe('due times', () => {
  it.each([
    // The clock jumps from 02:00 to 03:00.
    ['30 2 * * *', NEW_YORK, '2026-03-08T04:00Z', '2026-03-08T10:00Z', ['2026-03-08T07:30Z']],
    ['*/30 1-2 * * *', NEW_YORK, '2026-03-08T04:00Z', '2026-03-08T10:00Z', ['06:00', '06:30', '07:00', '07:30']],
    ['30 2 * * *', BERLIN, '2026-03-28T23:00Z', '2026-03-29T10:00Z', ['2026-03-29T01:30Z']],
    // The clock shows 01:00 to 02:00 twice; what is meant once a day comes once.
    ['30 1 * * *', NEW_YORK, '2026-11-01T03:00Z', '2026-11-01T10:00Z', ['2026-11-01T05:30Z']],
    ['30 2 * * *', BERLIN, '2026-10-24T22:00Z', '2026-10-25T10:00Z', ['2026-10-25T00:30Z']],
    // What comes every hour comes every hour.
    ['30 * * * *', NEW_YORK, '2026-11-01T04:00Z', '2026-11-01T08:00Z', ['04:30', '05:30', '06:30', '07:30']],
    ['0 0 29 2 *', SHANGHAI, '2026-01-01T00:00Z', '2033-01-01T00:00Z', ['2028-02-28T16:00Z', '2032-02-28T16:00Z']],
  ])('%s in %s over a change of the clock or the calendar', (cron, zone, from, to, expected) => {
    const found = between(timing(cron, zone), from, to);
    expect(expected[0]?.length === 5 ? found.map((at) => at.slice(11, 16)) : found).toEqual(expected);
  });

  it('the 31st comes seven times a year', () => {
    expect(localOf(timing('0 0 31 * *', SHANGHAI), '2026-01-01T00:00Z', '2026-12-31T00:00Z')).toEqual(
      ['01', '03', '05', '07', '08', '10', '12'].map((month) => `${month}-31 00:00`),
    );
  });

  it.each<[string, string, string, string, Partial<Timing>?]>([
    ['30 2 * * *', NEW_YORK, '2026-03-07T17:00Z', '2026-03-09T17:00Z'],
    ['30 1 * * *', NEW_YORK, '2026-10-31T16:00Z', '2026-11-02T17:00Z'],
    ['*/30 1-2 * * *', NEW_YORK, '2026-10-31T16:00Z', '2026-11-02T17:00Z'],
    ['*/30 1-2 * * *', NEW_YORK, '2026-03-07T17:00Z', '2026-03-09T17:00Z'],
    ['15 0-3 * * *', NEW_YORK, '2026-10-31T16:00Z', '2026-11-02T17:00Z'],
    ['0 1,2,3 * * *', BERLIN, '2026-03-28T11:00Z', '2026-03-30T11:00Z'],
    ['0 1,2,3 * * *', BERLIN, '2026-10-24T10:00Z', '2026-10-26T11:00Z'],
    ['*/20 * * * *', 'Australia/Lord_Howe', '2026-10-03T02:00Z', '2026-10-04T12:00Z'],
    ['0 3 * * *', SHANGHAI, '2026-09-29T00:00Z', '2026-10-10T12:00Z', MOVED],
    ['0 3,15 * * *', SHANGHAI, '2026-09-29T00:00Z', '2026-10-10T12:00Z', MOVED],
    ['0 3 * * *', SHANGHAI, '2026-09-29T00:00Z', '2026-10-12T00:00Z', { days: 'non_working_days' }],
  ])('%s in %s is the same from wherever it is asked', (cron, zone, from, to, more = {}) => {
    const wish = timing(cron, zone, more);
    const all = between(wish, from, to);
    expect(all.length).toBeGreaterThan(1);
    const step = more.days === undefined ? 15 : 180;
    for (let at = Date.parse(from); at < Date.parse(to); at += step * 60_000) {
      const begun = new Date(at).toISOString();
      expect([begun, between(wish, begun, to)]).toEqual([begun, all.filter((time) => Date.parse(time) > at)]);
    }
  });
});

describe('due times by the calendar', () => {
  const [from, to] = ['2026-09-30T00:00+08:00', '2026-10-13T00:00+08:00'];
  it.each([
    ['0 3 * * *', 'working_days', 'skip', ['09-30', '10-08', '10-09', '10-10', '10-12'].map((day) => `${day} 03:00`)],
    ['0 3 3 * *', 'working_days', 'next_working_day', ['10-08 03:00']],
    ['0 3 3 * *', 'working_days', 'skip', []],
    // What is moved meets what is due there anyway, and is one with it.
    ['0 3 1-8 * *', 'working_days', 'next_working_day', ['10-08 03:00']],
    ['30 4 * * 6', 'working_days', 'next_working_day', ['10-08 04:30', '10-10 04:30']],
    ['0 3 * * *', 'first_working_day', 'skip', ['10-08 03:00']],
    ['0 3 * * 0', 'non_working_days', 'skip', ['10-04 03:00', '10-11 03:00']],
  ] as const)('%s on %s, else %s', (cron, days, onOtherDays, expected) => {
    expect(localOf(timing(cron, SHANGHAI, { days, onOtherDays }), from, to)).toEqual(expected);
  });

  it('the last working day of each month, also for an expression of every minute', () => {
    const last = (cron: string) =>
      localOf(timing(cron, SHANGHAI, { days: 'last_working_day' }), '2026-01-01T00:00Z', '2026-05-31T00:00Z');
    const days = ['01-30', '02-28', '03-31', '04-30', '05-29'];
    expect(last('0 23 * * *')).toEqual(days.map((day) => `${day} 23:00`));
    expect(last('* * * * *')).toHaveLength(5 * 24 * 60);
  });

  it('orders what is moved to one day by its time there', () => {
    // Saturday and Sunday, 3 and 15 o'clock each, all on Monday.
    const wish = timing('0 3,15 * * 6,0', SHANGHAI, { days: 'working_days', onOtherDays: 'next_working_day' });
    expect(localOf(wish, '2026-07-03T00:00Z', '2026-07-07T00:00Z')).toEqual(['07-06 03:00', '07-06 15:00']);
  });

  it('moves by the clock on the wall over a change of the clock', () => {
    const wish = timing('30 9 * * 6', BERLIN, { days: 'working_days', onOtherDays: 'next_working_day' });
    expect(between(wish, '2026-03-27T12:00Z', '2026-03-31T00:00Z', weekdayCalendar())).toEqual(['2026-03-30T07:30Z']);
  });

  it('says which due times hang on days that nobody has published', () => {
    const wish = timing('0 3 1 * *', SHANGHAI, { days: 'working_days', onOtherDays: 'next_working_day' });
    const told = [...take(dueTimes(wish, chinaCalendar(), new Date('2026-11-15T00:00Z')), 3)];
    expect(told.map(({ at, known }) => [wallClock(at, SHANGHAI).day, known])).toEqual([
      ['2026-12-01', true],
      ['2027-01-01', false],
      ['2027-02-01', false],
    ]);
    const own = chinaCalendar([{ day: '2027-01-01', working: false, name: '元旦' }]);
    expect(wallClock([...take(dueTimes(wish, own, new Date('2026-12-15T00:00Z')), 1)][0]!.at, SHANGHAI).day).toBe(
      '2027-01-04',
    );
  });

  it('ends when no day ever fits', () => {
    const wish = timing('0 3 * * *', SHANGHAI, { days: 'working_days' });
    const nobody: BusinessCalendar = { facts: (day) => ({ day, working: false, known: true, reason: 'own' }) };
    expect([...dueTimes(wish, nobody, new Date('2026-01-01T00:00Z'))]).toEqual([]);
  });
});

it.each([
  ['99 * * * *', SHANGHAI, {}, 'cron'],
  ['0 0 30 2 *', SHANGHAI, {}, 'cron'],
  ['* * * * * *', SHANGHAI, {}, 'cron'],
  ['@daily', SHANGHAI, {}, 'cron'],
  ['0 3 * * *', 'Asia/上海', {}, 'timeZone'],
  ['0 3 * * *', SHANGHAI, { days: 'last_working_day', onOtherDays: 'next_working_day' }, 'onOtherDays'],
  ['0 3 * * 6', SHANGHAI, { days: 'first_working_day' }, 'cron'],
] as const)('%s in %s %j is refused', (cron, zone, more, path) => {
  const refused = () => checkTiming(timing(cron, zone, more), new Date('2026-01-01T00:00Z'));
  expect(refused).toThrow(InvalidInput);
  try {
    refused();
  } catch (error) {
    expect((error as InvalidInput).inputPath).toEqual([path]);
  }
});

it('the next due time is later than now', () => {
  const now = new SystemClock().now();
  expect(nextDue('* * * * *', SHANGHAI, now).getTime()).toBeGreaterThan(now.getTime());
});

function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}
