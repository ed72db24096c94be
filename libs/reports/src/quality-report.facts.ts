import { type Dimension, type Severity, type Status } from '#core/rule-engine';
import { type QualityScore, type SentStatement } from '#quality';

import { type Period } from './period.js';

export type Counts = Readonly<Partial<Record<Status, number>>>;

/** A rule as it was at the end of the period, and what it found in it. */
export interface RegisteredRule {
  readonly ruleId: string;
  readonly version: number;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly kind: string;
  readonly dimension: Dimension;
  readonly severity: Severity;
  readonly owner: string;
  readonly enabled: boolean;
  readonly retired: boolean;
  readonly datasetName: string;
  readonly fieldNames: readonly string[];
  /** Its results in the period. */
  readonly counts: Counts;
  /** The latest of them. */
  readonly last: LastResult | null;
}

export interface LastResult {
  readonly version: number;
  readonly status: Status;
  readonly rows: string | null;
  readonly checked: string | null;
  readonly violations: string | null;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly finishedAt: Date;
  readonly statements: readonly SentStatement[];
}

/** An incident that was open at some time of the period, as it stood at the end of it. */
export interface ReportedIncident {
  readonly kind: 'data' | 'operations';
  readonly severity: Severity;
  readonly datasetName: string | null;
  readonly ruleNameEn: string | null;
  readonly ruleNameZh: string | null;
  readonly assignee: string;
  readonly openedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly lastFailedAt: Date;
  readonly resolvedAt: Date | null;
  readonly failingRuns: number;
}

/** All that a quality report says, from stored runs only. */
export interface QualityReportFacts {
  readonly reportId: string;
  readonly sourceName: string;
  readonly sourceKind: string;
  readonly namespace: string;
  readonly period: Period;
  readonly madeAt: Date;
  readonly requestedBy: string;
  readonly runs: number;
  /** Results of the period by status. */
  readonly counts: Counts;
  /** At the end of the period. */
  readonly score: QualityScore;
  readonly dimensionCounts: Readonly<Partial<Record<Dimension, Counts>>>;
  readonly dayCounts: Readonly<Record<string, Counts>>;
  readonly rules: readonly RegisteredRule[];
  readonly incidents: readonly ReportedIncident[];
}

/** One result of the period, for the file of all of them. */
export interface ReportedResult {
  readonly resultId: string;
  readonly runId: string;
  readonly ruleId: string;
  readonly version: number;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly kind: string;
  readonly dimension: Dimension;
  readonly severity: Severity;
  readonly datasetName: string;
  readonly fieldNames: readonly string[];
  readonly status: Status;
  readonly rows: string | null;
  readonly checked: string | null;
  readonly violations: string | null;
  readonly ratio: string | null;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly statements: readonly SentStatement[];
}

export const STATUSES: readonly Status[] = ['pass', 'warn', 'fail', 'error', 'not_evaluated', 'skipped'];

/** How many results there are in all. */
export const totalOf = (counts: Counts): number => STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
