import { Injectable } from '@nestjs/common';
import { harvestCompleted } from '#harvest';
import { systemActor } from '#kernel';
import { row, type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { JobStore } from '#platform/queue';

import { extractViews, readQueryLog } from '../lineage.jobs.js';
import { logNamed } from '../query-logs.js';

/** After a harvest, the views may be others, and names may be known that were not. */
@Injectable()
export class HarvestCompletedConsumer implements EventConsumer<typeof harvestCompleted.payload> {
  readonly name = 'lineage.harvest-completed';
  readonly event = harvestCompleted;

  constructor(private readonly jobs: JobStore) {}

  async hear(tx: Tx, { runId, sourceId }: PayloadOf<typeof harvestCompleted>): Promise<void> {
    const source = await row<{ name: string; settings: Record<string, unknown>; paused: boolean }>(
      tx,
      `SELECT name, settings, paused_at IS NOT NULL AS paused FROM sources.source WHERE id = $1 AND removed_at IS NULL`,
      [sourceId],
    );
    if (!source) return;
    const payload = { sourceId, causeId: runId };
    const request = {
      actor: systemActor('lineage'),
      subject: { kind: 'source', id: sourceId },
      of: source.name,
    };
    await this.jobs.request(tx, extractViews, payload, request);
    if (logNamed(source.settings) !== undefined && !source.paused)
      await this.jobs.request(tx, readQueryLog, payload, request);
  }
}
