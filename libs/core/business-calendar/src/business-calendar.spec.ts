import {
  addWorkingDays,
  addWorkingTime,
  type BusinessHours,
  chinaCalendar,
  chinaKnows,
  checkedDay,
  checkedHours,
  dayAt,
  type DayReason,
  firstWorkingDayOfMonth,
  instantOf,
  isDay,
  isWorkingDay,
  lastWorkingDayOfMonth,
  nextWorkingDay,
  plusDays,
  previousWorkingDay,
  weekdayCalendar,
  weekdayOf,
  workingDayOnOrAfter,
  workingDaysBetween,
  workingMinutesBetween,
} from '#core/business-calendar';
import { InvalidInput } from '#kernel';

const china = chinaCalendar();
const bank: BusinessHours = {
  timeZone: 'Asia/Shanghai',
  spans: [
    { from: '09:00', to: '12:00' },
    { from: '13:00', to: '18:00' },
  ],
};
const shanghai = (text: string) => new Date(`${text}:00+08:00`);

describe('days', () => {
  it.each([
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2026-04-31', false],
    ['2026-4-1', false],
    ['2026-10-10T00:00', false],
    ['0000-01-01', false],
    ['一月一日', false],
  ])('%s exists: %s', (text, exists) => {
    expect(isDay(text)).toBe(exists);
    if (!exists) expect(() => checkedDay(text)).toThrow(InvalidInput);
  });

  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-07', 2, '2026-03-09'], // over the change of the clock in New York
    ['1969-12-31', 1, '1970-01-01'],
  ])('%s and %d days is %s', (day, days, there) => {
    expect(plusDays(day, days)).toBe(there);
    expect(plusDays(there, -days)).toBe(day);
  });

  it('knows weekdays before and after 1970', () => {
    expect(['1969-12-28', '1970-01-01', '2026-11-22', '2026-11-23'].map(weekdayOf)).toEqual([7, 4, 7, 1]);
  });
});

describe('the working days of China', () => {
  // After the State Council's notices of these years.
  it.each<[string, boolean, DayReason, string | undefined]>([
    ['2026-10-01', false, 'holiday', '国庆节'],
    ['2026-10-07', false, 'holiday', '国庆节'],
    ['2026-10-08', true, 'weekday', undefined],
    ['2026-09-20', true, 'swapped', '国庆节'],
    ['2026-10-10', true, 'swapped', '国庆节'],
    ['2026-10-11', false, 'weekend', undefined],
    ['2026-02-14', true, 'swapped', '春节'],
    ['2026-02-16', false, 'holiday', '春节'],
    ['2026-01-04', true, 'swapped', '元旦'],
    ['2025-01-26', true, 'swapped', '春节'],
    ['2024-02-09', true, 'weekday', undefined],
    ['2018-12-29', true, 'swapped', '元旦'],
  ])('%s is worked: %s (%s %s)', (day, working, reason, zh) => {
    expect(china.facts(day)).toMatchObject({ day, working, known: true, reason });
    expect(china.facts(day).name?.zh).toBe(zh);
    expect(isWorkingDay(day, china)).toBe(working);
  });

  it('says so where no notice is known, and takes the weekday', () => {
    const { from, until } = chinaKnows();
    expect(from).toBe('2004-01-01');
    expect(china.facts(until).known).toBe(true);
    expect(china.facts(plusDays(until, 1)).known).toBe(false);
    expect(china.facts('2003-10-01')).toEqual({ day: '2003-10-01', working: true, known: false, reason: 'weekday' });
    expect(china.facts('2096-10-06')).toEqual({ day: '2096-10-06', working: false, known: false, reason: 'weekend' });
    expect(addWorkingDays(until, 3, china).known).toBe(false);
    expect(lastWorkingDayOfMonth('2096-10', china)).toEqual({ day: '2096-10-31', known: false });
  });

  it('lets the institution have the last word, and knows what it declared', () => {
    const own = chinaCalendar([
      { day: '2026-10-08', working: false, name: '系统切换日' },
      { day: '2026-10-01', working: true, name: '' },
      { day: '2096-10-01', working: false, name: '国庆节' },
    ]);
    expect(own.facts('2026-10-08')).toMatchObject({ working: false, reason: 'own', name: { zh: '系统切换日' } });
    expect(own.facts('2026-10-01')).toEqual({ day: '2026-10-01', working: true, known: true, reason: 'own' });
    expect(own.facts('2096-10-01')).toMatchObject({ working: false, known: true });
    expect(nextWorkingDay('2026-10-07', own).day).toBe('2026-10-09');
  });
});

