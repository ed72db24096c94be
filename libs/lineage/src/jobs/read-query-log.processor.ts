import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { readQueryLog } from '../lineage.jobs.js';
import { QueryLogs } from '../query-logs.js';
import { outcomeOf } from './outcome.js';
import { ReadingThreads } from './reading-threads.js';

/** Reads what a source ran since the last time. */
@Injectable()
export class ReadQueryLogProcessor implements JobProcessor<typeof readQueryLog.payload> {
  readonly contract = readQueryLog;

  constructor(
    private readonly logs: QueryLogs,
    private readonly threads: ReadingThreads,
  ) {}

  async run({ sourceId }: Static<typeof readQueryLog.payload>, context: JobContext): Promise<JobOutcome> {
    const report = await this.logs.read(sourceId, { ...context, threads: this.threads });
    const outcome = outcomeOf(report);
    return report.problems.length === 0 ? outcome : { ...outcome, state: 'partial' };
  }
}
