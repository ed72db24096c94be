import { type Severity } from '#core/rule-engine';

export const INCIDENT_STATES = [
  'open',
  'acknowledged',
  'assigned',
  'fixing',
  'awaiting_verification',
  'resolved',
  'waived',
  'false_positive',
] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** Over: a failure opens it again or opens another. */
export const isOver = (state: IncidentState): boolean => state === 'resolved' || state === 'false_positive';

export const INCIDENT_KINDS = ['data', 'operations'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** What it came from, for the count of causes in reports. */
export const INCIDENT_CAUSES = [
  'source_entry',
  'etl_defect',
  'schema_change',
  'late_arrival',
  'standard_missing',
  'rule_wrong',
  'operations',
  'other',
] as const;
export type IncidentCause = (typeof INCIDENT_CAUSES)[number];

export interface Incident {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly state: IncidentState;
  readonly severity: Severity;
  /** Who set the severity; null while it is the rule's. */
  readonly severitySetBy: string | null;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly domain: string;
  /** Of the rule, else of the source. */
  readonly owner: string;
  readonly datasetId: string | null;
  readonly datasetName: string | null;
  readonly ruleId: string | null;
  readonly ruleNameEn: string | null;
  readonly ruleNameZh: string | null;
  /** The version that failed last. */
  readonly versionId: string | null;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly violations: string | null;
  readonly checked: string | null;
  /** Login of the account. */
  readonly assignee: string;
  readonly assigneeId: string | null;
  readonly cause: IncidentCause | null;
  /** The most upstream open incident, which probably causes it. */
  readonly parentId: string | null;
  /** Open incidents that it probably causes. */
  readonly children: number;
  readonly openedAt: Date;
  readonly firstRunId: string;
  readonly lastRunId: string;
  readonly lastFailedAt: Date;
  readonly failingRuns: number;
  /** Passing runs in a row since it failed last, and how many it takes. */
  readonly passingRuns: number;
  readonly flappingSince: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: Date | null;
  /** When its clock began; runs out; ran out. */
  readonly clockFrom: Date;
  readonly dueAt: Date | null;
  readonly escalatedAt: Date | null;
  /** The clock stands still since then. */
  readonly waivedAt: Date | null;
}

export const INCIDENT_EVENTS = [
  'opened',
  'failed_again',
  'passed',
  'reopened',
  'resolved',
  'acknowledged',
  'assigned',
  'commented',
  'fixing',
  'awaiting_verification',
  'false_positive',
  'severity_changed',
  'cause_set',
  'flapping',
  'steady',
  'grouped',
  'ungrouped',
  'escalated',
  'waiver_requested',
  'waiver_rejected',
  'waived',
  'waiver_ended',
] as const;
export type IncidentEventKind = (typeof INCIDENT_EVENTS)[number];

export interface IncidentEvent {
  readonly incidentId: string;
  readonly kind: IncidentEventKind;
  readonly at: Date;
  readonly byWhom: string;
  readonly runId: string | null;
  readonly text: string;
}

/** What a severity asks for. */
export interface IncidentTerms {
  readonly severity: Severity;
  /** Passing runs in a row until an incident is over. */
  readonly passes: number;
  /** The time there is: hours by the clock, or business days. */
  readonly hours: number | null;
  readonly businessDays: number | null;
}

/** What is called wrong, in either language, where there is room for a few words. */
export const titleOf = (incident: Incident): { readonly zh: string; readonly en: string } =>
  incident.kind === 'data'
    ? {
        zh: incident.ruleNameZh || incident.ruleNameEn || '',
        en: incident.ruleNameEn || incident.ruleNameZh || '',
      }
    : { zh: `无法运行 ${incident.sourceName} 的规则`, en: `The rules of ${incident.sourceName} cannot be run` };
