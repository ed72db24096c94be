import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { importSql } from '../lineage.jobs.js';
import { LineageReader } from '../lineage-reader.js';
import { outcomeOf } from './outcome.js';
import { ReadingThreads } from './reading-threads.js';

/** Reads the imported scripts of a source. */
@Injectable()
export class ImportSqlProcessor implements JobProcessor<typeof importSql.payload> {
  readonly contract = importSql;

  constructor(
    private readonly reader: LineageReader,
    private readonly threads: ReadingThreads,
  ) {}

  async run({ sourceId }: Static<typeof importSql.payload>, context: JobContext): Promise<JobOutcome> {
    return outcomeOf(await this.reader.readImported(sourceId, { ...context, threads: this.threads }));
  }
}
