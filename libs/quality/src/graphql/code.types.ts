import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { globalId, Payload } from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { CHANGES, type ChangeKind, type Code, type CodeChange, type CodePlan } from '../as-code/code.js';
import { RuleContentInput, toContentWish } from './rule.types.js';

export const RuleChangeEnum = Object.fromEntries(CHANGES.map((kind) => [kind.toUpperCase(), kind])) as Record<
  string,
  ChangeKind
>;
registerEnumType(RuleChangeEnum, {
  name: 'RuleCodeChangeKind',
  description: 'What applying files does to a rule or a rule set.',
  valuesMap: {
    REPLACE: { description: 'It would be on another dataset: the rule is retired and another one added.' },
    RETIRE: { description: 'The files have it no more, and prune was asked for.' },
    KEPT: { description: 'The files have it no more; it stays until prune is asked for.' },
  },
});

@InputType({ description: 'A rule as a file has it: everything by name.' })
export class CodeRuleInput extends RuleContentInput {
  @Field({ description: 'What tells it apart in its files. The id of a rule made by hand takes that rule over.' })
  id: string;
  @Field({ description: 'Name of the source.' }) source: string;
  @Field({ description: 'Qualified name, or that without database or schema where the source has it once.' })
  dataset: string;
  @Field(() => [String], { nullable: true, description: 'Names of columns, in the order that the kind wants.' })
  columns?: string[] | null;
  @Field(() => String, { nullable: true, description: 'The second dataset, where the kind wants one.' }) other?:
    string | null;
  @Field(() => String, { nullable: true, description: 'Its source; the same when left out.' }) otherSource?:
    string | null;
}

@InputType()
export class CodeScheduleInput {
  @Field({ description: 'For instance "30 2 * * *".' }) cron: string;
  @Field({ description: 'For instance Asia/Shanghai.' }) timeZone: string;
  @Field(() => Boolean, { nullable: true, description: 'true when left out.' }) enabled?: boolean | null;
}

@InputType({ description: 'A rule set as a file has it.' })
export class CodeRuleSetInput {
  @Field() id: string;
  @Field() name: string;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => [String], { description: 'Ids of rules of the same files, or of rules made by hand.' }) rules: string[];
  @Field(() => CodeScheduleInput, { nullable: true, description: 'null: it runs only when asked to.' })
  schedule?: CodeScheduleInput | null;
}

@InputType({ description: 'A set of files in git, whole.' })
export class RuleCodeInput {
  @Field({ description: 'Name of the set of files: what it made before is told by it.' }) origin: string;
  @Field(() => String, { nullable: true, description: 'The commit.' }) revision?: string | null;
  @Field(() => [CodeRuleInput]) rules: CodeRuleInput[];
  @Field(() => [CodeRuleSetInput], { nullable: true }) ruleSets?: CodeRuleSetInput[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Retire rules that these files made and have no more.' })
  prune?: boolean | null;
}

@ObjectType('RuleCodeDifference', { description: 'A property of a rule that would be another.' })
export class DifferenceType {
  @Field({ description: 'For instance params.min.' }) path: string;
  @Field(() => GraphQLJSON, { nullable: true }) before: unknown;
  @Field(() => GraphQLJSON, { nullable: true }) after: unknown;
}

@ObjectType('RuleCodeDrift', { description: 'What somebody did by hand after the files were applied.' })
export class DriftType {
  @Field({ description: 'changed or retired.' }) what: string;
  @Field(() => String, { nullable: true }) by: string | null;
  @Field() at: Date;
}

@ObjectType('RuleCodeChange', { description: 'What applying files does to one rule or rule set.' })
export class CodeChangeType {
  @Field({ description: 'rule or rule_set.' }) thing: string;
  @Field({ description: 'Its id in the files.' }) key: string;
  @Field(() => RuleChangeEnum) what: ChangeKind;
  @Field() name: string;
  @Field(() => String, { nullable: true, description: 'Source and dataset of a rule.' }) on: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the QualityRule or RuleSet that is there.' })
  id: string | null;
  @Field(() => [DifferenceType]) differences: DifferenceType[];
  @Field(() => DriftType, { nullable: true }) drift: DriftType | null;
  @Field({ description: 'It was made by hand until now, and the files name it by its id.' }) takenOver: boolean;
}

@ObjectType('RuleCodeCount')
export class CodeCountType {
  @Field(() => RuleChangeEnum) what: ChangeKind;
  @Field(() => Int) count: number;
}

@ObjectType('RuleCodePlan', { description: 'What applying a set of files does, or did.' })
export class CodePlanType {
  @Field() origin: string;
  @Field({ description: 'The same for the same files and the same catalog. Give it to apply just this plan.' })
  digest: string;
  @Field() applied: boolean;
  @Field(() => [CodeCountType], { description: 'Rules and rule sets by what happens to them.' })
  counts: CodeCountType[];
  @Field(() => [CodeChangeType], { description: 'All but what is unchanged.' }) changes: CodeChangeType[];
}

@ObjectType()
export class ApplyRulesPayload extends Payload {
  @Field(() => CodePlanType, { nullable: true }) plan?: CodePlanType;
}

@ObjectType('RuleOrigin', { description: 'Which file’s entry a rule or rule set is.' })
export class RuleOriginType {
  @Field({ description: 'Name of the set of files.' }) origin: string;
  @Field({ description: 'Its id there.' }) key: string;
}

export const toCode = ({ origin, revision, rules, ruleSets, prune }: RuleCodeInput): Code => ({
  ...{ origin, revision: revision ?? '', prune: prune ?? false },
  rules: rules.map((rule) => ({
    ...toContentWish(rule),
    ...{ key: rule.id, source: rule.source, dataset: rule.dataset, columns: rule.columns ?? [] },
    ...(rule.other != null && { other: rule.other }),
    ...(rule.otherSource != null && { otherSource: rule.otherSource }),
  })),
  ruleSets: (ruleSets ?? []).map(({ id, name, description, rules: keys, schedule }) => ({
    ...{ key: id, name: name.trim(), description: (description ?? '').trim(), rules: keys },
    schedule: schedule ? { cron: schedule.cron, timeZone: schedule.timeZone, enabled: schedule.enabled ?? true } : null,
  })),
});

export const toCodePlanType = ({ origin, digest, applied, counts, changes }: CodePlan): CodePlanType => ({
  ...{ origin, digest, applied },
  counts: CHANGES.map((what) => ({ what, count: counts[what] })),
  changes: changes.map(toChangeType),
});

const toChangeType = (change: CodeChange): CodeChangeType => ({
  ...change,
  id: change.id === null ? null : globalId(change.thing === 'rule' ? 'QualityRule' : 'RuleSet', change.id),
  differences: [...change.differences],
  drift: change.drift && { ...change.drift },
});
