import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { Sources } from '#sources';
import { type Static } from 'typebox';

import { detectSensitiveData } from '../detect-sensitive-data.job.js';
import { Detection } from '../detection.js';
import { SAMPLING_OFF } from '../samples.js';

@Injectable()
export class DetectSensitiveDataProcessor implements JobProcessor<typeof detectSensitiveData.payload> {
  readonly contract = detectSensitiveData;

  constructor(
    private readonly detection: Detection,
    private readonly sources: Sources,
  ) {}

  async run(payload: Static<typeof detectSensitiveData.payload>, context: JobContext): Promise<JobOutcome> {
    if (payload.runId !== undefined && (await this.sources.get(payload.sourceId)).pausedAt)
      return { state: 'succeeded', result: { skipped: 'The source is paused.' } };
    const summary = await this.detection.run(payload, context);
    const isWhole = Object.keys(summary.problems).every((problem) => problem === SAMPLING_OFF);
    return { state: isWhole ? 'succeeded' : 'partial', result: { ...summary } };
  }
}
