import { type TellingTimes, whenToTell } from './when.js';

const plain: TellingTimes = { timeZone: 'Asia/Shanghai', quiet: null, urgentAtOnce: true, digest: null };
const night = { from: '22:00', to: '07:30' };

it.each<[string, string, Partial<TellingTimes>, 'S1' | 'S3', string]>([
  ['at once', '2026-06-01T15:00:00Z', {}, 'S3', '2026-06-01T15:00:00Z'],
  ['after the night, before midnight', '2026-06-01T15:00:00Z', { quiet: night }, 'S3', '2026-06-01T23:30:00Z'],
  ['after the night, past midnight', '2026-06-01T18:00:00Z', { quiet: night }, 'S3', '2026-06-01T23:30:00Z'],
  ['the end is not quiet any more', '2026-06-01T23:30:00Z', { quiet: night }, 'S3', '2026-06-01T23:30:00Z'],
  ['S1 wakes people', '2026-06-01T15:00:00Z', { quiet: night, digest: { minutes: 60 } }, 'S1', '2026-06-01T15:00:00Z'],
  [
    'S1 does not, when nobody wants it',
    '2026-06-01T15:00:00Z',
    { quiet: night, urgentAtOnce: false },
    'S1',
    '2026-06-01T23:30:00Z',
  ],
  ['by day', '2026-06-01T05:00:00Z', { quiet: { from: '12:00', to: '14:00' } }, 'S3', '2026-06-01T06:00:00Z'],
  ['each half hour', '2026-06-01T15:10:00Z', { digest: { minutes: 30 } }, 'S3', '2026-06-01T15:30:00Z'],
  ['at the stroke, with the next', '2026-06-01T15:30:00Z', { digest: { minutes: 30 } }, 'S3', '2026-06-01T16:00:00Z'],
  ['once a day', '2026-06-01T15:10:00Z', { digest: { at: '09:00' } }, 'S3', '2026-06-02T01:00:00Z'],
  [
    'a digest that falls into the night',
    '2026-06-01T14:10:00Z',
    { digest: { minutes: 60 }, quiet: night },
    'S3',
    '2026-06-01T23:30:00Z',
  ],
  // 02:30 is left out on 2026-03-08 in New York.
  [
    'over a change of the clock',
    '2026-03-08T05:00:00Z',
    { timeZone: 'America/New_York', digest: { at: '02:30' } },
    'S3',
    '2026-03-08T07:30:00Z',
  ],
])('%s', (_, at, times, severity, told) => {
  expect(whenToTell(new Date(at), severity, { ...plain, ...times })).toEqual(new Date(told));
});
