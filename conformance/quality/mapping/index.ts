import { type QualityCase } from '../case.js';
import { AGGREGATES } from './aggregates.js';
import { ANOMALIES } from './anomalies.js';
import { COLUMNS } from './columns.js';
import { COUNTS } from './counts.js';
import { DOCUMENTS } from './documents.js';
import { FRESHNESS } from './freshness.js';
import { KEYS } from './keys.js';
import { type MappedRule, NotMapped } from './mapped.js';
import { METRIC_RULES } from './metrics.js';
import { ORDER } from './order.js';
import { PATTERNS } from './patterns.js';
import { type Mappings } from './rule-of.js';
import { SCHEMA } from './schema.js';
import { SETS } from './sets.js';
import { SQL } from './sql.js';
import { STATISTICS } from './statistics.js';
import { TABLES } from './tables.js';
import { TYPES } from './types.js';
import { VALUES } from './values.js';

const MAPPINGS: Mappings = {
  ...VALUES,
  ...PATTERNS,
  ...TYPES,
  ...COLUMNS,
  ...KEYS,
  ...COUNTS,
  ...METRIC_RULES,
  ...ORDER,
  ...FRESHNESS,
  ...AGGREGATES,
  ...SETS,
  ...SCHEMA,
  ...TABLES,
  ...SQL,
  ...DOCUMENTS,
  ...STATISTICS,
  ...ANOMALIES,
};

/** A case's rule in our words. Throws `NotMapped`. */
export function mapped(given: QualityCase): MappedRule {
  const mapping = Object.hasOwn(MAPPINGS, given.rule) ? MAPPINGS[given.rule] : undefined;
  if (mapping === undefined) throw new NotMapped(`not mapped: the rule ${given.rule}`);
  return mapping(given);
}
