import { ArgsType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Dimension } from '#core/rule-engine';
import { connectionOf, globalId, localId } from '#platform/graphql';

import { type GroupScore, type QualityScore, type ScoreGroup, type ScoreScope, type TrendPoint } from '../score.js';
import { DimensionEnum } from './quality.enums.js';

@ObjectType({ isAbstract: true })
abstract class ScoreType {
  @Field(() => Float, {
    nullable: true,
    description:
      'From 0 to 1: the share of rows that obey, weighted by severity. null when nothing was measured. A failed S1 rule holds that of a dataset, field or rule at 0.59.',
  })
  score: number | null;
  @Field(() => Float, { nullable: true, description: 'The score as it is without such a hold.' })
  uncapped: number | null;
  @Field({ description: 'Whether a failed S1 rule holds the score at 0.59.' }) capped: boolean;
  @Field(() => Float, {
    nullable: true,
    description: 'From 0 to 1: rules whose latest run measured something, of all. A score without it says little.',
  })
  coverage: number | null;
  @Field(() => Int, { description: 'Rules that should be measured.' }) planned: number;
  @Field(() => Int, { description: 'Rules whose latest run measured something.' }) evaluated: number;
  @Field(() => Int, { description: 'Rules of severity S1 whose latest verdict is that they fail.' }) failedS1: number;
}

@ObjectType('DimensionScore')
export class DimensionScoreType extends ScoreType {
  @Field(() => DimensionEnum) dimension: Dimension;
}

@ObjectType('DatasetScore')
export class DatasetScoreType extends ScoreType {
  @Field(() => ID, { description: 'Global id of a Dataset.' }) datasetId: string;
  @Field() datasetName: string;
}

@ObjectType('QualityScore', { description: 'How good data is, as far as its rules say.' })
export class QualityScoreType extends ScoreType {
  @Field({ description: 'The time it is of.' }) at: Date;
  @Field(() => [DimensionScoreType]) dimensions: DimensionScoreType[];
  @Field(() => [DatasetScoreType]) datasets: DatasetScoreType[];
}

export const toQualityScoreType = (score: QualityScore): QualityScoreType => ({
  ...score,
  dimensions: [...score.dimensions],
  datasets: score.datasets.map((dataset) => ({ ...dataset, datasetId: globalId('Dataset', dataset.datasetId) })),
});

@ObjectType('GroupScore', { description: 'The score of one rule, field, owner …' })
export class GroupScoreType extends ScoreType {
  @Field({ description: 'The global id of a rule, field, dataset or source; else the name.' }) key: string;
  @Field() nameEn: string;
  @Field() nameZh: string;
}

export const GroupScoreConnection = connectionOf(GroupScoreType, 'GroupScore');

const KINDS: Readonly<Partial<Record<ScoreGroup, string>>> = {
  rule: 'QualityRule',
  field: 'Field',
  dataset: 'Dataset',
  source: 'Source',
};

export const toGroupScoreType =
  (by: ScoreGroup) =>
  ({ key, ...score }: GroupScore): GroupScoreType => {
    const kind = KINDS[by];
    return { ...score, key: kind === undefined ? key : globalId(kind, key) };
  };

@ObjectType('ScorePoint', { description: 'The score at the end of a day, week or month, or now when it is going on.' })
export class TrendPointType extends ScoreType implements TrendPoint {
  @Field({ description: 'The first day of the step, for instance 2026-06-01.' }) from: string;
  @Field({ description: 'The time it is of.' }) at: Date;
  @Field(() => Float, { nullable: true, description: 'How much it is above the point before.' }) change: number | null;
  @Field(() => Float, { nullable: true, description: 'How much it is above the baseline.' })
  sinceBaseline: number | null;
}

@ArgsType()
export class ScoreScopeArgs {
  @Field(() => ID, { nullable: true }) sourceId?: string | null;
  @Field(() => ID, { nullable: true }) datasetId?: string | null;
  @Field(() => ID, { nullable: true }) fieldId?: string | null;
  @Field(() => ID, { nullable: true }) ruleId?: string | null;
  @Field(() => String, { nullable: true, description: 'Rules of this owner.' }) owner?: string | null;
  @Field(() => String, { nullable: true, description: 'Datasets of the sources of this domain.' }) domain?:
    string | null;
}

export const toScoreScope = ({ sourceId, datasetId, fieldId, ruleId, owner, domain }: ScoreScopeArgs): ScoreScope => ({
  ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
  ...(datasetId != null && { datasetIds: [localId('Dataset', datasetId, 'datasetId')] }),
  ...(fieldId != null && { fieldId: localId('Field', fieldId, 'fieldId') }),
  ...(ruleId != null && { ruleIds: [localId('QualityRule', ruleId, 'ruleId')] }),
  ...(owner != null && { owner }),
  ...(domain != null && { domain }),
});
