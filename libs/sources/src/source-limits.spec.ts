import { chinaCalendar } from '#core/business-calendar';
import { InvalidInput } from '#kernel';

import { checkQuietHours, type QuietHours, quietUntil } from './quiet-hours.js';

const zone = 'Asia/Shanghai';
const at = (text: string) => new Date(`${text}:00+08:00`);
const office: QuietHours = { from: '09:00', to: '17:30', days: 'working_days' };
const night: QuietHours = { from: '22:00', to: '02:00', days: 'every_day' };
const weekend: QuietHours = { from: '10:00', to: '12:00', days: 'non_working_days' };
const morning: QuietHours = { from: '02:00', to: '05:00', days: 'every_day' };

it.each<[string, QuietHours[], string, string | undefined]>([
  ['before', [office], '2026-10-08T08:59', undefined],
  ['at the beginning', [office], '2026-10-08T09:00', '2026-10-08T17:30'],
  ['at the end', [office], '2026-10-08T17:30', undefined],
  ['a holiday', [office], '2026-10-01T10:00', undefined],
  ['a Saturday that is worked', [office], '2026-10-10T10:00', '2026-10-10T17:30'],
  ['a Saturday that is worked is no weekend', [weekend], '2026-10-10T11:00', undefined],
  ['a holiday is one', [weekend], '2026-10-01T11:00', '2026-10-01T12:00'],
  ['the evening', [night], '2026-10-08T23:00', '2026-10-09T02:00'],
  ['after midnight', [night], '2026-10-09T01:59', '2026-10-09T02:00'],
  ['spans that follow one another', [morning, night], '2026-10-08T22:30', '2026-10-09T05:00'],
  ['none', [], '2026-10-08T10:00', undefined],
])('%s', (_, hours, now, until) => {
  expect(quietUntil(hours, zone, chinaCalendar(), at(now))).toEqual(until === undefined ? undefined : at(until));
});

it('looks again when it is quiet for ever', () => {
  const always: QuietHours[] = [
    { from: '00:00', to: '12:00', days: 'every_day' },
    { from: '12:00', to: '00:00', days: 'every_day' },
  ];
  const now = at('2026-10-08T10:00');
  expect(quietUntil(always, zone, chinaCalendar(), now)!.getTime()).toBeGreaterThan(now.getTime());
});

it.each([
  [[{ ...office, from: '9:00' }], zone],
  [[{ ...office, to: '24:00' }], zone],
  [[{ ...office, to: '09:00' }], zone],
  [[office], 'Asia/上海'],
])('%j in %s is refused', (hours, timeZone) => {
  expect(() => checkQuietHours(hours, timeZone)).toThrow(InvalidInput);
});
