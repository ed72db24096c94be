import { type Static, Type } from 'typebox';

import { fault, termOf } from '../bind-expression.js';
import { type ColumnFact } from '../facts.js';
import { countIn, oneRow } from '../measured-row.js';
import { compareQuantities, NUMBERS, quantityOf } from '../quantity.js';
import { defineRuleKind } from '../rule-kind.js';
import { absent, all, compared, countWhen, present, type Term, type Test, value } from '../sql/term.js';
import { jensenShannon, ksOfBins, psi, psiByChance, smoothedShares } from '../statistics/distances.js';
import { type TypedValue, typedValue } from '../typed-values.js';
import { BOUNDS, boundsSay, checkBounds, countsOfValue } from '../value-bounds.js';

const Baseline = Type.Object(
  {
    edges: Type.Optional(
      Type.Array(Type.Union([Type.Number(), Type.String({ minLength: 1 })]), { minItems: 1, maxItems: 100 }),
    ),
    values: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1, maxItems: 100 }),
    ),
    counts: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2, maxItems: 101 }),
    nulls: Type.Integer({ minimum: 0 }),
  },
  {
    additionalProperties: false,
    title: 'Baseline',
    'x-title-zh': '基线分布',
    description:
      'Either edges, rising, with one count more than edges (below the first … at or above the last), or values with a count each and ' +
      'one for all others; and how many were absent.',
    'x-description-zh':
      '数值：递增分箱边界 edges，counts 比边界多一个；类别：values 及各自计数，末尾为其他值计数；nulls 为空值数。',
  },
);

