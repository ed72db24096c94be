import { Type } from 'typebox';

import { askFigure, figureIn, METRIC } from '../figure.js';
import { countIn, oneRow } from '../measured-row.js';
import { quantityOf } from '../quantity.js';
import { type Counts, defineRuleKind } from '../rule-kind.js';
import { isUnusual, type Point, usualFor } from '../statistics/usual.js';

const percent = (title: string, zh: string) =>
  Type.Optional(
    Type.Number({
      minimum: 0,
      title,
      'x-title-zh': zh,
      description: 'In percent of the median.',
      'x-description-zh': '相对中位数的百分比。',
    }),
  );

const params = Type.Object(
  {
    metric: METRIC,
    sensitivity: Type.Number({
      default: 3,
      exclusiveMinimum: 0,
      maximum: 100,
      title: 'How many spreads are usual',
      'x-title-zh': '灵敏度（几倍离差）',
    }),
    minTraining: Type.Integer({
      default: 14,
      minimum: 3,
      maximum: 10_000,
      title: 'Measurements to learn from, at least',
      'x-title-zh': '最少训练点数',
    }),
    seasonality: Type.Enum(['none', 'day_of_week', 'month_end'], {
      default: 'none',
      title: 'Season',
      'x-title-zh': '季节性',
      description:
        'day_of_week: compared with the same day of the week. month_end: last and first days of months apart.',
      'x-description-zh': 'day_of_week：与同一星期几比较；month_end：月末、月初单独比较。',
    }),
    direction: Type.Enum(['both', 'spike', 'drop'], {
      default: 'both',
      title: 'Which changes matter',
      'x-title-zh': '关注方向',
    }),
    ignoreDropPercent: percent('Drops ignored', '忽略的下降幅度'),
    ignoreSpikePercent: percent('Spikes ignored', '忽略的上升幅度'),
    failOnZero: Type.Boolean({ default: false, title: 'Zero is always unusual', 'x-title-zh': '为零即异常' }),
  },
  { additionalProperties: false },
);

/**
 * A figure is as usual: within so many spreads of the median of earlier measurements, which who starts the run hands in. The band and
 * the training window are stored with the verdict. With too few measurements it is not evaluated.
 */
export const anomaly = defineRuleKind({
  code: 'anomaly',
  title: { en: 'Is as usual', zh: '指标无异常' },
  description: {
    en: 'A figure such as the number of rows lies within what earlier measurements make one expect (median and median deviation).',
    zh: '行数等指标落在由历史度量（中位数与绝对中位差）推得的正常区间之内；历史不足时不评价。',
  },
  dimension: 'accuracy',
  columns: [0, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { metric } }) => ({
    en: `${metric}${column === undefined ? '' : ` of "${column}"`} is as usual`,
    zh: `${column === undefined ? '' : `“${column}”的`}${metric} 无异常`,
  }),
  compile: ({ columns, params: { metric } }) => ({
    asks: { measure: askFigure(metric, columns) },
    measures: 'decimal',
  }),
  count: ({ measure }, given, bound): Counts => {
    const row = oneRow(measure);
    const rows = countIn(row, 'rows');
    const figure = figureIn(row, given.metric, bound);
    const before = bound.series.map(({ value, ...point }): Point => ({ ...point, value: Number(value) }));
    const usual = usualFor(bound.now.toISOString(), before, given);
    if (figure === undefined || usual === undefined)
      return { rows, checked: 0n, violations: 0n, metrics: { history: BigInt(before.length) } };
    const { median, low, high, trainedOn, trainedFrom, trainedTo } = usual;
    return {
      rows,
      checked: 1n,
      violations: isUnusual(figure, usual, given) ? 1n : 0n,
      value: quantityOf(figure, 'float')!,
      metrics: {
        median: String(median),
        low: String(low),
        high: String(high),
        trainedOn: String(trainedOn),
        trainedFrom,
        trainedTo,
      },
    };
  },
  found: ({ metrics = {} }) => ({
    en: `usual is ${metrics['low']} to ${metrics['high']}, from ${metrics['trainedOn']} measurements`,
    zh: `正常区间为 ${metrics['low']} 至 ${metrics['high']}（${metrics['trainedOn']} 次历史度量）`,
  }),
  examples: [
    {
      title: 'two rows, where there were about a hundred',
      columns: { x: 'integer' },
      rows: [[1], [null]],
      series: [98, 100, 102].map((value, at) => ({ at: `2026-06-2${at}T00:00:00Z`, value: String(value) })),
      rule: { params: { minTraining: 3 } },
      expect: {
        status: 'fail',
        rows: 2,
        checked: 1,
        violations: 1,
        metrics: { value: '2', median: '100', trainedOn: '3' },
        failingRows: 0,
      },
    },
    {
      title: 'as usual',
      columns: { x: 'decimal' },
      rows: [['1'], ['2.5']],
      series: ['1.7', '1.8', '1.6', '1.75'].map((value, at) => ({ at: `2026-06-2${at}`, value })),
      rule: { columns: ['x'], params: { metric: 'avg', minTraining: 3 } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { value: '1.75' } },
    },
    {
      title: 'a drop that does not matter',
      columns: { x: 'integer' },
      rows: [],
      series: [98, 100, 102].map((value, at) => ({ at: `2026-06-2${at}`, value: String(value) })),
      rule: { params: { minTraining: 3, direction: 'spike' } },
      expect: { status: 'pass', rows: 0, checked: 1 },
    },
    {
      title: 'too little to learn from, since days of an incident do not count',
      columns: { x: 'integer' },
      rows: [[1]],
      series: [0, 100, 102].map((value, at) => ({ at: `2026-06-2${at}`, value: String(value), excluded: value === 0 })),
      rule: { params: { minTraining: 3 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});
