import { type RuleWish } from '../rule.js';
import { type RuleSetTimes } from '../rule-sets.js';

/** A rule as a file in git has it: everything by name. */
export interface CodeRule extends Omit<RuleWish, 'datasetId' | 'fieldIds' | 'otherDatasetId'> {
  /** What tells it apart in its set of files, however often it is renamed. The id of a rule that was made by hand takes that one over. */
  readonly key: string;
  readonly source: string;
  /** Its qualified name, or that without database or schema where the source has it once. */
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly other?: string;
  /** That of the dataset when left out. */
  readonly otherSource?: string;
}

export interface CodeRuleSet {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  /** Keys of rules of the same files, or ids of others. */
  readonly rules: readonly string[];
  readonly schedule: RuleSetTimes | null;
}

/** A set of files, whole. */
export interface Code {
  readonly origin: string;
  /** The commit; empty where there is none. */
  readonly revision: string;
  readonly rules: readonly CodeRule[];
  readonly ruleSets: readonly CodeRuleSet[];
  /** Retire what the files have no more. */
  readonly prune: boolean;
}

export const CHANGES = ['create', 'change', 'replace', 'retire', 'unchanged', 'kept'] as const;
export type ChangeKind = (typeof CHANGES)[number];

/** One property that would be another; values as the files write them. */
export interface Difference {
  /** For instance `params.min`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What applying a set of files would do to one rule or rule set. */
export interface CodeChange {
  readonly thing: 'rule' | 'rule_set';
  readonly key: string;
  readonly what: ChangeKind;
  readonly name: string;
  /** Source and dataset of a rule. */
  readonly on: string | null;
  /** The rule or rule set that is there. */
  readonly id: string | null;
  readonly differences: readonly Difference[];
  /** Somebody changed or retired it by hand after the files were applied: who and when. */
  readonly drift: { readonly what: 'changed' | 'retired'; readonly by: string | null; readonly at: Date } | null;
  /** Made by hand until now, and named by its id in the files. */
  readonly takenOver: boolean;
}

export interface CodePlan {
  readonly origin: string;
  /** The same for the same files and the same catalog. */
  readonly digest: string;
  readonly applied: boolean;
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** All but what is unchanged and as the files were applied last. */
  readonly changes: readonly CodeChange[];
}
