import { Type } from 'typebox';

import { defineRuleKind } from '../rule-kind.js';
import { filled, firstOf, periodIn } from '../series/ask-series.js';
import { countsOfSeries, seriesFound } from '../series/judge-series.js';
import { BEFORE_FIRST, FAIL_ON_ZERO, PERIODS, USUAL } from '../series/series-params.js';
import { checkSeries, compiledSeries, periodsAt, rowsIn } from '../series/series-rule.js';
import { countWhen } from '../sql/term.js';

/** The newest days, or other periods by a column of times, have as many rows as the ones before make one expect. */
export const volumeAnomaly = defineRuleKind({
  code: 'volume_anomaly',
  title: { en: 'Rows of each period are as usual', zh: '各周期数据量无异常' },
  description: {
    en: 'By a column of times, the newest hours, days, weeks or months have as many rows as the ones before make one expect.',
    zh: '按时间字段统计，最近的小时、日、周或月的行数落在由此前各周期推得的正常区间之内。',
  },
  dimension: 'completeness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ ...PERIODS, ...USUAL, ...FAIL_ON_ZERO, ...BEFORE_FIRST }, { additionalProperties: false }),
  says: ({ columns: [column] }) => ({
    en: `The number of rows by "${column}" is as usual`,
    zh: `按“${column}”统计的数据量无异常`,
  }),
  compile: (bound) => {
    const [time] = bound.columns;
    checkSeries(time!, ['columns', '0'], bound.params);
    return compiledSeries(bound, periodsAt(bound), { time: time!, figures: () => ({ n: countWhen() }) });
  },
  count: ({ periods = [] }, params, bound) => {
    const window = periodsAt(bound);
    const counted = periods.map((row) => ({ period: periodIn(row), value: Number(row['n']) }));
    const from = params.beforeFirst === 'zero' ? 0 : firstOf(counted, window);
    return countsOfSeries(rowsIn(periods), [{ figures: filled(counted, window, from, 0) }], window, params);
  },
  found: seriesFound,
  examples: [
    {
      title: 'a day with far fewer rows than the days before',
      columns: { at: 'timestamp' },
      rows: [...daily('2026-06-10', 19, 3), ['2026-06-29T12:00:00'], ['2026-06-30T00:00:00'], [null]],
      rule: { columns: ['at'] },
      expect: {
        status: 'fail',
        rows: 58, // 19 · 3 + 1
        checked: 1,
        violations: 1,
        metrics: { period: '2026-06-29 00:00:00', value: '1', usual: '3', trainedOn: '19' },
        failingRows: 0,
      },
    },
    {
      title: 'a day without rows counts as none',
      columns: { on: 'date' },
      rows: daily('2026-06-10', 19, 3).map(([at]) => [String(at).slice(0, 10)]),
      rule: { columns: ['on'], params: { direction: 'drop' } },
      expect: { status: 'fail', checked: 1, violations: 1, metrics: { value: '0' } },
    },
    {
      title: 'as many as ever',
      columns: { at: 'timestamptz' },
      rows: daily('2026-06-10', 20, 2).map(([at]) => [`${at}Z`]),
      rule: { columns: ['at'], params: { detection: { count: 3 } } },
      expect: { status: 'pass', rows: 40, checked: 3, violations: 0 },
    },
    {
      title: 'a spike hides itself in a z-score that learns from it too',
      columns: { at: 'timestamp' },
      rows: [...daily('2026-06-23', 6, 2), ...daily('2026-06-29', 1, 200)],
      rule: { columns: ['at'], params: { method: 'zscore', baseline: 'up_to', minTraining: 2 } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { value: '200', trainedOn: '7' } }, // z = 2.27 = (7-1)/√7
    },
    {
      title: 'a z-score of what was learnt before the newest days',
      columns: { at: 'timestamp' },
      rows: [...daily('2026-06-10', 10, 2), ...daily('2026-06-20', 8, 3), ...daily('2026-06-28', 2, 20)],
      rule: {
        columns: ['at'],
        params: { method: 'zscore', baseline: 'before_detection', detection: { count: 2 }, ignoreSpikePercent: 100 },
      },
      expect: {
        status: 'fail',
        checked: 2,
        violations: 2,
        metrics: { trainedOn: '18', trainedTo: '2026-06-27 00:00:00' },
      },
    },
    {
      title: 'days of a migration are left out',
      columns: { at: 'timestamp' },
      rows: [...daily('2026-06-10', 19, 3), ...daily('2026-06-29', 1, 90)],
      rule: { columns: ['at'], params: { exclude: "date = '2026-06-29' or value > 1000" } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { period: '2026-06-28 00:00:00' } },
    },
    {
      title: 'hours of a day, compared with the same hour of other days',
      columns: { at: 'timestamp' },
      rows: daily('2026-06-26', 4, 1).map(([at]) => [String(at).replace('12:00', '23:30')]),
      rule: {
        columns: ['at'],
        params: {
          bucket: { unit: 'hour' },
          training: { count: 4 },
          detection: { unit: 'hour', count: 1 },
          seasonality: 'hour_of_day',
          minTraining: 3,
        },
      },
      expect: { status: 'pass', rows: 4, checked: 1, violations: 0, metrics: { value: '1', usual: '1' } },
    },
    {
      title: 'too few days to learn from',
      columns: { at: 'timestamp' },
      rows: daily('2026-06-27', 3, 1),
      rule: { columns: ['at'] },
      expect: { status: 'not_evaluated', rows: 3, checked: 0 },
    },
    {
      title: 'an empty table',
      columns: { at: 'timestamp' },
      rows: [],
      rule: { columns: ['at'] },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

/** So many rows at noon of each of so many days. */
function daily(from: string, days: number, rows: number): [string][] {
  return Array.from({ length: days }, (_, n) => new Date(Date.parse(`${from}T12:00:00Z`) + n * 86_400_000)).flatMap(
    (at) => Array.from({ length: rows }, (): [string] => [at.toISOString().slice(0, 19)]),
  );
}
