import { type Status } from '#core/rule-engine';

import { type Measured } from './measure-rule.js';
import { type RuleVersion } from './rule.js';

export const RUN_STATES = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** A run of rules, with its numbers. */
export interface RuleRun {
  readonly id: string;
  readonly ruleSetId: string | null;
  readonly ruleSetName: string | null;
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly dueAt: Date | null;
  /** What a harvest or a pipeline's job that began it is called. */
  readonly triggerRun: string | null;
  readonly jobId: string | null;
  readonly state: RunState;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly errorMessage: string | null;
  readonly planned: number;
  /** Results by status. */
  readonly counts: Readonly<Partial<Record<Status, number>>>;
}

/** A rule that a run still has to look at, with the version that was pinned. */
export interface PlannedRule extends RuleVersion {
  readonly position: number;
}

/** What a rule found in a run, on its way into the catalog. */
export interface Finding extends Measured {
  readonly ruleId: string;
  readonly versionId: string;
  readonly datasetId: string;
  readonly sourceId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}
