import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Dimension } from '#core/rule-engine';
import { type Connection, PageArgs, pageOf, SignedIn, toConnection } from '#platform/graphql';

import { type ScoreGroup, type TrendStep } from '../score.js';
import { scoreCursor, Scores } from '../scores.js';
import { DimensionEnum, ScoreGroupEnum, TrendStepEnum } from './quality.enums.js';
import {
  GroupScoreConnection,
  GroupScoreType,
  QualityScoreType,
  ScoreScopeArgs,
  toGroupScoreType,
  toQualityScoreType,
  toScoreScope,
  TrendPointType,
} from './score.types.js';

const AT = { type: () => Date, nullable: true, description: 'As it was then; now when left out.' };

@Resolver(() => QualityScoreType)
export class ScoreResolver {
  constructor(private readonly scores: Scores) {}

  @SignedIn()
  @Query(() => QualityScoreType, {
    description: 'How good data is. What is given narrows it; without anything, all of the catalog.',
  })
  async qualityScore(@Args() scope: ScoreScopeArgs, @Args('at', AT) at?: Date | null): Promise<QualityScoreType> {
    return toQualityScoreType(await this.scores.of(toScoreScope(scope), at ?? undefined));
  }

  @SignedIn()
  @Query(() => GroupScoreConnection, {
    description: 'The scores of each rule, field, owner …, the worst first; those without a score come last.',
  })
  async qualityScores(
    @Args('by', { type: () => ScoreGroupEnum }) by: ScoreGroup,
    @Args() scope: ScoreScopeArgs,
    @Args() page: PageArgs,
    @Args('at', AT) at?: Date | null,
  ): Promise<Connection<GroupScoreType>> {
    const found = await this.scores.by(by, toScoreScope(scope), pageOf(page), at ?? undefined);
    return toConnection(found, toGroupScoreType(by), scoreCursor, page.after);
  }

  @SignedIn()
  @Query(() => [TrendPointType], {
    description: 'The score over time, oldest first. Days are those of the catalog’s time zone (setting timeZone).',
  })
  async qualityTrend(
    @Args() scope: ScoreScopeArgs,
    @Args('from', { description: 'First day, for instance 2026-01-01.' }) from: string,
    @Args('to', { description: 'Last day; it belongs to the trend.' }) to: string,
    @Args('step', { type: () => TrendStepEnum, nullable: true, description: 'Days when left out.' })
    step?: TrendStep | null,
    @Args('dimension', { type: () => DimensionEnum, nullable: true }) dimension?: Dimension | null,
    @Args('baseline', {
      type: () => String,
      nullable: true,
      description: 'The day whose end points are compared with; the first point when left out.',
    })
    baseline?: string | null,
  ): Promise<TrendPointType[]> {
    return this.scores.trend(toScoreScope(scope), {
      ...{ from, to, step: step ?? 'day' },
      ...(dimension != null && { dimension }),
      ...(baseline != null && { baseline }),
    });
  }
}
