import { Type } from 'typebox';

import { askFigure, figureIn, METRIC } from '../figure.js';
import { countIn, oneRow } from '../measured-row.js';
import { quantityOf } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { rateOfChange } from '../statistics/usual.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

/** How much a figure has changed since earlier measurements lies between two bounds: easy to explain to an auditor. */
export const rateOfChangeKind = defineRuleKind({
  code: 'rate_of_change',
  title: { en: 'Has changed only so much', zh: '变化幅度' },
  description: {
    en: 'The ratio of a figure to an earlier one, or their difference, lies between two bounds. Without earlier ones it is not evaluated.',
    zh: '指标与历史度量之比（或之差）在区间之内；没有历史时不评价。',
  },
  dimension: 'accuracy',
  columns: [0, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      metric: METRIC,
      relative: Type.Boolean({
        default: true,
        title: 'As a ratio',
        'x-title-zh': '按比率',
        description: 'now / before: 1.1 is a tenth more. Otherwise now - before.',
        'x-description-zh': '本次/以前：1.1 即增长 10%；否则为差值。',
      }),
      order: Type.Integer({
        default: 1,
        minimum: 1,
        maximum: 100,
        title: 'How many measurements back',
        'x-title-zh': '回看次数',
        description: 'For differences: the order of the difference.',
        'x-description-zh': '按差值时为差分阶数。',
      }),
      ...BOUNDS,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { metric, ...bounds } }) => {
    const said = boundsSay(bounds);
    const of = column === undefined ? ['', ''] : [` of "${column}"`, `“${column}”的`];
    return { en: `The change of ${metric}${of[0]} ${said.en}`, zh: `${of[1]}${metric} 变化 ${said.zh}` };
  },
  compile: ({ columns, params }) => {
    checkBounds(params, 'decimal');
    return { asks: { measure: askFigure(params.metric, columns) }, measures: 'decimal' };
  },
  count: ({ measure }, params, bound) => {
    const row = oneRow(measure);
    const figure = figureIn(row, params.metric, bound);
    const before = bound.series.filter(({ excluded }) => excluded !== true).map(({ value }) => Number(value));
    const change = figure === undefined ? undefined : rateOfChange([...before, figure], params.order, params.relative);
    const measured = change === undefined || Number.isNaN(change) ? undefined : quantityOf(String(change), 'float');
    return countsOfValue(
      countIn(row, 'rows'),
      measured,
      params,
      'decimal',
      figure === undefined ? {} : { now: String(figure) },
    );
  },
  examples: [
    {
      title: 'half as many rows as last time',
      columns: { x: 'integer' },
      rows: [[1], [2]],
      series: [{ at: '2026-06-29', value: '4' }],
      rule: { params: { min: 0.9, max: 1.1 } },
      expect: {
        status: 'fail',
        rows: 2,
        checked: 1,
        violations: 1,
        metrics: { value: '0.5', now: '2' },
        failingRows: 0,
      },
    },
    {
      title: 'two more than last time',
      columns: { x: 'integer' },
      rows: [[1], [null]],
      series: [{ at: '2026-06-29', value: '0' }],
      rule: { params: { relative: false, max: 2 } },
      expect: { status: 'pass', metrics: { value: '2' } },
    },
    {
      title: 'the first time there is nothing to compare with',
      columns: { x: 'integer' },
      rows: [[1]],
      rule: { params: { min: 0.9 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});
