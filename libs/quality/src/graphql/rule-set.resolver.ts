import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
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

import { Triggers } from '../triggers.js';
import { ruleSetCursor, RuleSets, type RuleSetWish } from '../rule-sets.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleSetConnection, RuleSetPayload, RuleSetType, toRuleSetType } from './run.types.js';
import {
  PipelineJobInput,
  RuleSetScheduleType,
  ScheduleRuleSetArgs,
  toRuleSetScheduleType,
  toTimes,
  TriggerType,
} from './schedule.types.js';

@Resolver(() => RuleSetType)
export class RuleSetResolver {
  constructor(
    private readonly sets: RuleSets,
    private readonly followed: Triggers,
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
    return found && toRuleSetScheduleType(found);
  }

  @ResolveField(() => [TriggerType], { description: 'What it runs after, besides its schedule.' })
  async triggers(@Parent() ruleSet: RuleSetType, @Context() context: GraphqlContext): Promise<TriggerType[]> {
    return (await this.loaders.triggers(context).load(ruleSet.localId)) ?? [];
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
  async scheduleRuleSet(@CurrentActor() actor: Actor, @Args() args: ScheduleRuleSetArgs): Promise<RuleSetPayload> {
    return {
      ruleSet: toRuleSetType(await this.sets.schedule(actor, localId('RuleSet', args.id, 'id'), toTimes(args))),
    };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RuleSetPayload, {
    description:
      'Sets what a rule set runs after: harvests of sources, completed jobs of pipelines. Replaces what was set.',
  })
  async setRuleSetTriggers(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('sourceIds', { type: () => [ID], defaultValue: [] }) sourceIds: string[],
    @Args('jobs', { type: () => [PipelineJobInput], defaultValue: [] }) jobs: PipelineJobInput[],
  ): Promise<RuleSetPayload> {
    const wish = { jobs, sourceIds: sourceIds.map((source, at) => localId('Source', source, 'sourceIds', String(at))) };
    return { ruleSet: toRuleSetType(await this.followed.set(actor, localId('RuleSet', id, 'id'), wish)) };
  }
}

const wishOf = (name: string, ruleIds: readonly string[], description?: string): RuleSetWish => ({
  name,
  description: description ?? '',
  ruleIds: ruleIds.map((id, at) => localId('QualityRule', id, 'ruleIds', String(at))),
});
