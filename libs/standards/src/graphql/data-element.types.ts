import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type TypeFamily } from '#core/connector-kit';
import { type IdentifierFormat } from '#core/identifiers';
import { type SecurityLevel } from '#dictionary';
import { SecurityLevelEnum, TypeFamilyEnum } from '#graphql/dictionary';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';

import { type DataElementEntity, type ElementState } from '../data-element.entity.js';
import { type DataElementVersionEntity } from '../data-element-version.entity.js';
import { ElementStateEnum, IdentifierFormatEnum } from './enums.js';

@ObjectType('DataElementVersion', { description: 'What a data element says, from a day on.' })
export class DataElementVersionType {
  @Field(() => ID) id: string;
  @Field(() => Int, { description: 'From 1.' }) version: number;
  @Field() nameEn: string;
  @Field() nameZh: string;
  @Field() definition: string;
  @Field(() => TypeFamilyEnum) typeFamily: TypeFamily;
  @Field(() => Int, { nullable: true, description: 'Characters of a text.' }) length: number | null;
  @Field(() => Int, { nullable: true, description: 'All digits of a decimal.' }) precision: number | null;
  @Field(() => Int, { nullable: true, description: 'Digits after the point.' }) scale: number | null;
  @Field({ description: 'Whether the column may be empty.' }) nullable: boolean;
  @Field(() => IdentifierFormatEnum, { nullable: true }) identifierFormat: IdentifierFormat | null;
  @Field(() => SecurityLevelEnum, { nullable: true }) securityLevel: SecurityLevel | null;
  @Field() owner: string;
  @Field(() => Int, { description: 'Goes up with each change of the draft.' }) revision: number;
  @Field() changedAt: Date;
  @Field() changedBy: string;
  @Field(() => Date, { nullable: true, description: 'null: a draft.' }) publishedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'First day in force, YYYY-MM-DD.' }) effectiveFrom: string | null;

  readonly codeSetId: string | null;
}

export const toDataElementVersionType = (version: DataElementVersionEntity): DataElementVersionType => ({
  id: globalId('DataElementVersion', version.id),
  version: version.version,
  nameEn: version.nameEn,
  nameZh: version.nameZh,
  definition: version.definition,
  typeFamily: version.typeFamily,
  length: version.length,
  precision: version.precision,
  scale: version.scale,
  nullable: version.nullable,
  identifierFormat: version.identifierFormat,
  securityLevel: version.securityLevel,
  owner: version.owner,
  revision: version.revision,
  changedAt: version.changedAt,
  changedBy: version.changedBy,
  publishedAt: version.publishedAt,
  effectiveFrom: version.effectiveFrom,
  codeSetId: version.codeSetId,
});

@ObjectType('DataElement', {
  implements: () => Node,
  description: 'What columns of one meaning must be like (数据元).',
})
export class DataElementType extends Node {
  @Field() code: string;
  @Field(() => ElementStateEnum) state: ElementState;
  @Field() createdAt: Date;
  @Field(() => Date, { nullable: true }) retiredAt: Date | null;
}

export const DataElementConnection = connectionOf(DataElementType, 'DataElement');

export const toDataElementType = (element: DataElementEntity): DataElementType => ({
  id: globalId('DataElement', element.id),
  code: element.code,
  state: element.state,
  createdAt: element.createdAt,
  retiredAt: element.retiredAt,
});

@ArgsType()
export class DataElementArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of the code or of a name, of any version.' })
  search?: string | null;
  @Field(() => [ElementStateEnum], { nullable: true }) states?: ElementState[] | null;
  @Field(() => ID, { nullable: true, description: 'Only those with this code set.' }) codeSetId?: string | null;
  @Field(() => String, { nullable: true }) owner?: string | null;
}

@InputType()
export class DataElementInput {
  @Field({ defaultValue: '' }) nameEn: string;
  @Field({ defaultValue: '' }) nameZh: string;
  @Field({ defaultValue: '' }) definition: string;
  @Field(() => TypeFamilyEnum) typeFamily: TypeFamily;
  @Field(() => Int, { nullable: true, description: 'Characters of a text.' }) length?: number | null;
  @Field(() => Int, { nullable: true, description: 'All digits of a decimal.' }) precision?: number | null;
  @Field(() => Int, { nullable: true, description: 'Digits after the point.' }) scale?: number | null;
  @Field({ defaultValue: true, description: 'Whether the column may be empty.' }) nullable: boolean;
  @Field(() => ID, { nullable: true }) codeSetId?: string | null;
  @Field(() => IdentifierFormatEnum, { nullable: true }) identifierFormat?: IdentifierFormat | null;
  @Field(() => SecurityLevelEnum, { nullable: true }) securityLevel?: SecurityLevel | null;
  @Field({ defaultValue: '' }) owner: string;
}

@ArgsType()
export class AddDataElementArgs {
  @Field({ description: 'Never changed afterwards.' }) code: string;
  @Field() input: DataElementInput;
}

@ArgsType()
export class ChangeDataElementArgs {
  @Field(() => ID) id: string;
  @Field(() => Int, { description: 'The revision of the latest version, which the change is based on.' })
  revision: number;
  @Field() input: DataElementInput;
}

@ObjectType()
export class DataElementPayload extends Payload {
  @Field(() => DataElementType, { nullable: true }) dataElement?: DataElementType;
}
