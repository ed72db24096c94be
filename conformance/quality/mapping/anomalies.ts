import { parseCondition } from '#core/rule-engine';

import { type CaseTable } from '../case.js';
import { said } from './beside.js';
import { conditionOf } from './common.js';
import { type Mapping, type MappedRule, NotMapped, without } from './mapped.js';
import { columnIn, type Params } from './params.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

/** A number of hours, days, weeks or months, as Elementary writes it. */
interface Period {
  readonly period?: string;
  readonly count?: number;
}

const DAYS: Readonly<Record<string, number>> = { hour: 1 / 24, day: 1, week: 7, month: 30 };

/** Whole days: Elementary turns every period of training and detection into them. */
function daysIn(period: Period | undefined): number | undefined {
  if (period === undefined) return undefined;
  const days = DAYS[period.period ?? 'day'];
  if (days === undefined) throw new NotMapped(`not mapped: the period ${String(period.period)}`);
  return Math.trunc((period.count ?? 1) * days);
}

const spanOf = (period: Period | undefined): { unit?: string; count?: number } =>
  without({ unit: period?.period, count: period?.count });

interface Vars {
  readonly custom_run_started_at?: string;
  readonly days_back?: number;
  readonly backfill_days?: number;
  readonly time_bucket?: Period;
  readonly anomaly_sensitivity?: number;
}

const varsOf = ({ given }: Params): Vars => given.params['vars'] ?? {};

