import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type Dimension, type Severity } from '#core/rule-engine';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { type RuleVersion, type RuleWish, type StoredRule } from '../rule.js';
import { type RuleFilter } from '../rule.store.js';
import { DimensionEnum, type LastStatus, LastStatusEnum, SeverityEnum } from './quality.enums.js';

@ObjectType('QualityRuleKind', { description: 'A kind of rule: what it checks and what its form asks for.' })
export class RuleKindType {
  @Field() code: string;
  @Field() titleEn: string;
  @Field() titleZh: string;
  @Field() descriptionEn: string;
  @Field() descriptionZh: string;
  @Field(() => DimensionEnum) dimension: Dimension;
  @Field(() => Int, { description: 'Fewest fields a rule of this kind names.' }) fewestFields: number;
  @Field(() => Int, { description: 'Most fields; 0 for a rule on the whole dataset.' }) mostFields: number;
  @Field({ description: 'Second dataset: none, same_connection (one of the same source) or any.' })
  otherDataset: string;
  @Field({ description: 'Whether nullPolicy means something here.' }) nullPolicy: boolean;
  @Field(() => GraphQLJSON, {
    description: 'JSON Schema of params. title and x-title-zh are for a form; x-columns-of tells names of columns.',
  })
  params: unknown;
}

@ObjectType('QualityRuleField', { description: 'A field that a rule looks at.' })
export class RuleFieldType {
  @Field(() => ID, { description: 'Global id of a Field.' }) id: string;
  @Field() name: string;
}

@ObjectType({ isAbstract: true })
abstract class RuleContentType extends Node {
  @Field(() => Int, { description: 'Number of the version, from 1. Each change makes a new one.' }) version: number;
  @Field() kind: string;
  @Field(() => [RuleFieldType], { description: 'In the order that the kind wants.' }) fields: RuleFieldType[];
  @Field(() => ID, { nullable: true, description: 'Global id of the second dataset.' }) otherDatasetId: string | null;
  @Field(() => String, { nullable: true }) otherDatasetName: string | null;
  @Field(() => String, { nullable: true }) otherSourceName: string | null;
  @Field(() => GraphQLJSON, { description: 'Parameters of the kind.' }) params: unknown;
  @Field(() => GraphQLJSON, { nullable: true, description: 'Condition on the rows that are looked at, as a tree.' })
  where: unknown;
  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Which part is looked at: new rows, a partition, a sample.',
  })
  scope: unknown;
  @Field({ description: 'Absent values: ignore, fail or pass.' }) nullPolicy: string;
  @Field({ description: 'When there is nothing to check: not_evaluated, pass or fail.' }) onEmpty: string;
  @Field({ description: 'What shares are of: checked or all.' }) denominator: string;
  @Field(() => GraphQLJSON, {
    nullable: true,
    description: '{ metric: count | ratio, fail: { gt: 5 }, warn: … }. null: the first violation fails.',
  })
  threshold: unknown;
  @Field(() => Int, { description: 'Failing rows to look up, at most 20 are kept.' }) samples: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds a statement may take; skipped when more are expected.',
  })
  budgetMs: number | null;
  @Field({ description: 'Whether the data is looked at even when a constraint of the source proves the rule.' })
  verify: boolean;
  @Field(() => DimensionEnum) dimension: Dimension;
  @Field(() => SeverityEnum) severity: Severity;
  @Field() nameEn: string;
  @Field() nameZh: string;
  @Field() description: string;
  @Field() owner: string;
  @Field({ description: 'Whether it runs. One that is switched off is skipped.' }) enabled: boolean;
  @Field() changedAt: Date;
  @Field() changedBy: string;
}

@ObjectType('QualityRuleVersion', {
  implements: () => Node,
  description: 'A rule as it was for some time. Never changed.',
})
export class RuleVersionType extends RuleContentType {}

@ObjectType('QualityRule', { implements: () => Node, description: 'What data must be like, as it can be measured.' })
export class RuleType extends RuleContentType {
  @Field(() => ID, { description: 'Global id of a Dataset.' }) datasetId: string;
  @Field({ description: 'Its qualified name, for instance risk.dwd.loan.' }) datasetName: string;
  @Field(() => ID, { description: 'Global id of a Source.' }) sourceId: string;
  @Field() sourceName: string;
  @Field() createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'A retired rule runs no more.' }) retiredAt: Date | null;
  readonly ruleId: string;
  readonly localDatasetId: string;
  readonly localSourceId: string;
}

