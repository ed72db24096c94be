import { type Dimension, type Rule, type Severity } from '#core/rule-engine';

/** A rule as somebody wishes it. What belongs to the engine's rule is checked by the engine, so it is loose here. */
export interface RuleWish {
  readonly datasetId: string;
  readonly fieldIds: readonly string[];
  /** The second dataset of a rule that looks at two. */
  readonly otherDatasetId?: string;
  readonly kind: string;
  readonly params?: unknown;
  readonly where?: unknown;
  readonly nullPolicy?: string;
  readonly onEmpty?: string;
  readonly denominator?: string;
  readonly threshold?: unknown;
  readonly samples?: number;
  /** New rows, a partition or a sample: `Rule.scope`. */
  readonly scope?: unknown;
  readonly budgetMs?: number;
  /** To look at the data even when a constraint of the source proves the rule. */
  readonly verify?: boolean;
  /** That of the kind when not given. */
  readonly dimension?: Dimension;
  readonly severity?: Severity;
  /** One of the two names is enough. */
  readonly nameEn: string;
  readonly nameZh: string;
  readonly description: string;
  readonly owner: string;
  readonly enabled: boolean;
}

/** What a version keeps of the engine's rule beside its columns, of which it keeps the ids. */
export type RuleDefinition = Omit<Rule, 'kind' | 'columns' | 'dimension' | 'severity'>;

/** The content of a rule version. */
export interface RuleContent {
  readonly kind: string;
  readonly fieldIds: readonly string[];
  readonly otherDatasetId: string | null;
  readonly dimension: Dimension;
  readonly severity: Severity;
  readonly definition: RuleDefinition;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly description: string;
  readonly owner: string;
  readonly enabled: boolean;
}

/** A version of a rule, with the names that go with its ids now. */
export interface RuleVersion extends RuleContent {
  readonly id: string;
  readonly ruleId: string;
  readonly number: number;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly otherDatasetName: string | null;
  readonly otherSourceName: string | null;
  readonly fieldNames: readonly string[];
  readonly madeAt: Date;
  readonly madeBy: string;
}

/** A rule: its current version, and whether it still runs. */
export interface StoredRule extends RuleVersion {
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
}

/** The name to show where there is room for one. */
export const nameOf = ({ nameZh, nameEn }: Pick<RuleContent, 'nameZh' | 'nameEn'>): string => nameZh || nameEn;
