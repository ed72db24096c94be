import { type RuleKind } from '../rule-kind.js';
import { aggregate } from './aggregate.js';
import { between } from './between.js';
import { distinctCount } from './distinct-count.js';
import { distinctRatio } from './distinct-ratio.js';
import { distinctSet } from './distinct-set.js';
import { foreignKey } from './foreign-key.js';
import { inSet } from './in-set.js';
import { modeInSet } from './mode-in-set.js';
import { notNullCount } from './not-null-count.js';
import { notNullRatio } from './not-null-ratio.js';
import { notNull } from './not-null.js';
import { quantiles } from './quantiles.js';
import { rowCountCompare } from './row-count-compare.js';
import { rowCount } from './row-count.js';
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
  distinctCount,
  distinctRatio,
  distinctSet,
  modeInSet,
  notNullCount,
  notNullRatio,
  quantiles,
  rowCount,
];
