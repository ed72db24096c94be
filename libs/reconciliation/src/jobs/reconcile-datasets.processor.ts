import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';

import { CarryOutReconciliation } from '../carry-out-reconciliation.js';
import { reconcileDatasets } from '../reconcile.job.js';

@Injectable()
export class ReconcileDatasetsProcessor implements JobProcessor<typeof reconcileDatasets.payload> {
  readonly contract = reconcileDatasets;

  constructor(private readonly work: CarryOutReconciliation) {}

  async run({ runId }: { runId: string }, context: JobContext): Promise<JobOutcome> {
    const { verdict } = await this.work.run(runId, context);
    return { state: verdict === 'error' ? 'partial' : 'succeeded', result: { runId, verdict } };
  }
}
