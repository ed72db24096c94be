import { type Role } from '#kernel';

import { type IncidentState, isOver } from './incident.js';

/** What a person may do with an incident as it stands. */
export const INCIDENT_STEPS = [
  'acknowledge',
  'assign',
  'start_fixing',
  'await_verification',
  'mark_false_positive',
  'reopen',
  'request_waiver',
  'change_severity',
  'set_cause',
  'comment',
] as const;
export type IncidentStep = (typeof INCIDENT_STEPS)[number];

/** Who may take a step; an administrator always may. */
export const STEP_ROLES: Readonly<Record<IncidentStep, readonly Role[]>> = {
  acknowledge: ['steward', 'engineer'],
  assign: ['steward', 'engineer'],
  start_fixing: ['steward', 'engineer'],
  await_verification: ['steward', 'engineer'],
  // Who mends the data does not also say that it was never wrong.
  mark_false_positive: ['steward'],
  reopen: ['steward', 'engineer', 'compliance'],
  request_waiver: ['steward', 'engineer'],
  change_severity: ['steward', 'compliance'],
  set_cause: ['steward', 'engineer'],
  comment: ['steward', 'engineer', 'compliance'],
};

const IN_WORK: readonly IncidentState[] = ['open', 'acknowledged', 'assigned', 'fixing', 'awaiting_verification'];
const ALL: readonly IncidentState[] = [...IN_WORK, 'waived', 'resolved', 'false_positive'];

/** In which states a step can be taken. `resolved` is missing on purpose: only passing runs resolve. */
const POSSIBLE_IN: Readonly<Record<IncidentStep, readonly IncidentState[]>> = {
  // Saying it again says nothing new and does no harm.
  acknowledge: ['open', 'acknowledged'],
  assign: IN_WORK,
  start_fixing: ['open', 'acknowledged', 'assigned', 'awaiting_verification'],
  await_verification: ['acknowledged', 'assigned', 'fixing'],
  mark_false_positive: IN_WORK,
  reopen: ['resolved', 'false_positive'],
  request_waiver: IN_WORK,
  change_severity: [...IN_WORK, 'waived'],
  set_cause: ALL,
  comment: ALL,
};

export const isPossible = (step: IncidentStep, state: IncidentState): boolean => POSSIBLE_IN[step].includes(state);

/** What can be done in a state, by whomever. */
export const possibleSteps = (state: IncidentState): IncidentStep[] =>
  INCIDENT_STEPS.filter((step) => isPossible(step, state));

/** The state that a step leads to. */
export function stateAfter(step: IncidentStep, state: IncidentState, assigned: boolean): IncidentState {
  switch (step) {
    case 'acknowledge':
      return 'acknowledged';
    case 'assign':
      // Who is at it already goes on; a new name changes nothing about that.
      if (state === 'fixing' || state === 'awaiting_verification') return state;
      return assigned ? 'assigned' : state === 'assigned' ? 'acknowledged' : state;
    case 'start_fixing':
      return 'fixing';
    case 'await_verification':
      return 'awaiting_verification';
    case 'mark_false_positive':
      return 'false_positive';
    case 'reopen':
      return 'open';
    case 'request_waiver':
    case 'change_severity':
    case 'set_cause':
    case 'comment':
      return state;
    default:
      return step satisfies never;
  }
}

const STATE_WORDS: Readonly<Record<IncidentState, string>> = {
  open: 'open',
  acknowledged: 'acknowledged',
  assigned: 'assigned',
  fixing: 'being fixed',
  awaiting_verification: 'awaiting verification by the next runs',
  resolved: 'resolved',
  waived: 'waived',
  false_positive: 'a false positive',
};
const STEP_WORDS: Readonly<Record<IncidentStep, string>> = {
  acknowledge: 'acknowledge',
  assign: 'assign',
  start_fixing: 'start fixing',
  await_verification: 'say that it is fixed',
  mark_false_positive: 'mark as false positive',
  reopen: 'reopen',
  request_waiver: 'request a waiver',
  change_severity: 'change the severity',
  set_cause: 'set the cause',
  comment: 'comment',
};

/** Why a step cannot be taken, and what can. */
export function refusalOf(step: IncidentStep, state: IncidentState): string {
  const instead = possibleSteps(state).map((each) => STEP_WORDS[each]);
  const hint = isOver(state)
    ? ' A rule that fails again opens it anew.'
    : state === 'waived'
      ? ' Revoke the waiver to work on it.'
      : '';
  return `The incident is ${STATE_WORDS[state]}, so "${STEP_WORDS[step]}" is not possible. Possible now: ${instead.join(', ')}.${hint}`;
}
