import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { runRuleSetAfter } from '../run-rules.job.js';
import { Runs } from '../runs.js';

@Injectable()
export class RunRuleSetAfterProcessor implements JobProcessor<typeof runRuleSetAfter.payload> {
  readonly contract = runRuleSetAfter;

  constructor(private readonly runs: Runs) {}

  async run(
    { ruleSetId, triggerId, run }: Static<typeof runRuleSetAfter.payload>,
    { actor }: JobContext,
  ): Promise<JobOutcome> {
    const runId = await this.runs.after(actor, ruleSetId, { triggerId, run });
    return { state: 'succeeded', result: { runId: runId ?? null } };
  }
}
