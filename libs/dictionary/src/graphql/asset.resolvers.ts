import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { SourceLoader, SourceType } from '#graphql/sources';
import { type GraphqlContext } from '#platform/graphql';

import { SchemaHistory } from '../schema-history.js';
import { SchemaAsOfArgs } from './dictionary.inputs.js';
import { DatasetLoader, FieldLoader, SchemaLoader } from './dictionary.loaders.js';
import {
  DatasetType,
  EffectiveLevelType,
  EntryType,
  FieldType,
  SchemaFieldType,
  SchemaVersionType,
  toSchemaVersionType,
} from './dictionary.types.js';

@Resolver(() => DatasetType)
export class DatasetFieldsResolver {
  constructor(
    private readonly sources: SourceLoader,
    private readonly datasets: DatasetLoader,
    private readonly fieldLoader: FieldLoader,
    private readonly schemas: SchemaLoader,
    private readonly history: SchemaHistory,
  ) {}

  @ResolveField(() => SourceType)
  async source(@Parent() { sourceId }: DatasetType, @Context() context: GraphqlContext): Promise<SourceType> {
    const source = await this.sources.byId(context).load(sourceId);
    if (!source) throw new Error('A dataset has no source.');
    return source;
  }

  @ResolveField(() => EntryType, { nullable: true, description: 'What people say of it; null: nothing yet.' })
  async entry(@Parent() { datasetId }: DatasetType, @Context() context: GraphqlContext): Promise<EntryType | null> {
    return (await this.datasets.entryOf(context).load(datasetId)) ?? null;
  }

  @ResolveField(() => EffectiveLevelType, { nullable: true, description: 'null: nobody has said any.' })
  async effectiveLevel(
    @Parent() { datasetId }: DatasetType,
    @Context() context: GraphqlContext,
  ): Promise<EffectiveLevelType | null> {
    return (await this.datasets.levelOf(context).load(datasetId)) ?? null;
  }

  @ResolveField(() => [FieldType], { description: 'Its columns, by their place.' })
  async fields(@Parent() { datasetId }: DatasetType, @Context() context: GraphqlContext): Promise<FieldType[]> {
    return (await this.fieldLoader.ofDataset(context).load(datasetId)) ?? [];
  }

  @ResolveField(() => [SchemaVersionType], { description: 'The schemas it had, newest first.' })
  async schemaVersions(
    @Parent() { datasetId }: DatasetType,
    @Context() context: GraphqlContext,
    @Args('includeSuperseded', {
      type: () => Boolean,
      nullable: true,
      description: 'Also what we once held to be so and know better now.',
    })
    includeSuperseded?: boolean | null,
  ): Promise<SchemaVersionType[]> {
    const loader = includeSuperseded === true ? this.schemas.withSuperseded : this.schemas.ofDataset;
    return ((await loader(context).load(datasetId)) ?? []).map(toSchemaVersionType);
  }

  @ResolveField(() => SchemaVersionType, {
    nullable: true,
    description: 'The schema it had at a time, as we knew it at a time; null: we knew of none.',
  })
  async schemaAsOf(
    @Parent() { datasetId }: DatasetType,
    @Args() { validAt, knownAt }: SchemaAsOfArgs,
  ): Promise<SchemaVersionType | null> {
    const found = await this.history.asOf(datasetId, validAt ?? undefined, knownAt ?? undefined);
    return found ? toSchemaVersionType(found) : null;
  }
}

@Resolver(() => FieldType)
export class FieldFieldsResolver {
  constructor(
    private readonly datasets: DatasetLoader,
    private readonly fields: FieldLoader,
  ) {}

  @ResolveField(() => DatasetType)
  async dataset(@Parent() { datasetId }: FieldType, @Context() context: GraphqlContext): Promise<DatasetType> {
    const dataset = await this.datasets.byId(context).load(datasetId);
    if (!dataset) throw new Error('A field has no dataset.');
    return dataset;
  }

  @ResolveField(() => EntryType, { nullable: true, description: 'What people say of it; null: nothing yet.' })
  async entry(@Parent() { fieldId }: FieldType, @Context() context: GraphqlContext): Promise<EntryType | null> {
    return (await this.fields.entryOf(context).load(fieldId)) ?? null;
  }

  @ResolveField(() => EffectiveLevelType, { nullable: true, description: 'null: nobody has said any.' })
  async effectiveLevel(
    @Parent() { fieldId }: FieldType,
    @Context() context: GraphqlContext,
  ): Promise<EffectiveLevelType | null> {
    return (await this.fields.levelOf(context).load(fieldId)) ?? null;
  }
}

@Resolver(() => SchemaVersionType)
export class SchemaVersionFieldsResolver {
  constructor(private readonly schemas: SchemaLoader) {}

  @ResolveField(() => [SchemaFieldType], { description: 'Its fields, by their place.' })
  async fields(
    @Parent() { versionId }: SchemaVersionType,
    @Context() context: GraphqlContext,
  ): Promise<SchemaFieldType[]> {
    return (await this.schemas.fieldsOf(context).load(versionId)) ?? [];
  }
}

@Resolver(() => EffectiveLevelType)
export class EffectiveLevelFieldsResolver {
  constructor(private readonly fields: FieldLoader) {}

  @ResolveField(() => FieldType, {
    nullable: true,
    description: 'The field of which it is said; null: it is said of the dataset as a whole.',
  })
  async field(
    @Parent() { fieldId }: EffectiveLevelType,
    @Context() context: GraphqlContext,
  ): Promise<FieldType | null> {
    return fieldId === null ? null : ((await this.fields.byId(context).load(fieldId)) ?? null);
  }
}
