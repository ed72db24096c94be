import { type Dimension, type Severity, type Status } from '#core/rule-engine';
import { type ReconciliationFact } from '#reconciliation';
import { type QualityScore, type Score, type SentStatement, type TrendStep } from '#quality';

import { type Period } from './period.js';
import { type Report, type ReportKind } from './report.js';

export type Counts = Readonly<Partial<Record<Status, number>>>;

/** A rule as it was at the end of the period, and what it found in it. */
export interface RegisteredRule {
  readonly ruleId: string;
  readonly version: number;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly description: string;
  readonly kind: string;
  readonly dimension: Dimension;
  readonly severity: Severity;
  readonly owner: string;
  readonly enabled: boolean;
  readonly createdAt: Date;
  /** Since when this version holds. */
  readonly effectiveFrom: Date;
  readonly retiredAt: Date | null;
  readonly retired: boolean;
  readonly sourceId: string;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly fieldNames: readonly string[];
  /** The rule engine's rule beside its columns. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** Its results in the period. */
  readonly counts: Counts;
  /** The latest of them; in a register the latest ever. */
  readonly last: LastResult | null;
}

export interface LastResult {
  readonly resultId: string;
  readonly runId: string;
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
  readonly incidentId: string;
  readonly kind: 'data' | 'operations';
  readonly severity: Severity;
  readonly sourceId: string;
  readonly datasetName: string | null;
  readonly ruleId: string | null;
  readonly ruleNameEn: string | null;
  readonly ruleNameZh: string | null;
  readonly assignee: string;
  readonly openedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly lastFailedAt: Date;
  readonly resolvedAt: Date | null;
  readonly failingRuns: number;
  /** Whether the time that its severity allows ran out. */
  readonly overdue: boolean;
  /** What somebody found out: source_entry, etl_defect … */
  readonly cause: string | null;
}

/** Leave for a rule to fail for a time, which a second person gave. */
export interface ReportedWaiver {
  readonly waiverId: string;
  readonly ruleId: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly decidedBy: string;
  readonly decidedAt: Date;
  readonly until: Date;
  readonly endedAt: Date | null;
}

/** What a run left as evidence. */
export interface ReportedRun {
  readonly runId: string;
  readonly ruleSetName: string | null;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly finishedAt: Date | null;
  /** Its results that are in the report. */
  readonly counts: Counts;
  /** SHA-256 of all its results, as the audit's chain has it; null for one that has not ended, or of before. */
  readonly digest: string | null;
}

/** The score of one of a kind at the end of the period, and what it was before it. */
export interface ReportedGroup extends Score {
  readonly key: string;
  readonly name: string;
  readonly before: number | null;
}

export const GROUPS = ['source', 'domain', 'owner', 'dataset'] as const;
export type ReportedGroups = (typeof GROUPS)[number];

/** All that a quality report says, from stored runs only. */
export interface QualityReportFacts {
  readonly kind: 'quality';
  readonly period: Period;
  readonly knownAt: Date;
  readonly runs: readonly ReportedRun[];
  /** Results of the period by status. */
  readonly counts: Counts;
  /** At the end of the period. */
  readonly score: Omit<QualityScore, 'datasets'>;
  readonly dimensionsBefore: Readonly<Partial<Record<Dimension, number | null>>>;
  readonly trend: {
    readonly step: TrendStep;
    readonly points: readonly (Score & { readonly from: string; readonly at: Date; readonly change: number | null })[];
  };
  readonly groups: Readonly<Record<ReportedGroups, readonly ReportedGroup[]>>;
  readonly dimensionCounts: Readonly<Partial<Record<Dimension, Counts>>>;
  readonly dayCounts: Readonly<Record<string, Counts>>;
  readonly rules: readonly RegisteredRule[];
  readonly incidents: readonly ReportedIncident[];
  readonly waivers: readonly ReportedWaiver[];
}

/** All that a rule register says. */
export interface RegisterFacts {
  readonly kind: 'register';
  readonly period: Period;
  readonly knownAt: Date;
  readonly rules: readonly RegisteredRule[];
}

/** One reconciliation; the names of its sources can be changed, so the report's head has them. */
export type ReportedReconciliation = Omit<ReconciliationFact, 'leftSourceName' | 'rightSourceName'>;

/** All that a reconciliation report says. */
export interface ReconciliationReportFacts {
  readonly kind: 'reconciliation';
  readonly period: Period;
  readonly knownAt: Date;
  readonly reconciliations: readonly ReportedReconciliation[];
}

export type ReportFacts = QualityReportFacts | RegisterFacts | ReconciliationReportFacts;

/** The sources that facts are about. */
export const sourcesIn = (facts: ReportFacts): readonly string[] => [
  ...new Set(
    facts.kind === 'reconciliation'
      ? facts.reconciliations.flatMap(({ leftSourceId, rightSourceId }) => [leftSourceId, rightSourceId])
      : facts.rules.map(({ sourceId }) => sourceId),
  ),
];

/** What stands above a report and is no fact of it: names as they are now, who had it made, when. */
export interface ReportHead {
  readonly kind: ReportKind;
  readonly report: Pick<Report, 'id' | 'requestedBy' | 'sourceId' | 'sourceName' | 'domain' | 'owner'>;
  readonly madeAt: Date;
  readonly factsSha256: string;
  /** Names of sources by id. */
  readonly sources: Readonly<Record<string, string>>;
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

/** Counts of several, added up. */
export function sumOf(all: Iterable<Counts>): Counts {
  const sum: Partial<Record<Status, number>> = {};
  for (const counts of all)
    for (const status of STATUSES) if (counts[status]) sum[status] = (sum[status] ?? 0) + counts[status];
  return sum;
}
