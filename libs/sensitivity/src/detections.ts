import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { Datasets } from '#dictionary';
import { type Actor } from '#kernel';
import { Sources } from '#sources';

import { detectSensitiveData } from './detect-sensitive-data.job.js';

/** Asks for detections. */
@Injectable()
export class Detections {
  constructor(
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly datasets: Datasets,
  ) {}

  /** Looks at all of a source again, or at one dataset; gives the job's id. @throws {NotFound} {@link SourcePaused} */
  async request(actor: Actor, wish: { readonly sourceId: string } | { readonly datasetId: string }): Promise<string> {
    const payload =
      'sourceId' in wish
        ? { sourceId: wish.sourceId }
        : { sourceId: (await this.datasets.get(wish.datasetId)).sourceId, datasetId: wish.datasetId };
    const source = await this.sources.get(payload.sourceId);
    this.sources.refusePaused(source);
    return this.changes.make(actor, async (change) => {
      const subject = { kind: 'source', id: source.id, name: source.name };
      const jobId = await change.request(detectSensitiveData, payload, subject);
      await change.record('sensitivity.detection-requested', subject, { ...payload, jobId });
      return jobId;
    });
  }
}
