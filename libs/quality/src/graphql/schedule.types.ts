import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { wallClock } from '#core/business-calendar';
import { InvalidInput } from '#kernel';
import { connectionOf, globalId, PageArgs } from '#platform/graphql';
import {
  type DueTime,
  type Firing,
  FIRING_STATES,
  type FiringState,
  type Misfire,
  MISFIRES,
  ON_OTHER_DAYS,
  type OnOtherDays,
  SCHEDULE_DAYS,
  type ScheduleDays,
  type ScheduleEntity,
} from '#platform/queue';

import { type RuleSetTimes } from '../rule-sets.js';
import { type Trigger } from '../triggers.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

const ScheduleDaysEnum = enumOf(SCHEDULE_DAYS);
registerEnumType(ScheduleDaysEnum, {
  name: 'ScheduleDays',
  description: 'The days on which a schedule is due at all, by the institution’s calendar.',
  valuesMap: {
    FIRST_WORKING_DAY: { description: 'Of each month.' },
    LAST_WORKING_DAY: { description: 'Of each month.' },
  },
});

const OnOtherDaysEnum = enumOf(ON_OTHER_DAYS);
registerEnumType(OnOtherDaysEnum, {
  name: 'ScheduleOnOtherDays',
  description: 'What becomes of a due time on a day that is not one of those.',
  valuesMap: { NEXT_WORKING_DAY: { description: 'At the same time of the next working day. For WORKING_DAYS only.' } },
});

const MisfireEnum = enumOf(MISFIRES);
registerEnumType(MisfireEnum, {
  name: 'ScheduleMisfire',
  description: 'What becomes of due times that passed while no worker was there.',
  valuesMap: {
    ALL: { description: 'Each is answered.' },
    LATEST: { description: 'The latest is answered, in place of all.' },
    SKIP: { description: 'None that is more than a minute late is answered.' },
  },
});

export const FiringStateEnum = enumOf(FIRING_STATES);
registerEnumType(FiringStateEnum, {
  name: 'ScheduleFiringState',
  description: 'How a due time was answered. Each has exactly one answer.',
  valuesMap: {
    FIRED: { description: 'Its job was asked for.' },
    MERGED: { description: 'A later due time was answered in its place.' },
    MISSED: { description: 'Nobody was there when it was due, and the schedule leaves out what is late.' },
    PASSED_BY: { description: 'What it is about was paused.' },
  },
});

@ObjectType('ScheduleDueTime')
export class DueTimeType {
  @Field() at: Date;
  @Field({ description: 'What a clock in the schedule’s time zone shows, for instance 2026-10-10 02:30.' })
  local: string;
  @Field({ description: 'false: it hangs on a day that the calendar does not know yet.' }) known: boolean;
}

export const toDueTimeType = ({ at, known }: DueTime, timeZone: string): DueTimeType => {
  const { day, time } = wallClock(at, timeZone);
  return { at, known, local: `${day} ${time.slice(0, 5)}` };
};

@ObjectType('ScheduleFiring', { description: 'How a due time was answered.' })
export class FiringType {
  @Field() dueAt: Date;
  @Field(() => FiringStateEnum) state: FiringState;
  @Field(() => Date, { nullable: true, description: 'The due time that was answered in its place.' })
  mergedInto: Date | null;
  @Field() answeredAt: Date;
  @Field(() => ID, { nullable: true, description: 'The job that was asked for.' }) jobId: string | null;
}

export const FiringConnection = connectionOf(FiringType, 'ScheduleFiring');

export const toFiringType = ({ dueAt, state, mergedInto, answeredAt, jobId }: Firing): FiringType => ({
  ...{ dueAt, state, mergedInto, answeredAt },
  jobId: jobId === null ? null : globalId('Job', jobId),
});

@ObjectType('RuleSetSchedule', { description: 'When a rule set runs by itself.' })
export class RuleSetScheduleType {
  @Field({ description: 'Minute, hour, day of month, month, day of week.' }) cron: string;
  @Field({ description: 'For instance Asia/Shanghai.' }) timeZone: string;
  @Field() enabled: boolean;
  @Field(() => ScheduleDaysEnum) days: ScheduleDays;
  @Field(() => OnOtherDaysEnum) onOtherDays: OnOtherDays;
  @Field(() => MisfireEnum) misfire: Misfire;
  readonly schedule: ScheduleEntity;
}

export const toRuleSetScheduleType = (schedule: ScheduleEntity): RuleSetScheduleType => {
  const { cron, timeZone, enabled, days, onOtherDays, misfire } = schedule;
  return { cron, timeZone, enabled, days, onOtherDays, misfire, schedule };
};

@ArgsType()
export class ScheduleRuleSetArgs {
  @Field(() => ID) id: string;
  @Field(() => String, { nullable: true, description: 'For instance "30 2 * * *". Without it: no more by itself.' })
  cron?: string | null;
  @Field(() => String, { nullable: true, description: 'For instance Asia/Shanghai.' }) timeZone?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'true when left out.' }) enabled?: boolean | null;
  @Field(() => ScheduleDaysEnum, { nullable: true, description: 'EVERY_DAY when left out.' })
  days?: ScheduleDays | null;
  @Field(() => OnOtherDaysEnum, { nullable: true, description: 'SKIP when left out.' })
  onOtherDays?: OnOtherDays | null;
  @Field(() => MisfireEnum, { nullable: true, description: 'LATEST when left out.' }) misfire?: Misfire | null;
}

/** @throws {InvalidInput} */
export function toTimes({
  cron,
  timeZone,
  enabled,
  days,
  onOtherDays,
  misfire,
}: ScheduleRuleSetArgs): RuleSetTimes | null {
  if (cron == null) return null;
  if (timeZone == null)
    throw new InvalidInput('A schedule needs a time zone, for instance "Asia/Shanghai".', [], ['timeZone']);
  return {
    ...{ cron, timeZone, enabled: enabled ?? true },
    ...(days != null && { days }),
    ...(onOtherDays != null && { onOtherDays }),
    ...(misfire != null && { misfire }),
  };
}

@ArgsType()
export class FiringArgs extends PageArgs {
  @Field(() => ID) ruleSetId: string;
  @Field(() => [FiringStateEnum], { nullable: true }) states?: FiringState[] | null;
}

@ObjectType('RuleSetTrigger', { description: 'What a rule set follows: a source’s harvest or a pipeline’s job.' })
export class TriggerType {
  @Field(() => ID, { nullable: true, description: 'It runs when this source was harvested.' }) sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field(() => String, { nullable: true, description: 'It runs when this job says COMPLETE in an OpenLineage event.' })
  jobNamespace: string | null;
  @Field(() => String, { nullable: true }) jobName: string | null;
  @Field({ description: 'What was over before is not answered.' }) since: Date;
}

export const toTriggerType = ({ sourceId, sourceName, jobNamespace, jobName, createdAt }: Trigger): TriggerType => ({
  ...{ sourceName, jobNamespace, jobName, since: createdAt },
  sourceId: sourceId === null ? null : globalId('Source', sourceId),
});

@InputType({ description: 'A job of a pipeline, exactly as its OpenLineage events name it.' })
export class PipelineJobInput {
  @Field() namespace: string;
  @Field() name: string;
}

@ArgsType()
export class NextDueArgs {
  @Field(() => Int, { defaultValue: 5, description: '1 to 100.' }) first: number;
}
