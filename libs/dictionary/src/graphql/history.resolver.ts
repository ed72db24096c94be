import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { SourceLoader, SourceType } from '#graphql/sources';
import { type Actor, Clock, InvalidInput } from '#kernel';
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

import { renameCursor, Renames } from '../renames.js';
import { schemaChangeCursor, SchemaHistory } from '../schema-history.js';
import { DatasetLoader, FieldLoader } from './dictionary.loaders.js';
import { AssetUnion, DatasetType, type FieldType } from './dictionary.types.js';
import {
  DecideRenamesPayload,
  RenameConnection,
  RenamesArgs,
  RenameType,
  SchemaChangeConnection,
  SchemaChangesArgs,
  SchemaChangeType,
  toRenameType,
  toSchemaChangeType,
} from './history.types.js';

/** Renames decided at once. */
const MOST_RENAMES = 1_000;

@Resolver()
export class HistoryResolver {
  constructor(
    private readonly history: SchemaHistory,
    private readonly renames: Renames,
    private readonly clock: Clock,
  ) {}

  @SignedIn()
  @Query(() => SchemaChangeConnection, {
    description:
      'The datasets of a source that came, changed or vanished between two times, as we know it now; by name.',
  })
  async schemaChanges(@Args() args: SchemaChangesArgs): Promise<Connection<SchemaChangeType>> {
    const { from, to } = args;
    const until = to ?? this.clock.now();
    if (from > until) throw new InvalidInput('"from" is after "to". Give the earlier time first.', [], ['from']);
    const page = await this.history.between(localId('Source', args.sourceId, 'sourceId'), from, until, pageOf(args));
    const diffs = await this.history.diffs(page.items);
    const diffOf = new Map(page.items.map(({ datasetId }, at) => [datasetId, diffs[at]]));
    return toConnection(
      page,
      (row) => toSchemaChangeType(row, diffOf.get(row.datasetId)),
      schemaChangeCursor,
      args.after,
    );
  }

  @SignedIn()
  @Query(() => RenameConnection, { name: 'renames', description: 'Probable renames, newest first.' })
  async listRenames(@Args() args: RenamesArgs): Promise<Connection<RenameType>> {
    const filter = {
      sourceId: args.sourceId == null ? undefined : localId('Source', args.sourceId, 'sourceId'),
      state: args.state ?? 'open',
    };
    return toConnection(await this.renames.list(filter, pageOf(args)), toRenameType, renameCursor, args.after);
  }

  @Allow('steward')
  @Mutation(() => DecideRenamesPayload, {
    description:
      'Accepts or rejects probable renames, all or nothing. Accepting carries over what people said of the old assets; ' +
      'what is said of the new ones already stays. What was decided is not proposed again.',
  })
  async decideRenames(
    @CurrentActor() actor: Actor,
    @Args('ids', { type: () => [ID] }) ids: string[],
    @Args('accepted', { type: () => Boolean }) accepted: boolean,
  ): Promise<DecideRenamesPayload> {
    if (ids.length === 0 || ids.length > MOST_RENAMES)
      throw new InvalidInput(`Give a list of 1 to ${MOST_RENAMES} renames.`, [], ['ids']);
    const local = ids.map((id, at) => localId('Rename', id, 'ids', String(at)));
    return { renames: (await this.renames.decide(actor, local, accepted)).map(toRenameType) };
  }
}

@Resolver(() => RenameType)
export class RenameFieldsResolver {
  constructor(
    private readonly sources: SourceLoader,
    private readonly datasets: DatasetLoader,
    private readonly fields: FieldLoader,
  ) {}

  @ResolveField(() => SourceType)
  async source(@Parent() { sourceId }: RenameType, @Context() context: GraphqlContext): Promise<SourceType> {
    const source = await this.sources.byId(context).load(sourceId);
    if (!source) throw new Error('A rename has no source.');
    return source;
  }

  @ResolveField(() => AssetUnion)
  from(@Parent() { fromAsset }: RenameType, @Context() context: GraphqlContext): Promise<DatasetType | FieldType> {
    return this.asset(fromAsset, context);
  }

  @ResolveField(() => AssetUnion)
  to(@Parent() { toAsset }: RenameType, @Context() context: GraphqlContext): Promise<DatasetType | FieldType> {
    return this.asset(toAsset, context);
  }

  private async asset(
    { kind, id }: RenameType['fromAsset'],
    context: GraphqlContext,
  ): Promise<DatasetType | FieldType> {
    const loader = kind === 'dataset' ? this.datasets.byId : this.fields.byId;
    const found = await loader(context).load(id);
    if (!found) throw new Error('A rename has no asset.');
    return found;
  }
}

@Resolver(() => SchemaChangeType)
export class SchemaChangeFieldsResolver {
  constructor(private readonly datasets: DatasetLoader) {}

  @ResolveField(() => DatasetType)
  async dataset(@Parent() { datasetId }: SchemaChangeType, @Context() context: GraphqlContext): Promise<DatasetType> {
    const found = await this.datasets.byId(context).load(datasetId);
    if (!found) throw new Error('A schema change has no dataset.');
    return found;
  }
}
