import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
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

import { breakCursor } from '../break.store.js';
import { Breaks } from '../breaks.js';
import {
  AgeingType,
  BreakArgs,
  BreakConnection,
  BreakEventType,
  BreakPayload,
  BreakType,
  toAgeingType,
  toBreakFilter,
  toBreakType,
} from './break.types.js';
import { type Decision, DecisionEnum } from './reconciliation.enums.js';
import { ReconciliationLoaders } from './reconciliation.loaders.js';

@Resolver(() => BreakType)
export class BreakResolver {
  constructor(
    private readonly breaks: Breaks,
    private readonly loaders: ReconciliationLoaders,
  ) {}

  @SignedIn()
  @Query(() => BreakConnection, { description: 'Breaks, oldest first.' })
  async reconciliationBreaks(@Args() args: BreakArgs): Promise<Connection<BreakType>> {
    return toConnection(
      await this.breaks.list(toBreakFilter(args), pageOf(args)),
      toBreakType,
      breakCursor,
      args.after,
    );
  }

  @SignedIn()
  @Query(() => BreakType)
  async reconciliationBreak(@Args('id', { type: () => ID }) id: string): Promise<BreakType> {
    return toBreakType(await this.breaks.get(localId('ReconciliationBreak', id, 'id')));
  }

  @SignedIn()
  @Query(() => AgeingType, {
    description: 'How old the breaks are that are not closed; of one reconciliation or of all.',
  })
  async reconciliationAgeing(
    @Args('reconciliationId', { type: () => ID, nullable: true }) id?: string | null,
  ): Promise<AgeingType> {
    const filter = id == null ? {} : { reconciliationId: localId('Reconciliation', id, 'reconciliationId') };
    return toAgeingType(await this.breaks.ages(filter));
  }

  @ResolveField(() => [BreakEventType], { description: 'What happened to it, oldest first.' })
  async events(@Parent() found: BreakType, @Context() context: GraphqlContext): Promise<BreakEventType[]> {
    return (await this.loaders.breakEvents(context).load(found.localId)) ?? [];
  }

  @Allow('steward')
  @Mutation(() => BreakPayload, {
    description:
      'Says why a key does not agree, or that nothing more is done about it. It holds until the values are others.',
  })
  async decideReconciliationBreak(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('decision', { type: () => DecisionEnum }) decision: Decision,
    @Args('reason') reason: string,
  ): Promise<BreakPayload> {
    const breakId = localId('ReconciliationBreak', id, 'id');
    const decided =
      decision === 'explained'
        ? await this.breaks.explain(actor, breakId, reason)
        : await this.breaks.writeOff(actor, breakId, reason);
    return { break: toBreakType(decided) };
  }
}
