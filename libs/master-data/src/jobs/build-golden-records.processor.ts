import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { buildGoldenRecords } from '../build-golden-records.job.js';
import { GoldenBuild } from '../golden-build.js';

@Injectable()
export class BuildGoldenRecordsProcessor implements JobProcessor<typeof buildGoldenRecords.payload> {
  readonly contract = buildGoldenRecords;

  constructor(private readonly build: GoldenBuild) {}

  async run({ entityId }: Static<typeof buildGoldenRecords.payload>, context: JobContext): Promise<JobOutcome> {
    const summary = await this.build.run(context.actor, entityId, context);
    return { state: summary.problems.length > 0 ? 'partial' : 'succeeded', result: { ...summary } };
  }
}
