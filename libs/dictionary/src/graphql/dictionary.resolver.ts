import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, InvalidInput, parseUrn } from '#kernel';
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

import { type AssetRef, Entries } from '../entries.js';
import { datasetCursor, Datasets } from '../datasets.js';
import { Fields } from '../fields.js';
import { SchemaHistory } from '../schema-history.js';
import { ASSET_KINDS, Search, searchCursor } from '../search.js';
import {
  AssetDescriptionInput,
  DatasetArgs,
  DescribeAssetArgs,
  DescribeAssetPayload,
  DescribeAssetsPayload,
  SearchArgs,
  SearchConnection,
  SearchHitType,
  toEntryWish,
} from './dictionary.inputs.js';
import { DatasetLoader, FieldLoader } from './dictionary.loaders.js';
import {
  AssetUnion,
  DatasetConnection,
  DatasetType,
  FieldType,
  SchemaDiffType,
  toDatasetType,
  toFieldType,
  toSchemaDiffType,
} from './dictionary.types.js';

/** Entries written at once. */
const MOST_DESCRIPTIONS = 1_000;

type AssetType = DatasetType | FieldType;

@Resolver()
export class DictionaryResolver {
  constructor(
    private readonly datasets: Datasets,
    private readonly fields: Fields,
    private readonly history: SchemaHistory,
    private readonly entries: Entries,
    private readonly searches: Search,
  ) {}

  @SignedIn()
  @Query(() => DatasetConnection, { name: 'datasets', description: 'Tables, views and files, by qualified name.' })
  async listDatasets(@Args() args: DatasetArgs): Promise<Connection<DatasetType>> {
    const filter = {
      sourceId: args.sourceId == null ? undefined : localId('Source', args.sourceId, 'sourceId'),
      scope: args.scope ?? undefined,
      kind: args.kind ?? undefined,
      nameContains: args.nameContains ?? undefined,
      tag: args.tag ?? undefined,
      owner: args.owner ?? undefined,
      securityLevel: args.securityLevel ?? undefined,
      described: args.described ?? undefined,
      presentOnly: args.includeVanished !== true,
    };
    return toConnection(await this.datasets.list(filter, pageOf(args)), toDatasetType, datasetCursor, args.after);
  }

  @SignedIn()
  @Query(() => DatasetType)
  async dataset(@Args('id', { type: () => ID }) id: string): Promise<DatasetType> {
    return toDatasetType(await this.datasets.get(localId('Dataset', id, 'id')));
  }

  @SignedIn()
  @Query(() => FieldType)
  async field(@Args('id', { type: () => ID }) id: string): Promise<FieldType> {
    return toFieldType(await this.fields.get(localId('Field', id, 'id')));
  }

  @SignedIn()
  @Query(() => AssetUnion, {
    nullable: true,
    description:
      'A dataset (namespace/name) or a field (namespace/name#column) by its OpenLineage name; null: not known. Where several sources ' +
      'have it, say which: else the answer is AMBIGUOUS_ASSET, with their names.',
  })
  async asset(
    @Args('urn') urn: string,
    @Args('sourceId', { type: () => ID, nullable: true, description: 'Only in this source.' }) sourceId?: string | null,
  ): Promise<AssetType | null> {
    const name = parseUrn(urn);
    const source = sourceId == null ? undefined : localId('Source', sourceId, 'sourceId');
    const dataset = await this.datasets.byName(name, source);
    if (!dataset || name.column === undefined) return dataset ? toDatasetType(dataset) : null;
    const field = await this.fields.byName(dataset.id, name);
    return field ? toFieldType(field) : null;
  }

  @SignedIn()
  @Query(() => SearchConnection, {
    description: 'Datasets and fields by what they are called and what is said of them, best first.',
  })
  async search(@Args() args: SearchArgs): Promise<Connection<SearchHitType>> {
    const kinds = args.kinds?.length ? args.kinds : ASSET_KINDS;
    return toConnection(
      await this.searches.find(args.text, kinds, pageOf(args)),
      (hit) => hit,
      searchCursor,
      args.after,
    );
  }

  @SignedIn()
  @Query(() => SchemaDiffType, { description: 'What is different between two schema versions of a dataset.' })
  async schemaDiff(
    @Args('from', { type: () => ID, description: 'Global id of a SchemaVersion.' }) from: string,
    @Args('to', { type: () => ID, description: 'Global id of a SchemaVersion.' }) to: string,
  ): Promise<SchemaDiffType> {
    const diff = await this.history.diff(localId('SchemaVersion', from, 'from'), localId('SchemaVersion', to, 'to'));
    return toSchemaDiffType(diff);
  }

  @Allow('steward')
  @Mutation(() => DescribeAssetPayload, {
    description: 'Says something of a dataset or a field. What is left out stays as it was; null takes it away.',
  })
  async describeAsset(@CurrentActor() actor: Actor, @Args() args: DescribeAssetArgs): Promise<DescribeAssetPayload> {
    const wish = toEntryWish(args);
    await this.entries.describe(actor, [wish]);
    return { asset: (await this.assets([wish.asset]))[0] };
  }

  @Allow('steward')
  @Mutation(() => DescribeAssetsPayload, {
    description: `Says something of up to ${MOST_DESCRIPTIONS} datasets and fields, all or nothing.`,
  })
  async describeAssets(
    @CurrentActor() actor: Actor,
    @Args('assets', { type: () => [AssetDescriptionInput] }) assets: AssetDescriptionInput[],
  ): Promise<DescribeAssetsPayload> {
    if (assets.length === 0 || assets.length > MOST_DESCRIPTIONS)
      throw new InvalidInput(`Give a list of 1 to ${MOST_DESCRIPTIONS} assets.`, [], ['assets']);
    const wishes = assets.map((input, at) => toEntryWish(input, 'assets', String(at)));
    await this.entries.describe(actor, wishes, 'person');
    return { assets: await this.assets(wishes.map(({ asset }) => asset)) };
  }

  /** In the order asked for. */
  private async assets(refs: readonly AssetRef[]): Promise<AssetType[]> {
    const idsOf = (kind: AssetRef['kind']) => refs.filter((ref) => ref.kind === kind).map(({ id }) => id);
    const [datasetIds, fieldIds] = [idsOf('dataset'), idsOf('field')];
    const found = new Map<string, AssetType>();
    if (datasetIds.length > 0)
      for (const row of await this.datasets.ofIds(datasetIds)) found.set(row.id, toDatasetType(row));
    if (fieldIds.length > 0) for (const row of await this.fields.ofIds(fieldIds)) found.set(row.id, toFieldType(row));
    return refs.flatMap(({ id }) => found.get(id) ?? []);
  }
}

@Resolver(() => SearchHitType)
export class SearchHitResolver {
  constructor(
    private readonly datasets: DatasetLoader,
    private readonly fields: FieldLoader,
  ) {}

  @ResolveField(() => AssetUnion)
  async asset(@Parent() { kind, assetId }: SearchHitType, @Context() context: GraphqlContext): Promise<AssetType> {
    const found = await (kind === 'dataset'
      ? this.datasets.byId(context).load(assetId)
      : this.fields.byId(context).load(assetId));
    if (!found) throw new Error('The search found an asset that is not there.');
    return found;
  }
}