/** When the run began, if the case says so. A time without a zone is one of UTC. */
function clockOf(params: Params): Pick<MappedRule, 'now'> {
  const at = varsOf(params).custom_run_started_at;
  if (at === undefined) return {};
  return {
    now: /(Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at.replace(' ', 'T')}${at.length === 10 ? 'T00:00:00' : ''}Z`,
  };
}

/** Seasons are learnt from as many weeks as there would be days. */
const WEEKLY = ['day_of_week', 'hour_of_week'];

/** The periods that Elementary looks at: the last 14 days to the run, of which the newest two are judged. */
function periodsIn(params: Params): Record<string, unknown> {
  const vars = varsOf(params);
  const seasonality = said<string>(params, 'seasonality')?.toLowerCase();
  const back =
    daysIn(said<Period>(params, 'training_period')) ?? said<number>(params, 'days_back') ?? vars.days_back ?? 14;
  params.ignore('days_back', 'backfill_days');
  const backfill =
    daysIn(said<Period>(params, 'detection_period')) ??
    said<number>(params, 'backfill_days') ??
    vars.backfill_days ??
    2;
  return without({
    bucket: spanOf(said<Period>(params, 'time_bucket') ?? vars.time_bucket),
    training: { unit: 'day', count: back * (WEEKLY.includes(seasonality ?? '') ? 7 : 1) },
    detection: { unit: 'day', count: Math.max(1, backfill) },
    delay: spanOf(said<Period>(params, 'detection_delay')),
    seasonality,
  });
}

interface SmallChanges {
  readonly spike_failure_percent_threshold?: number | null;
  readonly drop_failure_percent_threshold?: number | null;
}

/** A small change that is ignored on one side only means that the other side is not looked at, when both were. */
function changesIn(params: Params): Record<string, unknown> {
  const small = said<SmallChanges>(params, 'ignore_small_changes') ?? {};
  const [spike, drop] = [small.spike_failure_percent_threshold, small.drop_failure_percent_threshold];
  const said_ = said<string>(params, 'anomaly_direction')?.toLowerCase() ?? 'both';
  const direction = said_ !== 'both' || (spike == null) === (drop == null) ? said_ : spike == null ? 'drop' : 'spike';
  return without({
    direction,
    ignoreSpikePercent: spike ?? undefined,
    ignoreDropPercent: drop ?? undefined,
  });
}

/** A z-score over the periods up to and with the one judged, which is what Elementary makes of them. */
function usualIn(params: Params): Record<string, unknown> {
  const sensitivity =
    said<number>(params, 'sensitivity') ??
    said<number>(params, 'anomaly_sensitivity') ??
    varsOf(params).anomaly_sensitivity;
  params.ignore('anomaly_sensitivity');
  return without({
    method: 'zscore',
    baseline: said<boolean>(params, 'exclude_detection_period_from_training') === true ? 'before_detection' : 'up_to',
    sensitivity: sensitivity ?? 3,
    minTraining: Math.max(2, said<number>(params, 'min_training_set_size') ?? 2),
    leastValue: said<number>(params, 'min_value'),
    failOnZero: said<boolean>(params, 'fail_on_zero'),
    exclude: renamed(params, 'anomaly_exclude_metrics', OF_PERIODS),
    only: renamed(params, 'exclude_final_results', OF_RESULTS),
    ...changesIn(params),
  });
}

const OF_PERIODS: Readonly<Record<string, string>> = {
  metric_date: 'date',
  metric_time_bucket: 'begin',
  metric_value: 'value',
};
const OF_RESULTS: Readonly<Record<string, string>> = {
  value: 'value',
  metric_value: 'value',
  average: 'usual',
  training_avg: 'usual',
  min_value: 'low',
  min_metric_value: 'low',
  max_value: 'high',
  max_metric_value: 'high',
  start_time: 'begin',
  bucket_start: 'begin',
  dimension_value: 'group',
};

/** A condition on figures by our names for them. */
function renamed(params: Params, name: string, names: Readonly<Record<string, string>>): unknown {
  const condition = said<string>(params, name);
  if (condition === undefined) return undefined;
  const rename = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(rename);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [
        key,
        key === 'column' && typeof value === 'string' ? (names[value.toLowerCase()] ?? value) : rename(value),
      ]),
    );
  };
  return rename(parseCondition(conditionOf(condition, params)));
}

const series = (make: (params: Params, own: Record<string, unknown>) => Own): Mapping =>
  mapping('rows', (params) => {
    const own = { ...periodsIn(params), ...usualIn(params) };
    // Nothing to learn from is no anomaly.
    return { ...make(params, own), ...clockOf(params), more: { onEmpty: 'pass' } };
  });

/** Without times of its own a table is compared with earlier runs, of which a case has none. */
const ofRuns = (columns: readonly (string | undefined)[], metric: string): Own => ({
  kind: 'anomaly',
  columns,
  params: { metric },
});

const METRICS: Readonly<Record<string, string>> = {
  average: 'avg',
  standard_deviation: 'stddev',
  average_length: 'avg_length',
  count_true: 'true_count',
  count_false: 'false_count',
};

const NUMERIC = ['min', 'max', 'zero_count', 'zero_percent', 'avg', 'stddev', 'variance'];
const TEXTUAL = ['min_length', 'max_length', 'avg_length', 'missing_count', 'missing_percent'];

/** What is measured of a column when nobody says. */
function usualMetrics({ columns }: CaseTable, column: string | undefined): string[] {
  const type = columns.find(({ name }) => name === column)?.type;
  const own = type === 'string' ? TEXTUAL : ['int', 'bigint', 'double', 'decimal'].includes(type ?? '') ? NUMERIC : [];
  return ['null_count', 'null_percent', ...own];
}

function columnAnomaly(params: Params, own: Record<string, unknown>): Own {
  const column = params.column('column') ?? params.column('column_name');
  params.ignore('column_name');
  const metrics =
    said<string[]>(params, 'column_anomalies')?.map((name) => METRICS[name] ?? name) ??
    usualMetrics(params.given.table, column);
  const groupBy = params.columns('dimensions') ?? [];
  const timeColumn = params.column('timestamp_column');
  if (timeColumn === undefined) return ofRuns([column], 'null_count');
  return { kind: 'column_anomaly', columns: [column], params: { ...own, metrics, timeColumn, groupBy } };
}

function dimensionAnomaly(params: Params, own: Record<string, unknown>): Own {
  const columns =
    said<string[]>(params, 'dimensions')?.map((name) => columnIn(params.given.table, name, params.tool)) ?? [];
  const timeColumn = params.column('timestamp_column');
  if (timeColumn === undefined) return ofRuns([], 'rows');
  return { kind: 'dimension_anomaly', columns, params: { ...own, timeColumn } };
}

/** Rows of the last whole period against those of the one before; below a hundred nothing is said. */
function volumeThreshold(params: Params): Own {
  const { unit = 'day', count = 1 } = spanOf(said<Period>(params, 'time_bucket') ?? varsOf(params).time_bucket);
  const warn = said<number>(params, 'warn_threshold_percent') ?? 5;
  const fail = said<number>(params, 'error_threshold_percent') ?? 10;
  // How much history is kept does not matter to two periods.
  params.ignore('days_back', 'backfill_days');
  const minRows = said<number>(params, 'min_row_count') ?? 100;
  return {
    kind: 'volume_threshold',
    columns: [params.column('timestamp_column')],
    params: { unit, count, direction: said<string>(params, 'direction') ?? 'both', minRows },
    more: { threshold: { metric: 'value', fail: { gte: fail }, warn: { gte: warn } }, onEmpty: 'pass' },
    ...clockOf(params),
  };
}

export const ANOMALIES: Mappings = {
  volume_anomaly: series((params, own) => {
    const column = params.column('timestamp_column');
    if (column === undefined) return ofRuns([], 'rows');
    return { kind: 'volume_anomaly', columns: [column], params: { ...own, beforeFirst: 'zero' } };
  }),
  column_anomaly: series(columnAnomaly),
  dimension_anomaly: series(dimensionAnomaly),
  freshness_anomaly: series((params, own) => {
    const { failOnZero: _, ...rest } = own;
    return {
      kind: 'freshness_anomaly',
      columns: [params.column('timestamp_column')],
      params: { ...rest, direction: 'spike' },
    };
  }),
  event_freshness_anomaly: series((params, own) => {
    const [event, arrival] = [params.column('event_timestamp_column'), params.column('update_timestamp_column')];
    if (arrival === undefined) return ofRuns([event], 'age_hours');
    const { failOnZero: _, ...rest } = own;
    return {
      kind: 'event_freshness_anomaly',
      columns: [event, arrival],
      params: { ...rest, direction: 'spike', beforeFirst: 'zero' },
    };
  }),
  volume_threshold: mapping('value', volumeThreshold),
};
