import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import { Allow, CurrentActor, type GraphqlContext, localId } from '#platform/graphql';

import { SourceLimits } from '../source-limits.js';
import { Sources } from '../sources.js';
import { LimitsType, SourceLimitsInput, SourceLimitsPayload, toLimitsType, toLimitsWish } from './limits.types.js';
import { SourceLoader } from './source.loader.js';
import { SourceType, toSourceType } from './sources.types.js';

@Resolver(() => SourceType)
export class SourceLimitsResolver {
  constructor(
    private readonly limits: SourceLimits,
    private readonly sources: Sources,
    private readonly loader: SourceLoader,
  ) {}

  @ResolveField(() => LimitsType, { name: 'limits', description: 'How gently it is asked by runs of rules.' })
  async limitsOf(@Parent() { sourceId }: SourceType, @Context() context: GraphqlContext): Promise<LimitsType> {
    return toLimitsType((await this.loader.limits(context).load(sourceId)) ?? (await this.limits.of(sourceId)));
  }

  @Allow('engineer')
  @Mutation(() => SourceLimitsPayload, { description: 'Says how gently a source is asked by runs of rules.' })
  async setSourceLimits(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('input') input: SourceLimitsInput,
  ): Promise<SourceLimitsPayload> {
    const sourceId = localId('Source', id, 'id');
    await this.limits.set(actor, sourceId, toLimitsWish(input));
    return { source: toSourceType(await this.sources.get(sourceId)) };
  }
}
