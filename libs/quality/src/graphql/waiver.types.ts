import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { type Severity } from '#core/rule-engine';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';

import { type Waiver, type WaiverFilter, type WaiverState } from '../waiver.store.js';
import { SeverityEnum, WaiverStateEnum } from './quality.enums.js';

@ObjectType('Waiver', {
  implements: () => Node,
  description: 'A rule may fail for a time: who asked, who agreed, why, and until when. Results stay failures.',
})
export class WaiverType extends Node {
  @Field(() => WaiverStateEnum) state: WaiverState;
  @Field(() => ID, { description: 'Global id of a QualityRule.' }) ruleId: string;
  @Field() ruleNameEn: string;
  @Field() ruleNameZh: string;
  @Field(() => SeverityEnum, { description: 'Of the rule.' }) severity: Severity;
  @Field(() => ID) datasetId: string;
  @Field() datasetName: string;
  @Field(() => ID) sourceId: string;
  @Field() sourceName: string;
  @Field(() => ID, { nullable: true, description: 'The incident at which it was asked for.' }) incidentId:
    string | null;
  @Field() reason: string;
  @Field() until: Date;
  @Field() requestedAt: Date;
  @Field() requestedBy: string;
  @Field(() => Date, { nullable: true }) decidedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Never who asked.' }) decidedBy: string | null;
  @Field({ description: 'What was said when it was decided.' }) decision: string;
  @Field(() => Date, { nullable: true }) endedAt: Date | null;
  @Field(() => String, { nullable: true }) endedBy: string | null;
  @Field() endReason: string;
}

export const WaiverConnection = connectionOf(WaiverType, 'Waiver');

export function toWaiverType(waiver: Waiver): WaiverType {
  const { requestedById: _, domain: __, owner: ___, ...facts } = waiver;
  return {
    ...facts,
    id: globalId('Waiver', waiver.id),
    ruleId: globalId('QualityRule', waiver.ruleId),
    datasetId: globalId('Dataset', waiver.datasetId),
    sourceId: globalId('Source', waiver.sourceId),
    incidentId: waiver.incidentId === null ? null : globalId('Incident', waiver.incidentId),
  };
}

@ArgsType()
export class WaiverArgs extends PageArgs {
  @Field(() => [WaiverStateEnum], { nullable: true }) states?: WaiverState[] | null;
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) datasetId?: string | null;
  @Field(() => ID, { nullable: true }) ruleId?: string | null;
  @Field(() => Date, { nullable: true, description: 'Only those that were in force then.' }) inForceAt?: Date | null;
}

export function toWaiverFilter({ states, sourceId, datasetId, ruleId, inForceAt }: WaiverArgs): WaiverFilter {
  return {
    ...(states != null && { states }),
    ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
    ...(datasetId != null && { datasetId: localId('Dataset', datasetId, 'datasetId') }),
    ...(ruleId != null && { ruleId: localId('QualityRule', ruleId, 'ruleId') }),
    ...(inForceAt != null && { inForceAt }),
  };
}

@ObjectType()
export class WaiverPayload extends Payload {
  @Field(() => WaiverType, { nullable: true }) waiver?: WaiverType;
}
