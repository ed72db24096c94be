import { type QualityCase } from '../case.js';
import { type MappedRule, type Mapping, NotMapped } from './mapped.js';
import { ROW_RULES } from './row-rules.js';

const MAPPINGS: Readonly<Record<string, Mapping>> = { ...ROW_RULES };

/** A case's rule in our words. Throws `NotMapped`. */
export function mapped(given: QualityCase): MappedRule {
  const mapping = Object.hasOwn(MAPPINGS, given.rule) ? MAPPINGS[given.rule] : undefined;
  if (mapping === undefined) throw new NotMapped(`not mapped: the rule ${given.rule}`);
  return mapping(given);
}
