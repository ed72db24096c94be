import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { JobType, toJobType } from '#graphql/audit';
import { SourceLoader, SourceType, toSourceType } from '#graphql/sources';
import { type Actor, Clock, InvalidInput } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import {
  Allow,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  localId,
  PageArgs,
  pageOf,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { Harvests } from '../harvests.js';
import { changeCursor, runCursor, type RunRow, Runs } from '../runs.js';
import { HarvestLoader } from './harvest.loader.js';
import {
  HarvestChangeConnection,
  type HarvestChangeType,
  HarvestRunArgs,
  HarvestRunConnection,
  HarvestRunType,
  HarvestScheduleType,
  HarvestScopeType,
  HarvestSourceArgs,
  HarvestSourcePayload,
  ScheduleHarvestArgs,
  ScheduleHarvestPayload,
  toHarvestRunType,
  toHarvestScheduleType,
} from './harvest.types.js';

@Resolver()
export class HarvestResolver {
  constructor(
    private readonly harvests: Harvests,
    private readonly runs: Runs,
    private readonly jobs: JobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @SignedIn()
  @Query(() => HarvestRunConnection, { description: 'The harvests of a source, newest first.' })
  async harvestRuns(@Args() args: HarvestRunArgs): Promise<Connection<HarvestRunType>> {
    const page = await this.runs.ofSource(localId('Source', args.sourceId, 'sourceId'), pageOf(args));
    return toConnection(page, toHarvestRunType, runCursor, args.after);
  }

  @SignedIn()
  @Query(() => HarvestRunType)
  async harvestRun(@Args('id', { type: () => ID }) id: string): Promise<HarvestRunType> {
    return toHarvestRunType(await this.runs.get(localId('HarvestRun', id, 'id')));
  }

  @Allow('engineer')
  @Mutation(() => HarvestSourcePayload, {
    description:
      'Asks for a harvest. While one of the source is not finished that was asked for in the same way, that one is given back.',
  })
  async harvestSource(
    @CurrentActor() actor: Actor,
    @Args() { sourceId, confirmRemovals, scopes, readAll, dry }: HarvestSourceArgs,
  ): Promise<HarvestSourcePayload> {
    if (scopes?.length === 0) throw new InvalidInput('Give at least one scope, or leave scopes out.', [], ['scopes']);
    const run = await this.harvests.request(actor, localId('Source', sourceId, 'sourceId'), {
      confirmRemovals: confirmRemovals === true,
      scopes: scopes ?? undefined,
      readAll: readAll === true,
      dry: dry === true,
    });
    return this.asked(run);
  }

  @Allow('engineer')
  @Mutation(() => HarvestSourcePayload, {
    description:
      'Confirms a run that stopped because so much would vanish: asks for another that may end the datasets of its list.',
  })
  async confirmHarvest(
    @CurrentActor() actor: Actor,
    @Args('runId', { type: () => ID, description: 'Global id of a HarvestRun.' }) runId: string,
  ): Promise<HarvestSourcePayload> {
    return this.asked(await this.harvests.confirm(actor, localId('HarvestRun', runId, 'runId')));
  }

  private async asked(run: RunRow): Promise<HarvestSourcePayload> {
    return { run: toHarvestRunType(run), job: toJobType(await this.jobs.get(run.id)) };
  }

  @Allow('engineer')
  @Mutation(() => ScheduleHarvestPayload, { description: 'Sets when a source is harvested.' })
  async scheduleHarvest(
    @CurrentActor() actor: Actor,
    @Args() { sourceId, cron, timeZone, enabled }: ScheduleHarvestArgs,
  ): Promise<ScheduleHarvestPayload> {
    const source = await this.harvests.schedule(actor, localId('Source', sourceId, 'sourceId'), {
      cron,
      timeZone: timeZone ?? this.settings.timeZone,
      enabled: enabled ?? true,
    });
    return { source: toSourceType(source) };
  }
}

@Resolver(() => HarvestRunType)
export class HarvestRunFieldsResolver {
  constructor(
    private readonly loader: HarvestLoader,
    private readonly sources: SourceLoader,
    private readonly runs: Runs,
  ) {}

  @ResolveField(() => SourceType)
  async source(@Parent() { sourceId }: HarvestRunType, @Context() context: GraphqlContext): Promise<SourceType> {
    const source = await this.sources.byId(context).load(sourceId);
    if (!source) throw new Error('A harvest run has no source.');
    return source;
  }

  @ResolveField(() => [HarvestScopeType], { description: 'What was read so far, by name.' })
  async scopes(@Parent() { runId }: HarvestRunType, @Context() context: GraphqlContext): Promise<HarvestScopeType[]> {
    return (await this.loader.scopesOf(context).load(runId)) ?? [];
  }

  @ResolveField(() => [String], { description: 'Why it is partial, as sentences, those of the scopes among them.' })
  async reasons(@Parent() run: HarvestRunType, @Context() context: GraphqlContext): Promise<string[]> {
    const scopes = (await this.loader.scopesOf(context).load(run.runId)) ?? [];
    return [...run.ownReasons, ...scopes.flatMap(({ reasons }) => reasons)];
  }

  @ResolveField(() => HarvestChangeConnection, {
    description: 'What it would have changed, by name, when it was dry or needs confirmation; else empty.',
  })
  async changes(@Parent() { runId }: HarvestRunType, @Args() args: PageArgs): Promise<Connection<HarvestChangeType>> {
    return toConnection(await this.runs.changesOf(runId, pageOf(args)), (change) => change, changeCursor, args.after);
  }

  @ResolveField(() => JobType, { nullable: true, description: 'The work itself, with its progress.' })
  async job(@Parent() { runId }: HarvestRunType, @Context() context: GraphqlContext): Promise<JobType | null> {
    return (await this.loader.jobOf(context).load(runId)) ?? null;
  }
}

@Resolver(() => SourceType)
export class SourceHarvestResolver {
  constructor(
    private readonly loader: HarvestLoader,
    private readonly clock: Clock,
  ) {}

  @ResolveField(() => HarvestRunType, { nullable: true, description: 'The latest harvest, finished or not.' })
  async lastHarvest(
    @Parent() { sourceId }: SourceType,
    @Context() context: GraphqlContext,
  ): Promise<HarvestRunType | null> {
    return (await this.loader.lastOf(context).load(sourceId)) ?? null;
  }

  @ResolveField(() => HarvestScheduleType, { nullable: true })
  async harvestSchedule(
    @Parent() { sourceId, pausedAt }: SourceType,
    @Context() context: GraphqlContext,
  ): Promise<HarvestScheduleType | null> {
    const schedule = await this.loader.scheduleOf(context).load(sourceId);
    return schedule ? toHarvestScheduleType(schedule, pausedAt === null ? this.clock.now() : null) : null;
  }
}
