import { type CheckFound, type KeysLooked, type Sent, type Verdict } from '#core/reconciliation';

export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type ReconciliationRunState = (typeof RUN_STATES)[number];

export const VERDICTS = ['agrees', 'breaks', 'not_evaluated', 'error'] as const;
/** An error says that a side could not be asked, and nothing about the data. */
export type RunVerdict = Verdict | 'error';

export const SIGNED_STATES = ['unsigned', 'awaiting_second', 'signed'] as const;
export type SignedState = (typeof SIGNED_STATES)[number];

export interface ReconciliationRun {
  readonly id: string;
  readonly reconciliationId: string;
  readonly reconciliationName: string;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly dueAt: Date | null;
  readonly jobId: string | null;
  readonly state: ReconciliationRunState;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** When the sides were asked. */
  readonly asOf: Date | null;
  /** The moment before which rows counted. */
  readonly cutoff: Date | null;
  readonly verdict: RunVerdict | null;
  readonly leftRows: string | null;
  readonly rightRows: string | null;
  readonly keys: KeysLooked | null;
  readonly errorSide: 'left' | 'right' | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Breaks that the run saw. */
  readonly breaks: number;
  readonly signed: SignedState;
}

/** What a check found, as it is kept: of groups, those that differ. */
export interface StoredCheck extends Omit<CheckFound, 'groups'> {
  readonly groups: {
    readonly all: number;
    readonly differing: number;
    readonly withheld: readonly string[];
    readonly found: NonNullable<CheckFound['groups']>['found'];
  } | null;
}

export type StoredStatement = Sent;
