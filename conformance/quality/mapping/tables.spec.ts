import { type CaseTable, type QualityCase } from '../case.js';
import { openDuckDb } from '../engines/duckdb.js';
import { type Engine } from '../engines/engine.js';
import { runCase } from '../run-case.js';

/** Rules of other tools as they are written there, on tables of ours: what the corpora have no case of. */

let engine: Engine;

beforeAll(async () => {
  engine = await openDuckDb();
});

afterAll(() => engine.close());

const table = (
  columns: Readonly<Record<string, CaseTable['columns'][number]['type']>>,
  rows: CaseTable['rows'],
): CaseTable => ({
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  rows,
});

const sales = table({ branch: 'string', amount: 'double', tax: 'double', total: 'double' }, [
  ['a', 10, 1, 11],
  ['a', 20, 2, 22],
  ['b', 30, 3, 33],
]);
const more = table({ branch: 'string', amount: 'double' }, [
  ['a', 30.2],
  ['b', 30],
]);

/** A row at noon of each of so many days before the clock of the cases, 2026-06-30; `per` says how many. */
const daily = (days: number, per: (day: number) => number): CaseTable['rows'] =>
  Array.from({ length: days }, (_, n) => days - n).flatMap((ago) =>
    Array.from({ length: per(ago) }, () => [
      new Date(Date.UTC(2026, 5, 30) - ago * 86_400_000 + 43_200_000).toISOString().slice(0, 19),
    ]),
  );
const times = (rows: CaseTable['rows']): CaseTable => table({ at: 'timestamp' }, rows);
const steady = times(daily(14, () => 3));
const spike = times(daily(14, (ago) => (ago === 1 ? 60 : 3)));
const drop = times(daily(14, (ago) => (ago === 1 ? 0 : 3)));
/** One event a day at eleven that arrives at noon; the last one happened at another hour. */
const arrivals = (hour: number): CaseTable =>
  table(
    { at: 'timestamp', up: 'timestamp' },
    daily(14, () => 1).map(([time], n) => [
      String(time).replace('T12', n === 13 ? `T${String(hour).padStart(2, '0')}` : 'T11'),
      time!,
    ]),
  );
const at = { timestamp_column: 'at' };

type Given = Pick<QualityCase, 'rule' | 'params' | 'table'> & Partial<QualityCase>;
const one = (rule: string, params: QualityCase['params'], of: CaseTable, beside: Partial<QualityCase> = {}): Given => ({
  ...{ rule, params, table: of },
  ...beside,
});
const other = { otherTables: { other: more } };

