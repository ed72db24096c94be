import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Severity, type Status } from '#core/rule-engine';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { type Measured } from '../measure-rule.js';
import { type FailingSample } from '../samples/failing-sample.js';
import { type RuleResult } from '../result.store.js';
import { type RuleSet } from '../rule-sets.js';
import { type RuleRun, type RunState } from '../run.js';
import { type RunFilter } from '../run.store.js';
import { RunStateEnum, SeverityEnum, StatusEnum } from './quality.enums.js';

@ObjectType('RuleStatement', { description: 'A statement exactly as it was sent to the source.' })
export class StatementType {
  @Field({ description: 'measure, other_side or failing_rows.' }) purpose: string;
  @Field({ description: 'target, or other for the second dataset.' }) on: string;
  @Field() sql: string;
  @Field(() => [String], { description: 'For $1, $2 …: the rule’s own literals. The SQL says the types.' })
  params: string[];
}

@ObjectType('FailingRows', { description: 'Some of the rows that break the rule. At most 20.' })
export class FailingRowsType {
  @Field(() => [String]) columns: string[];
  @Field(() => [String], { description: 'Columns whose values are masked by their category of sensitive data.' })
  masked: string[];
  @Field(() => [String], { description: 'Columns that are not shown, because of security levels.' })
  withheld: string[];
  @Field(() => GraphQLJSON, { description: 'A list for each row, in the order of the columns.' }) rows: unknown;
}

@ObjectType({ isAbstract: true })
abstract class MeasuredType {
  @Field(() => StatusEnum) status: Status;
  @Field(() => String, { nullable: true, description: 'Rows that the rule’s filter lets through. A whole number.' })
  rows: string | null;
  @Field(() => String, { nullable: true, description: 'Rows of those that were looked at.' }) checked: string | null;
  @Field(() => String, { nullable: true, description: 'Rows of those that break the rule.' }) violations: string | null;
  @Field(() => GraphQLJSON, { description: 'What else the kind measured; ratio is the share of violations.' })
  metrics: unknown;
  @Field({ description: 'What was found, in a sentence.' }) sentenceEn: string;
  @Field() sentenceZh: string;
  @Field(() => [StatementType]) statements: StatementType[];
  @Field(() => String, {
    nullable: true,
    description: 'Stable code: why the rule could not be asked, or was left out.',
  })
  errorCode: string | null;
}

@ObjectType('RuleTrial', { description: 'What a rule that is not kept finds.' })
export class RuleTrialType extends MeasuredType {
  @Field(() => FailingRowsType, { nullable: true, description: 'Masked; not kept.' })
  failingRows: FailingRowsType | null;
}

@ObjectType('RuleResult', { description: 'What a rule found in a run. Neither changed nor removed.' })
export class ResultType extends MeasuredType {
  @Field(() => ID) id: string;
  @Field(() => ID) ruleId: string;
  @Field(() => Int, { description: 'The version of the rule that ran.' }) ruleVersion: number;
  @Field(() => SeverityEnum) severity: Severity;
  @Field(() => ID) runId: string;
  @Field(() => ID, { description: 'Global id of a Dataset.' }) datasetId: string;
  @Field() datasetName: string;
  @Field() startedAt: Date;
  @Field() finishedAt: Date;
  readonly localRuleId: string;
  readonly localRunId: string;
  readonly localVersionId: string;
  readonly localId: string;
}

export const ResultConnection = connectionOf(ResultType, 'RuleResult');

export const toTrialType = (measured: Measured): RuleTrialType => ({
  ...toMeasuredType(measured),
  failingRows: measured.sample ? toFailingRowsType(measured.sample) : null,
});

export const toFailingRowsType = ({ columns, masked, withheld, rows }: FailingSample): FailingRowsType => ({
  columns: [...columns],
  masked: [...masked],
  withheld: [...withheld],
  rows,
});

const toMeasuredType = ({ verdict, statements, errorCode }: Measured): MeasuredType => ({
  status: verdict.status,
  rows: verdict.rows ?? null,
  checked: verdict.checked ?? null,
  violations: verdict.violations ?? null,
  metrics: verdict.metrics,
  sentenceEn: verdict.sentence.en,
  sentenceZh: verdict.sentence.zh,
  statements: statements.map((statement) => ({ ...statement, params: [...statement.params] })),
  errorCode: errorCode ?? null,
});

export const toResultType = (result: RuleResult): ResultType => ({
  ...toMeasuredType({
    verdict: {
      ...{ status: result.status, metrics: result.metrics },
      ...(result.rows !== null && { rows: result.rows }),
      ...(result.checked !== null && { checked: result.checked }),
      ...(result.violations !== null && { violations: result.violations }),
      sentence: { en: result.sentenceEn, zh: result.sentenceZh },
    },
    statements: result.statements,
    ...(result.errorCode !== null && { errorCode: result.errorCode }),
  }),
  id: globalId('RuleResult', result.id),
  ruleId: globalId('QualityRule', result.ruleId),
  ruleVersion: result.versionNumber,
  severity: result.severity,
  runId: globalId('RuleRun', result.runId),
  datasetId: globalId('Dataset', result.datasetId),
  datasetName: result.datasetName,
  startedAt: result.startedAt,
  finishedAt: result.finishedAt,
  localRuleId: result.ruleId,
  localRunId: result.runId,
  localVersionId: result.versionId,
  localId: result.id,
});

