import { type Dimension } from '#core/rule-engine';

/** A score is never shown without its coverage: what was measured, of what should have been. */
export interface Score {
  /** From 0 to 1; null when nothing has been measured. A failed S1 rule holds that of a dataset, field or rule at 0.59. */
  readonly score: number | null;
  /** As it is without such a hold. */
  readonly uncapped: number | null;
  /** Whether it is held at 0.59. */
  readonly capped: boolean;
  /** From 0 to 1; null when there are no rules. */
  readonly coverage: number | null;
  /** Rules that should be measured. */
  readonly planned: number;
  /** Rules whose latest run measured something. */
  readonly evaluated: number;
  /** Rules of severity S1 whose latest verdict is that they fail. */
  readonly failedS1: number;
}

/** What is asked about: of several, all must hold. Nothing: the whole catalog. */
export interface ScoreScope {
  readonly sourceId?: string;
  readonly datasetIds?: readonly string[];
  readonly fieldId?: string;
  readonly ruleIds?: readonly string[];
  readonly owner?: string;
  /** The datasets of the sources of this domain. */
  readonly domain?: string;
  /** A group, however few datasets it has: a failed S1 rule does not hold its score. */
  readonly asGroup?: true;
}

export interface QualityScore extends Score {
  readonly at: Date;
  readonly dimensions: readonly (Score & { readonly dimension: Dimension })[];
  readonly datasets: readonly (Score & { readonly datasetId: string; readonly datasetName: string })[];
}

export const SCORE_GROUPS = ['rule', 'dimension', 'field', 'dataset', 'domain', 'owner', 'source'] as const;
export type ScoreGroup = (typeof SCORE_GROUPS)[number];

/** The score of one of a kind. */
export interface GroupScore extends Score {
  /** An id for rules, fields, datasets and sources; else the name. */
  readonly key: string;
  readonly nameEn: string;
  readonly nameZh: string;
}

export const TREND_STEPS = ['day', 'week', 'month'] as const;
export type TrendStep = (typeof TREND_STEPS)[number];

/** The score at the end of a day, week or month, or now for the one that is going on. */
export interface TrendPoint extends Score {
  /** The first day of the step. */
  readonly from: string;
  readonly at: Date;
  /** How much the score is above that of the step before. */
  readonly change: number | null;
  /** How much it is above the baseline. */
  readonly sinceBaseline: number | null;
}

export interface Sums {
  readonly planned: number;
  readonly evaluated: number;
  readonly failedS1: number;
  readonly uncapped: number | null;
}

const CAP = 0.59;

/** A failed S1 rule holds the score of a single asset; a group has thousands of rules, where one says nothing of the rest. */
export function scoreOf({ planned, evaluated, failedS1, uncapped }: Sums, ofAsset: boolean): Score {
  const capped = ofAsset && failedS1 > 0 && uncapped !== null && uncapped > CAP;
  const coverage = planned === 0 ? null : evaluated / planned;
  return { score: capped ? CAP : uncapped, uncapped, capped, coverage, planned, evaluated, failedS1 };
}

export const isAsset = ({ datasetIds, fieldId, ruleIds, domain, owner, sourceId, asGroup }: ScoreScope): boolean =>
  !asGroup &&
  (fieldId !== undefined ||
    ruleIds?.length === 1 ||
    (datasetIds?.length === 1 && domain === undefined && owner === undefined && sourceId === undefined));
