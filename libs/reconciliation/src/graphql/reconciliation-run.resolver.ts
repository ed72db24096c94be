import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { JobType, toJobType } from '#graphql/audit';
import { type Actor } from '#kernel';
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

import { reconciliationRunCursor } from '../reconciliation-run.store.js';
import { ReconciliationRuns } from '../reconciliation-runs.js';
import { SignOffs } from '../sign-offs.js';
import { ReconciliationLoaders } from './reconciliation.loaders.js';
import {
  CheckType,
  ReconciliationRunArgs,
  ReconciliationRunConnection,
  ReconciliationRunPayload,
  ReconciliationRunType,
  SignOffType,
  StatementType,
  toReconciliationRunType,
  toRunFilter,
} from './reconciliation-run.types.js';

@Resolver(() => ReconciliationRunType)
export class ReconciliationRunResolver {
  constructor(
    private readonly runs: ReconciliationRuns,
    private readonly signOffs: SignOffs,
    private readonly jobs: JobStore,
    private readonly loaders: ReconciliationLoaders,
  ) {}

  @SignedIn()
  @Query(() => ReconciliationRunConnection, { description: 'Runs of reconciliations, newest first.' })
  async reconciliationRuns(@Args() args: ReconciliationRunArgs): Promise<Connection<ReconciliationRunType>> {
    const page = await this.runs.list(toRunFilter(args), pageOf(args));
    return toConnection(page, toReconciliationRunType, reconciliationRunCursor, args.after);
  }

  @SignedIn()
  @Query(() => ReconciliationRunType)
  async reconciliationRun(@Args('id', { type: () => ID }) id: string): Promise<ReconciliationRunType> {
    return toReconciliationRunType(await this.runs.get(localId('ReconciliationRun', id, 'id')));
  }

  @ResolveField(() => [CheckType], { description: 'What each check found, in the order of the definition.' })
  async checks(@Parent() run: ReconciliationRunType, @Context() context: GraphqlContext): Promise<CheckType[]> {
    return (await this.loaders.checks(context).load(run.localId)) ?? [];
  }

  @ResolveField(() => [StatementType])
  async statements(@Parent() run: ReconciliationRunType, @Context() context: GraphqlContext): Promise<StatementType[]> {
    return (await this.loaders.statements(context).load(run.localId)) ?? [];
  }

  @ResolveField('signOffs', () => [SignOffType], { description: 'In the order in which they were given.' })
  async signatures(@Parent() run: ReconciliationRunType, @Context() context: GraphqlContext): Promise<SignOffType[]> {
    return (await this.loaders.signatures(context).load(run.localId)) ?? [];
  }

  @ResolveField(() => JobType, { nullable: true })
  async job(
    @Parent() { jobId }: ReconciliationRunType,
    @Context() context: GraphqlContext,
  ): Promise<JobType | undefined> {
    return jobId === null ? undefined : this.loaders.job(context).load(jobId);
  }

  @Allow('steward', 'engineer')
  @Mutation(() => ReconciliationRunPayload, { description: 'Runs a reconciliation.' })
  async runReconciliation(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ReconciliationRunPayload> {
    const run = await this.runs.ask(actor, localId('Reconciliation', id, 'id'));
    return {
      run: toReconciliationRunType(run),
      ...(run.jobId !== null && { job: toJobType(await this.jobs.get(run.jobId)) }),
    };
  }

  @Allow('steward', 'compliance')
  @Mutation(() => ReconciliationRunPayload, {
    description: 'Signs the result of a run off, for ever. With open breaks a second person has to sign as well.',
  })
  async signReconciliationRun(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('comment') comment: string,
  ): Promise<ReconciliationRunPayload> {
    const run = await this.signOffs.sign(actor, localId('ReconciliationRun', id, 'id'), comment);
    return { run: toReconciliationRunType(run) };
  }
}