describe.each<readonly [suite: string, title: string, given: Given, said: boolean]>([
  [
    'dbt-x',
    'sums that differ',
    one('aggregate_equals_table', { expression: 'sum(amount)', compare_model: "ref('other')" }, sales, other),
    false,
  ],
  [
    'dbt-x',
    'sums within a percent',
    one('aggregate_equals_table', { expression: 'sum(amount)', other: 'other', tolerancePercent: 0.01 }, sales, other),
    true,
  ],
  [
    'dbt-x',
    'sums of groups',
    one(
      'aggregate_equals_table',
      { expr: 'sum(amount)', other: 'other', groupBy: ['branch'], tolerance_percent: 0.001 },
      sales,
      other,
    ),
    false,
  ],
  [
    'dbt-x',
    'numbers of rows',
    one(
      'aggregate_equals_table',
      { expr: 'count(*)', otherExpr: 'count(distinct amount)', other: 'other' },
      sales,
      other,
    ),
    false,
  ],
  [
    'dbt-x',
    'expressions of several functions',
    one(
      'aggregate_equals_table',
      { expr: 'max(amount) - min(amount)', otherExpr: 'count(*) * 10', other: 'other' },
      sales,
      other,
    ),
    true,
  ],
  [
    'dbt-x',
    'expressions for groups',
    one(
      'aggregate_equals_table',
      { expr: 'sum(amount) / 1', otherExpr: 'sum(amount)', other: 'other', groupBy: ['branch'] },
      sales,
      other,
    ),
    false,
  ],
  ['dbt-x', 'other columns', one('column_count_equals_table', { other: 'other' }, sales, other), false],
  [
    'dbt-x',
    'columns that add up to another',
    one('columns_sum_equals', { columns: ['amount', 'tax'], total: 'total' }, sales),
    true,
  ],
  [
    'dbt-x',
    'columns that add up to a number',
    one('columns_sum_equals', { columns: ['amount'], total: 61 }, sales),
    false,
  ],
  [
    'dbt-x',
    'columns that add up for groups',
    one('columns_sum_equals', { columns: ['amount', 'tax'], total: 33, groupBy: ['branch'] }, sales),
    true,
  ],
  [
    'gx-py',
    'quantiles that occur',
    one(
      'quantiles_between',
      {
        column: 'amount',
        quantiles: [0, 0.5, 1],
        ranges: [
          [10, 10],
          [20, null],
          [null, 29],
        ],
      },
      sales,
    ),
    false,
  ],
  [
    'gx-py',
    'quantiles within their ranges',
    one(
      'quantiles_between',
      { column: 'amount', quantiles: [0.5], ranges: [[20, 20]], allowRelativeError: false },
      sales,
    ),
    true,
  ],
  [
    'gx-py',
    'fewer ranges than quantiles',
    one('quantiles_between', { column: 'amount', quantiles: [0.5], ranges: [] }, sales),
    false,
  ],
  ['gx-py', 'an unknown function', one('aggregate_between', { column: 'amount', fn: 'xyz', max: 1 }, sales), false],
  [
    'soda-x',
    'values that stand for absent ones',
    one('aggregate_between', { column: 'amount', fn: 'min', min: 20, treatAsNull: [10] }, sales),
    true,
  ],
  [
    'soda-x',
    'a level that only warns',
    one('aggregate_between', { column: 'amount', fn: 'avg', threshold: { eq: 1, level: 'warn' } }, sales),
    true,
  ],
  [
    'soda-x',
    'an average length',
    one('aggregate_between', { column: 'branch', fn: 'avgLength', threshold: { lt: 1 } }, sales),
    false,
  ],
  [
    'deequ-x',
    'a number from SQL',
    one(
      'sql_metric',
      { sql: 'SELECT COUNT(*) FROM primary WHERE amount > 10', assert: { between: [1, 3], boundsExclusive: true } },
      sales,
    ),
    true,
  ],
  [
    'soda-x',
    'a number from an expression',
    one('sql_metric', { expr: 'AVG(total - amount)', threshold: { between: [0, 1] } }, sales),
    false,
  ],
  [
    'soda-x',
    'a few rows are allowed',
    one(
      'sql_no_rows',
      { sql: 'SELECT * FROM {batch} WHERE amount < 20', threshold: { lt: 2, metric: 'count' } },
      sales,
    ),
    true,
  ],
  [
    'gx-py',
    'documents of a schema',
    one('json_schema', { column: 'branch', schema: { properties: {}, required: ['x'] } }, sales),
    false,
  ],
  [
    'elementary',
    'a schema in pieces',
    one('json_schema', { column_name: 'j', type: 'string', minLength: 2 }, table({ j: 'string' }, [['"ab"']])),
    true,
  ],
  [
    'elementary',
    'a schema in pieces that does not fit',
    one('json_schema', { column_name: 'j', type: 'string', maxLength: 1 }, table({ j: 'string' }, [['"ab"']])),
    false,
  ],
  [
    'gx-py',
    'a distribution of bins',
    one(
      'ks_bootstrap_p_gt',
      { column: 'amount', p: 0.05, partition: { bins: [0, 20, 40], weights: [0.5, 0.5] } },
      sales,
    ),
    true,
  ],
  [
    'gx-py',
    'weights that are no whole',
    one(
      'ks_bootstrap_p_gt',
      { column: 'amount', p: 0.05, partition: { bins: [0, 20, 40], weights: [0.5, 0.6] } },
      sales,
    ),
    false,
  ],
  [
    'gx-py',
    'single values are no bins',
    one('ks_bootstrap_p_gt', { column: 'amount', p: null, partition: { values: [1], weights: [1] } }, sales),
    false,
  ],
  [
    'gx-py',
    'a distribution by its parameters',
    one(
      'ks_parametric_p_gt',
      { column: 'amount', distribution: 'norm', distParams: { loc: 20, scale: 10 }, pValue: 0.05 },
      sales,
    ),
    true,
  ],
  [
    'gx-py',
    'shapes by their names',
    one(
      'ks_parametric_p_gt',
      { column: 'amount', distribution: 'beta', distParams: { alpha: 1, beta: 2, loc: 0, scale: 1 }, pValue: 0.05 },
      sales,
    ),
    false,
  ],
  [
    'deequ-x',
    'a figure that fell too fast',
    one('relative_rate_of_change', { maxRateDecrease: 0.5, maxRateIncrease: 2, order: 1, relative: true }, sales, {
      series: [10, 12, 5],
    } as Partial<QualityCase>),
    false,
  ],
  ['dbt-x', 'volume as ever', one('volume_anomaly', at, steady), true],
  ['dbt-x', 'a spike', one('volume_anomaly', at, spike), false],
  ['dbt-x', 'a spike where drops matter', one('volume_anomaly', { ...at, anomaly_direction: 'drop' }, spike), true],
  [
    'dbt-x',
    'a spike that is ignored',
    one(
      'volume_anomaly',
      { ...at, ignore_small_changes: { spike_failure_percent_threshold: 2000, drop_failure_percent_threshold: null } },
      spike,
    ),
    true,
  ],
  ['dbt-x', 'a spike that only hidden sensitivity sees', one('volume_anomaly', { ...at, sensitivity: 4 }, spike), true],
  [
    'dbt-x',
    'no rows where there were always some',
    one('volume_anomaly', { ...at, fail_on_zero: true, sensitivity: 10 }, drop),
    false,
  ],
  [
    'dbt-x',
    'a spike before the run',
    one('volume_anomaly', { ...at, vars: { custom_run_started_at: '2026-06-29T00:00:00' } }, spike),
    true,
  ],
  [
    'dbt-x',
    'a spike that came too late to look at',
    one('volume_anomaly', { ...at, detection_delay: { period: 'day', count: 1 } }, spike),
    true,
  ],
  [
    'dbt-x',
    'a day that the filter empties',
    one('volume_anomaly', { ...at, where: "at < '2026-06-29'" }, steady),
    false,
  ],
  [
    'dbt-x',
    'days of the week',
    one(
      'volume_anomaly',
      { ...at, seasonality: 'day_of_week', days_back: 14 },
      times(daily(98, (ago) => (ago % 7 === 1 ? 9 : 3))),
    ),
    true,
  ],
  [
    'dbt-x',
    'a season that periods do not have',
    one('volume_anomaly', { ...at, seasonality: 'day_of_week', time_bucket: { period: 'hour', count: 1 } }, steady),
    false,
  ],
  [
    'dbt-x',
    'only what is learnt before',
    one(
      'volume_anomaly',
      {
        ...at,
        training_period: { period: 'day', count: 30 },
        detection_period: { period: 'day', count: 7 },
        exclude_detection_period_from_training: true,
      },
      times(daily(30, (ago) => (ago <= 7 ? 9 : 3 + (ago % 2)))),
    ),
    false,
  ],
  [
    'dbt-x',
    'a column whose values are gone',
    one(
      'column_anomaly',
      { column: 'v', column_anomalies: ['null_count'], timestamp_column: 'at' },
      table(
        { at: 'timestamp', v: 'int' },
        daily(14, () => 3).map(([time], n) => [time!, n >= 39 ? null : 1]),
      ),
    ),
    false,
  ],
  [
    'dbt-x',
    'days that are excluded',
    one(
      'column_anomaly',
      { column: 'v', timestamp_column: 'at', anomaly_exclude_metrics: "metric_date = '2026-06-29'" },
      table(
        { at: 'timestamp', v: 'int' },
        daily(14, () => 3).map(([time], n) => [time!, n >= 39 ? null : 1]),
      ),
    ),
    true,
  ],
  [
    'dbt-x',
    'a dimension that grows',
    one(
      'dimension_anomaly',
      { dimensions: ['b'], timestamp_column: 'at' },
      table(
        { at: 'timestamp', b: 'string' },
        [...daily(14, () => 2), ...daily(1, () => 20)].map(([time]) => [time!, 'x']),
      ),
    ),
    false,
  ],
  [
    'dbt-x',
    'results that are left out',
    one(
      'dimension_anomaly',
      { dimensions: ['b'], timestamp_column: 'at', exclude_final_results: "dimension_value != 'x' or average > 100" },
      table(
        { at: 'timestamp', b: 'string' },
        [...daily(14, () => 2), ...daily(1, () => 20)].map(([time]) => [time!, 'x']),
      ),
    ),
    true,
  ],
  ['dbt-x', 'rows that come as ever', one('freshness_anomaly', at, steady), true],
  [
    'dbt-x',
    'rows that no longer come',
    one('freshness_anomaly', { ...at, sensitivity: 2 }, times(daily(14, (ago) => (ago < 3 ? 0 : 3)))),
    false,
  ],
  [
    'dbt-x',
    'events as late as ever',
    one('event_freshness_anomaly', { event_timestamp_column: 'at', update_timestamp_column: 'up' }, arrivals(11)),
    true,
  ],
  [
    'dbt-x',
    'events that are late',
    one('event_freshness_anomaly', { event_timestamp_column: 'at', update_timestamp_column: 'up' }, arrivals(2)),
    false,
  ],
  [
    'dbt-x',
    'twice as many rows as the day before',
    one('volume_threshold', { ...at, direction: 'spike' }, times(daily(3, (ago) => (ago === 1 ? 400 : 200)))),
    false,
  ],
  [
    'dbt-x',
    'fewer rows where more matter',
    one('volume_threshold', { ...at, direction: 'spike' }, times(daily(3, (ago) => (ago === 1 ? 100 : 200)))),
    true,
  ],
  ['dbt-x', 'too few rows to tell', one('volume_threshold', at, times(daily(3, (ago) => (ago === 1 ? 1 : 20)))), true],
])('%s: %s', (suite, title, given, said) => {
  it(said ? 'passes' : 'fails', async () => {
    const result = await runCase({ id: title, suite, expect: { success: said }, ...given }, engine, 'duckdb');
    expect(`${result.outcome}: ${result.detail}`).toMatch(/^agrees/);
  });
});
