import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Severity } from '#core/rule-engine';
import { connectionOf, globalId, localId, Node, type PageArgs, Payload } from '#platform/graphql';

import { type IncidentFilter } from '../incident.store.js';
import { type IncidentStep, possibleSteps } from '../incident-steps.js';
import {
  type Incident,
  type IncidentCause,
  type IncidentEvent,
  type IncidentEventKind,
  type IncidentKind,
  type IncidentState,
  titleOf,
} from '../incident.js';
import {
  IncidentCauseEnum,
  IncidentEventEnum,
  IncidentKindEnum,
  IncidentStateEnum,
  IncidentStepEnum,
  SeverityEnum,
} from './quality.enums.js';

@ObjectType('IncidentEvent', { description: 'Something that happened to an incident. Never changed.' })
export class IncidentEventType {
  @Field(() => IncidentEventEnum) kind: IncidentEventKind;
  @Field() at: Date;
  @Field({ description: 'A person, or Plumbline for what a run or the clock did.' }) byWhom: string;
  @Field(() => ID, { nullable: true, description: 'The run that did it.' }) runId: string | null;
  @Field({ description: 'A comment, a reason, or the login of the assignee.' }) text: string;
}

export const toIncidentEventType = ({ kind, at, byWhom, runId, text }: IncidentEvent): IncidentEventType => ({
  ...{ kind, at, byWhom },
  // The group's head by its id is for programs; people see it in the incident itself.
  text: kind === 'grouped' && text !== '' ? globalId('Incident', text) : text,
  runId: runId === null ? null : globalId('RuleRun', runId),
});

@ObjectType('Incident', {
  implements: () => Node,
  description: 'Something is wrong and has not been put right: a rule fails, or a source cannot be asked.',
})
export class IncidentType extends Node {
  @Field(() => IncidentKindEnum) kind: IncidentKind;
  @Field(() => IncidentStateEnum) state: IncidentState;
  @Field(() => [IncidentStepEnum], { description: 'What can be done as it stands, by those who may.' })
  possibleSteps: IncidentStep[];
  @Field(() => SeverityEnum) severity: Severity;
  @Field(() => String, { nullable: true, description: 'Who set the severity; null while it is the rule’s.' })
  severitySetBy: string | null;
  @Field({ description: 'What is wrong, in a few words.' }) titleEn: string;
  @Field() titleZh: string;
  @Field(() => ID, { description: 'Global id of a Source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field({ description: 'Business domain of the source.' }) domain: string;
  @Field({ description: 'Of the rule, else of the source.' }) owner: string;
  @Field(() => ID, { nullable: true, description: 'Global id of a Dataset; null for an operations incident.' })
  datasetId: string | null;
  @Field(() => String, { nullable: true }) datasetName: string | null;
  @Field(() => ID, { nullable: true, description: 'The rule that fails; null for an operations incident.' })
  ruleId: string | null;
  @Field({ description: 'What the latest failing run said.' }) sentenceEn: string;
  @Field() sentenceZh: string;
  @Field(() => String, { nullable: true, description: 'Rows that broke the rule in the latest failing run.' })
  violations: string | null;
  @Field(() => String, { nullable: true, description: 'Rows that were checked then.' }) checked: string | null;
  @Field({ description: 'Login of who sees to it; empty when nobody does.' }) assignee: string;
  @Field(() => IncidentCauseEnum, { nullable: true }) cause: IncidentCause | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The most upstream open incident, which probably causes this one.',
  })
  parentId: string | null;
  @Field(() => Int, { description: 'Open incidents that this one probably causes.' }) childCount: number;
  @Field() openedAt: Date;
  @Field(() => ID, { description: 'The run in which it failed first.' }) firstRunId: string;
  @Field(() => ID, { description: 'The run in which it failed last.' }) lastRunId: string;
  @Field() lastFailedAt: Date;
  @Field(() => Int, { description: 'Runs in which it failed.' }) failingRuns: number;
  @Field(() => Int, { description: 'Passing runs in a row since it failed last.' }) passingRuns: number;
  @Field(() => Date, { nullable: true, description: 'Pass and fail take turns since then; it takes more runs to end.' })
  flappingSince: Date | null;
  @Field(() => Date, { nullable: true }) acknowledgedAt: Date | null;
  @Field(() => String, { nullable: true }) acknowledgedBy: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was over: resolved, or a false positive.' })
  resolvedAt: Date | null;
  @Field({ description: 'When its clock began: opened, or opened again.' }) clockFrom: Date;
  @Field(() => Date, { nullable: true, description: 'When the time for it runs out.' }) dueAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was told that the time had run out.' })
  escalatedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'Waived since then: the clock stands still.' })
  waivedAt: Date | null;
  readonly localId: string;
  readonly localRuleId: string | null;
  readonly localDatasetId: string | null;
  readonly localSourceId: string;
  readonly localParentId: string | null;
}

export const IncidentConnection = connectionOf(IncidentType, 'Incident');

