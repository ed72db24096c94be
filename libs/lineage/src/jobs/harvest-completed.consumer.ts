import { Injectable } from '@nestjs/common';
import { harvestCompleted } from '#harvest';
import { systemActor } from '#kernel';
import { row, type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { JobStore } from '#platform/queue';

import { extractViews } from '../lineage.jobs.js';

/** After a harvest, the views may be others, and names may be known that were not. */
@Injectable()
export class HarvestCompletedConsumer implements EventConsumer<typeof harvestCompleted.payload> {
  readonly name = 'lineage.harvest-completed';
  readonly event = harvestCompleted;

  constructor(private readonly jobs: JobStore) {}

  async hear(tx: Tx, { runId, sourceId }: PayloadOf<typeof harvestCompleted>): Promise<void> {
    const source = await row<{ name: string }>(
      tx,
      `SELECT name FROM sources.source WHERE id = $1 AND removed_at IS NULL`,
      [sourceId],
    );
    if (!source) return;
    await this.jobs.request(
      tx,
      extractViews,
      { sourceId, causeId: runId },
      {
        actor: systemActor('lineage'),
        subject: { kind: 'source', id: sourceId },
        of: source.name,
      },
    );
  }
}
