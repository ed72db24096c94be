import { type RuleKind } from '../rule-kind.js';
import { between } from './between.js';
import { castable } from './castable.js';
import { columnsEqual } from './columns-equal.js';
import { compareColumns } from './compare-columns.js';
import { dateFormat } from './date-format.js';
import { distinctWithinRow } from './distinct-within-row.js';
import { expression } from './expression.js';
import { foreignKey } from './foreign-key.js';
import { format } from './format.js';
import { inSet } from './in-set.js';
import { isNull } from './is-null.js';
import { jsonValid } from './json-valid.js';
import { lengthBetween } from './length-between.js';
import { like } from './like.js';
import { notBlank } from './not-blank.js';
import { notInSet } from './not-in-set.js';
import { notNull } from './not-null.js';
import { pairInSet } from './pair-in-set.js';
import { regex } from './regex.js';
import { rowCountCompare } from './row-count-compare.js';
import { rowSumEquals } from './row-sum-equals.js';
import { unique } from './unique.js';

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
  compareColumns,
  columnsEqual,
  distinctWithinRow,
  pairInSet,
  rowSumEquals,
  expression,
  foreignKey,
  rowCountCompare,
];
