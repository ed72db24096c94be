import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
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
import { nextDue } from '#platform/queue';

import { reconciliationCursor } from '../reconciliation.store.js';
import { Reconciliations } from '../reconciliations.js';
import { ReconciliationLoaders } from './reconciliation.loaders.js';
import {
  ProposalType,
  ReconciliationArgs,
  ReconciliationConnection,
  ReconciliationInput,
  ReconciliationPayload,
  ReconciliationScheduleType,
  ReconciliationType,
  toProposalType,
  toReconciliationFilter,
  toReconciliationType,
  toReconciliationWish,
} from './reconciliation.types.js';
import { ReconciliationRunType } from './reconciliation-run.types.js';

@Resolver(() => ReconciliationType)
export class ReconciliationResolver {
  constructor(
    private readonly store: Reconciliations,
    private readonly loaders: ReconciliationLoaders,
  ) {}

  @SignedIn()
  @Query(() => ReconciliationConnection, { description: 'Reconciliations by name.' })
  async reconciliations(@Args() args: ReconciliationArgs): Promise<Connection<ReconciliationType>> {
    const page = await this.store.list(toReconciliationFilter(args), pageOf(args));
    return toConnection(page, toReconciliationType, reconciliationCursor, args.after);
  }

  @SignedIn()
  @Query(() => ReconciliationType)
  async reconciliation(@Args('id', { type: () => ID }) id: string): Promise<ReconciliationType> {
    return toReconciliationType(await this.store.get(localId('Reconciliation', id, 'id')));
  }

  @SignedIn()
  @Query(() => ProposalType, {
    description:
      'A definition for two datasets, from column-level lineage between them and from names, with the evidence.',
  })
  async suggestReconciliation(
    @Args('leftDatasetId', { type: () => ID }) left: string,
    @Args('rightDatasetId', { type: () => ID }) right: string,
  ): Promise<ProposalType> {
    return toProposalType(
      await this.store.suggest(localId('Dataset', left, 'leftDatasetId'), localId('Dataset', right, 'rightDatasetId')),
    );
  }

  @ResolveField(() => ReconciliationRunType, { nullable: true })
  latestRun(
    @Parent() { localId: id }: ReconciliationType,
    @Context() context: GraphqlContext,
  ): Promise<ReconciliationRunType | undefined> {
    return this.loaders.latestRun(context).load(id);
  }

  @ResolveField(() => ReconciliationScheduleType, { nullable: true, description: 'null: it runs only when asked to.' })
  async schedule(
    @Parent() { localId: id }: ReconciliationType,
    @Context() context: GraphqlContext,
  ): Promise<ReconciliationScheduleType | undefined> {
    const found = await this.loaders.schedule(context).load(id);
    if (!found) return undefined;
    const { cron, timeZone, enabled } = found;
    return { cron, timeZone, enabled, nextDueAt: enabled ? nextDue(cron, timeZone) : null };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => ReconciliationPayload)
  async addReconciliation(
    @CurrentActor() actor: Actor,
    @Args('input') input: ReconciliationInput,
  ): Promise<ReconciliationPayload> {
    return { reconciliation: toReconciliationType(await this.store.add(actor, toReconciliationWish(input))) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => ReconciliationPayload, { description: 'Makes a new version in place of the current one.' })
  async changeReconciliation(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('input') input: ReconciliationInput,
  ): Promise<ReconciliationPayload> {
    const changed = await this.store.change(actor, localId('Reconciliation', id, 'id'), toReconciliationWish(input));
    return { reconciliation: toReconciliationType(changed) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => ReconciliationPayload, { description: 'It runs no more; what it found stays.' })
  async retireReconciliation(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ReconciliationPayload> {
    return {
      reconciliation: toReconciliationType(await this.store.retire(actor, localId('Reconciliation', id, 'id'))),
    };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => ReconciliationPayload, { description: 'Sets when it runs by itself. Without cron: no more.' })
  async scheduleReconciliation(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('cron', { type: () => String, nullable: true, description: 'For instance "30 2 * * *".' })
    cron?: string | null,
    @Args('timeZone', { type: () => String, nullable: true, description: 'For instance Asia/Shanghai.' })
    timeZone?: string | null,
    @Args('enabled', { type: () => Boolean, nullable: true, description: 'true when left out.' })
    enabled?: boolean | null,
  ): Promise<ReconciliationPayload> {
    if (cron != null && timeZone == null)
      throw new InvalidInput('A schedule needs a time zone, for instance "Asia/Shanghai".', [], ['timeZone']);
    const times = cron == null || timeZone == null ? null : { cron, timeZone, enabled: enabled ?? true };
    const scheduled = await this.store.schedule(actor, localId('Reconciliation', id, 'id'), times);
    return { reconciliation: toReconciliationType(scheduled) };
  }
}
