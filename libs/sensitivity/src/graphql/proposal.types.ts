import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Words } from '#core/connector-kit';
import { CATEGORIES, type Category, categoryWords, LEVEL_TEMPLATES, levelOf, sayReason } from '#core/sensitive-data';
import { type SecurityLevel } from '#dictionary';
import { JobType } from '#graphql/audit';
import { SecurityLevelEnum } from '#graphql/dictionary';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';

import { PROPOSAL_STATES, type ProposalRow, type ProposalState } from '../proposal.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const ProposalStateEnum = enumOf<ProposalState>(PROPOSAL_STATES);
registerEnumType(ProposalStateEnum, {
  name: 'ProposalState',
  description: 'WITHDRAWN: nothing speaks for it any more, or the field is gone, before anybody decided.',
});

export const SensitiveCategoryEnum = enumOf<Category>(CATEGORIES);
registerEnumType(SensitiveCategoryEnum, {
  name: 'SensitiveCategory',
  description: 'What a column may hold that must be protected (敏感类别).',
  valuesMap: Object.fromEntries(
    CATEGORIES.map((category) => {
      const { en, zh } = categoryWords(category);
      return [category.toUpperCase(), { description: `${en} ${zh}` }];
    }),
  ),
});

@ObjectType('SensitiveProposal', {
  implements: () => Node,
  description:
    'A field that probably holds something that must be protected, with what speaks for it. A person decides. No value of the data is in it.',
})
export class SensitiveProposalType extends Node {
  readonly fieldId: string;
  @Field({ description: 'Of the field: the qualified name of its dataset, and its own after #.' }) fieldName: string;
  @Field(() => SensitiveCategoryEnum) category: Category;
  @Field() categoryEn: string;
  @Field() categoryZh: string;
  @Field(() => SecurityLevelEnum, { description: 'That the field gets when it is accepted, unless it has a higher.' })
  level: SecurityLevel;
  @Field({ description: 'The level template that gave the level.' }) template: string;
  @Field({ description: 'Why the template gives this level.' }) levelReasonEn: string;
  @Field() levelReasonZh: string;
  @Field(() => Float, { description: '0 to 1.' }) score: number;
  @Field({ description: 'Most of the values are masked already.' }) masked: boolean;
  @Field(() => [String], { description: 'What the score rests on, the weightiest first.' }) explanationEn: string[];
  @Field(() => [String]) explanationZh: string[];
  @Field(() => Int) detectorVersion: number;
  @Field(() => ProposalStateEnum) state: ProposalState;
  @Field() proposedAt: Date;
  @Field(() => Date, { nullable: true }) decidedAt: Date | null;
  @Field(() => String, { nullable: true }) decidedBy: string | null;
}

export const SensitiveProposalConnection = connectionOf(SensitiveProposalType, 'SensitiveProposal');

export const toSensitiveProposalType = (row: ProposalRow): SensitiveProposalType => {
  const { en, zh } = categoryWords(row.category);
  const because = reasonOfLevel(row);
  const explanation = row.reasons.map(sayReason);
  return {
    id: globalId('SensitiveProposal', row.id),
    fieldId: row.fieldId,
    fieldName: `${row.qualifiedName}#${row.fieldName}`,
    category: row.category,
    categoryEn: en,
    categoryZh: zh,
    level: row.level,
    template: row.template,
    levelReasonEn: because.en,
    levelReasonZh: because.zh,
    score: row.score,
    masked: row.masked,
    explanationEn: explanation.map((reason) => reason.en),
    explanationZh: explanation.map((reason) => reason.zh),
    detectorVersion: row.detectorVersion,
    state: row.state,
    proposedAt: row.proposedAt,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedBy,
  };
};

function reasonOfLevel({ template: code, category, masked }: ProposalRow): Words {
  const template = LEVEL_TEMPLATES.find((each) => each.code === code);
  return template ? levelOf(template, category, masked).reason : { en: '', zh: '' };
}

@ArgsType()
export class SensitiveProposalArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) datasetId?: string | null;
  @Field(() => SensitiveCategoryEnum, { nullable: true }) category?: Category | null;
  @Field(() => SecurityLevelEnum, { nullable: true, description: 'The proposed level.' }) level?: SecurityLevel | null;
  @Field(() => ProposalStateEnum, { nullable: true, description: 'OPEN when not given.' }) state?: ProposalState | null;
  @Field(() => Float, { nullable: true, description: '0 to 1.' }) minScore?: number | null;
}

@ArgsType()
export class DetectSensitiveDataArgs {
  @Field(() => ID, { nullable: true, description: 'All datasets of this source …' }) sourceId?: string | null;
  @Field(() => ID, { nullable: true, description: '… or this dataset.' }) datasetId?: string | null;
}

@ObjectType('SensitiveCounts', { description: 'How many proposals of a source are in which state.' })
export class SensitiveCountsType {
  @Field(() => Int) open: number;
  @Field(() => Int, { description: 'Fields with open proposals.' }) openFields: number;
  @Field(() => Int) accepted: number;
  @Field(() => Int) rejected: number;
}

@ObjectType()
export class DecideSensitiveProposalsPayload extends Payload {
  @Field(() => [SensitiveProposalType], { nullable: true, description: 'In the order of the list.' })
  proposals?: SensitiveProposalType[];
}

@ObjectType()
export class DetectSensitiveDataPayload extends Payload {
  @Field(() => JobType, { nullable: true }) job?: JobType;
}