const params = Type.Object(
  {
    method: Type.Enum(['psi', 'js', 'ks'], {
      default: 'psi',
      title: 'Distance',
      'x-title-zh': '距离度量',
      description:
        'psi: population stability index. js: Jensen-Shannon divergence, 0 to 1. ks: largest distance of the distributions, 0 to 1.',
      'x-description-zh': 'psi：群体稳定性指数；js：JS 散度（0 到 1）；ks：分布函数最大距离（0 到 1）。',
    }),
    baseline: Baseline,
    ...BOUNDS,
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/** The distribution of a column is still that of a baseline, whose bins are frozen. Absent values are a bin of their own, but for ks. */
export const drift = defineRuleKind({
  code: 'drift',
  title: { en: 'Distribution has not drifted', zh: '分布未漂移' },
  description: {
    en: 'The distance of the distribution from that of a baseline is no more than allowed. Bins without rows count as half a row.',
    zh: '字段分布与基线的距离不超过上限；空箱按半行平滑。',
  },
  dimension: 'accuracy',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns: [column], params: { method, baseline: _, ...bounds } }) => {
    const said = boundsSay(bounds);
    return {
      en: `The ${method.toUpperCase()} of "${column}" from its baseline ${said.en}`,
      zh: `“${column}”相对基线的 ${method.toUpperCase()} ${said.zh}`,
    };
  },
  compile: ({ columns, params: given }) => {
    checkBounds(given, 'decimal');
    const column = columns[0]!;
    const bins = binsOf(column, given);
    const counts = Object.fromEntries(bins.map((bin, at): [string, Term] => [`b${at}`, countWhen(bin)]));
    return {
      asks: {
        measure: { is: 'values', values: { rows: countWhen(), nulls: countWhen(absent(termOf(column))), ...counts } },
      },
      measures: 'decimal',
    };
  },
  count: ({ measure }, given) => {
    const row = oneRow(measure);
    const rows = countIn(row, 'rows');
    const nulls = Number(countIn(row, 'nulls'));
    const inBins = given.baseline.counts
      .slice(0, given.baseline.edges === undefined ? -1 : undefined)
      .map((_, at) => Number(countIn(row, `b${at}`)));
    const others =
      given.baseline.edges === undefined ? [Number(rows) - nulls - inBins.reduce((sum, n) => sum + n, 0)] : [];
    const [now, before] = [[...inBins, ...others], given.baseline.counts];
    const checkedRows = given.method === 'ks' ? Number(rows) - nulls : Number(rows);
    const distance = checkedRows === 0 ? undefined : distanceOf(given, [...now], nulls);
    const [n, m] = [Number(rows), before.reduce((sum, count) => sum + count, given.baseline.nulls)];
    return countsOfValue(
      rows,
      distance === undefined ? undefined : quantityOf(distance, 'float'),
      given,
      'decimal',
      given.method === 'psi' && n > 0 && m > 0 ? { byChance: psiByChance(now.length + 1, n, m).toFixed(6) } : {},
    );
  },
  examples: [
    {
      title: 'what was half and half is all of one kind',
      columns: { x: 'integer' },
      rows: [[1], [2], [3], [4]],
      rule: { columns: ['x'], params: { baseline: { edges: [10], counts: [50, 50], nulls: 0 }, max: 0.25 } },
      expect: { status: 'fail', rows: 4, checked: 1, violations: 1, failingRows: 0 },
    },
    {
      title: 'half and half as before, and absent values as before',
      columns: { x: 'text' },
      rows: [['a'], ['b'], [null]],
      rule: {
        columns: ['x'],
        params: { method: 'js', baseline: { values: ['a', 'b'], counts: [10, 10, 1], nulls: 10 }, max: 0.1 },
      },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0 },
    },
    {
      title: 'a quarter of the way apart',
      columns: { x: 'decimal' },
      rows: [['1'], ['2'], ['3'], ['14'], [null]],
      rule: {
        columns: ['x'],
        params: { method: 'ks', baseline: { edges: [10], counts: [5, 5], nulls: 0 }, max: 0.25 },
      },
      expect: { status: 'pass', metrics: { value: '0.25' } }, // 3/4 - 1/2
    },
    {
      title: 'dates in frozen bins',
      columns: { x: 'date' },
      rows: [['2026-01-01'], ['2026-03-01']],
      rule: {
        columns: ['x'],
        params: { baseline: { edges: ['2026-02-01'], counts: [1, 1], nulls: 0 } },
        threshold: { metric: 'value', fail: { gt: 0.1 } },
      },
      expect: { status: 'pass' },
    },
    {
      title: 'an empty table',
      columns: { x: 'integer' },
      rows: [],
      rule: { columns: ['x'], params: { baseline: { edges: [10], counts: [5, 5], nulls: 0 }, max: 0.25 } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

/** The bins as conditions; with values, all others are what is left over. */
function binsOf(column: ColumnFact, { baseline: { edges, values, counts, nulls }, method }: Params): Test[] {
  const term = termOf(column);
  const literal = (each: string | number | boolean, at: number, name: string) =>
    typedValue(each, column, ['params', 'baseline', name, String(at)]);
  if ((edges === undefined) === (values === undefined))
    throw fault('a baseline has either edges or values', ['params', 'baseline']);
  if (counts.length !== (edges ?? values)!.length + 1)
    throw fault('a baseline has one count more than edges or values', ['params', 'baseline', 'counts']);
  if (counts.every((count) => count === 0) && (method === 'ks' || nulls === 0))
    throw fault('a baseline without a row says nothing', ['params', 'baseline', 'counts']);
  if (values !== undefined) {
    if (method === 'ks')
      throw fault('values without an order have no distribution function; take psi or js', ['params', 'method']);
    return values.map((each, at) => compared(term, 'eq', value(literal(each, at, 'values'))));
  }
  if (![...NUMBERS, 'date', 'timestamp', 'timestamptz'].includes(column.typeFamily))
    throw fault(`"${column.name}" has no order; give values`, ['params', 'baseline', 'edges']);
  const ends = edges!.map((each, at) => literal(each, at, 'edges'));
  checkRising(ends);
  return counts.map((_, at) =>
    all(
      present(term),
      ...(at === 0 ? [] : [compared(term, 'gte', value(ends[at - 1]!))]),
      ...(at === ends.length ? [] : [compared(term, 'lt', value(ends[at]!))]),
    ),
  );
}

/** Bins between edges that do not rise hold no row, and nothing would ever be found in them. */
function checkRising(edges: readonly TypedValue[]): void {
  const places = edges.map(({ text, family }) => quantityOf(text, family));
  const falls = places.findIndex((place, at) => {
    const before = places[at - 1];
    return at > 0 && place !== undefined && before !== undefined && compareQuantities(place, before) <= 0;
  });
  if (falls !== -1) throw fault('the edges have to rise', ['params', 'baseline', 'edges', String(falls)]);
}

function distanceOf({ method, baseline }: Params, now: readonly number[], nulls: number): number {
  if (method === 'ks') return ksOfBins(shares(now), shares(baseline.counts));
  const [p, q] = [smoothedShares([...now, nulls]), smoothedShares([...baseline.counts, baseline.nulls])];
  return method === 'psi' ? psi(p, q) : jensenShannon(p, q);
}

const shares = (counts: readonly number[]): number[] => {
  const whole = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (whole === 0 ? 0 : count / whole));
};