export const RuleConnection = connectionOf(RuleType, 'QualityRule');

const toContentType = (rule: RuleVersion): Omit<RuleContentType, 'id'> => ({
  version: rule.number,
  kind: rule.kind,
  fields: rule.fieldIds.map((id, at) => ({ id: globalId('Field', id), name: rule.fieldNames[at] ?? '' })),
  otherDatasetId: rule.otherDatasetId === null ? null : globalId('Dataset', rule.otherDatasetId),
  otherDatasetName: rule.otherDatasetName,
  otherSourceName: rule.otherSourceName,
  params: rule.definition.params,
  where: rule.definition.where ?? null,
  scope: rule.definition.scope ?? null,
  budgetMs: rule.definition.budgetMs ?? null,
  verify: rule.definition.verify ?? false,
  nullPolicy: rule.definition.nullPolicy,
  onEmpty: rule.definition.onEmpty,
  denominator: rule.definition.denominator,
  threshold: rule.definition.threshold ?? null,
  samples: rule.definition.samples,
  dimension: rule.dimension,
  severity: rule.severity,
  nameEn: rule.nameEn,
  nameZh: rule.nameZh,
  description: rule.description,
  owner: rule.owner,
  enabled: rule.enabled,
  changedAt: rule.madeAt,
  changedBy: rule.madeBy,
});

export const toRuleVersionType = (version: RuleVersion): RuleVersionType => ({
  ...toContentType(version),
  id: globalId('QualityRuleVersion', version.id),
});

export const toRuleType = (rule: StoredRule): RuleType => ({
  ...toContentType(rule),
  id: globalId('QualityRule', rule.ruleId),
  ruleId: rule.ruleId,
  localDatasetId: rule.datasetId,
  localSourceId: rule.sourceId,
  datasetId: globalId('Dataset', rule.datasetId),
  datasetName: rule.datasetName,
  sourceId: globalId('Source', rule.sourceId),
  sourceName: rule.sourceName,
  createdAt: rule.createdAt,
  retiredAt: rule.retiredAt,
});

/** What a rule asks, but for the names or ids of what it looks at. */
@InputType({ isAbstract: true })
export abstract class RuleContentInput {
  @Field({ description: 'One of ruleKinds.' }) kind: string;
  @Field(() => GraphQLJSON, { nullable: true, description: 'As the kind’s JSON Schema says.' }) params?: unknown;
  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'For instance { op: "eq", left: { column: "state" }, right: { literal: "open" } }.',
  })
  where?: unknown;
  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'For instance { window: { column: "updated_at", last: 1, unit: "day" } }, { partition: … }, { sample: … }.',
  })
  scope?: unknown;
  @Field(() => Int, { nullable: true, description: 'Milliseconds a statement may take; any time when left out.' })
  budgetMs?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'true: the data is looked at even when a constraint of the source proves the rule.',
  })
  verify?: boolean | null;
  @Field(() => String, { nullable: true, description: 'ignore (when left out), fail or pass.' }) nullPolicy?:
    string | null;
  @Field(() => String, { nullable: true, description: 'not_evaluated (when left out), pass or fail.' }) onEmpty?:
    string | null;
  @Field(() => String, { nullable: true, description: 'checked (when left out) or all.' }) denominator?: string | null;
  @Field(() => GraphQLJSON, { nullable: true, description: 'As in QualityRule.threshold.' }) threshold?: unknown;
  @Field(() => Int, { nullable: true, description: 'Failing rows to look up, 0 to 100; 20 when left out.' }) samples?:
    number | null;
  @Field(() => DimensionEnum, { nullable: true, description: 'That of the kind when left out.' })
  dimension?: Dimension | null;
  @Field(() => SeverityEnum, { nullable: true, description: 'S3 when left out.' }) severity?: Severity | null;
  @Field(() => String, { nullable: true, description: 'One of the two names is enough.' }) nameEn?: string | null;
  @Field(() => String, { nullable: true }) nameZh?: string | null;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => String, { nullable: true }) owner?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'true when left out.' }) enabled?: boolean | null;
}

@InputType({ description: 'What a rule asks. Everything but kind, fields and a name can be left out.' })
export class ChangeRuleInput extends RuleContentInput {
  @Field(() => [ID], { nullable: true, description: 'Global ids of fields, in the order that the kind wants.' })
  fieldIds?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the second dataset, where the kind wants one.' })
  otherDatasetId?: string | null;
}

