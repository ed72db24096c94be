import { type RuleKind } from '../rule-kind.js';
import { aggregate } from './aggregate.js';
import { between } from './between.js';
import { foreignKey } from './foreign-key.js';
import { inSet } from './in-set.js';
import { notNull } from './not-null.js';
import { rowCountCompare } from './row-count-compare.js';
import { unique } from './unique.js';

/** Every kind of rule. To add one: a file beside this one, and a line here. */
export const RULE_KINDS: readonly RuleKind[] = [
  notNull,
  unique,
  inSet,
  between,
  foreignKey,
  rowCountCompare,
  aggregate,
];
