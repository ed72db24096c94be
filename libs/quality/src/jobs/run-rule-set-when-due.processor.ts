import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { runRuleSetWhenDue } from '../run-rules.job.js';
import { Runs } from '../runs.js';

@Injectable()
export class RunRuleSetWhenDueProcessor implements JobProcessor<typeof runRuleSetWhenDue.payload> {
  readonly contract = runRuleSetWhenDue;

  constructor(
    private readonly runs: Runs,
    private readonly clock: Clock,
  ) {}

  async run(
    { ruleSetId, dueAt }: Static<typeof runRuleSetWhenDue.payload>,
    { actor }: JobContext,
  ): Promise<JobOutcome> {
    const due = dueAt === undefined ? this.clock.now() : new Date(dueAt);
    const runId = await this.runs.whenDue(actor, ruleSetId, due);
    return { state: 'succeeded', result: { runId: runId ?? null } };
  }
}
