import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, InvalidInput } from '#kernel';
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
import { nextDue } from '#platform/queue';

import { ruleSetCursor, RuleSets, type RuleSetWish } from '../rule-sets.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleSetConnection, RuleSetPayload, RuleSetScheduleType, RuleSetType, toRuleSetType } from './run.types.js';

@Resolver(() => RuleSetType)
export class RuleSetResolver {
  constructor(
    private readonly sets: RuleSets,
    private readonly loaders: QualityLoaders,
  ) {}

  @SignedIn()
  @Query(() => RuleSetConnection, { description: 'Rule sets by name.' })
  async ruleSets(@Args() page: PageArgs): Promise<Connection<RuleSetType>> {
    return toConnection(await this.sets.list(pageOf(page)), toRuleSetType, ruleSetCursor, page.after);
  }

  @SignedIn()
  @Query(() => RuleSetType)
  async ruleSet(@Args('id', { type: () => ID }) id: string): Promise<RuleSetType> {
    return toRuleSetType(await this.sets.get(localId('RuleSet', id, 'id')));
  }

  @ResolveField(() => RuleSetScheduleType, { nullable: true, description: 'null: it runs only when asked to.' })
  async schedule(
    @Parent() ruleSet: RuleSetType,
    @Context() context: GraphqlContext,
  ): Promise<RuleSetScheduleType | undefined> {
    const found = await this.loaders.schedule(context).load(ruleSet.localId);
    if (!found) return undefined;
    const { cron, timeZone, enabled } = found;
    return { cron, timeZone, enabled, nextDueAt: enabled ? nextDue(cron, timeZone) : null };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RuleSetPayload)
  async addRuleSet(
    @CurrentActor() actor: Actor,
    @Args('name') name: string,
    @Args('ruleIds', { type: () => [ID] }) ruleIds: string[],
    @Args('description', { nullable: true }) description?: string,
  ): Promise<RuleSetPayload> {
    return { ruleSet: toRuleSetType(await this.sets.add(actor, wishOf(name, ruleIds, description))) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RuleSetPayload, { description: 'Replaces name, description and rules of a rule set.' })
  async changeRuleSet(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('name') name: string,
    @Args('ruleIds', { type: () => [ID] }) ruleIds: string[],
    @Args('description', { nullable: true }) description?: string,
  ): Promise<RuleSetPayload> {
    const wish = wishOf(name, ruleIds, description);
    return { ruleSet: toRuleSetType(await this.sets.change(actor, localId('RuleSet', id, 'id'), wish)) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RuleSetPayload, { description: 'Sets when a rule set runs by itself. Without cron: no more.' })
  async scheduleRuleSet(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('cron', { type: () => String, nullable: true, description: 'For instance "30 2 * * *".' })
    cron?: string | null,
    @Args('timeZone', { type: () => String, nullable: true, description: 'For instance Asia/Shanghai.' })
    timeZone?: string | null,
    @Args('enabled', { type: () => Boolean, nullable: true, description: 'true when left out.' })
    enabled?: boolean | null,
  ): Promise<RuleSetPayload> {
    if (cron != null && timeZone == null)
      throw new InvalidInput('A schedule needs a time zone, for instance "Asia/Shanghai".', [], ['timeZone']);
    const times = cron == null || timeZone == null ? null : { cron, timeZone, enabled: enabled ?? true };
    return { ruleSet: toRuleSetType(await this.sets.schedule(actor, localId('RuleSet', id, 'id'), times)) };
  }
}

const wishOf = (name: string, ruleIds: readonly string[], description?: string): RuleSetWish => ({
  name,
  description: description ?? '',
  ruleIds: ruleIds.map((id, at) => localId('QualityRule', id, 'ruleIds', String(at))),
});
