import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Dimension } from '#core/rule-engine';
import { globalId } from '#platform/graphql';

import { type QualityScore, type Score } from '../scores.js';
import { DimensionEnum } from './quality.enums.js';

@ObjectType({ isAbstract: true })
abstract class ScoreType implements Score {
  @Field(() => Float, {
    nullable: true,
    description: 'From 0 to 1: the share of rows that obey, weighted by severity. null when nothing was measured.',
  })
  score: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'From 0 to 1: rules whose latest run measured something, of all. A score without it says little.',
  })
  coverage: number | null;
  @Field(() => Int, { description: 'Rules that should be measured.' }) planned: number;
  @Field(() => Int, { description: 'Rules whose latest run measured something.' }) evaluated: number;
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
