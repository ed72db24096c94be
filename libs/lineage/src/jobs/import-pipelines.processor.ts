import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { importPipelines } from '../lineage.jobs.js';
import { LineageReader } from '../lineage-reader.js';
import { outcomeOf } from './outcome.js';
import { ReadingThreads } from './reading-threads.js';

/** Reads the pipelines of an import. */
@Injectable()
export class ImportPipelinesProcessor implements JobProcessor<typeof importPipelines.payload> {
  readonly contract = importPipelines;

  constructor(
    private readonly reader: LineageReader,
    private readonly threads: ReadingThreads,
  ) {}

  async run({ importId, refused }: Static<typeof importPipelines.payload>, context: JobContext): Promise<JobOutcome> {
    const { state, result } = outcomeOf(
      await this.reader.readPipelines(importId, { ...context, threads: this.threads }),
    );
    return { state: refused.length > 0 ? 'partial' : state, result: { ...result, refused } };
  }
}
