import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { JobType, toJobType } from '#graphql/audit';
import { type Actor, InvalidInput } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  localId,
  pageOf,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { JobStore } from '#platform/queue';
import { Sources } from '#sources';

import { resultCursor, ResultStore } from '../result.store.js';
import { type RuleRun } from '../run.js';
import { runCursor } from '../run.store.js';
import { Runs } from '../runs.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleType, RuleVersionType } from './rule.types.js';
import {
  ResultArgs,
  ResultConnection,
  ResultType,
  RunArgs,
  RunConnection,
  RunPayload,
  RunType,
  toResultType,
  toRunFilter,
  toRunType,
} from './run.types.js';

@Resolver(() => RunType)
export class RunResolver {
  constructor(
    private readonly runs: Runs,
    private readonly found: ResultStore,
    private readonly sources: Sources,
    private readonly jobs: JobStore,
    private readonly loaders: QualityLoaders,
  ) {}

  @SignedIn()
  @Query(() => RunConnection, { description: 'Runs of rules, newest first.' })
  async ruleRuns(@Args() args: RunArgs): Promise<Connection<RunType>> {
    return toConnection(await this.runs.list(toRunFilter(args), pageOf(args)), toRunType, runCursor, args.after);
  }

  @SignedIn()
  @Query(() => RunType)
  async ruleRun(@Args('id', { type: () => ID }) id: string): Promise<RunType> {
    return toRunType(await this.runs.get(localId('RuleRun', id, 'id')));
  }

  @ResolveField(() => ResultConnection, { description: 'What the rules found, in the order in which they ended.' })
  async results(
    @Parent() run: RunType,
    @Args() args: ResultArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<ResultType>> {
    const page = await this.loaders.resultsOfRun(context, run.localId, args.statuses ?? undefined, pageOf(args));
    return toConnection(page, toResultType, resultCursor, args.after);
  }

  @ResolveField(() => JobType, { nullable: true })
  async job(@Parent() run: RunType, @Context() context: GraphqlContext): Promise<JobType | undefined> {
    return run.jobId === null ? undefined : this.loaders.job(context).load(run.jobId);
  }

  @SignedIn()
  @Query(() => ResultConnection, { description: 'What a rule found over time, newest first.' })
  async ruleResults(
    @Args('ruleId', { type: () => ID }) ruleId: string,
    @Args() args: ResultArgs,
  ): Promise<Connection<ResultType>> {
    const id = localId('QualityRule', ruleId, 'ruleId');
    const page = await this.found.listOfRule(id, args.statuses ?? undefined, pageOf(args));
    return toConnection(page, toResultType, resultCursor, args.after);
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RunPayload, {
    description: 'Runs a rule set, some rules, or all rules of a source. Give one of the three.',
  })
  async runRules(
    @CurrentActor() actor: Actor,
    @Args('ruleSetId', { type: () => ID, nullable: true }) ruleSetId?: string | null,
    @Args('ruleIds', { type: () => [ID], nullable: true }) ruleIds?: string[] | null,
    @Args('sourceId', { type: () => ID, nullable: true }) sourceId?: string | null,
  ): Promise<RunPayload> {
    const run = await this.start(actor, ruleSetId ?? undefined, ruleIds ?? undefined, sourceId ?? undefined);
    return {
      run: toRunType(run),
      ...(run.jobId !== null && { job: toJobType(await this.jobs.get(run.jobId)) }),
    };
  }

  private async start(
    actor: Actor,
    ruleSetId?: string,
    ruleIds?: readonly string[],
    sourceId?: string,
  ): Promise<RuleRun> {
    if ([ruleSetId, ruleIds, sourceId].filter((given) => given !== undefined).length !== 1)
      throw new InvalidInput('Give one of ruleSetId, ruleIds and sourceId.', [], ['ruleSetId']);
    if (ruleSetId !== undefined) return this.runs.ofRuleSet(actor, localId('RuleSet', ruleSetId, 'ruleSetId'));
    if (sourceId !== undefined) {
      const source = await this.sources.get(localId('Source', sourceId, 'sourceId'));
      return this.runs.ofSource(actor, source.id, source.name);
    }
    return this.runs.ofRules(
      actor,
      (ruleIds ?? []).map((id, at) => localId('QualityRule', id, 'ruleIds', String(at))),
    );
  }
}

@Resolver(() => ResultType)
export class ResultResolver {
  constructor(private readonly loaders: QualityLoaders) {}

  @ResolveField(() => RuleType, { nullable: true, description: 'The rule as it is now.' })
  rule(@Parent() result: ResultType, @Context() context: GraphqlContext): Promise<RuleType | undefined> {
    return this.loaders.rule(context).load(result.localRuleId);
  }

  @ResolveField(() => RuleVersionType, { nullable: true, description: 'The rule as it ran.' })
  version(@Parent() result: ResultType, @Context() context: GraphqlContext): Promise<RuleVersionType | undefined> {
    return this.loaders.version(context).load(result.localVersionId);
  }

  @ResolveField(() => RunType, { nullable: true })
  run(@Parent() result: ResultType, @Context() context: GraphqlContext): Promise<RunType | undefined> {
    return this.loaders.run(context).load(result.localRunId);
  }
}
