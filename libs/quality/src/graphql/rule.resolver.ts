import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ruleKinds, RuleSchema } from '#core/rule-engine';
import { DatasetLoader, DatasetType } from '#graphql/dictionary';
import { SourceLoader, SourceType } from '#graphql/sources';
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
import { GraphQLJSON } from 'graphql-scalars';

import { ruleCursor } from '../rule.store.js';
import { Rules } from '../rules.js';
import { TryRule } from '../try-rule.js';
import { IncidentType } from './incident.types.js';
import { QualityLoaders } from './quality.loaders.js';
import {
  AddRuleInput,
  AddRulesPayload,
  ChangeRuleInput,
  RuleArgs,
  RuleConnection,
  RuleKindType,
  RulePayload,
  RuleType,
  RuleVersionType,
  toChangeWish,
  toRuleFilter,
  toRuleType,
  toRuleVersionType,
  toRuleWish,
} from './rule.types.js';
import { ResultType, toTrialType, TryRulePayload } from './run.types.js';

@Resolver(() => RuleType)
export class RuleResolver {
  constructor(
    private readonly rules: Rules,
    private readonly trials: TryRule,
    private readonly loaders: QualityLoaders,
    private readonly datasets: DatasetLoader,
    private readonly sources: SourceLoader,
  ) {}

  @SignedIn()
  @Query(() => [RuleKindType], { name: 'ruleKinds', description: 'The kinds of rules, in the order of a form.' })
  listKinds(): RuleKindType[] {
    return ruleKinds().map(({ code, title, description, dimension, columns, other, nullPolicy, params }) => ({
      ...{ code, dimension, nullPolicy, params },
      ...{ titleEn: title.en, titleZh: title.zh, descriptionEn: description.en, descriptionZh: description.zh },
      ...{ fewestFields: columns[0], mostFields: columns[1], otherDataset: other },
    }));
  }

  @SignedIn()
  @Query(() => GraphQLJSON, {
    name: 'ruleSchema',
    description: 'JSON Schema of a rule: what rules of every kind have. Its titles are for a form.',
  })
  schema(): unknown {
    return RuleSchema;
  }

  @SignedIn()
  @Query(() => RuleConnection, { name: 'rules', description: 'Rules by source, dataset and age.' })
  async listRules(@Args() args: RuleArgs): Promise<Connection<RuleType>> {
    return toConnection(await this.rules.list(toRuleFilter(args), pageOf(args)), toRuleType, ruleCursor, args.after);
  }

  @SignedIn()
  @Query(() => RuleType)
  async rule(@Args('id', { type: () => ID }) id: string): Promise<RuleType> {
    return toRuleType(await this.rules.get(localId('QualityRule', id, 'id')));
  }

  @ResolveField(() => DatasetType, { nullable: true })
  dataset(@Parent() rule: RuleType, @Context() context: GraphqlContext): Promise<DatasetType | undefined> {
    return this.datasets.byId(context).load(rule.localDatasetId);
  }

  @ResolveField(() => SourceType, { nullable: true })
  source(@Parent() rule: RuleType, @Context() context: GraphqlContext): Promise<SourceType | undefined> {
    return this.sources.byId(context).load(rule.localSourceId);
  }

  @ResolveField(() => ResultType, { nullable: true, description: 'What its latest run found.' })
  lastResult(@Parent() rule: RuleType, @Context() context: GraphqlContext): Promise<ResultType | undefined> {
    return this.loaders.latestResult(context).load(rule.ruleId);
  }

  @ResolveField(() => IncidentType, { nullable: true, description: 'What is open because the rule fails.' })
  openIncident(@Parent() rule: RuleType, @Context() context: GraphqlContext): Promise<IncidentType | undefined> {
    return this.loaders.openIncident(context).load(rule.ruleId);
  }

  @SignedIn()
  @Query(() => [RuleVersionType], { description: 'Every version of a rule, newest first.' })
  async ruleVersions(@Args('ruleId', { type: () => ID }) ruleId: string): Promise<RuleVersionType[]> {
    return (await this.rules.history(localId('QualityRule', ruleId, 'ruleId'))).map(toRuleVersionType);
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RulePayload)
  async addRule(@CurrentActor() actor: Actor, @Args('input') input: AddRuleInput): Promise<RulePayload> {
    return { rule: toRuleType(await this.rules.add(actor, toRuleWish(input))) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => AddRulesPayload, {
    description:
      'Adds all rules or, when one of them has a fault, none. Paths of faults begin with rules and a number.',
  })
  async addRules(
    @CurrentActor() actor: Actor,
    @Args('rules', { type: () => [AddRuleInput] }) rules: AddRuleInput[],
  ): Promise<AddRulesPayload> {
    const wishes = rules.map((rule, at) => toRuleWish(rule, 'rules', String(at)));
    return { rules: (await this.rules.addAll(actor, wishes)).map(toRuleType) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RulePayload, { description: 'Replaces what a rule asks; a new version is made. Its dataset stays.' })
  async changeRule(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('input') input: ChangeRuleInput,
  ): Promise<RulePayload> {
    return { rule: toRuleType(await this.rules.change(actor, localId('QualityRule', id, 'id'), toChangeWish(input))) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => RulePayload, { description: 'Lets a rule run no more. Its versions and results stay.' })
  async retireRule(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<RulePayload> {
    return { rule: toRuleType(await this.rules.retire(actor, localId('QualityRule', id, 'id'))) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => TryRulePayload, { description: 'Runs a rule once, now, without keeping it or what it finds.' })
  async tryRule(@Args('input') input: AddRuleInput): Promise<TryRulePayload> {
    return { trial: toTrialType(await this.trials.try(toRuleWish(input))) };
  }
}
