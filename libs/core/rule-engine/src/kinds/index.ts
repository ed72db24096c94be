import { type RuleKind } from '../rule-kind.js';
import { accessible } from './accessible.js';
import { aggregateCompare } from './aggregate-compare.js';
import { aggregate } from './aggregate.js';
import { allNotNull } from './all-not-null.js';
import { anomaly } from './anomaly.js';
import { anyNotNull } from './any-not-null.js';
import { between } from './between.js';
import { cardinalityEquality } from './cardinality-equality.js';
import { columnCountCompare } from './column-count-compare.js';
import { columnCount } from './column-count.js';
import { columnExists } from './column-exists.js';
import { columnType } from './column-type.js';
import { columnsMatch } from './columns-match.js';
import { dataFreshnessSla } from './data-freshness-sla.js';
import { distinctCount } from './distinct-count.js';
import { distinctRatio } from './distinct-ratio.js';
import { distinctSet } from './distinct-set.js';
import { distributionFit } from './distribution-fit.js';
import { drift } from './drift.js';
import { exclusiveRanges } from './exclusive-ranges.js';
import { foreignKey } from './foreign-key.js';
import { freshness } from './freshness.js';
import { inSet } from './in-set.js';
import { modeInSet } from './mode-in-set.js';
import { monotonic } from './monotonic.js';
import { notNullCount } from './not-null-count.js';
import { notNullRatio } from './not-null-ratio.js';
import { notNull } from './not-null.js';
import { periodComplete } from './period-complete.js';
import { primaryKey } from './primary-key.js';
import { quantiles } from './quantiles.js';
import { rateOfChangeKind } from './rate-of-change.js';
import { rowCountCompare } from './row-count-compare.js';
import { rowCount } from './row-count.js';
import { schemaBaseline } from './schema-baseline.js';
import { sequential } from './sequential.js';
import { sqlNoRows } from './sql-no-rows.js';
import { sqlScalar } from './sql-scalar.js';
import { tableDiff } from './table-diff.js';
import { tableEquality } from './table-equality.js';
import { unique } from './unique.js';
import { volumeThreshold } from './volume-threshold.js';

/** Every kind of rule. To add one: a file beside this one, and a line here. */
export const RULE_KINDS: readonly RuleKind[] = [
  notNull,
  unique,
  inSet,
  between,
  foreignKey,
  rowCountCompare,
  aggregate,
  distinctCount,
  distinctRatio,
  distinctSet,
  modeInSet,
  notNullCount,
  notNullRatio,
  quantiles,
  rowCount,
  columnCountCompare,
  columnCount,
  columnExists,
  columnType,
  columnsMatch,
  schemaBaseline,
  cardinalityEquality,
  tableDiff,
  tableEquality,
  aggregateCompare,
  allNotNull,
  anyNotNull,
  primaryKey,
  dataFreshnessSla,
  exclusiveRanges,
  freshness,
  monotonic,
  periodComplete,
  sequential,
  accessible,
  sqlNoRows,
  sqlScalar,
  anomaly,
  drift,
  rateOfChangeKind,
  distributionFit,
  volumeThreshold,
];
