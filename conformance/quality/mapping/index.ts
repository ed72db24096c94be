import { type QualityCase } from '../case.js';
import { type MappedRule, type Mapping, NotMapped } from './mapped.js';
import { AGGREGATES } from './aggregates.js';
import { ANOMALIES } from './anomalies.js';
import { DOCUMENTS } from './documents.js';
import { ROW_RULES } from './row-rules.js';
import { SCHEMA } from './schema.js';
import { SETS } from './sets.js';
import { SQL } from './sql.js';
import { STATISTICS } from './statistics.js';
import { TABLES } from './tables.js';

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  ...ROW_RULES,
  ...AGGREGATES,
  ...ANOMALIES,
  ...DOCUMENTS,
  ...SCHEMA,
  ...SETS,
  ...SQL,
  ...STATISTICS,
  ...TABLES,
};

/** A case's rule in our words. Throws `NotMapped`. */
export function mapped(given: QualityCase): MappedRule {
  const mapping = Object.hasOwn(MAPPINGS, given.rule) ? MAPPINGS[given.rule] : undefined;
  if (mapping === undefined) throw new NotMapped(`not mapped: the rule ${given.rule}`);
  return mapping(given);
}
