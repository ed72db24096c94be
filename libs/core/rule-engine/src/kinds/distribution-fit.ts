import { type Static, Type } from 'typebox';

import { fault } from '../bind-expression.js';
import { countIn, oneRow } from '../measured-row.js';
import { NUMBERS, quantityOf } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { occurrences, occurring, OCCURS } from '../sql/occurrences.js';
import { countWhen, present } from '../sql/term.js';
import { cdfOf, DISTRIBUTIONS, SHAPES } from '../statistics/distributions.js';
import { cdfOfBins, ksOfSample, ksProbability } from '../statistics/distances.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

/** More different values are not fetched; the distance of so many from a distribution says all that more would say. */
const MOST_VALUES = 100_000;

const params = Type.Object(
  {
    distribution: Type.Optional(
      Type.Enum([...DISTRIBUTIONS], {
        title: 'Distribution',
        'x-title-zh': '理论分布',
        description: 'norm, uniform, expon, gamma, beta or chi2; or give bins.',
        'x-description-zh': '正态、均匀、指数、伽马、贝塔、卡方；或改用分箱。',
      }),
    ),
    parameters: Type.Array(Type.Number(), {
      default: [],
      maxItems: 4,
      title: 'Its parameters',
      'x-title-zh': '分布参数',
      description:
        'As SciPy orders them: shapes first (gamma one, beta two, chi2 one), then where it begins or its mean, then its scale.',
      'x-description-zh': '顺序同 SciPy：先形状参数，再位置、尺度。',
    }),
    bins: Type.Optional(
      Type.Object(
        {
          edges: Type.Array(Type.Number(), { minItems: 2, maxItems: 10_000 }),
          weights: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1, maxItems: 10_000 }),
          tails: Type.Optional(Type.Array(Type.Number({ minimum: 0 }), { minItems: 2, maxItems: 2 })),
        },
        {
          additionalProperties: false,
          title: 'Bins',
          'x-title-zh': '分箱',
          description:
            'Edges, the weight between each two, and perhaps the weights below the first and above the last.',
          'x-description-zh': '边界、相邻边界之间的权重，以及可选的两端权重。',
        },
      ),
    ),
    ...BOUNDS,
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/**
 * Values are distributed as a distribution or as bins say: Kolmogorov and Smirnov's test. The measured value is the probability that
 * so large a distance comes by chance; the distance D is told besides, and means more when there are many rows.
 */
export const distributionFit = defineRuleKind({
  code: 'distribution_fit',
  title: { en: 'Is distributed as expected', zh: '符合指定分布' },
  description: {
    en: 'The p-value of a Kolmogorov-Smirnov test against a distribution, or against bins, lies between two bounds, as above 0.05.',
    zh: '对理论分布或分箱作 KS 检验，p 值在区间之内（例如大于 0.05）。',
  },
  dimension: 'accuracy',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { distribution = 'bins', parameters: _, bins: __, ...bounds } }) => {
    const said = boundsSay(bounds);
    return {
      en: `The p-value of "${column}" against ${distribution} ${said.en}`,
      zh: `“${column}”对 ${distribution} 的 KS 检验 p 值 ${said.zh}`,
    };
  },
  compile: ({ target, where, columns, params: given }) => {
    const column = columns[0]!;
    if (!NUMBERS.includes(column.typeFamily)) throw fault(`"${column.name}" holds no numbers`, ['columns', '0']);
    checkBounds(given, 'decimal');
    checkExpected(given);
    const [found] = occurring(columns);
    return {
      asks: {
        rows: { is: 'values', values: { rows: countWhen() } },
        sample: {
          is: 'query',
          on: 'target',
          maxRows: MOST_VALUES,
          select: {
            items: [
              { as: 'v', term: found! },
              { as: 'n', term: OCCURS },
            ],
            from: occurrences(target, where, columns),
            where: present(found!),
          },
        },
      },
      measures: 'decimal',
    };
  },
  count: ({ rows, sample = [] }, given) => {
    const all = countIn(oneRow(rows), 'rows');
    const values = sample
      .map((row): [number, number] => [Number(row['v']), Number(row['n'])])
      .sort(([a], [b]) => a - b);
    const n = values.reduce((sum, [, times]) => sum + times, 0);
    if (n === 0) return countsOfValue(all, undefined, given, 'decimal');
    const d = ksOfSample(values, expectedOf(given));
    return countsOfValue(all, quantityOf(ksProbability(d, n), 'float'), given, 'decimal', { d: d.toFixed(6) });
  },
  examples: [
    {
      title: 'what lies in one corner is not uniform',
      columns: { x: 'float' },
      rows: [[0.01], [0.02], [0.03], [0.04], [0.05], [0.06], [null]],
      rule: { columns: ['x'], params: { distribution: 'uniform', min: 0.05 } },
      expect: { status: 'fail', rows: 7, checked: 1, violations: 1, metrics: { d: '0.940000' }, failingRows: 0 },
    },
    {
      title: 'what is spread evenly is',
      columns: { x: 'decimal' },
      rows: [['0.1'], ['0.3'], ['0.5'], ['0.7'], ['0.9']],
      rule: { columns: ['x'], params: { distribution: 'uniform', parameters: [0, 1], min: 0.05, strictMin: true } },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { d: '0.100000' } },
    },
    {
      title: 'against bins',
      columns: { x: 'integer' },
      rows: [[1], [3], [5], [7], [9]],
      rule: { columns: ['x'], params: { bins: { edges: [0, 5, 10], weights: [0.5, 0.5] }, min: 0.05 } },
      expect: { status: 'pass', metrics: { d: '0.100000' } },
    },
    {
      title: 'nothing but absent values',
      columns: { x: 'integer' },
      rows: [[null]],
      rule: { columns: ['x'], params: { distribution: 'norm', min: 0.05 } },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});

function checkExpected({ distribution, parameters, bins }: Params): void {
  if ((distribution === undefined) === (bins === undefined))
    throw fault('give either a distribution or bins', ['params']);
  if (bins !== undefined) {
    const rising = bins.edges.every((edge, at) => at === 0 || edge > bins.edges[at - 1]!);
    if (!rising) throw fault('the edges have to rise', ['params', 'bins', 'edges']);
    if (bins.weights.length !== bins.edges.length - 1)
      throw fault('there is one weight fewer than edges', ['params', 'bins', 'weights']);
    if (bins.weights.every((weight) => weight === 0))
      throw fault('the weights are all zero', ['params', 'bins', 'weights']);
    return;
  }
  const shapes = SHAPES[distribution!];
  if (parameters.length < shapes || parameters.length > shapes + 2)
    throw fault(`${distribution} has ${shapes} to ${shapes + 2} parameters`, ['params', 'parameters']);
  const scale = parameters[shapes + 1];
  if (parameters.slice(0, shapes).some((shape) => shape <= 0) || (scale !== undefined && scale <= 0))
    throw fault('shapes and scale are greater than zero', ['params', 'parameters']);
}

function expectedOf({ distribution, parameters, bins }: Params): (x: number) => number {
  if (bins === undefined) return cdfOf(distribution!, parameters);
  const [below = 0, above = 0] = bins.tails ?? [];
  return cdfOfBins(bins.edges, bins.weights, [below, above]);
}
