import { RULE_KINDS } from './kinds/index.js';
import { type RuleKind } from './rule-kind.js';

/** What a form, the docs or the API need to know of a kind. */
export type RuleKindForForms = Pick<
  RuleKind,
  'code' | 'title' | 'description' | 'dimension' | 'columns' | 'other' | 'nullPolicy' | 'params' | 'examples'
>;

/** The kinds of rules, in the order in which a form lists them. `RuleSchema` has what all of them share. */
export function ruleKinds(): readonly RuleKindForForms[] {
  return RULE_KINDS;
}