@ObjectType('RuleStatusCount')
export class StatusCountType {
  @Field(() => StatusEnum) status: Status;
  @Field(() => Int) rules: number;
}

@ObjectType('RuleRun', { implements: () => Node, description: 'One run of rules.' })
export class RunType extends Node {
  @Field(() => RunStateEnum) state: RunState;
  @Field(() => ID, { nullable: true, description: 'The rule set that ran.' }) ruleSetId: string | null;
  @Field(() => String, { nullable: true }) ruleSetName: string | null;
  @Field(() => ID, { nullable: true, description: 'The source of which all rules ran.' }) sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field(() => Date, { nullable: true, description: 'When a schedule asked for it: the time it was due.' })
  dueAt: Date | null;
  @Field(() => String, {
    nullable: true,
    description: 'When a harvest or a pipeline’s job began it: the run of that.',
  })
  triggerRun: string | null;
  @Field(() => Int, { description: 'Rules that the run looks at.' }) planned: number;
  @Field(() => [StatusCountType], { description: 'Results so far, by status; only statuses that occur.' })
  counts: StatusCountType[];
  @Field() requestedAt: Date;
  @Field() requestedBy: string;
  @Field(() => Date, { nullable: true }) startedAt: Date | null;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Why the run as a whole failed.' }) errorMessage: string | null;
  readonly jobId: string | null;
  readonly localId: string;
}

export const RunConnection = connectionOf(RunType, 'RuleRun');

export const toRunType = (run: RuleRun): RunType => ({
  id: globalId('RuleRun', run.id),
  localId: run.id,
  jobId: run.jobId,
  state: run.state,
  ruleSetId: run.ruleSetId === null ? null : globalId('RuleSet', run.ruleSetId),
  ruleSetName: run.ruleSetName,
  sourceId: run.sourceId === null ? null : globalId('Source', run.sourceId),
  sourceName: run.sourceName,
  dueAt: run.dueAt,
  triggerRun: run.triggerRun,
  planned: run.planned,
  counts: Object.values(StatusEnum).flatMap((status) => {
    const rules = run.counts[status];
    return rules === undefined ? [] : [{ status, rules }];
  }),
  requestedAt: run.requestedAt,
  requestedBy: run.requestedBy,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  errorMessage: run.errorMessage,
});

@ObjectType('RuleSet', { implements: () => Node, description: 'Rules that run together, of one source or several.' })
export class RuleSetType extends Node {
  @Field() name: string;
  @Field() description: string;
  @Field() createdAt: Date;
  @Field() changedAt: Date;
  @Field(() => [ID], { description: 'Rules in order; retired ones are left out.' }) ruleIds: string[];
  readonly localId: string;
}

export const RuleSetConnection = connectionOf(RuleSetType, 'RuleSet');

export const toRuleSetType = (ruleSet: RuleSet): RuleSetType => ({
  id: globalId('RuleSet', ruleSet.id),
  localId: ruleSet.id,
  name: ruleSet.name,
  description: ruleSet.description,
  createdAt: ruleSet.createdAt,
  changedAt: ruleSet.changedAt,
  ruleIds: ruleSet.ruleIds.map((id) => globalId('QualityRule', id)),
});

@ArgsType()
export class RunArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) ruleSetId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Runs with a rule on this source.' }) sourceId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Runs with this rule.' }) ruleId?: string | null;
  @Field(() => [RunStateEnum], { nullable: true }) states?: RunState[] | null;
}

export function toRunFilter({ ruleSetId, sourceId, ruleId, states }: RunArgs): RunFilter {
  return {
    ...(ruleSetId != null && { ruleSetId: localId('RuleSet', ruleSetId, 'ruleSetId') }),
    ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
    ...(ruleId != null && { ruleId: localId('QualityRule', ruleId, 'ruleId') }),
    ...(states != null && { states }),
  };
}

@ArgsType()
export class ResultArgs extends PageArgs {
  @Field(() => [StatusEnum], { nullable: true }) statuses?: Status[] | null;
}

@ObjectType()
export class RunPayload extends Payload {
  @Field(() => RunType, { nullable: true }) run?: RunType;
  @Field(() => JobType, { nullable: true, description: 'The job that does it: follow it with jobProgress.' })
  job?: JobType;
}

@ObjectType()
export class RuleSetPayload extends Payload {
  @Field(() => RuleSetType, { nullable: true }) ruleSet?: RuleSetType;
}

@ObjectType()
export class TryRulePayload extends Payload {
  @Field(() => RuleTrialType, { nullable: true }) trial?: RuleTrialType;
}
