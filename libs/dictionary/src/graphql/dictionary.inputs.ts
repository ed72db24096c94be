import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type DatasetKind } from '#core/connector-kit';
import { connectionOf, localIdOf, PageArgs, Payload } from '#platform/graphql';

import { type AssetRef, type EntryWish } from '../entries.js';
import { type SecurityLevel } from '../entry.entity.js';
import { type AssetKind, type SearchRank } from '../search.js';
import { AssetKindEnum, DatasetKindEnum, SearchRankEnum, SecurityLevelEnum } from './dictionary.enums.js';
import { AssetUnion, type DatasetType, type FieldType } from './dictionary.types.js';

@ArgsType()
export class DatasetArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => String, { nullable: true }) scope?: string | null;
  @Field(() => DatasetKindEnum, { nullable: true }) kind?: DatasetKind | null;
  @Field(() => String, { nullable: true, description: 'Part of the technical name, in any case.' })
  nameContains?: string | null;
  @Field(() => String, { nullable: true }) tag?: string | null;
  @Field(() => String, { nullable: true, description: 'As in DictionaryEntry.owner.' }) owner?: string | null;
  @Field(() => SecurityLevelEnum, { nullable: true, description: 'As in Dataset.effectiveLevel.' })
  securityLevel?: SecurityLevel | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it has a business name or a definition.' })
  described?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Also those that the source has no more.' })
  includeVanished?: boolean | null;
}

@ArgsType()
export class SearchArgs extends PageArgs {
  @Field({
    description:
      'Words in any language; all must be found. One word also finds names like it, and one with dots or # qualified names.',
  })
  text: string;
  @Field(() => [AssetKindEnum], { nullable: true, description: 'Both when not given.' }) kinds?: AssetKind[] | null;
}

@ObjectType('SearchHit')
export class SearchHitType {
  /** For the loader. */
  readonly assetId: string;
  readonly kind: AssetKind;
  @Field(() => SearchRankEnum) rank: SearchRank;
}

export const SearchConnection = connectionOf(SearchHitType, 'SearchHit');

@ArgsType()
export class SchemaAsOfArgs {
  @Field(() => Date, { nullable: true, description: 'When it was true; now when not given.' }) validAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'As we knew it then; now when not given.' }) knownAt?: Date | null;
}

@ArgsType()
export class DescribeAssetArgs {
  @Field(() => ID, { description: 'Global id of a Dataset or a Field.' }) id: string;
  @Field(() => String, { nullable: true }) businessName?: string | null;
  @Field(() => String, { nullable: true }) definition?: string | null;
  @Field(() => String, { nullable: true }) owner?: string | null;
  @Field(() => [String], { nullable: true, description: 'All of them, in place of those there were.' })
  tags?: string[] | null;
  @Field(() => SecurityLevelEnum, { nullable: true }) securityLevel?: SecurityLevel | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The revision that was read, 0 for none: refused when somebody changed it meanwhile.',
  })
  expectedRevision?: number | null;
}

@InputType({ description: 'What is left out stays as it was; null takes it away.' })
export class AssetDescriptionInput implements DescribeAssetArgs {
  @Field(() => ID, { description: 'Global id of a Dataset or a Field.' }) id: string;
  @Field(() => String, { nullable: true }) businessName?: string | null;
  @Field(() => String, { nullable: true }) definition?: string | null;
  @Field(() => String, { nullable: true }) owner?: string | null;
  @Field(() => [String], { nullable: true }) tags?: string[] | null;
  @Field(() => SecurityLevelEnum, { nullable: true }) securityLevel?: SecurityLevel | null;
  @Field(() => Int, { nullable: true }) expectedRevision?: number | null;
}

@ObjectType()
export class DescribeAssetPayload extends Payload {
  @Field(() => AssetUnion, { nullable: true }) asset?: DatasetType | FieldType;
}

@ObjectType()
export class DescribeAssetsPayload extends Payload {
  @Field(() => [AssetUnion], { nullable: true, description: 'In the order of the list.' })
  assets?: (DatasetType | FieldType)[];
}

/** The asset behind a global id. @throws {InvalidInput} */
export function assetRef(id: string, ...path: readonly string[]): AssetRef {
  const local = localIdOf(['Dataset', 'Field'], id, ...path);
  return { kind: local.type === 'Dataset' ? 'dataset' : 'field', id: local.id };
}

export const toEntryWish = (
  { id, expectedRevision, businessName, definition, owner, tags, securityLevel }: DescribeAssetArgs,
  ...path: readonly string[]
): EntryWish => ({
  asset: assetRef(id, ...path, 'id'),
  expectedRevision: expectedRevision ?? undefined,
  businessName,
  definition,
  owner,
  tags,
  securityLevel,
});
