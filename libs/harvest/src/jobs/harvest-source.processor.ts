import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { harvestSource } from '../harvest-source.job.js';
import { Reader } from '../reader.js';

type Payload = Static<typeof harvestSource.payload>;

@Injectable()
export class HarvestSourceProcessor implements JobProcessor<typeof harvestSource.payload> {
  readonly contract = harvestSource;

  constructor(private readonly reader: Reader) {}

  async run({ sourceId, confirmRemovals = false }: Payload, context: JobContext): Promise<JobOutcome> {
    const { jobId: runId, actor, signal } = context;
    const progress = (share: number, message: string) => context.progress(share, message);
    const run = await this.reader.carryOut({ runId, sourceId, confirmRemovals, actor, signal, progress });
    const { added, changed, unchanged, vanished, reasons } = run;
    return {
      state: run.state === 'partial' ? 'partial' : 'succeeded',
      result: { added, changed, unchanged, vanished, reasons },
    };
  }
}
