import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { toJobType } from '#graphql/audit';
import { DatasetType, FieldType } from '#graphql/dictionary';
import { SourceType, toSourceType } from '#graphql/sources';
import { type Actor, Clock, InvalidInput } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import { Allow, CurrentActor, type GraphqlContext, localId } from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { DEFAULT_LIMITS } from '../profiler.js';
import { Statistics } from '../statistics.js';
import { StatisticsLoader } from './statistics.loader.js';
import {
  DatasetStatisticsType,
  FieldStatisticsType,
  LimitStatisticsArgs,
  ScheduleStatisticsArgs,
  StatisticsLimitsType,
  StatisticsOfSourcePayload,
  StatisticsScheduleType,
  TakeStatisticsArgs,
  TakeStatisticsPayload,
  toDatasetStatisticsType,
  toFieldStatisticsType,
  toStatisticsScheduleType,
} from './statistics.types.js';

@Resolver()
export class StatisticsResolver {
  constructor(
    private readonly statistics: Statistics,
    private readonly jobs: JobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Allow('engineer', 'steward')
  @Mutation(() => TakeStatisticsPayload, {
    description: 'Takes statistics of a source or a dataset now. While that is under way, its job is given back.',
  })
  async takeStatistics(
    @CurrentActor() actor: Actor,
    @Args() { sourceId, datasetId, rowLimit }: TakeStatisticsArgs,
  ): Promise<TakeStatisticsPayload> {
    if ((sourceId == null) === (datasetId == null))
      throw new InvalidInput('Give either a source or a dataset.', [], ['sourceId']);
    const wish =
      sourceId == null
        ? { datasetId: localId('Dataset', datasetId!, 'datasetId') }
        : { sourceId: localId('Source', sourceId, 'sourceId') };
    const jobId = await this.statistics.request(actor, wish, rowLimit ?? undefined);
    return { job: toJobType(await this.jobs.get(jobId)) };
  }

  @Allow('engineer')
  @Mutation(() => StatisticsOfSourcePayload, { description: 'Sets when the statistics of a source are taken.' })
  async scheduleStatistics(
    @CurrentActor() actor: Actor,
    @Args() { sourceId, cron, timeZone, enabled }: ScheduleStatisticsArgs,
  ): Promise<StatisticsOfSourcePayload> {
    const source = await this.statistics.schedule(actor, localId('Source', sourceId, 'sourceId'), {
      cron,
      timeZone: timeZone ?? this.settings.timeZone,
      enabled: enabled ?? true,
    });
    return { source: toSourceType(source) };
  }

  @Allow('engineer')
  @Mutation(() => StatisticsOfSourcePayload, { description: 'Sets what reading for statistics may cost a source.' })
  async limitStatistics(
    @CurrentActor() actor: Actor,
    @Args() { sourceId, rowLimit, seconds, readRows }: LimitStatisticsArgs,
  ): Promise<StatisticsOfSourcePayload> {
    const source = await this.statistics.limit(actor, localId('Source', sourceId, 'sourceId'), {
      rowLimit: rowLimit ?? undefined,
      seconds: seconds ?? undefined,
      readRows: readRows ?? undefined,
    });
    return { source: toSourceType(source) };
  }
}

@Resolver(() => DatasetType)
export class DatasetStatisticsResolver {
  constructor(private readonly loader: StatisticsLoader) {}

  @ResolveField(() => DatasetStatisticsType, { nullable: true, description: 'null: they were never asked for.' })
  async statistics(
    @Parent() { datasetId }: DatasetType,
    @Context() context: GraphqlContext,
  ): Promise<DatasetStatisticsType | null> {
    const found = await this.loader.ofDataset(context).load(datasetId);
    return found ? toDatasetStatisticsType(found) : null;
  }
}

@Resolver(() => FieldType)
export class FieldStatisticsResolver {
  constructor(private readonly loader: StatisticsLoader) {}

  @ResolveField(() => FieldStatisticsType, { nullable: true, description: 'null: there are none yet.' })
  async statistics(
    @Parent() { fieldId }: FieldType,
    @Context() context: GraphqlContext,
  ): Promise<FieldStatisticsType | null> {
    const found = await this.loader.ofField(context).load(fieldId);
    return found ? toFieldStatisticsType(found) : null;
  }
}

@Resolver(() => SourceType)
export class SourceStatisticsResolver {
  constructor(
    private readonly loader: StatisticsLoader,
    private readonly clock: Clock,
  ) {}

  @ResolveField(() => StatisticsLimitsType)
  async statisticsLimits(
    @Parent() { sourceId }: SourceType,
    @Context() context: GraphqlContext,
  ): Promise<StatisticsLimitsType> {
    return (await this.loader.limitsOf(context).load(sourceId)) ?? DEFAULT_LIMITS;
  }

  @ResolveField(() => StatisticsScheduleType, { nullable: true })
  async statisticsSchedule(
    @Parent() { sourceId, pausedAt }: SourceType,
    @Context() context: GraphqlContext,
  ): Promise<StatisticsScheduleType | null> {
    const schedule = await this.loader.scheduleOf(context).load(sourceId);
    return schedule ? toStatisticsScheduleType(schedule, pausedAt === null ? this.clock.now() : null) : null;
  }
}
