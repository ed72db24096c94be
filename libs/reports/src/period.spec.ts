import { InvalidInput } from '#kernel';

import { checkPeriod, daysOf, localTime, periodBefore, type PeriodKind } from './period.js';

describe('the period before', () => {
  it.each<[PeriodKind, string, string, string, string]>([
    ['day', '2026-06-01T00:30:00+08:00', 'Asia/Shanghai', '2026-05-31', '2026-05-31'],
    // Still the last day of May in New York.
    ['day', '2026-06-01T00:30:00+08:00', 'America/New_York', '2026-05-30', '2026-05-30'],
    ['week', '2026-06-01T06:00:00+08:00', 'Asia/Shanghai', '2026-05-25', '2026-05-31'],
    ['week', '2026-06-07T06:00:00+08:00', 'Asia/Shanghai', '2026-05-25', '2026-05-31'],
    ['month', '2026-03-01T00:00:00+08:00', 'Asia/Shanghai', '2026-02-01', '2026-02-28'],
    ['month', '2028-03-15T00:00:00+08:00', 'Asia/Shanghai', '2028-02-01', '2028-02-29'],
    ['month', '2026-01-31T00:00:00Z', 'Asia/Shanghai', '2025-12-01', '2025-12-31'],
  ])('the %s before %s in %s is %s to %s', (kind, at, timeZone, first, last) => {
    expect(periodBefore(kind, new Date(at), timeZone)).toEqual({ first, last, timeZone });
  });
});

describe('a period from outside', () => {
  it('has every day, and at least one', () => {
    expect(daysOf(checkPeriod('2026-02-27', '2026-03-01', 'UTC'))).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(daysOf(checkPeriod('2026-02-27', '2026-02-27', 'UTC'))).toEqual(['2026-02-27']);
  });

  it.each([
    ['an impossible day', '2026-02-30', '2026-03-01', 'UTC', 'from'],
    ['a day in words', '2026-02-01', 'today', 'UTC', 'to'],
    ['an end before its begin', '2026-02-02', '2026-02-01', 'UTC', 'to'],
    ['more than a year', '2025-01-01', '2026-02-01', 'UTC', 'to'],
    ['an unknown time zone', '2026-02-01', '2026-02-01', 'Asia/Nowhere', 'timeZone'],
  ])('with %s is refused', (_, first, last, timeZone, path) => {
    expect(() => checkPeriod(first, last, timeZone)).toThrow(InvalidInput);
    expect(() => checkPeriod(first, last, timeZone)).toThrow(expect.objectContaining({ inputPath: [path] }));
  });
});

it('a time is told in its zone, by 24 hours', () => {
  expect(localTime(new Date('2026-05-31T16:05:09Z'), 'Asia/Shanghai')).toBe('2026-06-01 00:05:09');
});
