import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';

import { RunPlannedRules } from '../run-planned-rules.js';
import { runRules } from '../run-rules.job.js';

@Injectable()
export class RunRulesProcessor implements JobProcessor<typeof runRules.payload> {
  readonly contract = runRules;

  constructor(private readonly work: RunPlannedRules) {}

  async run({ runId }: { runId: string }, context: JobContext): Promise<JobOutcome> {
    const { state, planned, counts } = await this.work.run(runId, context);
    return { state, result: { runId, planned, counts } };
  }
}
