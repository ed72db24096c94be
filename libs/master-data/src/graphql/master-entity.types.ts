import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type TypeFamily } from '#core/connector-kit';
import { type IdentifierFormat } from '#core/identifiers';
import { TypeFamilyEnum } from '#graphql/dictionary';
import { IdentifierFormatEnum } from '#graphql/standards';
import { urnOf } from '#kernel';
import { connectionOf, globalId, Node, Payload } from '#platform/graphql';

import { type AttributeEntity } from '../attribute.entity.js';
import { type AttributeMapping } from '../master-entities.js';
import { type MasterEntityEntity } from '../master-entity.entity.js';

@ObjectType('MasterAttributeMapping', { description: 'A field that an attribute’s values come from.' })
export class MasterAttributeMappingType {
  @Field(() => ID, { description: 'Global id of the field.' }) fieldId: string;
  @Field() fieldName: string;
  @Field({ description: 'The field’s name as an asset.' }) fieldUrn: string;
  @Field() datasetName: string;
  @Field(() => ID, { description: 'Global id of the source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field(() => Int, { description: 'Rank of the dataset; 1 is believed first.' }) priority: number;
  @Field(() => String, { nullable: true, description: 'The field that says when a row was changed.' })
  changedFieldName: string | null;
}

export const toMasterAttributeMappingType = (mapping: AttributeMapping): MasterAttributeMappingType => ({
  fieldId: globalId('Field', mapping.fieldId),
  fieldName: mapping.fieldName,
  fieldUrn: urnOf({ namespace: mapping.namespace, name: mapping.datasetName, column: mapping.fieldName }),
  datasetName: mapping.datasetName,
  sourceId: globalId('Source', mapping.sourceId),
  sourceName: mapping.sourceName,
  priority: mapping.priority,
  changedFieldName: mapping.changedFieldName,
});

@ObjectType('MasterAttribute', { description: 'What is known of each thing of an entity.' })
export class MasterAttributeType {
  @Field(() => ID) id: string;
  @Field() code: string;
  @Field() nameEn: string;
  @Field() nameZh: string;
  @Field(() => TypeFamilyEnum) typeFamily: TypeFamily;
  @Field(() => IdentifierFormatEnum, { nullable: true }) identifierFormat: IdentifierFormat | null;
  @Field({ description: 'Rows with the same valid value of it are the same thing.' }) isMatchKey: boolean;
  @Field(() => [MasterAttributeMappingType], { description: 'Where its values come from, believed first in front.' })
  mappings: MasterAttributeMappingType[];
}

export const toMasterAttributeType = (
  attribute: AttributeEntity,
  mappings: readonly AttributeMapping[],
): MasterAttributeType => ({
  id: globalId('MasterAttribute', attribute.id),
  code: attribute.code,
  nameEn: attribute.nameEn,
  nameZh: attribute.nameZh,
  typeFamily: attribute.typeFamily,
  identifierFormat: attribute.identifierFormat,
  isMatchKey: attribute.isMatchKey,
  mappings: mappings.filter(({ attributeId }) => attributeId === attribute.id).map(toMasterAttributeMappingType),
});

@ObjectType('MasterEntity', {
  implements: () => Node,
  description: 'A kind of real things that several sources have rows of, for instance customers (主数据实体).',
})
export class MasterEntityType extends Node {
  @Field() code: string;
  @Field() nameEn: string;
  @Field() nameZh: string;
  @Field() definition: string;
  @Field() owner: string;
  @Field() createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When its golden records were built last.' }) builtAt: Date | null;
}

export const MasterEntityConnection = connectionOf(MasterEntityType, 'MasterEntity');

export const toMasterEntityType = (entity: MasterEntityEntity): MasterEntityType => ({
  id: globalId('MasterEntity', entity.id),
  code: entity.code,
  nameEn: entity.nameEn,
  nameZh: entity.nameZh,
  definition: entity.definition,
  owner: entity.owner,
  createdAt: entity.createdAt,
  builtAt: entity.builtAt,
});

@InputType()
export class MasterAttributeInput {
  @Field() code: string;
  @Field({ defaultValue: '' }) nameEn: string;
  @Field({ defaultValue: '' }) nameZh: string;
  @Field(() => TypeFamilyEnum) typeFamily: TypeFamily;
  @Field(() => IdentifierFormatEnum, { nullable: true, description: 'The match key must have one.' })
  identifierFormat?: IdentifierFormat | null;
  @Field({ defaultValue: false, description: 'Exactly one attribute is.' }) isMatchKey: boolean;
}

@ArgsType()
export class AddMasterEntityArgs {
  @Field() code: string;
  @Field({ defaultValue: '' }) nameEn: string;
  @Field({ defaultValue: '' }) nameZh: string;
  @Field({ defaultValue: '' }) definition: string;
  @Field({ defaultValue: '' }) owner: string;
  @Field(() => [MasterAttributeInput]) attributes: MasterAttributeInput[];
}

@ArgsType()
export class MapMasterAttributeArgs {
  @Field(() => ID) attributeId: string;
  @Field(() => ID, { description: 'Global id of the field its values come from.' }) fieldId: string;
  @Field(() => Int, { description: 'Rank of the field’s dataset among those of the entity; 1 is believed first.' })
  priority: number;
  @Field(() => ID, { nullable: true, description: 'The field of the same dataset that says when a row was changed.' })
  changedFieldId?: string | null;
}

@ObjectType()
export class MasterEntityPayload extends Payload {
  @Field(() => MasterEntityType, { nullable: true }) masterEntity?: MasterEntityType;
}
