import { ArgsType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Aspect, type Outcome } from '#core/standards-matcher';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';

import { type ComplianceRate, type RatesBy } from '../compliance.js';
import { mappedFieldUrn, type Mapping, type MappingState } from '../mappings.js';
import { type KeptVerdict } from '../verdicts.js';
import { AspectEnum, AspectOutcomeEnum, MappingStateEnum, OutcomeEnum } from './enums.js';

@ObjectType('ComplianceAspect', { description: 'The judgement on one aspect of a field.' })
export class ComplianceAspectType {
  @Field(() => AspectEnum) aspect: Aspect;
  @Field(() => AspectOutcomeEnum) outcome: Outcome | 'not_required';
  @Field(() => String, { nullable: true, description: 'null when there is nothing to explain.' }) reasonEn:
    string | null;
  @Field(() => String, { nullable: true, description: 'As reasonEn, in Chinese.' }) reasonZh: string | null;
}

@ObjectType('ComplianceVerdict', { description: 'Whether a field held to its data element (落标检查), and how long.' })
export class ComplianceVerdictType {
  @Field(() => ID) id: string;
  @Field(() => OutcomeEnum) overall: Outcome;
  @Field(() => [ComplianceAspectType]) aspects: ComplianceAspectType[];
  @Field(() => Float, { nullable: true, description: 'Rows with a value that were compared with the code set.' })
  checkedRows: number | null;
  @Field(() => Float, { nullable: true, description: 'Rows whose value is not in the code set.' }) badRows:
    number | null;
  @Field(() => Float, { nullable: true }) distinctBadCodes: number | null;
  @Field(() => [String], { description: 'At most 20 of the unknown codes; none of fields of level L4 or L5.' })
  badCodes: string[];
  @Field({ description: 'When it was found to be so first.' }) recordedFrom: Date;
  @Field({ description: 'When that was last confirmed.' }) checkedAt: Date;
  @Field(() => Date, { nullable: true, description: 'Until when it was so; null: it still is.' })
  recordedTo: Date | null;
}

export const toComplianceVerdictType = (verdict: KeptVerdict): ComplianceVerdictType => ({
  id: globalId('ComplianceVerdict', verdict.id),
  overall: verdict.overall,
  aspects: verdict.aspects.map(({ aspect, outcome, reason }) => ({
    ...{ aspect, outcome, reasonEn: reason?.en ?? null, reasonZh: reason?.zh ?? null },
  })),
  checkedRows: verdict.checkedRows,
  badRows: verdict.badRows,
  distinctBadCodes: verdict.distinctBadCodes,
  badCodes: [...verdict.badCodes],
  recordedFrom: verdict.recordedFrom,
  checkedAt: verdict.checkedAt,
  recordedTo: verdict.recordedTo,
});

@ObjectType('MappingEvidence', { description: 'One thing a suggestion rests on.' })
export class MappingEvidenceType {
  @Field({ description: 'same_code, same_name, similar_name or type_differs.' }) kind: string;
  @Field({ description: 'What of the field: name, comment, businessName or type.' }) field: string;
  @Field({ description: 'What of the element: code, nameEn, nameZh or type.' }) element: string;
  @Field(() => Float, { description: '0 to 1.' }) likeness: number;
}

@ObjectType('StandardMapping', {
  implements: () => Node,
  description: 'A field that is, may be or is not a data element.',
})
export class StandardMappingType extends Node {
  @Field(() => MappingStateEnum) state: MappingState;
  @Field(() => ID, { description: 'Global id of the field.' }) fieldId: string;
  @Field() fieldName: string;
  @Field({ description: 'Name of its dataset in the source.' }) datasetName: string;
  @Field({ description: 'The field’s name as an asset.' }) fieldUrn: string;
  @Field(() => ID, { description: 'Global id of the source.' }) sourceId: string;
  @Field({ description: 'Whether the source still has the field.' }) present: boolean;
  @Field(() => Float, { nullable: true, description: '0 to 1; null when it was never suggested.' }) score:
    number | null;
  @Field(() => [MappingEvidenceType]) evidence: MappingEvidenceType[];
  @Field({ description: 'What the person who decided it said.' }) reason: string;
  @Field() createdAt: Date;
  @Field(() => String, { nullable: true }) decidedBy: string | null;
  @Field(() => Date, { nullable: true }) decidedAt: Date | null;

  readonly elementId: string;
}

export const StandardMappingConnection = connectionOf(StandardMappingType, 'StandardMapping');

export const toStandardMappingType = (mapping: Mapping): StandardMappingType => ({
  id: globalId('StandardMapping', mapping.id),
  state: mapping.state,
  fieldId: globalId('Field', mapping.fieldId),
  fieldName: mapping.fieldName,
  datasetName: mapping.datasetName,
  fieldUrn: mappedFieldUrn(mapping),
  sourceId: globalId('Source', mapping.sourceId),
  present: mapping.present,
  score: mapping.score,
  evidence: [...mapping.evidence],
  reason: mapping.reason,
  createdAt: mapping.createdAt,
  decidedBy: mapping.decidedBy,
  decidedAt: mapping.decidedAt,
  elementId: mapping.elementId,
});

@ArgsType()
export class MappingArgs extends PageArgs {
  @Field(() => [MappingStateEnum], { nullable: true }) states?: MappingState[] | null;
  @Field(() => ID, { nullable: true }) elementId?: string | null;
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) fieldId?: string | null;
  @Field(() => [OutcomeEnum], { nullable: true, description: 'Only confirmed ones whose verdict now is one of these.' })
  verdicts?: Outcome[] | null;
}

@ObjectType()
export class StandardMappingPayload extends Payload {
  @Field(() => StandardMappingType, { nullable: true }) mapping?: StandardMappingType;
}

@ObjectType()
export class SuggestMappingsPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'New suggestions.' }) suggested?: number;
  @Field(() => Int, { nullable: true, description: 'Suggestions taken back since they no longer hold.' })
  withdrawn?: number;
  @Field(() => Int, { nullable: true, description: 'Fields without a mapping that were looked at.' }) fields?: number;
}

@ObjectType('ComplianceRate', {
  description: 'How many fields are mapped, and how many of those hold to their element.',
})
export class ComplianceRateType {
  @Field(() => ID, { nullable: true, description: 'Global id of the source or data element; null for an owner.' })
  id: string | null;
  @Field({ description: 'Name of the source, code of the element, or the owner (empty: nobody).' }) name: string;
  @Field(() => Int, { description: 'Denominator of the mapped rate: fields; by element, fields mapped or suggested.' })
  fields: number;
  @Field(() => Int, { description: 'Its numerator, and the denominator of the compliance rate.' }) mapped: number;
  @Field(() => Int, { description: 'Numerator of the compliance rate.' }) pass: number;
  @Field(() => Int) fail: number;
  @Field(() => Int) notEvaluated: number;
  @Field(() => Int) error: number;
  @Field(() => Int, { description: 'Mapped, but not judged yet.' }) unchecked: number;
  @Field(() => Float, { nullable: true, description: 'mapped / fields; null without fields.' }) mappedRate:
    number | null;
  @Field(() => Float, { nullable: true, description: 'pass / mapped; null without mapped fields.' })
  complianceRate: number | null;
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);

export const toComplianceRateType = ({ key, ...rate }: ComplianceRate, by: RatesBy): ComplianceRateType => ({
  ...rate,
  id: by === 'owner' ? null : globalId(by === 'source' ? 'Source' : 'DataElement', key),
  mappedRate: share(rate.mapped, rate.fields),
  complianceRate: share(rate.pass, rate.mapped),
});
