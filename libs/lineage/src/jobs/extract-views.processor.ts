import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { extractViews } from '../lineage.jobs.js';
import { LineageReader } from '../lineage-reader.js';
import { outcomeOf } from './outcome.js';
import { ReadingThreads } from './reading-threads.js';

/** Reads what a source declares now, and the scripts elsewhere that name something of it. */
@Injectable()
export class ExtractViewsProcessor implements JobProcessor<typeof extractViews.payload> {
  readonly contract = extractViews;

  constructor(
    private readonly reader: LineageReader,
    private readonly threads: ReadingThreads,
  ) {}

  async run({ sourceId }: Static<typeof extractViews.payload>, context: JobContext): Promise<JobOutcome> {
    return outcomeOf(await this.reader.readDeclared(sourceId, { ...context, threads: this.threads }));
  }
}
