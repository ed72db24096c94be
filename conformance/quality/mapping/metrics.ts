import { type Verdict } from '#core/rule-engine';

import { conditionOf } from './common.js';
import { NotMapped, without } from './mapped.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';

type Kind = readonly [kind: string, params?: Readonly<Record<string, unknown>>];

const figure = (fn: string): Kind => ['aggregate', { fn }];
const share = (measure: string): Kind => ['distinct_ratio', { measure }];

/** Deequ's metrics, by their names without regard to case and signs. Its deviations are of all, not of a sample. */
const METRICS: Readonly<Record<string, Kind>> = {
  size: ['row_count'],
  rowcount: ['row_count'],
  columncount: ['column_count'],
  completeness: ['not_null_ratio'],
  uniqueness: share('single_of_rows'),
  distinctness: share('distinct_of_rows'),
  uniquevalueratio: share('single_of_distinct'),
  countdistinct: ['distinct_count'],
  distinctcount: ['distinct_count'],
  approxcountdistinct: ['distinct_count'],
  distinctvaluescount: ['distinct_count'],
  entropy: figure('entropy'),
  mutualinformation: figure('mutual_information'),
  correlation: figure('correlation'),
  columncorrelation: figure('correlation'),
  ratioofsums: figure('ratio_of_sums'),
  minimum: figure('min'),
  min: figure('min'),
  maximum: figure('max'),
  max: figure('max'),
  mean: figure('avg'),
  avg: figure('avg'),
  sum: figure('sum'),
  standarddeviation: figure('stddev_pop'),
  stddev: figure('stddev_pop'),
  stddevpop: figure('stddev_pop'),
  stddevsamp: figure('stddev'),
  variance: figure('variance_pop'),
  variancepop: figure('variance_pop'),
  variancesamp: figure('variance'),
  skewness: figure('skewness'),
  kurtosis: figure('kurtosis'),
  range: figure('range'),
  interquartilerange: figure('iqr'),
  iqr: figure('iqr'),
  zeroscount: figure('zeros'),
  zeros: figure('zeros'),
  minlength: figure('min_length'),
  maxlength: figure('max_length'),
  avglength: figure('avg_length'),
  median: figure('median'),
  quantile: figure('quantile'),
  exactquantile: figure('quantile'),
  approxquantile: figure('quantile'),
};

/** Metrics that are counts: nothing has zero of them. */
const ZERO_OF_NOTHING = ['row_count', 'column_count'];

function metric(params: Params): Own {
  const said = params.take<string>('metric') ?? '';
  const name = said.toLowerCase().replaceAll(/[^a-z]/g, '');
  const columns = params.columns('columns') ?? [];
  const predicate = params.take<string>('predicate');
  const q = params.take<string | number>('q');
  if (name === 'compliance' && predicate !== undefined) return compliance(predicate, params);
  const [kind, own] = METRICS[name] ?? [];
  if (kind === undefined) throw new NotMapped(`not mapped: the metric ${said}`);
  // What a column tells of itself is all that it has to tell.
  if (name === 'mutualinformation' && new Set(columns).size === 1)
    return { kind: 'aggregate', columns: columns.slice(0, 1), params: { fn: 'entropy' } };
  const ofWhole = ZERO_OF_NOTHING.includes(kind);
  return { kind, columns: ofWhole ? [] : columns, params: without({ ...own, q }) };
}

/** The share of rows of which a condition holds. */
function compliance(predicate: string, params: Params): Own {
  return {
    kind: 'expression',
    params: { passWhen: conditionOf(predicate, params) },
    more: { nullPolicy: 'fail' },
    observed: ({ checked = '0', violations = '0' }: Verdict) =>
      checked === '0' ? undefined : String(1 - Number(violations) / Number(checked)),
  };
}

/** A condition's share is judged as rows are; every other metric is a value. */
const byMetric = (given: Parameters<Mappings[string]>[0]) =>
  /compliance/i.test(String(given.params['metric'])) ? mapping('rows', metric)(given) : mapping('value', metric)(given);

/** Deequ's analyzers, measured or asserted. */
export const METRIC_RULES: Mappings = { metric: byMetric, metric_between: byMetric };
