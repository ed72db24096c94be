import { Injectable } from '@nestjs/common';
import { harvestCompleted } from '#harvest';
import { systemActor } from '#kernel';
import { row, type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { JobStore } from '#platform/queue';

import { Detection } from '../detection.js';
import { detectSensitiveData } from '../detect-sensitive-data.job.js';

/** After a harvest: what is new or has changed is looked at. */
@Injectable()
export class DetectAfterHarvest implements EventConsumer<typeof harvestCompleted.payload> {
  readonly name = 'sensitivity.detect-after-harvest';
  readonly event = harvestCompleted;

  constructor(
    private readonly jobs: JobStore,
    private readonly detection: Detection,
  ) {}

  async hear(tx: Tx, { sourceId, runId }: PayloadOf<typeof harvestCompleted>): Promise<void> {
    const source = await row<{ name: string }>(
      tx,
      `SELECT name FROM sources.source WHERE id = $1 AND removed_at IS NULL`,
      [sourceId],
    );
    if (!source || !(await this.detection.isDue(tx, sourceId))) return;
    await this.jobs.request(
      tx,
      detectSensitiveData,
      { sourceId, runId },
      { actor: systemActor('sensitivity'), subject: { kind: 'source', id: sourceId }, of: source.name },
    );
  }
}