describe('counting working days', () => {
  it.each([
    ['2026-09-30', 1, '2026-10-08'],
    ['2026-09-30', 3, '2026-10-10'],
    ['2026-09-30', 4, '2026-10-12'],
    ['2026-10-08', -1, '2026-09-30'],
    ['2026-10-05', -2, '2026-09-29'],
    ['2026-10-03', 0, '2026-10-08'],
    ['2026-10-10', 0, '2026-10-10'],
    ['2026-02-13', 1, '2026-02-14'],
  ])('%s and %d working days is %s', (day, days, there) => {
    expect(addWorkingDays(day, days, china)).toEqual({ day: there, known: true });
  });

  it.each([
    ['2026-10', '2026-10-08', '2026-10-30'],
    ['2026-02', '2026-02-02', '2026-02-28'], // 28 February is a Saturday that is worked
    ['2026-01', '2026-01-04', '2026-01-30'],
    ['2024-02', '2024-02-01', '2024-02-29'],
  ])('%s begins with %s and ends with %s', (month, first, last) => {
    expect(firstWorkingDayOfMonth(month, china).day).toBe(first);
    expect(lastWorkingDayOfMonth(month, china).day).toBe(last);
  });

  it('finds neighbours and counts between', () => {
    expect(previousWorkingDay('2026-10-08', china).day).toBe('2026-09-30');
    expect(workingDayOnOrAfter('2026-10-01', china).day).toBe('2026-10-08');
    expect(workingDaysBetween('2026-09-30', '2026-10-12', china)).toEqual({ days: 4, known: true });
    expect(workingDaysBetween('2026-10-12', '2026-09-30', china).days).toBe(-4);
    expect(workingDaysBetween('2026-10-01', '2026-10-01', china).days).toBe(0);
  });

  it('ends on a calendar in which nobody ever works', () => {
    expect(() =>
      addWorkingDays('2026-01-01', 1, { facts: (day) => ({ ...china.facts(day), working: false }) }),
    ).toThrow('no working day');
  });
});

describe('counting working time', () => {
  it.each([
    ['within a span', '2026-10-08T09:30', 60, '2026-10-08T10:30'],
    ['over lunch', '2026-10-08T11:30', 60, '2026-10-08T13:30'],
    ['until closing', '2026-10-08T17:00', 60, '2026-10-08T18:00'],
    ['over the holidays', '2026-09-30T17:00', 240, '2026-10-08T12:00'],
    ['from the middle of the holidays', '2026-10-03T15:00', 30, '2026-10-08T09:30'],
    ['into a Saturday that is worked', '2026-10-09T17:30', 60, '2026-10-10T09:30'],
    ['before opening', '2026-10-08T06:00', 1, '2026-10-08T09:01'],
    ['five days of eight hours', '2026-10-08T09:00', 5 * 480, '2026-10-13T18:00'],
    ['no time at all', '2026-10-08T10:00', 0, '2026-10-08T10:00'],
  ])('%s', (_, from, minutes, there) => {
    expect(addWorkingTime(shanghai(from), minutes, bank, china)).toEqual({ at: shanghai(there), known: true });
    expect(workingMinutesBetween(shanghai(from), shanghai(there), bank, china)).toEqual({ minutes, known: true });
  });

  it('counts the hours of a day that has 23 or 25', () => {
    const always: BusinessHours = { timeZone: 'America/New_York', spans: [{ from: '00:00', to: '24:00' }] };
    const everyDay = weekdayCalendar([
      { day: '2026-03-08', working: true, name: '' },
      { day: '2026-11-01', working: true, name: '' },
    ]);
    const minutesOf = (day: string) =>
      workingMinutesBetween(
        instantOf(day, '00:00', always.timeZone),
        instantOf(plusDays(day, 1), '00:00', always.timeZone),
        always,
        everyDay,
      ).minutes;
    expect([minutesOf('2026-03-08'), minutesOf('2026-11-01'), minutesOf('2026-03-10')]).toEqual([
      23 * 60,
      25 * 60,
      24 * 60,
    ]);
  });

  it.each([
    ['a jump', '2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['an hour that comes twice', '2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['a jump in Berlin', '2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['a jump of half an hour', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['the end of a day', '2026-10-10', '24:00', 'Asia/Shanghai', '2026-10-10T16:00:00.000Z'],
  ])('%s', (_, day, time, zone, there) => {
    expect(instantOf(day, time, zone).toISOString()).toBe(there);
  });

  it('tells the day of an instant by the zone', () => {
    const instant = new Date('2026-10-09T17:00:00Z');
    expect(['Asia/Shanghai', 'UTC', 'America/New_York'].map((zone) => dayAt(instant, zone))).toEqual([
      '2026-10-10',
      '2026-10-09',
      '2026-10-09',
    ]);
  });

  it.each([
    ['a span that ends before it begins', [{ from: '18:00', to: '09:00' }]],
    [
      'spans that overlap',
      [
        { from: '09:00', to: '12:00' },
        { from: '11:00', to: '18:00' },
      ],
    ],
    ['no time', [{ from: '9', to: '12' }]],
    ['no span', []],
  ])('refuses %s', (_, spans) => {
    expect(() => checkedHours({ timeZone: 'Asia/Shanghai', spans })).toThrow(InvalidInput);
  });
});
