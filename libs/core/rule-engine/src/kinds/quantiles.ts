import { type Static, Type } from 'typebox';

import { type TypeFamily } from '#core/connector-kit';

import { fault } from '../bind-expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { NUMBERS, ORDERED, quantityText } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { askQuantiles, quantileIn } from '../sql/ranks.js';
import { countWhen } from '../sql/term.js';
import { checkBounds, isOutside } from '../value-bounds.js';

const Bound = Type.Optional(Type.Union([Type.Number(), Type.String({ minLength: 1 })]));

const params = Type.Object(
  {
    quantiles: Type.Array(
      Type.Object(
        {
          q: Type.Union([
            Type.Number({ minimum: 0, maximum: 1 }),
            Type.String({ pattern: '^(0(\\.[0-9]{1,6})?|1(\\.0{1,6})?)$' }),
          ]),
          min: Bound,
          max: Bound,
        },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: 100,
        title: 'Quantiles and their bounds',
        'x-title-zh': '分位点与区间',
        description: 'Each with q from 0 to 1 and a lower bound, an upper bound, or both; the bounds belong to it.',
        'x-description-zh': '每项含分位点 q（0 到 1）及下限、上限（至少一个，含端点）。',
      },
    ),
    method: Type.Enum(['linear', 'nearest_rank'], {
      default: 'linear',
      title: 'Between two values',
      'x-title-zh': '取值方式',
      description: 'linear: interpolated between neighbours. nearest_rank: a value that occurs.',
      'x-description-zh': 'linear：在相邻取值间线性插值；nearest_rank：取实际出现的值。',
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** Several quantiles of a column lie each between its bounds; each that does not is a violation. */
export const quantiles = defineRuleKind({
  code: 'quantiles',
  title: { en: 'Quantiles lie between bounds', zh: '分位数在区间内' },
  description: {
    en: 'Each of the quantiles lies between its bounds. Dates and times have quantiles by nearest rank only.',
    zh: '各分位数在各自区间之内；日期、时间只能按实际出现的值取分位数。',
  },
  dimension: 'accuracy',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: given }) => {
    const list = given.quantiles.map(({ q, min = '-∞', max = '∞' }) => `${q}: ${min} … ${max}`).join('; ');
    return { en: `The quantiles of "${column}" are ${list}`, zh: `“${column}”的分位数为 ${list}` };
  },
  compile: ({ target, where, columns, params: given }) => {
    const column = columns[0]!;
    const fits: readonly TypeFamily[] = given.method === 'linear' ? NUMBERS : ORDERED;
    if (!fits.includes(column.typeFamily))
      throw fault(`"${column.name}" is ${column.nativeType ?? column.typeFamily}, which has no such quantiles`, [
        'columns',
        '0',
      ]);
    given.quantiles.forEach(({ q, ...bounds }, at) => {
      if (!/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(String(q)))
        throw fault('a quantile has at most six digits after the point', ['params', 'quantiles', String(at), 'q']);
      checkBounds({ ...bounds, strictMin: false, strictMax: false }, column.typeFamily);
    });
    return {
      asks: {
        rows: { is: 'values', values: { rows: countWhen() } },
        ranks: askQuantiles(
          target,
          where,
          column,
          given.quantiles.map(({ q }) => String(q)),
          given.method,
        ),
      },
    };
  },
  count: (measured, given, { columns }) => {
    const family = columns[0]!.typeFamily;
    const found = given.quantiles.map(({ q, ...bounds }) => ({
      q,
      bounds: { ...bounds, strictMin: false, strictMax: false },
      measured: quantileIn(measured['ranks'] ?? [], String(q), given.method, family),
    }));
    const outside = found.filter(
      ({ measured: value, bounds }) => value !== undefined && isOutside(value, bounds, family),
    );
    return {
      rows: countIn(oneRow(measured['rows']), 'rows'),
      checked: BigInt(found.filter(({ measured: value }) => value !== undefined).length),
      violations: BigInt(outside.length),
      metrics: Object.fromEntries(
        found.flatMap(({ q, measured: value }) =>
          value === undefined || !NUMBERS.includes(family) ? [] : [[`q${q}`, quantityText(value)]],
        ),
      ),
    };
  },
  found: ({ checked, violations }) => ({
    en: violations === 0n ? `all ${checked} lie there` : `${violations} of ${checked} lie elsewhere`,
    zh: violations === 0n ? `${checked} 个分位数全部符合` : `${checked} 个分位数中 ${violations} 个不符合`,
  }),
  examples: [
    {
      title: 'a quarter, a half and three quarters',
      columns: { x: 'integer' },
      rows: [[1], [2], [3], [4], [null]],
      rule: {
        columns: ['x'],
        params: {
          quantiles: [
            { q: 0.25, min: 1.75, max: 1.75 },
            { q: 0.5, max: 2 },
            { q: 1, min: 4 },
          ],
        } satisfies Partial<Params>,
      },
      expect: {
        status: 'fail',
        rows: 5,
        checked: 3,
        violations: 1,
        metrics: { 'q0.25': '1.75', 'q0.5': '2.5', q1: '4' },
        failingRows: 0,
      },
    },
    {
      title: 'by nearest rank a quantile is a value that occurs',
      columns: { x: 'decimal' },
      rows: [['0.1'], ['0.2'], ['0.3'], ['0.4']],
      rule: {
        columns: ['x'],
        params: {
          method: 'nearest_rank',
          quantiles: [
            { q: 0, max: '0.1' },
            { q: 0.5, min: '0.2', max: '0.2' },
            { q: 0.51, min: '0.3' },
          ],
        },
      },
      expect: { status: 'pass', checked: 3, violations: 0, metrics: { 'q0.5': '0.2', 'q0.51': '0.3' } },
    },
    {
      title: 'dates, by nearest rank',
      columns: { x: 'date' },
      rows: [['2026-01-01'], ['2026-01-09'], ['2026-01-02']],
      rule: { columns: ['x'], params: { method: 'nearest_rank', quantiles: [{ q: 0.5, max: '2026-01-02' }] } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'nothing but absent values',
      columns: { x: 'integer' },
      rows: [[null]],
      rule: { columns: ['x'], params: { quantiles: [{ q: 0.5, min: 0 }] } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});
