import { ArgsType, Field, Float, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { JobType } from '#graphql/audit';
import { connectionOf, globalId, localId, PageArgs, Payload } from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { SUGGESTION_ORIGINS, type SuggestionOrigin } from '../suggestions/suggest-rules.js';
import {
  type Suggestion,
  type SuggestionFilter,
  SUGGESTION_STATES,
  type SuggestionState,
} from '../suggestions/suggestion.store.js';
import { RuleFieldType } from './rule.types.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const SuggestionOriginEnum = enumOf<SuggestionOrigin>(SUGGESTION_ORIGINS);
registerEnumType(SuggestionOriginEnum, { name: 'RuleSuggestionOrigin', description: 'What speaks for a rule.' });
export const SuggestionStateEnum = enumOf<SuggestionState>(SUGGESTION_STATES);
registerEnumType(SuggestionStateEnum, {
  name: 'RuleSuggestionState',
  description: 'WITHDRAWN: nothing speaks for it any more, or it is a rule already.',
});

@ObjectType('RuleSuggestionEvidence', {
  description: 'A figure or a name that speaks for the rule; no value of the data.',
})
export class EvidenceType {
  @Field({ description: 'For instance rows, nulls, distinct, element, key, from.' }) name: string;
  @Field() value: string;
}

@ObjectType('RuleSuggestion', { description: 'A rule that something speaks for.' })
export class SuggestionType {
  @Field(() => ID) id: string;
  @Field(() => ID, { description: 'Global id of a Dataset.' }) datasetId: string;
  @Field() datasetName: string;
  @Field() sourceName: string;
  @Field({ description: 'One of ruleKinds.' }) kind: string;
  @Field(() => [RuleFieldType]) fields: RuleFieldType[];
  @Field(() => String, { nullable: true }) otherDatasetName: string | null;
  @Field(() => GraphQLJSON, { description: 'Parameters of the kind.' }) params: unknown;
  @Field(() => SuggestionOriginEnum) origin: SuggestionOrigin;
  @Field(() => Float, { description: 'From 0 to 1.' }) confidence: number;
  @Field(() => [EvidenceType]) evidence: EvidenceType[];
  @Field({ description: 'Since when that is known.' }) evidenceAt: Date;
  @Field(() => SuggestionStateEnum) state: SuggestionState;
  @Field(() => Date, { nullable: true }) decidedAt: Date | null;
  @Field(() => String, { nullable: true }) decidedBy: string | null;
  @Field(() => ID, { nullable: true, description: 'Global id of the QualityRule that it became.' }) ruleId:
    string | null;
}

export const SuggestionConnection = connectionOf(SuggestionType, 'RuleSuggestion');

@ArgsType()
export class SuggestionArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) datasetId?: string | null;
  @Field(() => [String], { nullable: true, description: 'Kinds of rules.' }) kinds?: string[] | null;
  @Field(() => [SuggestionStateEnum], { nullable: true }) states?: SuggestionState[] | null;
}

@ObjectType()
export class SuggestRulesPayload extends Payload {
  @Field(() => JobType, { nullable: true }) job?: JobType;
}

@ObjectType()
export class DecideSuggestionsPayload extends Payload {
  @Field(() => [SuggestionType], { nullable: true }) suggestions?: SuggestionType[];
}

export const toSuggestionFilter = ({ sourceId, datasetId, kinds, states }: SuggestionArgs): SuggestionFilter => ({
  ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
  ...(datasetId != null && { datasetId: localId('Dataset', datasetId, 'datasetId') }),
  ...(kinds != null && { kinds }),
  ...(states != null && { states }),
});

export const toSuggestionType = (one: Suggestion): SuggestionType => ({
  ...{ datasetName: one.datasetName, sourceName: one.sourceName, kind: one.kind, params: one.params },
  ...{ otherDatasetName: one.otherDatasetName, origin: one.origin, confidence: one.confidence },
  ...{ evidenceAt: one.evidenceAt, state: one.state, decidedAt: one.decidedAt, decidedBy: one.decidedBy },
  id: globalId('RuleSuggestion', one.id),
  datasetId: globalId('Dataset', one.datasetId),
  fields: one.fieldIds.map((id, at) => ({ id: globalId('Field', id), name: one.fieldNames[at] ?? '' })),
  evidence: one.evidence.map(({ name, value }) => ({ name, value: String(value) })),
  ruleId: one.ruleId === null ? null : globalId('QualityRule', one.ruleId),
});
