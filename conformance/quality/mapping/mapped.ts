import { type Verdict } from '#core/rule-engine';

import { type CaseTable, type QualityCase } from '../case.js';

/** Where the case's tables stand, for rules that name them in SQL. */
export interface Placed {
  /** The quoted name of the case's own table. */
  readonly relation: string;
  /** The quoted names of its other tables. */
  readonly others: Readonly<Record<string, string>>;
}

/** One of our rules, as JSON. */
export type RuleJson = Readonly<Record<string, unknown>>;

/** A case's rule in our words. */
export interface MappedRule {
  readonly rule: RuleJson | ((placed: Placed) => RuleJson);
  /** The case's table with something added, as a column for the order of its rows; or the one figure of a case without a table. */
  readonly table?: CaseTable;
  /** The case's table that the rule looks at beside its own. */
  readonly other?: string;
  /** When the run is, where the rule's own settings say so. */
  readonly now?: string;
  /** Earlier measurements that the run is given, oldest first. */
  readonly series?: readonly { readonly at: string; readonly value: string }[];
  /** Where the verdict has what the case calls observed; when left out, the value measured. */
  readonly observed?: (verdict: Verdict) => string | undefined;
}

/** Says how a rule of the vocabulary is said with our kinds, every difference in meaning as a parameter. */
export type Mapping = (given: QualityCase) => MappedRule;

/** Thrown for a rule or a parameter that no kind of ours can say. */
export class NotMapped extends Error {
  override readonly name = 'NotMapped';
}

/** Thrown for a rule that says nothing: a share of "One", a filter in a language that nobody speaks. It is an error, as ours would be. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export const without = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
