import { type Severity } from '#core/rule-engine';

import { type IncidentKind, type IncidentState, type IncidentTerms, isOver } from './incident.js';

/** What a run found about a rule, or about a source that could not be asked. */
export interface TurnFinding {
  readonly kind: IncidentKind;
  readonly ruleId: string | null;
  readonly sourceId: string;
  readonly datasetId: string | null;
  readonly versionId: string | null;
  readonly status: 'fail' | 'pass';
  readonly severity: Severity;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly violations: string | null;
  readonly checked: string | null;
  /** A waiver of the rule is in force. */
  readonly waived: boolean;
  /** How often pass and fail took turns in the last {@link LOOKED_AT} runs. */
  readonly flips: number;
  /** The rule's latest incident. */
  readonly last: {
    readonly id: string;
    readonly state: IncidentState;
    readonly severity: Severity;
    readonly severitySetBy: string | null;
    readonly resolvedAt: Date | null;
    readonly versionId: string | null;
    readonly passingRuns: number;
    readonly flappingSince: Date | null;
    readonly clockFrom: Date;
    readonly dueAt: Date | null;
    readonly escalatedAt: Date | null;
  } | null;
}

/** What becomes of an incident. */
export interface IncidentDecision {
  readonly what: 'opened' | 'reopened' | 'failed_again' | 'passed' | 'resolved';
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly passingRuns: number;
  readonly flappingSince: Date | null;
  readonly flapping: 'began' | 'ended' | null;
  readonly resolvedAt: Date | null;
  readonly clockFrom: Date;
  readonly dueAt: Date | null;
  readonly escalatedAt: Date | null;
}

/** Runs in which flapping is looked for, turns that make it, and passing runs that end it. */
export const LOOKED_AT = 8;
export const FLIPS = 4;
export const STEADY = 4;
/** So many passing runs verify what a person says he has fixed. */
const VERIFYING_PASSES = 2;
const SAME_AGAIN_MS = 7 * 86_400_000;

/** Reckons when the time for an incident runs out. */
export type DueBy = (from: Date, severity: Severity) => Date;

/** Draws the consequence of a finding; undefined when it has none. */
export function turnOf(
  finding: TurnFinding,
  at: Date,
  terms: ReadonlyMap<Severity, IncidentTerms>,
  dueBy: DueBy,
): IncidentDecision | undefined {
  return finding.status === 'fail' ? failed(finding, at, dueBy) : passed(finding, at, terms);
}

function failed(finding: TurnFinding, at: Date, dueBy: DueBy): IncidentDecision | undefined {
  const { last, waived, versionId, flips } = finding;
  const severity = last?.severitySetBy == null ? finding.severity : last.severity;
  const fresh = { passingRuns: 0, resolvedAt: null, clockFrom: at, escalatedAt: null } as const;
  if (last === null || isOver(last.state)) {
    if (waived) return undefined;
    // Somebody said that this version of the rule is wrong to fail.
    if (last?.state === 'false_positive' && last.versionId === versionId) return undefined;
    const again = last?.resolvedAt != null && at.getTime() - last.resolvedAt.getTime() < SAME_AGAIN_MS;
    if (!again)
      return {
        ...{ what: 'opened', state: 'open', severity: finding.severity, ...fresh, flappingSince: null, flapping: null },
        dueAt: dueBy(at, finding.severity),
      };
    const began = flips >= FLIPS;
    return {
      ...{ what: 'reopened', state: 'open', severity, ...fresh, dueAt: dueBy(at, severity) },
      ...{ flappingSince: began ? at : null, flapping: began ? 'began' : null },
    };
  }
  const began = last.flappingSince === null && flips >= FLIPS;
  return {
    what: 'failed_again',
    // What was said to be fixed is not.
    state: last.state === 'awaiting_verification' ? 'fixing' : last.state,
    ...{ severity, passingRuns: 0, resolvedAt: null, clockFrom: last.clockFrom, escalatedAt: last.escalatedAt },
    ...{ flappingSince: began ? at : last.flappingSince, flapping: began ? 'began' : null },
    dueAt: severity === last.severity ? last.dueAt : dueBy(last.clockFrom, severity),
  };
}

function passed(
  { last, kind }: TurnFinding,
  at: Date,
  terms: ReadonlyMap<Severity, IncidentTerms>,
): IncidentDecision | undefined {
  if (last === null || isOver(last.state)) return undefined;
  const passingRuns = last.passingRuns + 1;
  const over = passingRuns >= (kind === 'operations' ? 1 : passesNeeded(last, terms));
  const { severity, clockFrom, dueAt, escalatedAt, flappingSince } = last;
  return {
    ...{ what: over ? 'resolved' : 'passed', state: over ? 'resolved' : last.state, passingRuns },
    ...{ severity, clockFrom, dueAt, escalatedAt, resolvedAt: over ? at : null },
    ...{ flappingSince: over ? null : flappingSince, flapping: over && flappingSince !== null ? 'ended' : null },
  };
}

/** Passing runs in a row that it takes until an incident is over. */
export function passesNeeded(
  { state, severity, flappingSince }: { state: IncidentState; severity: Severity; flappingSince: Date | null },
  terms: ReadonlyMap<Severity, IncidentTerms>,
): number {
  const asked = terms.get(severity)?.passes ?? 1;
  if (flappingSince !== null) return Math.max(asked, STEADY);
  return state === 'awaiting_verification' ? Math.max(asked, VERIFYING_PASSES) : asked;
}
