import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { InvalidInput } from '#kernel';
import { localId, SignedIn } from '#platform/graphql';

import { Scores } from '../scores.js';
import { QualityScoreType, toQualityScoreType } from './score.types.js';

@Resolver()
export class ScoreResolver {
  constructor(private readonly scores: Scores) {}

  @SignedIn()
  @Query(() => QualityScoreType, {
    description: 'How good the data of a source or of a dataset is. Give one of the two.',
  })
  async qualityScore(
    @Args('sourceId', { type: () => ID, nullable: true }) sourceId?: string | null,
    @Args('datasetId', { type: () => ID, nullable: true }) datasetId?: string | null,
    @Args('at', { type: () => Date, nullable: true, description: 'As it was then; now when left out.' })
    at?: Date | null,
  ): Promise<QualityScoreType> {
    if ((sourceId == null) === (datasetId == null))
      throw new InvalidInput('Give either sourceId or datasetId.', [], ['sourceId']);
    const score =
      sourceId == null
        ? await this.scores.ofDataset(localId('Dataset', datasetId ?? '', 'datasetId'), at ?? undefined)
        : await this.scores.ofSource(localId('Source', sourceId, 'sourceId'), at ?? undefined);
    return toQualityScoreType(score);
  }
}
