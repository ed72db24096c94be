import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { Sources } from '#sources';
import { type Static } from 'typebox';

import { harvestSource } from '../harvest-source.job.js';
import { Reader } from '../reader.js';

type Payload = Static<typeof harvestSource.payload>;

@Injectable()
export class HarvestSourceProcessor implements JobProcessor<typeof harvestSource.payload> {
  readonly contract = harvestSource;

  constructor(
    private readonly reader: Reader,
    private readonly sources: Sources,
  ) {}

  async passesBy({ sourceId }: Payload): Promise<boolean> {
    return (await this.sources.get(sourceId)).pausedAt !== null;
  }

  async run({ sourceId, dueAt, ...wish }: Payload, context: JobContext): Promise<JobOutcome> {
    // It may have been paused while the job waited.
    if (dueAt !== undefined && (await this.passesBy({ sourceId })))
      return { state: 'succeeded', result: { skipped: 'The source is paused.' } };
    const { jobId: runId, actor, signal } = context;
    const progress = (share: number, message: string) => context.progress(share, message);
    const run = await this.reader.carryOut({ ...wish, runId, sourceId, actor, signal, progress });
    const { added, changed, unchanged, vanished, reasons } = run;
    return {
      state: run.state === 'partial' ? 'partial' : 'succeeded',
      result: { added, changed, unchanged, vanished, reasons },
    };
  }
}
