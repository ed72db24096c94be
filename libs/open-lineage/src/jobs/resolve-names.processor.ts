import { Injectable } from '@nestjs/common';
import { type JobOutcome, type JobProcessor } from '#platform/queue';

import { Ingestion } from '../ingestion.js';
import { resolveNames } from '../open-lineage.jobs.js';

/** Datasets that events named before they were harvested become those of the catalog. */
@Injectable()
export class ResolveNamesProcessor implements JobProcessor<typeof resolveNames.payload> {
  readonly contract = resolveNames;

  constructor(private readonly ingestion: Ingestion) {}

  async run(): Promise<JobOutcome> {
    return { state: 'succeeded', result: { found: await this.ingestion.resolveAgain() } };
  }
}
