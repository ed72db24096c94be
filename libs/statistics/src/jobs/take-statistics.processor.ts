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

  async passesBy({ sourceId }: Static<typeof takeStatistics.payload>): Promise<boolean> {
    return (await this.sources.get(sourceId)).pausedAt !== null;
  }

  async run({ dueAt, ...wish }: Static<typeof takeStatistics.payload>, context: JobContext): Promise<JobOutcome> {
    // It may have been paused while the job waited.
    if (dueAt !== undefined && (await this.passesBy(wish)))
      return { state: 'succeeded', result: { skipped: 'The source is paused.' } };
    const summary = await this.statistics.carryOut(wish, context);
    const isWhole = summary.skipped === 0 && Object.keys(summary.problems).length === 0;
    return { state: isWhole ? 'succeeded' : 'partial', result: { ...summary } };
  }
}
