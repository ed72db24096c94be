import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { toJobType } from '#graphql/audit';
import { FieldLoader, FieldType } from '#graphql/dictionary';
import { SourceType } from '#graphql/sources';
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

import { Detections } from '../detections.js';
import { proposalCursor } from '../proposal.js';
import { Proposals } from '../proposals.js';
import { SensitiveProposalLoader } from './proposal.loader.js';
import {
  DecideSensitiveProposalsPayload,
  DetectSensitiveDataArgs,
  DetectSensitiveDataPayload,
  SensitiveCountsType,
  SensitiveProposalArgs,
  SensitiveProposalConnection,
  SensitiveProposalType,
  toSensitiveProposalType,
} from './proposal.types.js';

/** Proposals decided at once. */
const MOST_PROPOSALS = 1_000;

@Resolver()
export class SensitivityResolver {
  constructor(
    private readonly proposals: Proposals,
    private readonly detections: Detections,
    private readonly jobs: JobStore,
  ) {}

  @SignedIn()
  @Query(() => SensitiveProposalConnection, {
    description: 'Fields that probably hold sensitive data, the likeliest first.',
  })
  async sensitiveProposals(@Args() args: SensitiveProposalArgs): Promise<Connection<SensitiveProposalType>> {
    const filter = {
      sourceId: args.sourceId == null ? undefined : localId('Source', args.sourceId, 'sourceId'),
      datasetId: args.datasetId == null ? undefined : localId('Dataset', args.datasetId, 'datasetId'),
      category: args.category ?? undefined,
      level: args.level ?? undefined,
      state: args.state ?? 'open',
      minScore: args.minScore ?? undefined,
    };
    const page = await this.proposals.list(filter, pageOf(args));
    return toConnection(page, toSensitiveProposalType, proposalCursor, args.after);
  }

  @Allow('steward')
  @Mutation(() => DecideSensitiveProposalsPayload, {
    description:
      `Accepts or rejects up to ${MOST_PROPOSALS} proposals, all or nothing. Accepting gives each field at least the proposed ` +
      'level. A rejected category is not proposed of the field again. The opposite decision changes one.',
  })
  async decideSensitiveProposals(
    @CurrentActor() actor: Actor,
    @Args('ids', { type: () => [ID] }) ids: string[],
    @Args('accepted', { type: () => Boolean }) accepted: boolean,
  ): Promise<DecideSensitiveProposalsPayload> {
    if (ids.length === 0 || ids.length > MOST_PROPOSALS)
      throw new InvalidInput(`Give a list of 1 to ${MOST_PROPOSALS} proposals.`, [], ['ids']);
    const local = ids.map((id, at) => localId('SensitiveProposal', id, 'ids', String(at)));
    const decided = new Map((await this.proposals.decide(actor, local, accepted)).map((row) => [row.id, row]));
    return { proposals: local.flatMap((id) => decided.get(id) ?? []).map(toSensitiveProposalType) };
  }

  @Allow('steward', 'engineer')
  @Mutation(() => DetectSensitiveDataPayload, {
    description: 'Looks for sensitive data in a source or a dataset, also in what has not changed since the last time.',
  })
  async detectSensitiveData(
    @CurrentActor() actor: Actor,
    @Args() { sourceId, datasetId }: DetectSensitiveDataArgs,
  ): Promise<DetectSensitiveDataPayload> {
    if ((sourceId == null) === (datasetId == null))
      throw new InvalidInput('Give either a source or a dataset.', [], ['sourceId']);
    const wish =
      sourceId == null
        ? { datasetId: localId('Dataset', datasetId!, 'datasetId') }
        : { sourceId: localId('Source', sourceId, 'sourceId') };
    return { job: toJobType(await this.jobs.get(await this.detections.request(actor, wish))) };
  }
}

@Resolver(() => SensitiveProposalType)
export class SensitiveProposalFieldsResolver {
  constructor(private readonly fields: FieldLoader) {}

  @ResolveField(() => FieldType)
  async field(@Parent() { fieldId }: SensitiveProposalType, @Context() context: GraphqlContext): Promise<FieldType> {
    const field = await this.fields.byId(context).load(fieldId);
    if (!field) throw new Error('A proposal has no field.');
    return field;
  }
}

@Resolver(() => FieldType)
export class FieldProposalsResolver {
  constructor(private readonly loader: SensitiveProposalLoader) {}

  @ResolveField(() => [SensitiveProposalType], {
    description: 'What detectors think it holds and what became of that, the likeliest first.',
  })
  async sensitiveProposals(
    @Parent() { fieldId }: FieldType,
    @Context() context: GraphqlContext,
  ): Promise<SensitiveProposalType[]> {
    return (await this.loader.ofField(context).load(fieldId)) ?? [];
  }
}

@Resolver(() => SourceType)
export class SourceProposalsResolver {
  constructor(private readonly loader: SensitiveProposalLoader) {}

  @ResolveField(() => SensitiveCountsType)
  async sensitiveProposals(
    @Parent() { sourceId }: SourceType,
    @Context() context: GraphqlContext,
  ): Promise<SensitiveCountsType> {
    return (await this.loader.countsOf(context).load(sourceId))!;
  }
}