@InputType({ description: 'A new rule.' })
export class AddRuleInput extends ChangeRuleInput {
  @Field(() => ID, { description: 'Global id of the dataset it is about.' }) datasetId: string;
}

/** @param path where in the operation's input the rule stands. */
export function toRuleWish(input: AddRuleInput, ...path: readonly string[]): RuleWish {
  return { ...toChangeWish(input, ...path), datasetId: localId('Dataset', input.datasetId, ...path, 'datasetId') };
}

export function toChangeWish(input: ChangeRuleInput, ...path: readonly string[]): Omit<RuleWish, 'datasetId'> {
  const { otherDatasetId } = input;
  return {
    ...toContentWish(input),
    fieldIds: (input.fieldIds ?? []).map((id, at) => localId('Field', id, ...path, 'fieldIds', String(at))),
    ...(otherDatasetId != null && { otherDatasetId: localId('Dataset', otherDatasetId, ...path, 'otherDatasetId') }),
  };
}

export function toContentWish(input: RuleContentInput): Omit<RuleWish, 'datasetId' | 'fieldIds' | 'otherDatasetId'> {
  const { params, where, nullPolicy, onEmpty, denominator, threshold, samples, dimension } = input;
  return {
    kind: input.kind,
    ...(params != null && { params }),
    ...(where != null && { where }),
    ...(input.scope != null && { scope: input.scope }),
    ...(input.budgetMs != null && { budgetMs: input.budgetMs }),
    ...(input.verify != null && { verify: input.verify }),
    ...(nullPolicy != null && { nullPolicy }),
    ...(onEmpty != null && { onEmpty }),
    ...(denominator != null && { denominator }),
    ...(threshold != null && { threshold }),
    ...(samples != null && { samples }),
    ...(dimension != null && { dimension }),
    ...(input.severity != null && { severity: input.severity }),
    nameEn: input.nameEn ?? '',
    nameZh: input.nameZh ?? '',
    description: input.description ?? '',
    owner: input.owner ?? '',
    enabled: input.enabled ?? true,
  };
}

@ArgsType()
export class RuleArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Rules on this dataset, also as the second one.' }) datasetId?:
    string | null;
  @Field(() => ID, { nullable: true }) fieldId?: string | null;
  @Field(() => ID, { nullable: true }) ruleSetId?: string | null;
  @Field(() => String, { nullable: true }) kind?: string | null;
  @Field(() => SeverityEnum, { nullable: true }) severity?: Severity | null;
  @Field(() => Boolean, { nullable: true }) enabled?: boolean | null;
  @Field(() => LastStatusEnum, { nullable: true }) lastStatus?: LastStatus | null;
  @Field(() => Boolean, { nullable: true, description: 'Retired rules instead of the others.' }) retired?:
    boolean | null;
  @Field(() => String, { nullable: true, description: 'Part of a rule’s or the dataset’s name.' }) text?: string | null;
  @Field(() => String, { nullable: true, description: 'Rules that these files made (applyRules).' }) origin?:
    string | null;
  @Field(() => Boolean, { nullable: true, description: 'Rules that belong to no files.' }) byHand?: boolean | null;
}

export function toRuleFilter(args: RuleArgs): RuleFilter {
  const {
    sourceId,
    datasetId,
    fieldId,
    ruleSetId,
    kind,
    severity,
    enabled,
    lastStatus,
    retired,
    text,
    origin,
    byHand,
  } = args;
  return {
    ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
    ...(datasetId != null && { datasetId: localId('Dataset', datasetId, 'datasetId') }),
    ...(fieldId != null && { fieldId: localId('Field', fieldId, 'fieldId') }),
    ...(ruleSetId != null && { ruleSetId: localId('RuleSet', ruleSetId, 'ruleSetId') }),
    ...(kind != null && { kind }),
    ...(severity != null && { severity }),
    ...(enabled != null && { enabled }),
    ...(lastStatus != null && { lastStatus }),
    ...(retired != null && { retired }),
    ...(text != null && { text }),
    ...(origin != null && { origin }),
    ...(byHand != null && { byHand }),
  };
}

@ObjectType()
export class RulePayload extends Payload {
  @Field(() => RuleType, { nullable: true }) rule?: RuleType;
}

@ObjectType()
export class AddRulesPayload extends Payload {
  @Field(() => [RuleType], { nullable: true, description: 'In the order of the input.' }) rules?: RuleType[];
}
