import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { type ColumnFact } from '../facts.js';
import { defineRuleKind } from '../rule-kind.js';
import { byGroup, periodIn } from '../series/ask-series.js';
import { COLUMN_METRICS, metricIn, termsOfMetrics } from '../series/column-metrics.js';
import { countsOfSeries, seriesFound } from '../series/judge-series.js';
import { FAIL_ON_ZERO, PERIODS, TIME_COLUMN, USUAL } from '../series/series-params.js';
import { checkSeries, compiledSeries, periodsAt, rowsIn, timeColumnOf } from '../series/series-rule.js';
import { countWhen } from '../sql/term.js';
import { checkGroupable, columnsNamed, GROUP_BY } from '../value-bounds.js';

/**
 * Figures of a column, such as its share of absent values, are in the newest periods as the ones before make one expect. A period
 * without rows has no figures. With groups, each has its own.
 */
export const columnAnomaly = defineRuleKind({
  code: 'column_anomaly',
  title: { en: 'Figures of a column are as usual', zh: '字段指标无异常' },
  description: {
    en: 'Figures of a column (absent values, averages, lengths …) are in the newest periods as the ones before make one expect.',
    zh: '字段指标（空值率、平均值、长度等）在最近各周期内落在由此前推得的正常区间之内；没有行的周期无指标。',
  },
  dimension: 'accuracy',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      metrics: Type.Array(Type.Enum([...COLUMN_METRICS]), {
        minItems: 1,
        maxItems: 21,
        title: 'What is measured',
        'x-title-zh': '度量',
        description:
          'Percents are of the rows of the period. missing: absent, blank, or the word null. stddev and variance are those of a sample.',
        'x-description-zh': '百分比以周期内行数为分母；missing 含空值、空白与文本 null；标准差与方差按样本计算。',
      }),
      ...TIME_COLUMN,
      ...PERIODS,
      ...USUAL,
      ...FAIL_ON_ZERO,
      ...GROUP_BY,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { metrics, timeColumn } }) => ({
    en: `${metrics.join(', ')} of "${column}" by "${timeColumn}" ${metrics.length === 1 ? 'is' : 'are'} as usual`,
    zh: `按“${timeColumn}”统计的“${column}”的 ${metrics.join('、')} 无异常`,
  }),
  compile: (bound) => {
    const { target, params } = bound;
    const [column] = bound.columns as [ColumnFact];
    const time = timeColumnOf(bound);
    checkSeries(time, ['params', 'timeColumn'], params);
    const keys = columnsNamed(target, params.groupBy, 'groupBy');
    checkGroupable(keys, ['params', 'groupBy']);
    const terms = termsOfMetrics(column, params.metrics);
    return compiledSeries(bound, periodsAt(bound), {
      time,
      keys,
      values: { v: termOf(column) },
      figures: (of) => ({ n: countWhen(), ...terms(of('v')) }),
    });
  },
  count: ({ periods = [] }, params, bound) => {
    const keys = columnsNamed(bound.target, params.groupBy, 'groupBy');
    const series = byGroup(periods, keys).flatMap(({ group, rows }) =>
      params.metrics.map((metric) => ({
        ...(group !== undefined && { group }),
        figures: rows.flatMap((row) => {
          const value = metricIn(row, metric);
          return value === undefined ? [] : [{ period: periodIn(row), value }];
        }),
      })),
    );
    return countsOfSeries(rowsIn(periods), series, periodsAt(bound), params);
  },
  found: seriesFound,
  examples: [
    {
      title: 'suddenly half of the values are absent',
      columns: { on: 'date', email: 'text' },
      rows: days('2026-06-10', 20).flatMap((day, at) => [
        [day, 'a@b.cn'],
        [day, at === 19 ? null : 'c@d.cn'],
      ]),
      rule: { columns: ['email'], params: { timeColumn: 'on', metrics: ['null_percent'] } },
      expect: {
        status: 'fail',
        rows: 40,
        checked: 1,
        violations: 1,
        metrics: { value: '50', usual: '0', trainedOn: '19' },
        failingRows: 0,
      },
    },
    {
      title: 'each figure is judged for itself',
      columns: { on: 'date', amount: 'decimal' },
      rows: days('2026-06-10', 20).flatMap((day, at) => [
        [day, '1.50'],
        [day, at === 19 ? '99' : '2.50'],
      ]),
      rule: {
        columns: ['amount'],
        params: { timeColumn: 'on', metrics: ['min', 'max', 'avg', 'sum', 'zero_count', 'zero_percent', 'stddev'] },
      },
      expect: { status: 'fail', checked: 7, violations: 4 }, // max, avg, sum and stddev
    },
    {
      title: 'texts and truths',
      columns: { at: 'timestamp', name: 'text' },
      rows: days('2026-06-10', 20).flatMap((day) => [
        [`${day}T08:00:00`, '张三'],
        [`${day}T09:00:00`, ' '],
        [`${day}T10:00:00`, 'NULL'],
      ]),
      rule: {
        columns: ['name'],
        params: {
          timeColumn: 'at',
          metrics: [
            'missing_count',
            'missing_percent',
            'not_missing_percent',
            'min_length',
            'max_length',
            'avg_length',
          ],
        },
      },
      expect: { status: 'pass', checked: 6, violations: 0 },
    },
    {
      title: 'a figure of each group',
      columns: { on: 'date', branch: 'text', open: 'boolean' },
      rows: days('2026-06-10', 20).flatMap((day, at) => [
        [day, '上海', true],
        [day, '北京', at !== 19],
      ]),
      rule: {
        columns: ['open'],
        params: {
          timeColumn: 'on',
          metrics: ['true_count', 'not_null_percent'],
          groupBy: ['branch'],
          direction: 'drop',
        },
      },
      expect: { status: 'fail', checked: 4, violations: 1, metrics: { value: '0', series: '4' } },
    },
    {
      title: 'no rows of the newest day',
      columns: { on: 'date', amount: 'integer' },
      rows: days('2026-06-10', 19).map((day) => [day, 1]),
      rule: { columns: ['amount'], params: { timeColumn: 'on', metrics: ['avg'] } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { period: '2026-06-28 00:00:00' } },
    },
  ],
});

function days(from: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.parse(`${from}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10),
  );
}
