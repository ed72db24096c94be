import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, type GraphqlContext } from '#platform/graphql';

import { RulesAsCode } from '../as-code/rules-as-code.js';
import { ApplyRulesPayload, RuleCodeInput, RuleOriginType, toCode, toCodePlanType } from './code.types.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleType } from './rule.types.js';
import { RuleSetType } from './run.types.js';

@Resolver(() => RuleType)
export class CodeResolver {
  constructor(
    private readonly code: RulesAsCode,
    private readonly loaders: QualityLoaders,
  ) {}

  @Allow('steward', 'engineer')
  @Mutation(() => ApplyRulesPayload, {
    description:
      'Makes the rules of the catalog those of a set of files, all or none. With dryRun it only says what would change. Paths of faults begin with rules or ruleSets and a number.',
  })
  async applyRules(
    @CurrentActor() actor: Actor,
    @Args('input') input: RuleCodeInput,
    @Args('dryRun', { type: () => Boolean, nullable: true }) dryRun?: boolean | null,
    @Args('digest', { type: () => String, nullable: true, description: 'Of the plan that this must be.' })
    digest?: string | null,
    @Args('force', { type: () => Boolean, nullable: true, description: 'Undo what was changed by hand since.' })
    force?: boolean | null,
  ): Promise<ApplyRulesPayload> {
    const code = toCode(input);
    const plan =
      dryRun === true
        ? await this.code.plan(code)
        : await this.code.apply(actor, code, { force: force ?? false, ...(digest != null && { digest }) });
    return { plan: toCodePlanType(plan) };
  }

  @ResolveField(() => RuleOriginType, { nullable: true, description: 'The files it comes from; null: made by hand.' })
  codeOrigin(@Parent() rule: RuleType, @Context() context: GraphqlContext): Promise<RuleOriginType | undefined> {
    return this.loaders.codeOrigin(context).load(rule.ruleId);
  }
}

@Resolver(() => RuleSetType)
export class CodeSetResolver {
  constructor(private readonly loaders: QualityLoaders) {}

  @ResolveField(() => RuleOriginType, { nullable: true, description: 'The files it comes from; null: made by hand.' })
  codeOrigin(@Parent() ruleSet: RuleSetType, @Context() context: GraphqlContext): Promise<RuleOriginType | undefined> {
    return this.loaders.codeOrigin(context).load(ruleSet.localId);
  }
}
