import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { JobType } from '#graphql/audit';
import { type SnapshotChange } from '#dictionary';
import { SourceType } from '#graphql/sources';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';
import { nextDue, type ScheduleEntity } from '#platform/queue';

import { RUN_STATES, type RunRow, type RunState, type ScopeRow } from '../runs.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

const RunStateEnum = enumOf<RunState>(RUN_STATES);
registerEnumType(RunStateEnum, {
  name: 'HarvestRunState',
  description:
    'PARTIAL: some of it could not be read; the scopes and reasons say what. NEEDS_CONFIRMATION: so much would vanish that ' +
    'nothing was changed; changes says what would, and confirmHarvest lets the next one do it.',
});

const CHANGE_OUTCOMES = ['added', 'changed', 'vanished'] as const satisfies readonly SnapshotChange['outcome'][];
const ChangeOutcomeEnum = enumOf<SnapshotChange['outcome']>(CHANGE_OUTCOMES);
registerEnumType(ChangeOutcomeEnum, { name: 'HarvestOutcome' });

@ObjectType('HarvestChange', { description: 'What a harvest would have done to a dataset.' })
export class HarvestChangeType implements SnapshotChange {
  @Field() qualifiedName: string;
  @Field(() => ChangeOutcomeEnum) outcome: SnapshotChange['outcome'];
}

export const HarvestChangeConnection = connectionOf(HarvestChangeType, 'HarvestChange');

@ObjectType('HarvestScope', { description: 'A schema or folder as a harvest run read it.' })
export class HarvestScopeType {
  @Field() name: string;
  @Field({ description: 'It was read wholly. Only then does "not seen" mean "gone".' }) complete: boolean;
  @Field(() => [String], { description: 'Why not, as sentences.' }) reasons: readonly string[];
  @Field(() => Int, { description: 'Datasets in it, as far as they could be read.' }) datasets: number;
  @Field({ description: 'The source said that it is as it was, so it was not read again.' }) skipped: boolean;
  @Field() finishedAt: Date;
}

export const toHarvestScopeType = (row: ScopeRow): HarvestScopeType => ({
  name: row.name,
  complete: row.complete,
  reasons: row.reasons,
  datasets: row.datasets,
  skipped: row.skipped,
  finishedAt: row.finishedAt,
});

@ObjectType('HarvestRun', { implements: () => Node, description: 'A reading of a source’s metadata.' })
export class HarvestRunType extends Node {
  readonly runId: string;
  readonly sourceId: string;
  @Field(() => RunStateEnum) state: RunState;
  @Field({ description: 'Somebody has said that many datasets may vanish.' }) confirmRemovals: boolean;
  @Field(() => [String], { nullable: true, description: 'Globs: only these scopes were asked for; null: all.' })
  onlyScopes: readonly string[] | null;
  @Field({ description: 'Also scopes that the source said are unchanged were read.' }) readAll: boolean;
  @Field({ description: 'It told what would change, and changed nothing.' }) dry: boolean;
  @Field() requestedAt: Date;
  @Field(() => Date, { nullable: true }) startedAt: Date | null;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field(() => Int, { description: 'Datasets that the dictionary did not have, or not any more.' }) added: number;
  @Field(() => Int, { description: 'Datasets with another schema than before.' }) changed: number;
  @Field(() => Int) unchanged: number;
  @Field(() => Int, { description: 'Datasets that the source has no more.' }) vanished: number;
  /** Those of the run itself; the scopes have their own. */
  readonly ownReasons: readonly string[];
  @Field(() => String, { nullable: true, description: 'Stable code, when it failed.' }) errorCode: string | null;
  @Field(() => String, { nullable: true, description: 'The sentence that goes with it.' }) errorMessage: string | null;
}

export const HarvestRunConnection = connectionOf(HarvestRunType, 'HarvestRun');

export const toHarvestRunType = (row: RunRow): HarvestRunType => ({
  id: globalId('HarvestRun', row.id),
  runId: row.id,
  sourceId: row.sourceId,
  state: row.state,
  confirmRemovals: row.confirmRemovals,
  onlyScopes: row.scopes,
  readAll: row.readAll,
  dry: row.dry,
  requestedAt: row.requestedAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  added: row.added,
  changed: row.changed,
  unchanged: row.unchanged,
  vanished: row.vanished,
  ownReasons: row.reasons,
  errorCode: row.errorCode,
  errorMessage: row.errorMessage,
});

@ObjectType('HarvestSchedule', { description: 'When a source is harvested.' })
export class HarvestScheduleType {
  @Field({ description: 'Minute, hour, day of month, month, day of week.' }) cron: string;
  @Field({ description: 'For instance Asia/Shanghai.' }) timeZone: string;
  @Field() enabled: boolean;
  @Field(() => Date, { nullable: true, description: 'null when it is not enabled, or the source is paused.' })
  nextAt: Date | null;
}

/** @param now null while nothing becomes due. */
export const toHarvestScheduleType = (
  { cron, timeZone, enabled }: ScheduleEntity,
  now: Date | null,
): HarvestScheduleType => ({
  cron,
  timeZone,
  enabled,
  nextAt: enabled && now ? nextDue(cron, timeZone, now) : null,
});

@ArgsType()
export class HarvestRunArgs extends PageArgs {
  @Field(() => ID) sourceId: string;
}

@ArgsType()
export class HarvestSourceArgs {
  @Field(() => ID) sourceId: string;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Any number of datasets may vanish, and so may scopes that the source lists no more.',
  })
  confirmRemovals?: boolean | null;
  @Field(() => [String], { nullable: true, description: 'Globs: only these scopes; all when not given.' })
  scopes?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Also scopes that the source says are unchanged.' })
  readAll?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Tell what would change (HarvestRun.changes), change nothing.' })
  dry?: boolean | null;
}

@ArgsType()
export class ScheduleHarvestArgs {
  @Field(() => ID) sourceId: string;
  @Field({ description: 'Minute, hour, day of month, month, day of week; for instance "30 2 * * 1-5".' }) cron: string;
  @Field(() => String, { nullable: true, description: 'The setting timeZone when not given.' }) timeZone?:
    string | null;
  @Field(() => Boolean, { nullable: true, description: 'true when not given.' }) enabled?: boolean | null;
}

@ObjectType()
export class HarvestSourcePayload extends Payload {
  @Field(() => HarvestRunType, { nullable: true }) run?: HarvestRunType;
  @Field(() => JobType, { nullable: true }) job?: JobType;
}

@ObjectType()
export class ScheduleHarvestPayload extends Payload {
  @Field(() => SourceType, { nullable: true }) source?: SourceType;
}
