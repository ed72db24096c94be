import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { importSql } from '../lineage.jobs.js';
import { LineageReader } from '../lineage-reader.js';
import { ScriptStore } from '../script.store.js';
import { LineageScripts } from '../scripts.js';
import { workOf } from './extract-views.processor.js';
import { outcomeOf } from './outcome.js';
import { ReadingThreads } from './reading-threads.js';

/** Reads the imported scripts of a source. */
@Injectable()
export class ImportSqlProcessor implements JobProcessor<typeof importSql.payload> {
  readonly contract = importSql;

  constructor(
    private readonly reader: LineageReader,
    private readonly store: ScriptStore,
    private readonly scripts: LineageScripts,
    private readonly threads: ReadingThreads,
  ) {}

  async run({ sourceId }: Static<typeof importSql.payload>, context: JobContext): Promise<JobOutcome> {
    const ids = await this.store.imported(sourceId);
    const totals = await this.reader.read(ids, workOf(context, this.threads));
    return outcomeOf(totals, await this.scripts.totals(ids));
  }
}
