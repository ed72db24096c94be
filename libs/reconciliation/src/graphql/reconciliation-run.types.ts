import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type CheckFound, type GroupFound, type KeysLooked, type Sent, type SideName } from '#core/reconciliation';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';

import {
  type ReconciliationRun,
  type ReconciliationRunState,
  type RunVerdict,
  type SignedState,
  type StoredCheck,
} from '../reconciliation-run.js';
import { type ReconciliationRunFilter } from '../reconciliation-run.store.js';
import { type SignOff } from '../sign-offs.js';
import {
  CheckKindEnum,
  CheckStatusEnum,
  RunStateEnum,
  SideEnum,
  SignedEnum,
  VerdictEnum,
} from './reconciliation.enums.js';

@ObjectType('ReconciliationGroup', { description: 'A group whose figures differ, or that only one side has.' })
export class GroupType {
  @Field(() => [String], { nullable: 'items' }) group: (string | null)[];
  @Field({ description: 'rows, or the column that was summed.' }) figure: string;
  @Field(() => String, { nullable: true }) left: string | null;
  @Field(() => String, { nullable: true }) right: string | null;
  @Field(() => String, { nullable: true, description: 'Right minus left.' }) difference: string | null;
}

const toGroupType = ({ group, ...figures }: GroupFound): GroupType => ({ ...figures, group: [...group] });

@ObjectType('ReconciliationCheck', { description: 'A figure of both sides, and whether it is near enough.' })
export class CheckType {
  @Field(() => CheckKindEnum) kind: CheckFound['kind'];
  @Field({ description: 'What was summed or grouped by.' }) of: string;
  @Field(() => CheckStatusEnum) status: CheckFound['status'];
  @Field(() => String, { nullable: true }) left: string | null;
  @Field(() => String, { nullable: true }) right: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Right minus left; of groups and keys: how many differ.',
  })
  difference: string | null;
  @Field({ description: 'Difference allowed.' }) absolute: string;
  @Field({ description: 'Share of the left figure allowed.' }) relative: string;
  @Field(() => Int, { nullable: true }) groups: number | null;
  @Field(() => Int, { nullable: true }) differingGroups: number | null;
  @Field(() => [GroupType], { description: 'The first of them.' }) found: GroupType[];
}

export const toCheckType = ({ groups, ...check }: StoredCheck): CheckType => ({
  ...{ kind: check.kind, of: check.of, status: check.status, left: check.left, right: check.right },
  ...{ difference: check.difference, absolute: check.absolute, relative: check.relative },
  ...{ groups: groups?.all ?? null, differingGroups: groups?.differing ?? null },
  found: groups?.found.map(toGroupType) ?? [],
});

@ObjectType('ReconciliationStatement', {
  description: 'What was asked of a side, as it was sent; hashes of secret keys are left out.',
})
export class StatementType {
  @Field(() => SideEnum) side: SideName;
  @Field({ description: 'buckets, groups, hashes or values.' }) purpose: string;
  @Field() sql: string;
  @Field(() => [String]) params: string[];
  @Field() startedAt: Date;
  @Field(() => Int) ms: number;
  @Field(() => Int, { description: 'Rows of the answer.' }) rows: number;
}

export const toStatementType = ({ side, purpose, sql, params, startedAt, ms, rows }: Sent): StatementType => ({
  ...{ side, purpose, sql, ms, rows, params: [...params], startedAt: new Date(startedAt) },
});

@ObjectType('ReconciliationSignOff', { description: 'A person vouches for the result of a run. Never changed.' })
export class SignOffType {
  @Field() byWhom: string;
  @Field() at: Date;
  @Field() comment: string;
  @Field(() => Int, { description: 'Signatures that the run needs.' }) needed: number;
  @Field(() => Int, { description: 'Breaks that were open, and not written off, then.' }) openBreaks: number;
}

export const toSignOffType = ({ byWhom, at, comment, needed, openBreaks }: SignOff): SignOffType => ({
  ...{ byWhom, at, comment, needed, openBreaks },
});

