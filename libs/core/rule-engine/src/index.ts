export { checkRule, ruleKindOf } from './check-rule.js';
export {
  addFractions,
  compareFractions,
  type Decimal,
  decimalText,
  type Fraction,
  negated,
  toDecimal,
  toFraction,
} from './exact.js';
export { parse as parseCondition } from './expression/parse.js';
export { print as printCondition } from './expression/print.js';
export {
  type ColumnNode,
  type Comparison,
  type Condition,
  type Expression,
  type LiteralNode,
  type LiteralValue,
  type Operand,
} from './expression.js';
export {
  type ConstraintFact,
  type Vouched,
  type ColumnFact,
  type DatasetFacts,
  type OtherFacts,
  type RuleFacts,
  type SeriesPoint,
} from './facts.js';
export { type Costs, COSTS } from './plan/cost-model.js';
export { type Explanation } from './plan/explain.js';
export { fitCosts, type Taken } from './plan/fit-costs.js';
export { type Lane } from './plan/lanes.js';
export {
  type Plan,
  type PlannedStatement,
  type PlannedWork,
  type PlanOptions,
  planRule,
  planRules,
  type RuleToRun,
} from './plan/plan-rules.js';
export { type RowFilter, writeFilter, writeSum, writeTrim } from './plan/write-filter.js';
export { quoteFor, type WrittenDialect, writeRule, WRITTEN_DIALECTS } from './plan/write-rule.js';
export {
  type ColumnProfile,
  planProfile,
  type ProfileOptions,
  type ProfilePlan,
  type ProfileStatement,
} from './profile.js';
export {
  type Bound,
  type Dimension,
  DIMENSIONS,
  type NullPolicy,
  type Rule,
  RuleSchema,
  type Severity,
  type Threshold,
} from './rule.js';
export { NUMBERS, type Quantity, quantityOf, quantityText } from './quantity.js';
export { isNear } from './sql/figures.js';
export { type Example, type RuleKind } from './rule-kind.js';
export { ruleKinds } from './rule-kinds-for-forms.js';
export { type RuleOutcome, runRules, type RunOptions, type Send } from './run/run-rules.js';
export { type SqlReader, sqlReader } from './sql-reader.js';
export { errorVerdict, skippedVerdict, type Status, type Verdict } from './verdict.js';
export { conditionsAs } from './written-conditions.js';
