import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { checkStandards } from '../check-standards.job.js';
import { StandardsCheck } from '../standards-check.js';

@Injectable()
export class CheckStandardsProcessor implements JobProcessor<typeof checkStandards.payload> {
  readonly contract = checkStandards;

  constructor(private readonly check: StandardsCheck) {}

  async run(payload: Static<typeof checkStandards.payload>, context: JobContext): Promise<JobOutcome> {
    const summary = await this.check.run(context.actor, payload, context);
    return { state: summary.error > 0 ? 'partial' : 'succeeded', result: { ...summary } };
  }
}
