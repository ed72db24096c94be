import { registerEnumType } from '@nestjs/graphql';
import { BREAK_KINDS, type BreakKind, type CheckStatus } from '#core/reconciliation';

import { type Age, AGES, BREAK_EVENTS, BREAK_STATES, type BreakEventKind, type BreakState } from '../break.store.js';
import {
  type ReconciliationRunState,
  RUN_STATES,
  type RunVerdict,
  SIGNED_STATES,
  type SignedState,
  VERDICTS,
} from '../reconciliation-run.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const RunStateEnum = enumOf<ReconciliationRunState>(RUN_STATES);
registerEnumType(RunStateEnum, {
  name: 'ReconciliationRunState',
  valuesMap: { SUCCEEDED: { description: 'It came to an end; the verdict says to which.' } },
});

export const VerdictEnum = enumOf<RunVerdict>(VERDICTS);
registerEnumType(VerdictEnum, {
  name: 'ReconciliationVerdict',
  valuesMap: {
    NOT_EVALUATED: { description: 'Both sides are empty: nothing was compared.' },
    ERROR: { description: 'A side could not be asked. It says nothing about the data.' },
  },
});

export const SignedEnum = enumOf<SignedState>(SIGNED_STATES);
registerEnumType(SignedEnum, {
  name: 'ReconciliationSigned',
  valuesMap: { AWAITING_SECOND: { description: 'With open breaks a second person has to sign.' } },
});

export const CheckStatusEnum = enumOf<CheckStatus>(['pass', 'fail', 'not_evaluated']);
registerEnumType(CheckStatusEnum, { name: 'ReconciliationCheckStatus' });

export const CheckKindEnum = enumOf(['row_count', 'sum', 'groups', 'keys'] as const);
registerEnumType(CheckKindEnum, { name: 'ReconciliationCheckKind' });

export const BreakKindEnum = enumOf<BreakKind>(BREAK_KINDS);
registerEnumType(BreakKindEnum, {
  name: 'ReconciliationBreakKind',
  valuesMap: {
    MISSING_LEFT: { description: 'The row is only on the right.' },
    MISSING_RIGHT: { description: 'The row is only on the left.' },
    DUPLICATE_KEY: { description: 'The key is that of several rows of a side, so none of them has a partner.' },
    NULL_KEY: { description: 'Rows lack a part of their key, so they have no partner.' },
  },
});

export const BreakStateEnum = enumOf<BreakState>(BREAK_STATES);
registerEnumType(BreakStateEnum, {
  name: 'ReconciliationBreakState',
  valuesMap: { CLOSED: { description: 'The key agreed in a later run.' } },
});

export const BreakEventEnum = enumOf<BreakEventKind>(BREAK_EVENTS);
registerEnumType(BreakEventEnum, {
  name: 'ReconciliationBreakEventKind',
  valuesMap: { LIFTED: { description: 'The values are others now, so what was decided does not hold any more.' } },
});

export const AgeEnum = enumOf<Age>(AGES);
registerEnumType(AgeEnum, { name: 'ReconciliationBreakAge', description: 'Days since it was first seen.' });

export const SideEnum = enumOf(['left', 'right'] as const);
registerEnumType(SideEnum, { name: 'ReconciliationSide' });

export const DecisionEnum = enumOf(['explained', 'written_off'] as const);
registerEnumType(DecisionEnum, { name: 'ReconciliationBreakDecision' });
export type Decision = 'explained' | 'written_off';
