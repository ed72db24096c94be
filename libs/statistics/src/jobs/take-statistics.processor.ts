import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { Sources } from '#sources';
import { type Static } from 'typebox';

import { StatisticsRun } from '../statistics-run.js';
import { takeStatistics } from '../take-statistics.job.js';

@Injectable()
export class TakeStatisticsProcessor implements JobProcessor<typeof takeStatistics.payload> {
  readonly contract = takeStatistics;

  constructor(
    private readonly statistics: StatisticsRun,
    private readonly sources: Sources,
  ) {}

  async run({ dueAt, ...wish }: Static<typeof takeStatistics.payload>, context: JobContext): Promise<JobOutcome> {
    if (dueAt !== undefined && (await this.sources.get(wish.sourceId)).pausedAt)
      return { state: 'succeeded', result: { skipped: 'The source is paused.' } };
    const summary = await this.statistics.carryOut(wish, context);
    const isWhole = summary.skipped === 0 && Object.keys(summary.problems).length === 0;
    return { state: isWhole ? 'succeeded' : 'partial', result: { ...summary } };
  }
}
