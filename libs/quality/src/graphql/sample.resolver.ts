import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  localId,
  pageOf,
  toConnection,
} from '#platform/graphql';

import { accessCursor, FailingSamples } from '../samples/failing-samples.js';
import { QualityLoaders } from './quality.loaders.js';
import { ResultType, toFailingRowsType } from './run.types.js';
import {
  OpenSamplePayload,
  SampleAccessArgs,
  SampleAccessConnection,
  type SampleAccessType,
  SampleFactsType,
  toAccessFilter,
  toSampleAccessType,
} from './sample.types.js';

@Resolver(() => ResultType)
export class SampleResolver {
  constructor(
    private readonly samples: FailingSamples,
    private readonly loaders: QualityLoaders,
  ) {}

  @ResolveField(() => SampleFactsType, {
    nullable: true,
    description: 'null: no rows are kept, or no more. Nothing is opened for this.',
  })
  failingSample(
    @Parent() result: ResultType,
    @Context() context: GraphqlContext,
  ): Promise<SampleFactsType | undefined> {
    return this.loaders.sample(context).load(result.localId);
  }

  @Allow('steward', 'engineer')
  @Mutation(() => OpenSamplePayload, {
    description: 'Shows some rows that broke a rule, masked, and writes down who saw them.',
  })
  async openFailingSample(
    @CurrentActor() actor: Actor,
    @Args('resultId', { type: () => ID }) resultId: string,
  ): Promise<OpenSamplePayload> {
    return { sample: toFailingRowsType(await this.samples.open(actor, localId('RuleResult', resultId, 'resultId'))) };
  }

  @Allow('steward', 'compliance')
  @Query(() => SampleAccessConnection, { description: 'Who saw rows that broke rules, newest first.' })
  async failingSampleAccesses(@Args() args: SampleAccessArgs): Promise<Connection<SampleAccessType>> {
    const page = await this.samples.accesses(toAccessFilter(args), pageOf(args));
    return toConnection(page, toSampleAccessType, accessCursor, args.after);
  }
}
