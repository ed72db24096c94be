import { type RuleKind } from '../rule-kind.js';
import { accessible } from './accessible.js';
import { aggregateCompare } from './aggregate-compare.js';
import { aggregate } from './aggregate.js';
import { allNotNull } from './all-not-null.js';
import { anomaly } from './anomaly.js';
import { anyNotNull } from './any-not-null.js';
import { between } from './between.js';
import { cardinalityEquality } from './cardinality-equality.js';
import { castable } from './castable.js';
import { columnAnomaly } from './column-anomaly.js';
import { columnCount } from './column-count.js';
import { columnCountCompare } from './column-count-compare.js';
import { columnExists } from './column-exists.js';
import { columnType } from './column-type.js';
import { columnsEqual } from './columns-equal.js';
import { columnsMatch } from './columns-match.js';
import { columnsSumEquals } from './columns-sum-equals.js';
import { compareColumns } from './compare-columns.js';
import { dataFreshnessSla } from './data-freshness-sla.js';
import { dateFormat } from './date-format.js';
import { dimensionAnomaly } from './dimension-anomaly.js';
import { distinctCount } from './distinct-count.js';
import { distinctRatio } from './distinct-ratio.js';
import { distinctSet } from './distinct-set.js';
import { distinctWithinRow } from './distinct-within-row.js';
import { distributionFit } from './distribution-fit.js';
import { drift } from './drift.js';
import { eventFreshnessAnomaly } from './event-freshness-anomaly.js';
import { exclusiveRanges } from './exclusive-ranges.js';
import { expression } from './expression.js';
import { foreignKey } from './foreign-key.js';
import { format } from './format.js';
import { freshnessAnomaly } from './freshness-anomaly.js';
import { freshness } from './freshness.js';
import { inSet } from './in-set.js';
import { isNull } from './is-null.js';
import { jsonSchema } from './json-schema.js';
import { jsonValid } from './json-valid.js';
import { lengthBetween } from './length-between.js';
import { like } from './like.js';
import { modeInSet } from './mode-in-set.js';
import { monotonic } from './monotonic.js';
import { notBlank } from './not-blank.js';
import { notInSet } from './not-in-set.js';
import { notNull } from './not-null.js';
import { notNullCount } from './not-null-count.js';
import { notNullRatio } from './not-null-ratio.js';
import { pairInSet } from './pair-in-set.js';
import { periodComplete } from './period-complete.js';
import { primaryKey } from './primary-key.js';
import { quantiles } from './quantiles.js';
import { regex } from './regex.js';
import { rowCount } from './row-count.js';
import { rowCountCompare } from './row-count-compare.js';
import { rateOfChangeKind } from './rate-of-change.js';
import { rowSumEquals } from './row-sum-equals.js';
import { schemaBaseline } from './schema-baseline.js';
import { sequential } from './sequential.js';
import { sqlNoRows } from './sql-no-rows.js';
import { sqlScalar } from './sql-scalar.js';
import { tableDiff } from './table-diff.js';
import { tableEquality } from './table-equality.js';
import { unique } from './unique.js';
import { volumeAnomaly } from './volume-anomaly.js';
import { volumeThreshold } from './volume-threshold.js';

/** Every kind of rule. To add one: a file beside this one, and a line here. */
export const RULE_KINDS: readonly RuleKind[] = [
  notNull,
  notBlank,
  isNull,
  unique,
  inSet,
  notInSet,
  between,
  lengthBetween,
  regex,
  like,
  format,
  castable,
  dateFormat,
  jsonValid,
  jsonSchema,
  compareColumns,
  columnsEqual,
  distinctWithinRow,
  pairInSet,
  rowSumEquals,
  expression,
  foreignKey,
  rowCountCompare,
  accessible,
  aggregateCompare,
  aggregate,
  allNotNull,
  anomaly,
  anyNotNull,
  cardinalityEquality,
  columnAnomaly,
  columnCountCompare,
  columnCount,
  columnExists,
  columnType,
  columnsMatch,
  columnsSumEquals,
  dataFreshnessSla,
  dimensionAnomaly,
  distinctCount,
  distinctRatio,
  distinctSet,
  distributionFit,
  drift,
  eventFreshnessAnomaly,
  exclusiveRanges,
  freshnessAnomaly,
  freshness,
  modeInSet,
  monotonic,
  notNullCount,
  notNullRatio,
  periodComplete,
  primaryKey,
  quantiles,
  rateOfChangeKind,
  rowCount,
  schemaBaseline,
  sequential,
  sqlNoRows,
  sqlScalar,
  tableDiff,
  tableEquality,
  volumeAnomaly,
  volumeThreshold,
];
