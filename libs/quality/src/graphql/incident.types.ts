import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Severity } from '#core/rule-engine';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';

import {
  type Incident,
  type IncidentEvent,
  type IncidentEventKind,
  type IncidentFilter,
  type IncidentKind,
  type IncidentState,
} from '../incident.store.js';
import { IncidentEventEnum, IncidentKindEnum, IncidentStateEnum, SeverityEnum } from './quality.enums.js';

@ObjectType('IncidentEvent', { description: 'Something that happened to an incident. Never changed.' })
export class IncidentEventType {
  @Field(() => IncidentEventEnum) kind: IncidentEventKind;
  @Field() at: Date;
  @Field({ description: 'A person, or Plumbline for what a run did.' }) byWhom: string;
  @Field(() => ID, { nullable: true, description: 'The run that did it.' }) runId: string | null;
  @Field({ description: 'A comment, or the name of the assignee.' }) text: string;
}

export const toIncidentEventType = ({ kind, at, byWhom, runId, text }: IncidentEvent): IncidentEventType => ({
  ...{ kind, at, byWhom, text },
  runId: runId === null ? null : globalId('RuleRun', runId),
});

@ObjectType('Incident', {
  implements: () => Node,
  description: 'Something is wrong and has not been put right: a rule fails, or a source cannot be asked.',
})
export class IncidentType extends Node {
  @Field(() => IncidentKindEnum) kind: IncidentKind;
  @Field(() => IncidentStateEnum) state: IncidentState;
  @Field(() => SeverityEnum) severity: Severity;
  @Field(() => ID, { description: 'Global id of a Source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field(() => ID, { nullable: true, description: 'Global id of a Dataset; null for an operations incident.' })
  datasetId: string | null;
  @Field(() => String, { nullable: true }) datasetName: string | null;
  @Field(() => ID, { nullable: true, description: 'The rule that fails; null for an operations incident.' })
  ruleId: string | null;
  @Field({ description: 'What the latest failing run said.' }) sentenceEn: string;
  @Field() sentenceZh: string;
  @Field({ description: 'Who sees to it; empty when nobody does.' }) assignee: string;
  @Field() openedAt: Date;
  @Field(() => ID, { description: 'The run in which it failed first.' }) firstRunId: string;
  @Field(() => ID, { description: 'The run in which it failed last.' }) lastRunId: string;
  @Field() lastFailedAt: Date;
  @Field(() => Int, { description: 'Runs in which it failed.' }) failingRuns: number;
  @Field(() => Date, { nullable: true }) acknowledgedAt: Date | null;
  @Field(() => String, { nullable: true }) acknowledgedBy: string | null;
  @Field(() => Date, { nullable: true }) resolvedAt: Date | null;
  readonly localId: string;
  readonly localRuleId: string | null;
  readonly localDatasetId: string | null;
  readonly localSourceId: string;
}

export const IncidentConnection = connectionOf(IncidentType, 'Incident');

export const toIncidentType = (incident: Incident): IncidentType => ({
  id: globalId('Incident', incident.id),
  localId: incident.id,
  localRuleId: incident.ruleId,
  localDatasetId: incident.datasetId,
  localSourceId: incident.sourceId,
  kind: incident.kind,
  state: incident.state,
  severity: incident.severity,
  sourceId: globalId('Source', incident.sourceId),
  sourceName: incident.sourceName,
  datasetId: incident.datasetId === null ? null : globalId('Dataset', incident.datasetId),
  datasetName: incident.datasetName,
  ruleId: incident.ruleId === null ? null : globalId('QualityRule', incident.ruleId),
  sentenceEn: incident.sentenceEn,
  sentenceZh: incident.sentenceZh,
  assignee: incident.assignee,
  openedAt: incident.openedAt,
  firstRunId: globalId('RuleRun', incident.firstRunId),
  lastRunId: globalId('RuleRun', incident.lastRunId),
  lastFailedAt: incident.lastFailedAt,
  failingRuns: incident.failingRuns,
  acknowledgedAt: incident.acknowledgedAt,
  acknowledgedBy: incident.acknowledgedBy,
  resolvedAt: incident.resolvedAt,
});

@ArgsType()
export class IncidentArgs extends PageArgs {
  @Field(() => IncidentKindEnum, { nullable: true }) kind?: IncidentKind | null;
  @Field(() => [IncidentStateEnum], { nullable: true }) states?: IncidentState[] | null;
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) datasetId?: string | null;
  @Field(() => ID, { nullable: true }) ruleId?: string | null;
  @Field(() => SeverityEnum, { nullable: true }) severity?: Severity | null;
}

export function toIncidentFilter(args: IncidentArgs): IncidentFilter {
  const { kind, states, sourceId, datasetId, ruleId, severity } = args;
  return {
    ...(kind != null && { kind }),
    ...(states != null && { states }),
    ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
    ...(datasetId != null && { datasetId: localId('Dataset', datasetId, 'datasetId') }),
    ...(ruleId != null && { ruleId: localId('QualityRule', ruleId, 'ruleId') }),
    ...(severity != null && { severity }),
  };
}

@ObjectType()
export class IncidentPayload extends Payload {
  @Field(() => IncidentType, { nullable: true }) incident?: IncidentType;
}
