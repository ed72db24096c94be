import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Unauthenticated } from '#kernel';
import {
  type Connection,
  CurrentActor,
  type GraphqlContext,
  groupedBy,
  localId,
  pageOf,
  perRequest,
  SignedIn,
  toConnection,
} from '#platform/graphql';

import { goldenRecordCursor, GoldenRecords } from '../golden-records.js';
import {
  GoldenRecordArgs,
  GoldenRecordConnection,
  GoldenRecordMemberType,
  GoldenRecordType,
  GoldenValueType,
  MatchSummaryType,
  toGoldenRecordMemberType,
  toGoldenRecordType,
  toGoldenValueType,
  toMatchSummaryType,
} from './golden-record.types.js';

@Resolver(() => GoldenRecordType)
export class GoldenRecordResolver {
  private readonly valuesOf = this.forCaller(async (actor, ids) =>
    groupedBy(ids, await this.records.valuesOf(actor, ids, 'now'), ({ recordId }) => recordId),
  );
  private readonly historyOf = this.forCaller(async (actor, ids) =>
    groupedBy(ids, await this.records.valuesOf(actor, ids, 'ever'), ({ recordId }) => recordId),
  );
  private readonly membersOf = this.forCaller(async (actor, ids) =>
    groupedBy(ids, await this.records.membersOf(actor, ids), ({ recordId }) => recordId),
  );

  constructor(private readonly records: GoldenRecords) {}

  @SignedIn()
  @Query(() => GoldenRecordConnection, { name: 'goldenRecords', description: 'The golden records of an entity.' })
  async list(@CurrentActor() actor: Actor, @Args() args: GoldenRecordArgs): Promise<Connection<GoldenRecordType>> {
    const entityId = localId('MasterEntity', args.entityId, 'entityId');
    const search = { identifier: args.identifier ?? undefined, value: args.value ?? undefined };
    const page = await this.records.list(actor, entityId, search, pageOf(args));
    return toConnection(page, toGoldenRecordType, goldenRecordCursor, args.after);
  }

  @SignedIn()
  @Query(() => GoldenRecordType)
  async goldenRecord(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<GoldenRecordType> {
    return toGoldenRecordType(await this.records.get(actor, localId('GoldenRecord', id, 'id')));
  }

  @SignedIn()
  @Query(() => MatchSummaryType, { description: 'How the rows of an entity came together.' })
  async matchSummary(@Args('entityId', { type: () => ID }) entityId: string): Promise<MatchSummaryType> {
    return toMatchSummaryType(await this.records.summary(localId('MasterEntity', entityId, 'entityId')));
  }

  @SignedIn()
  @ResolveField(() => [GoldenValueType], { description: 'The values that hold now, in the order of the attributes.' })
  async values(@Parent() { id }: GoldenRecordType, @Context() context: GraphqlContext) {
    return (await this.valuesOf(context, id)).map(toGoldenValueType);
  }

  @SignedIn()
  @ResolveField(() => [GoldenValueType], { description: 'All values there ever were, by attribute, the newest first.' })
  async history(@Parent() { id }: GoldenRecordType, @Context() context: GraphqlContext) {
    return (await this.historyOf(context, id)).map(toGoldenValueType);
  }

  @SignedIn()
  @ResolveField(() => [GoldenRecordMemberType], { description: 'The rows that are this thing; at most 500.' })
  async members(@Parent() { id }: GoldenRecordType, @Context() context: GraphqlContext) {
    return (await this.membersOf(context, id)).map(toGoldenRecordMemberType);
  }

  /** A batched look-up of what the person who asks may see. */
  private forCaller<V>(load: (actor: Actor, ids: readonly string[]) => Promise<ReadonlyMap<string, V[]>>) {
    const loaders = new WeakMap<GraphqlContext, ReturnType<typeof perRequest<V[]>>>();
    return async (context: GraphqlContext, id: string): Promise<V[]> => {
      const { actor } = context.req;
      if (!actor) throw new Unauthenticated('Sign in, or send an API token.');
      const loader = loaders.get(context) ?? perRequest<V[]>((ids) => load(actor, ids));
      loaders.set(context, loader);
      return (await loader(context).load(localId('GoldenRecord', id))) ?? [];
    };
  }
}
