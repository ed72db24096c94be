import { Type } from 'typebox';

import { defineRuleKind } from '../rule-kind.js';
import { byGroup, filled, firstOf, periodIn } from '../series/ask-series.js';
import { countsOfSeries, seriesFound } from '../series/judge-series.js';
import { FAIL_ON_ZERO, PERIODS, TIME_COLUMN, USUAL } from '../series/series-params.js';
import { checkSeries, compiledSeries, periodsAt, rowsIn, timeColumnOf } from '../series/series-rule.js';
import { countWhen } from '../sql/term.js';
import { checkGroupable } from '../value-bounds.js';

/**
 * Each value of a column, or combination of several, has as many rows in the newest periods as before. A value that has been there has
 * none, and not nothing, in a period without it; before it first came there is nothing to learn.
 */
export const dimensionAnomaly = defineRuleKind({
  code: 'dimension_anomaly',
  title: { en: 'Rows of each value are as usual', zh: '各取值数据量无异常' },
  description: {
    en: 'For each value, or combination of values, the newest periods have as many rows as the ones before make one expect.',
    zh: '按字段取值（或取值组合）分别统计，最近各周期的行数落在由此前推得的正常区间之内。',
  },
  dimension: 'completeness',
  columns: [1, 4],
  other: 'none',
  nullPolicy: false,
  params: Type.Object({ ...TIME_COLUMN, ...PERIODS, ...USUAL, ...FAIL_ON_ZERO }, { additionalProperties: false }),
  says: ({ columns, params: { timeColumn } }) => {
    const of = columns.map((name) => `"${name}"`).join(' + ');
    return {
      en: `The number of rows of each ${of} by "${timeColumn}" is as usual`,
      zh: `按“${timeColumn}”统计的${of}各取值数据量无异常`,
    };
  },
  compile: (bound) => {
    const time = timeColumnOf(bound);
    checkSeries(time, ['params', 'timeColumn'], bound.params);
    checkGroupable(bound.columns, ['columns']);
    return compiledSeries(bound, periodsAt(bound), { time, keys: bound.columns, figures: () => ({ n: countWhen() }) });
  },
  count: ({ periods = [] }, params, bound) => {
    const window = periodsAt(bound);
    const series = byGroup(periods, bound.columns).map(({ group, rows }) => {
      const counted = rows.map((row) => ({ period: periodIn(row), value: Number(row['n']) }));
      return { ...(group !== undefined && { group }), figures: filled(counted, window, firstOf(counted, window), 0) };
    });
    return countsOfSeries(rowsIn(periods), series, window, params);
  },
  found: seriesFound,
  examples: [
    {
      title: 'one branch delivers nothing any more',
      columns: { on: 'date', branch: 'text' },
      rows: days('2026-06-10', 20).flatMap((day) => [[day, '上海'], ...(day < '2026-06-29' ? [[day, '北京']] : [])]),
      rule: { columns: ['branch'], params: { timeColumn: 'on' } },
      expect: {
        status: 'fail',
        rows: 39, // 20 + 19
        checked: 2,
        violations: 1,
        metrics: { value: '0', usual: '1', series: '2' },
        failingRows: 0,
      },
    },
    {
      title: 'a new branch has no history yet',
      columns: { on: 'date', branch: 'text' },
      rows: days('2026-06-10', 20).flatMap((day) => [[day, '上海'], ...(day > '2026-06-28' ? [[day, '北京']] : [])]),
      rule: { columns: ['branch'], params: { timeColumn: 'on' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'combinations of two columns, absent values among them',
      columns: { on: 'date', branch: 'text', product: 'integer' },
      rows: days('2026-06-10', 20).flatMap((day, at) => [
        [day, '上海', null],
        ...(at === 19
          ? [
              [day, '上海', null],
              [day, '上海', null],
            ]
          : []),
        [day, null, 1],
      ]),
      rule: { columns: ['branch', 'product'], params: { timeColumn: 'on', direction: 'spike' } },
      expect: { status: 'fail', checked: 2, violations: 1, metrics: { value: '3' } },
    },
  ],
});

function days(from: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.parse(`${from}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10),
  );
}
