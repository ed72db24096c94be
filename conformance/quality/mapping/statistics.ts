import { NotMapped, Refused } from './mapped.js';
import { type Params } from './params.js';
import { said } from './beside.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

interface Partition {
  readonly bins?: readonly number[];
  readonly values?: readonly unknown[];
  readonly weights?: readonly number[];
  readonly tail_weights?: readonly number[];
}

/** Shares of a whole that do not make up one say nothing. */
function wholeOf({ bins, weights = [], tail_weights: tails = [] }: Partition) {
  if (bins === undefined) throw new Refused('a distribution of single values is not continuous');
  const sum = [...weights, ...tails].reduce((all, weight) => all + weight, 0);
  if (bins.length !== weights.length + 1 || Math.abs(sum - 1) > 1e-6)
    throw new Refused('the weights of the bins do not make up a whole');
  return { edges: bins, weights, ...(tails.length === 2 && { tails }) };
}

/** The p-value of Kolmogorov and Smirnov's test itself stands for the one that resampling estimates. */
function againstBins(params: Params): Own {
  const partition = said<Partition>(params, 'partition');
  if (partition === undefined) throw new Refused('there is no distribution to compare with');
  const p = said<number>(params, 'p');
  return {
    kind: 'distribution_fit',
    columns: [params.column('column')],
    params: { bins: wholeOf(partition), ...(p !== undefined && { min: p, strictMin: true }) },
  };
}

/** Names of parameters, in SciPy's order: shapes, then where it begins (or its mean), then its scale. */
const SHAPES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  beta: [
    ['alpha', 'a'],
    ['beta', 'b'],
  ],
  gamma: [['alpha', 'a']],
  chi2: [['df']],
};
const PLACE = ['loc', 'mean', 'min'];
const SCALE = ['scale', 'std_dev', 'std'];

function parametersOf(distribution: string, given: unknown): readonly number[] {
  if (Array.isArray(given)) return given as number[];
  if (given == null) return [];
  const named = given as Readonly<Record<string, number>>;
  const one = (names: readonly string[]): number | undefined =>
    names.map((name) => named[name]).find((value) => value !== undefined);
  const shapes = (SHAPES[distribution] ?? []).map((names) => {
    const value = one(names);
    if (value === undefined) throw new Refused(`${distribution} has no ${names[0]}`);
    return value;
  });
  const end = named['max'];
  const from = one(PLACE) ?? 0;
  return [...shapes, from, one(SCALE) ?? (end === undefined ? 1 : end - from)];
}

function againstDistribution(params: Params): Own {
  const distribution = said<string>(params, 'distribution') ?? '';
  const p = said<number>(params, 'pValue') ?? 0.05;
  if (typeof p !== 'number' || p <= 0 || p >= 1) throw new Refused(`${JSON.stringify(p)} is no probability`);
  return {
    kind: 'distribution_fit',
    columns: [params.column('column')],
    params: { distribution, parameters: parametersOf(distribution, said(params, 'distParams')), min: p },
  };
}

/** The newest figure of a series against the ones before it. Deequ takes ratios for relative changes, differences otherwise. */
function rateOfChange(params: Params): Own {
  const series = (params.given as { readonly series?: readonly (number | { readonly value: number })[] }).series ?? [];
  const values = series.map((each) => (typeof each === 'number' ? each : each.value));
  const newest = values.at(-1);
  if (newest === undefined) throw new NotMapped('not mapped: a rate of change without a series');
  const [decrease, increase] = [said<number>(params, 'maxRateDecrease'), said<number>(params, 'maxRateIncrease')];
  const own = { relative: said<boolean>(params, 'relative') ?? true, order: said<number>(params, 'order') ?? 1 };
  return {
    table: { columns: [{ name: 'figure', type: 'double' }], rows: [[newest]] },
    series: values
      .slice(0, -1)
      .map((value, at) => ({ at: new Date(at * 86_400_000).toISOString(), value: String(value) })),
    kind: 'rate_of_change',
    columns: ['figure'],
    params: { metric: 'max', ...own, min: decrease, max: increase },
    more: { onEmpty: 'pass' },
  };
}

export const STATISTICS: Mappings = {
  ks_bootstrap_p_gt: mapping('value', againstBins),
  ks_parametric_p_gt: mapping('value', againstDistribution),
  relative_rate_of_change: mapping('value', rateOfChange),
};