@ObjectType('ReconciliationKeys', { description: 'How far the comparison key by key went.' })
export class KeysType implements Omit<KeysLooked, 'uniqueBy'> {
  @Field(() => Int) buckets: number;
  @Field(() => Int) differingBuckets: number;
  @Field(() => Int, { description: 'Buckets that differ and were not looked into, since they hold too many rows.' })
  bucketsLeft: number;
  @Field(() => Int) differingKeys: number;
  @Field(() => Int) keysRead: number;
  @Field(() => Int, { description: 'Keys that agree after all: within the tolerance, or changed meanwhile.' })
  agreeing: number;
  @Field(() => Int) breaks: number;
  @Field({ description: 'Every break is listed. If not, breaks of earlier runs stay open.' }) complete: boolean;
}

@ObjectType('ReconciliationRun', { implements: () => Node })
export class ReconciliationRunType extends Node {
  @Field(() => ID) reconciliationId: string;
  @Field() reconciliationName: string;
  @Field(() => Int) versionNumber: number;
  @Field(() => RunStateEnum) state: ReconciliationRunState;
  @Field(() => VerdictEnum, { nullable: true, description: 'null until it has come to an end.' })
  verdict: RunVerdict | null;
  @Field(() => Date, { nullable: true, description: 'The due time that a schedule asked for.' }) dueAt: Date | null;
  @Field() requestedAt: Date;
  @Field() requestedBy: string;
  @Field(() => Date, { nullable: true }) startedAt: Date | null;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'When the sides were asked.' }) asOf: Date | null;
  @Field(() => Date, { nullable: true, description: 'Only rows before it counted, on both sides.' })
  cutoff: Date | null;
  @Field(() => String, { nullable: true }) leftRows: string | null;
  @Field(() => String, { nullable: true }) rightRows: string | null;
  @Field(() => KeysType, { nullable: true }) keys: KeysType | null;
  @Field(() => SideEnum, { nullable: true, description: 'The side that could not be asked.' })
  errorSide: SideName | null;
  @Field(() => String, { nullable: true }) errorCode: string | null;
  @Field(() => String, { nullable: true }) errorMessage: string | null;
  @Field(() => Int, { description: 'Breaks that it saw.' }) breakCount: number;
  @Field(() => SignedEnum) signed: SignedState;
  readonly localId: string;
  readonly jobId: string | null;
}

export const ReconciliationRunConnection = connectionOf(ReconciliationRunType, 'ReconciliationRun');

export const toReconciliationRunType = (run: ReconciliationRun): ReconciliationRunType => ({
  id: globalId('ReconciliationRun', run.id),
  ...{ localId: run.id, jobId: run.jobId, reconciliationId: globalId('Reconciliation', run.reconciliationId) },
  ...{ reconciliationName: run.reconciliationName, versionNumber: run.versionNumber, state: run.state },
  ...{ verdict: run.verdict, dueAt: run.dueAt, requestedAt: run.requestedAt, requestedBy: run.requestedBy },
  ...{ startedAt: run.startedAt, finishedAt: run.finishedAt, asOf: run.asOf, cutoff: run.cutoff },
  ...{ leftRows: run.leftRows, rightRows: run.rightRows, keys: run.keys, errorSide: run.errorSide },
  ...{ errorCode: run.errorCode, errorMessage: run.errorMessage, breakCount: run.breaks, signed: run.signed },
});

@ArgsType()
export class ReconciliationRunArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) reconciliationId?: string | null;
  @Field(() => [RunStateEnum], { nullable: true }) states?: ReconciliationRunState[] | null;
  @Field(() => [VerdictEnum], { nullable: true }) verdicts?: RunVerdict[] | null;
}

export const toRunFilter = ({
  reconciliationId,
  states,
  verdicts,
}: ReconciliationRunArgs): ReconciliationRunFilter => ({
  ...(reconciliationId != null && {
    reconciliationId: localId('Reconciliation', reconciliationId, 'reconciliationId'),
  }),
  ...(states != null && { states }),
  ...(verdicts != null && { verdicts }),
});

@ObjectType()
export class ReconciliationRunPayload extends Payload {
  @Field(() => ReconciliationRunType, { nullable: true }) run?: ReconciliationRunType;
  @Field(() => JobType, { nullable: true }) job?: JobType;
}
