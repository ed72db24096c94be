export { checkRule, ruleKindOf } from './check-rule.js';
export {
  type ColumnNode,
  type Comparison,
  type Expression,
  type LiteralNode,
  type LiteralValue,
  type Operand,
} from './expression.js';
export { type ColumnFact, type DatasetFacts, type OtherFacts, type RuleFacts } from './facts.js';
export { judgeRule } from './judge-rule.js';
export { measuredRow } from './measured-row.js';
export { type PlannedStatement, planRule, type RulePlan } from './plan-rule.js';
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
export { type Example, type MeasuredRow, type Measurements, type RuleKind } from './rule-kind.js';
export { ruleKinds } from './rule-kinds-for-forms.js';
export { errorVerdict, skippedVerdict, type Status, type Verdict } from './verdict.js';
