import { InvalidInput } from '#kernel';

import { fileSamples, postgresSamples, type SampleSource } from '../../../../../test/support/sample-tables.js';
import { run } from '../../../../../test/suites/rule-kinds.suite.js';
import { compiledTest } from '../expression/evaluate.js';
import { spreadOf } from '../statistics/z-score.js';
import { moved, type Span, timeText, type Unit, windowOf } from './window.js';

const at = (text: string): number => Date.parse(`${text}Z`);
const span = (unit: Unit, count = 1): Span => ({ unit, count });

describe('a window', () => {
  it.each([
    [
      'days, up to the one before the run',
      span('day'),
      span('day', 2),
      '2026-06-30T08:00:00Z',
      'UTC',
      '2026-06-28 00:00:00',
      2,
    ],
    [
      'days of a zone that is ahead',
      span('day'),
      span('day', 2),
      '2026-06-29T17:00:00Z',
      'Asia/Shanghai',
      '2026-06-28 00:00:00',
      2,
    ],
    ['hours', span('hour'), span('day'), '2026-06-30T03:59:59Z', 'UTC', '2026-06-29 00:00:00', 27],
    ['weeks from Monday', span('week'), span('day', 15), '2026-06-30T00:00:00Z', 'UTC', '2026-06-15 00:00:00', 2],
    [
      'months of the calendar',
      span('month'),
      span('month', 4),
      '2026-06-30T00:00:00Z',
      'UTC',
      '2026-02-01 00:00:00',
      4,
    ],
    ['no whole period yet', span('month'), span('day', 3), '2026-06-29T00:00:00Z', 'UTC', '2026-06-01 00:00:00', 0],
  ] as const)('%s', (_, bucket, training, now, timeZone, begin, periods) => {
    const window = windowOf(new Date(now), { bucket, training, delay: span('day', 0), timeZone });
    expect([timeText(window.begin), window.periods]).toEqual([begin, periods]);
  });

  it('goes back to the last day of a shorter month', () => {
    expect(timeText(moved(at('2026-05-31T08:00:00'), span('month', 3), -1))).toBe('2026-02-28 08:00:00');
  });

  it('has an end', () => {
    const hours = { bucket: span('hour'), training: span('month', 100), delay: span('day', 0), timeZone: 'UTC' };
    expect(() => windowOf(new Date('2026-06-30'), hours)).toThrow(InvalidInput);
  });
});

describe.each([
  ['postgres', postgresSamples],
  ['duckdb', fileSamples],
])('periods on %s', (_, open) => {
  let source: SampleSource;
  beforeAll(async () => {
    source = await open();
  });
  afterAll(() => source?.close());

  // In New York the clocks went forward on 8 March 2026: a day of 23 hours, and after it the days begin at 04:00Z.
  it.each([
    [
      'a zone with summer time',
      'timestamptz',
      '2026-03-10T04:00:00Z',
      'America/New_York',
      [['2026-03-10T03:59:59Z'], ['2026-03-10T04:00:00Z']],
    ],
    [
      'clocks without a zone',
      'timestamp',
      '2026-03-10T04:00:00Z',
      'America/New_York',
      [['2026-03-09T23:59:59'], ['2026-03-10T00:00:00']],
    ],
  ] as const)('%s', async (_title, typeFamily, now, timeZone, edge) => {
    const before = Array.from({ length: 5 }, (_row, n) => [
      `2026-03-0${n + 4}T12:00:00${typeFamily === 'timestamp' ? '' : 'Z'}`,
    ]);
    const target = await source.add([{ name: 'at', typeFamily }], [...before, ...edge.map((row) => [...row])]);
    const rule = {
      kind: 'volume_anomaly',
      columns: ['at'],
      params: { timeZone, minTraining: 3, training: { count: 7 }, method: 'zscore' },
    };
    const { verdict } = await run(rule, source, target, source, undefined, [], new Date(now));
    // The second of the two begins the next day.
    expect(verdict).toMatchObject({
      rows: '6',
      metrics: { period: '2026-03-09 00:00:00', value: '1', trainedOn: '5' },
    });
  });

  it('reads documents page by page', async () => {
    const rows = Array.from({ length: 300 }, (_row, n) => [`{"n": ${n}, "long": "${'x'.repeat(60_000)}"}`]);
    const target = await source.add([{ name: 'x', typeFamily: 'text' }], rows);
    const rule = { kind: 'json_schema', columns: ['x'], params: { schema: { properties: { n: { maximum: 289 } } } } };
    const { verdict } = await run(rule, source, target);
    expect(verdict).toMatchObject({ status: 'fail', checked: '300', violations: '10' }); // 290 … 299
  });
});

describe('a condition on figures', () => {
  const types = { value: 'number', date: 'time', group: 'text' } as const;
  const facts = { value: 5, date: '2026-06-29', group: 'a' };
  it.each([
    ['value > 4 and value <= 5', true],
    ["date = '2026-06-29' or value > 100", true],
    ["date between '2026-06-01' and '2026-06-28'", false],
    ['not value in (1, 2)', true],
    ["group <> 'a'", false],
    ['value is null', false],
    ['value = value', true],
  ])('%s is %s', (condition, said) => {
    expect(compiledTest(condition, types, [])(facts)).toBe(said);
  });

  it('is not true of what is absent', () => {
    const test = compiledTest('value < 5', types, []);
    const opposite = compiledTest('not value < 5', types, []);
    expect([test({ value: null }), opposite({ value: null })]).toEqual([false, false]);
  });

  it.each([
    ['another name', 'amount > 1'],
    ['a function', 'abs(value) > 1'],
    ['a pattern', "group like 'a%'"],
    ['a number for a time', 'date > 3'],
    ['a time for a number', "value > '2026-06-29'"],
    ['two kinds of things', 'value = date'],
    ['nothing of its own', '1 = 1'],
  ])('refuses %s', (_, condition) => {
    expect(() => compiledTest(condition, types, ['params', 'only'])).toThrow(InvalidInput);
  });
});

describe('a spread', () => {
  it.each([
    ['one value has none', [3], undefined],
    ['values that never moved', [0.1, 0.1, 0.1], { mean: 0.1, deviation: 0 }],
    ['that of a sample', [1, 3], { mean: 2, deviation: Math.SQRT2 }],
  ])('%s', (_, values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });
});
