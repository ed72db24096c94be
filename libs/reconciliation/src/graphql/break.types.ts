import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type BreakKind } from '#core/reconciliation';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';

import {
  type Age,
  type BreakEvent,
  type BreakEventKind,
  type BreakFilter,
  type BreakState,
  type StoredBreak,
} from '../break.store.js';
import { AgeEnum, BreakEventEnum, BreakKindEnum, BreakStateEnum } from './reconciliation.enums.js';

@ObjectType('ReconciliationBreakEvent', { description: 'Something that happened to a break. Never changed.' })
export class BreakEventType {
  @Field(() => BreakEventEnum) kind: BreakEventKind;
  @Field() at: Date;
  @Field({ description: 'A person, or Plumbline for what a run did.' }) byWhom: string;
  @Field() text: string;
}

export const toBreakEventType = ({ kind, at, byWhom, text }: BreakEvent): BreakEventType => ({
  ...{ kind, at, byWhom, text },
});

@ObjectType('ReconciliationValue', { description: 'A mapped column in the row of each side.' })
export class ValueType {
  @Field({ description: 'Its name on the left.' }) column: string;
  @Field(() => String, { nullable: true }) left: string | null;
  @Field(() => String, { nullable: true }) right: string | null;
}

@ObjectType('ReconciliationBreak', {
  implements: () => Node,
  description: 'A key whose rows do not agree, from the run that saw it first until one in which it agrees.',
})
export class BreakType extends Node {
  @Field(() => ID) reconciliationId: string;
  @Field() reconciliationName: string;
  @Field(() => BreakKindEnum) kind: BreakKind;
  @Field(() => BreakStateEnum) state: BreakState;
  @Field(() => [String], {
    nullable: 'items',
    description: 'In the order of the mapped keys; ••• for what the security level forbids to show.',
  })
  key: (string | null)[];
  @Field(() => [String], { description: 'Mapped columns that differ.' }) columns: string[];
  @Field(() => [ValueType], {
    description: 'Values of the columns that differ, or of the one row that there is; ••• for what may not be shown.',
  })
  values: ValueType[];
  @Field(() => Int) leftRows: number;
  @Field(() => Int) rightRows: number;
  @Field() firstSeenAt: Date;
  @Field(() => ID) firstRunId: string;
  @Field() lastSeenAt: Date;
  @Field(() => ID) lastRunId: string;
  @Field(() => Int) runsSeen: number;
  @Field(() => Int, { description: 'Whole days since it was first seen, until it was closed.' }) openDays: number;
  @Field({ description: 'Why it is explained or written off.' }) reason: string;
  @Field(() => Date, { nullable: true }) decidedAt: Date | null;
  @Field(() => String, { nullable: true }) decidedBy: string | null;
  @Field(() => Date, { nullable: true }) closedAt: Date | null;
  readonly localId: string;
}

export const BreakConnection = connectionOf(BreakType, 'ReconciliationBreak');

export const toBreakType = (found: StoredBreak): BreakType => ({
  id: globalId('ReconciliationBreak', found.id),
  ...{ localId: found.id, reconciliationId: globalId('Reconciliation', found.reconciliationId) },
  ...{ reconciliationName: found.reconciliationName, kind: found.kind, state: found.state, key: [...found.key] },
  ...{ columns: [...found.columns], leftRows: found.leftRows, rightRows: found.rightRows },
  values: valuesOf(found),
  ...{ firstSeenAt: found.firstSeenAt, firstRunId: globalId('ReconciliationRun', found.firstRunId) },
  ...{ lastSeenAt: found.lastSeenAt, lastRunId: globalId('ReconciliationRun', found.lastRunId) },
  ...{ runsSeen: found.runsSeen, openDays: found.openDays, reason: found.reason, decidedAt: found.decidedAt },
  ...{ decidedBy: found.decidedBy, closedAt: found.closedAt },
});

function valuesOf({ left, right }: StoredBreak): ValueType[] {
  const columns = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
  return [...columns].map((column) => ({ column, left: left?.[column] ?? null, right: right?.[column] ?? null }));
}

@ArgsType()
export class BreakArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) reconciliationId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Those that this run saw.' }) runId?: string | null;
  @Field(() => [BreakKindEnum], { nullable: true }) kinds?: BreakKind[] | null;
  @Field(() => [BreakStateEnum], { nullable: true }) states?: BreakState[] | null;
  @Field(() => AgeEnum, { nullable: true }) age?: Age | null;
}

export const toBreakFilter = ({ reconciliationId, runId, kinds, states, age }: BreakArgs): BreakFilter => ({
  ...(reconciliationId != null && {
    reconciliationId: localId('Reconciliation', reconciliationId, 'reconciliationId'),
  }),
  ...(runId != null && { runId: localId('ReconciliationRun', runId, 'runId') }),
  ...(kinds != null && { kinds }),
  ...(states != null && { states }),
  ...(age != null && { age }),
});

@ObjectType('ReconciliationAgeing', {
  description: 'How many breaks are not closed, by the days since they were first seen.',
})
export class AgeingType {
  @Field(() => Int) days0To1: number;
  @Field(() => Int) days2To7: number;
  @Field(() => Int) days8To30: number;
  @Field(() => Int) daysOver30: number;
}

export const toAgeingType = (ages: Readonly<Record<Age, number>>): AgeingType => ({
  days0To1: ages.days_0_1,
  days2To7: ages.days_2_7,
  days8To30: ages.days_8_30,
  daysOver30: ages.days_over_30,
});

@ObjectType()
export class BreakPayload extends Payload {
  @Field(() => BreakType, { nullable: true }) break?: BreakType;
}
