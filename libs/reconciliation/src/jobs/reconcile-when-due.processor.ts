import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { reconcileWhenDue } from '../reconcile.job.js';
import { ReconciliationRuns } from '../reconciliation-runs.js';

@Injectable()
export class ReconcileWhenDueProcessor implements JobProcessor<typeof reconcileWhenDue.payload> {
  readonly contract = reconcileWhenDue;

  constructor(
    private readonly runs: ReconciliationRuns,
    private readonly clock: Clock,
  ) {}

  async run(
    { reconciliationId, dueAt }: Static<typeof reconcileWhenDue.payload>,
    { actor }: JobContext,
  ): Promise<JobOutcome> {
    const due = dueAt === undefined ? this.clock.now() : new Date(dueAt);
    const runId = await this.runs.whenDue(actor, reconciliationId, due);
    return { state: 'succeeded', result: { runId: runId ?? null } };
  }
}
