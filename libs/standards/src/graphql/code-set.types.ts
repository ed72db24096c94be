import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';

import { type CodeSetEntity } from '../code-set.entity.js';
import { type CodeValue } from '../code-sets.js';

@ObjectType('CodeValue', { description: 'A code and what it means.' })
export class CodeValueType {
  @Field() code: string;
  @Field() nameEn: string;
  @Field() nameZh: string;
  @Field(() => String, { nullable: true, description: 'The code above it, in the same set.' }) parentCode:
    string | null;
  @Field(() => String, { nullable: true, description: 'First day it may be used, YYYY-MM-DD.' }) validFrom:
    string | null;
  @Field(() => String, { nullable: true, description: 'Last day it may be used, YYYY-MM-DD.' }) validTo: string | null;
}

export const toCodeValueType = ({
  code,
  nameEn,
  nameZh,
  parentCode,
  validFrom,
  validTo,
}: CodeValue): CodeValueType => ({
  ...{ code, nameEn, nameZh, parentCode, validFrom, validTo },
});

@ObjectType('CodeSet', { implements: () => Node, description: 'A list of codes that may be used (代码集).' })
export class CodeSetType extends Node {
  @Field() code: string;
  @Field() nameEn: string;
  @Field() nameZh: string;
  @Field() definition: string;
  @Field({ description: 'Where it comes from, for instance GB/T 2261.1-2003.' }) basis: string;
  @Field() owner: string;
  @Field(() => Int, { description: 'Goes up with each change; a change names the one it was based on.' })
  revision: number;
  @Field() createdAt: Date;
  @Field() changedAt: Date;
}

export const CodeSetConnection = connectionOf(CodeSetType, 'CodeSet');

export const toCodeSetType = (codeSet: CodeSetEntity): CodeSetType => ({
  id: globalId('CodeSet', codeSet.id),
  code: codeSet.code,
  nameEn: codeSet.nameEn,
  nameZh: codeSet.nameZh,
  definition: codeSet.definition,
  basis: codeSet.basis,
  owner: codeSet.owner,
  revision: codeSet.revision,
  createdAt: codeSet.createdAt,
  changedAt: codeSet.changedAt,
});

@ArgsType()
export class CodeSetArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of the code or of a name.' }) search?: string | null;
}

@InputType()
export class CodeValueInput {
  @Field() code: string;
  @Field({ defaultValue: '' }) nameEn: string;
  @Field({ defaultValue: '' }) nameZh: string;
  @Field(() => String, { nullable: true }) parentCode?: string | null;
  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' }) validFrom?: string | null;
  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' }) validTo?: string | null;
}

@InputType()
export class CodeSetInput {
  @Field({ defaultValue: '' }) nameEn: string;
  @Field({ defaultValue: '' }) nameZh: string;
  @Field({ defaultValue: '' }) definition: string;
  @Field({ defaultValue: '' }) basis: string;
  @Field({ defaultValue: '' }) owner: string;
  @Field(() => [CodeValueInput], { description: 'All values, in order. What is left out is closed, not lost.' })
  values: CodeValueInput[];
}

@ArgsType()
export class AddCodeSetArgs {
  @Field({ description: 'Never changed afterwards.' }) code: string;
  @Field() input: CodeSetInput;
}

@ArgsType()
export class ChangeCodeSetArgs {
  @Field(() => ID) id: string;
  @Field(() => Int, { description: 'The revision the change is based on.' }) revision: number;
  @Field() input: CodeSetInput;
}

@ObjectType()
export class CodeSetPayload extends Payload {
  @Field(() => CodeSetType, { nullable: true }) codeSet?: CodeSetType;
}
