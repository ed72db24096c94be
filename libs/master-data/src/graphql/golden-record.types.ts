import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type IdentifierFault, IDENTIFIER_FAULTS } from '#core/identifiers';
import { connectionOf, globalId, Node, PageArgs } from '#platform/graphql';

import { type GoldenRecord, type GoldenValue, type MatchSummary, type Member } from '../golden-records.js';

const FaultEnum = Object.fromEntries(IDENTIFIER_FAULTS.map((fault) => [fault.toUpperCase(), fault])) as Record<
  string,
  IdentifierFault
>;
registerEnumType(FaultEnum, {
  name: 'IdentifierFault',
  description: 'Why a row has no valid identifier.',
  valuesMap: {
    OLD_FORM: { description: 'A resident id of 15 digits, as before 1999 (15位旧身份证号).' },
    REGION: { description: 'No such province.' },
    DATE: { description: 'No such day.' },
    PREFIX: { description: 'Numbers do not begin like that.' },
    CHECK_DIGIT: { description: 'The check digit does not go with the rest (校验码错误).' },
  },
});

@ObjectType('GoldenValue', { description: 'The value of an attribute that survived, and where it comes from.' })
export class GoldenValueType {
  @Field() attributeCode: string;
  @Field() attributeNameEn: string;
  @Field() attributeNameZh: string;
  @Field({ description: 'Masked for everybody who is not steward: 张*, 138****5678.' }) value: string;
  @Field(() => ID, { description: 'Global id of the source it comes from.' }) sourceId: string;
  @Field() sourceName: string;
  @Field() datasetName: string;
  @Field(() => ID, { description: 'Global id of the field it comes from.' }) fieldId: string;
  @Field() fieldName: string;
  @Field() fieldUrn: string;
  @Field(() => String, {
    nullable: true,
    description: 'The key of its row in the source, as JSON; # and a print for a row without one. For stewards only.',
  })
  rowKey: string | null;
  @Field({ description: 'When it was read there first.' }) observedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When the source says the row was changed.' })
  sourceChangedAt: Date | null;
  @Field() recordedFrom: Date;
  @Field(() => Date, { nullable: true, description: 'null: it still holds.' }) recordedTo: Date | null;
}

export const toGoldenValueType = (value: GoldenValue): GoldenValueType => ({
  attributeCode: value.attributeCode,
  attributeNameEn: value.attributeNameEn,
  attributeNameZh: value.attributeNameZh,
  value: value.value,
  sourceId: globalId('Source', value.sourceId),
  sourceName: value.sourceName,
  datasetName: value.datasetName,
  fieldId: globalId('Field', value.fieldId),
  fieldName: value.fieldName,
  fieldUrn: value.fieldUrn,
  rowKey: value.rowKey,
  observedAt: value.observedAt,
  sourceChangedAt: value.sourceChangedAt,
  recordedFrom: value.recordedFrom,
  recordedTo: value.recordedTo,
});

@ObjectType('GoldenRecordMember', { description: 'A row of a source that is the same thing.' })
export class GoldenRecordMemberType {
  @Field(() => ID, { description: 'Global id of the source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field() datasetName: string;
  @Field(() => String, { nullable: true, description: 'As GoldenValue.rowKey.' }) rowKey: string | null;
  @Field(() => Date, { nullable: true, description: 'When the source says the row was changed.' })
  changedAt: Date | null;
  @Field({ description: 'Since when we know the row as it is.' }) recordedFrom: Date;
}

export const toGoldenRecordMemberType = ({ sourceId, recordId: _, ...member }: Member): GoldenRecordMemberType => ({
  ...member,
  sourceId: globalId('Source', sourceId),
});

@ObjectType('GoldenRecord', {
  implements: () => Node,
  description: 'A real thing, put together from the rows that sources have of it (黄金记录).',
})
export class GoldenRecordType extends Node {
  @Field({ description: 'Masked for everybody who is not steward: 110101********8888.' }) identifier: string;
  @Field(() => Int, { description: 'Rows that are this thing.' }) memberCount: number;
  @Field(() => Int, { description: 'Sources these rows are in.' }) sourceCount: number;
  @Field() createdAt: Date;
  @Field() changedAt: Date;
  @Field(() => Date, { nullable: true, description: 'Since when no source has a row of it.' }) goneAt: Date | null;
}

export const GoldenRecordConnection = connectionOf(GoldenRecordType, 'GoldenRecord');

export const toGoldenRecordType = (record: GoldenRecord): GoldenRecordType => ({
  id: globalId('GoldenRecord', record.id),
  identifier: record.identifier,
  memberCount: record.members,
  sourceCount: record.sources,
  createdAt: record.createdAt,
  changedAt: record.changedAt,
  goneAt: record.goneAt,
});

@ArgsType()
export class GoldenRecordArgs extends PageArgs {
  @Field(() => ID) entityId: string;
  @Field(() => String, {
    nullable: true,
    description: 'The whole identifier, or its last 4 or 6 characters. For stewards only.',
  })
  identifier?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A whole value of any attribute, for instance a name. For stewards only.',
  })
  value?: string | null;
}

@ObjectType('SourceMatch', { description: 'How the rows of one source came together.' })
export class SourceMatchType {
  @Field(() => ID, { description: 'Global id of the source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field(() => Int) rows: number;
  @Field(() => Int, { description: 'Rows that are members of a golden record.' }) matched: number;
  @Field(() => Int, { description: 'Rows without a valid identifier.' }) unmatched: number;
}

@ObjectType('UnmatchedRows', { description: 'Rows of a dataset without a valid identifier, by what is wrong with it.' })
export class UnmatchedRowsType {
  @Field() datasetName: string;
  @Field(() => FaultEnum) reason: IdentifierFault;
  @Field(() => Int) rows: number;
}

@ObjectType('MatchSummary', { description: 'How the rows of an entity came together.' })
export class MatchSummaryType {
  @Field(() => Int, { description: 'Golden records there are.' }) records: number;
  @Field(() => Int, { description: 'Those with rows of more than one source.' }) recordsOfSeveralSources: number;
  @Field(() => Date, { nullable: true }) builtAt: Date | null;
  @Field(() => [SourceMatchType]) sources: SourceMatchType[];
  @Field(() => [UnmatchedRowsType]) unmatched: UnmatchedRowsType[];
}

export const toMatchSummaryType = ({ sources, unmatched, ...rest }: MatchSummary): MatchSummaryType => ({
  ...rest,
  sources: sources.map(({ sourceId, ...source }) => ({ ...source, sourceId: globalId('Source', sourceId) })),
  unmatched: [...unmatched],
});
