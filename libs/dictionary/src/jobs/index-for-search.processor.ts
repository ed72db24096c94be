import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';
import { DataSource } from 'typeorm';

import { indexForSearch } from '../index-for-search.job.js';
import { SearchIndex } from '../search-index.js';
import { Snapshots } from '../snapshots.js';

@Injectable()
export class IndexForSearchProcessor implements JobProcessor<typeof indexForSearch.payload> {
  readonly contract = indexForSearch;

  constructor(
    private readonly db: DataSource,
    private readonly snapshots: Snapshots,
    private readonly index: SearchIndex,
  ) {}

  async run({ runId }: Static<typeof indexForSearch.payload>, context: JobContext): Promise<JobOutcome> {
    const datasets = await this.snapshots.datasetsOfRun(runId, this.db.manager);
    await this.index.bringAll(datasets, {
      signal: context.signal,
      progress: (share, message) => context.progress(share, message),
    });
    return { state: 'succeeded', result: { datasets: datasets.length } };
  }
}