export function toIncidentType(incident: Incident): IncidentType {
  const { ruleNameEn: _, ruleNameZh: __, versionId: ___, assigneeId: ____, children, ...facts } = incident;
  const title = titleOf(incident);
  return {
    ...facts,
    ...{ localId: incident.id, localRuleId: incident.ruleId, localDatasetId: incident.datasetId },
    ...{ localSourceId: incident.sourceId, localParentId: incident.parentId },
    id: globalId('Incident', incident.id),
    ...{ titleEn: title.en, titleZh: title.zh, childCount: children, possibleSteps: stepsOf(incident) },
    sourceId: globalId('Source', incident.sourceId),
    datasetId: incident.datasetId === null ? null : globalId('Dataset', incident.datasetId),
    ruleId: incident.ruleId === null ? null : globalId('QualityRule', incident.ruleId),
    parentId: incident.parentId === null ? null : globalId('Incident', incident.parentId),
    firstRunId: globalId('RuleRun', incident.firstRunId),
    lastRunId: globalId('RuleRun', incident.lastRunId),
  };
}

/** A source that cannot be asked is no verdict on data. */
const stepsOf = ({ state, kind }: Incident): IncidentStep[] =>
  possibleSteps(state).filter(
    (step) => kind === 'data' || (step !== 'mark_false_positive' && step !== 'request_waiver'),
  );

@ArgsType()
export class IncidentFilterArgs {
  @Field(() => IncidentKindEnum, { nullable: true }) kind?: IncidentKind | null;
  @Field(() => [IncidentStateEnum], { nullable: true }) states?: IncidentState[] | null;
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) datasetId?: string | null;
  @Field(() => ID, { nullable: true }) ruleId?: string | null;
  @Field(() => SeverityEnum, { nullable: true }) severity?: Severity | null;
  @Field(() => String, { nullable: true, description: 'Business domain of the source.' }) domain?: string | null;
  @Field(() => String, { nullable: true, description: 'Login; empty for those that nobody sees to.' })
  assignee?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Only those whose time has run out.' }) overdue?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Without those that another incident probably causes.' })
  parentsOnly?: boolean | null;
  @Field(() => ID, { nullable: true, description: 'Only those that this incident probably causes.' })
  parentId?: string | null;
  @Field(() => String, { nullable: true, description: 'In the name of the rule, the dataset or the source.' })
  text?: string | null;
}

@ArgsType()
export class IncidentArgs extends IncidentFilterArgs implements PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many rows, 1 to 500. 50 when not given.' }) first?:
    number | null;
  @Field(() => String, { nullable: true, description: 'Rows after this cursor (pageInfo.endCursor).' }) after?:
    string | null;
}

export function toIncidentFilter(args: IncidentFilterArgs, now: Date): IncidentFilter {
  const { kind, states, sourceId, datasetId, ruleId, severity, domain, assignee, overdue, parentsOnly, parentId } =
    args;
  const text = args.text?.trim() ?? '';
  return {
    ...(kind != null && { kind }),
    ...(states != null && { states }),
    ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
    ...(datasetId != null && { datasetId: localId('Dataset', datasetId, 'datasetId') }),
    ...(ruleId != null && { ruleId: localId('QualityRule', ruleId, 'ruleId') }),
    ...(severity != null && { severity }),
    ...(domain != null && { domain }),
    ...(assignee != null && { assignee }),
    ...(overdue === true && { overdueAt: now }),
    ...(parentsOnly === true && { parentsOnly }),
    ...(parentId != null && { parentId: localId('Incident', parentId, 'parentId') }),
    ...(text !== '' && { text }),
  };
}

@ObjectType()
export class IncidentPayload extends Payload {
  @Field(() => IncidentType, { nullable: true }) incident?: IncidentType;
}

@ObjectType()
export class IncidentsPayload extends Payload {
  @Field(() => [IncidentType], { nullable: true }) incidents?: IncidentType[];
}

@ObjectType('IncidentCount')
export class IncidentCountType {
  @Field(() => IncidentStateEnum) state: IncidentState;
  @Field(() => SeverityEnum) severity: Severity;
  @Field(() => Int) incidents: number;
}

@ObjectType('IncidentAssignee', { description: 'Somebody whom incidents can be assigned to.' })
export class IncidentAssigneeType {
  @Field() login: string;
  @Field() displayName: string;
}

@ObjectType('IncidentTerms', { description: 'What a severity asks for.' })
export class IncidentTermsType {
  @Field(() => SeverityEnum) severity: Severity;
  @Field(() => Int, { description: 'Passing runs in a row until an incident is over.' }) passes: number;
  @Field(() => Int, { nullable: true, description: 'The time there is, in hours by the clock.' }) hours: number | null;
  @Field(() => Int, { nullable: true, description: 'Or in business days of China’s calendar, swaps included.' })
  businessDays: number | null;
}

@ObjectType()
export class IncidentTermsPayload extends Payload {
  @Field(() => IncidentTermsType, { nullable: true }) terms?: IncidentTermsType;
}
