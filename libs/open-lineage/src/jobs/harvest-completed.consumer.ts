import { Injectable } from '@nestjs/common';
import { harvestCompleted } from '#harvest';
import { systemActor } from '#kernel';
import { row, type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { JobStore } from '#platform/queue';

import { resolveNames } from '../open-lineage.jobs.js';

/** After a harvest the catalog may have datasets and columns that events have named. Without such names there is nothing to do. */
@Injectable()
export class HarvestCompletedConsumer implements EventConsumer<typeof harvestCompleted.payload> {
  readonly name = 'open-lineage.harvest-completed';
  readonly event = harvestCompleted;

  constructor(private readonly jobs: JobStore) {}

  async hear(tx: Tx, { runId, sourceId }: PayloadOf<typeof harvestCompleted>): Promise<void> {
    const source = await row<{ name: string }>(
      tx,
      `
      SELECT source.name
        FROM sources.source
       WHERE source.id = $1 AND source.removed_at IS NULL
         AND (EXISTS (SELECT FROM open_lineage.dataset_name
                       WHERE dataset_name.namespace = source.namespace AND dataset_name.dataset_id IS NULL)
              -- A dataset that the catalog has, a column that it had not.
              OR EXISTS (SELECT
                           FROM lineage.node
                           JOIN dictionary.dataset ON dataset.id = node.dataset_id AND dataset.source_id = source.id
                           JOIN dictionary.field ON field.dataset_id = dataset.id AND field.name = node.column_name
                          WHERE node.field_id IS NULL AND num_nonnulls(node.namespace, node.column_name) > 0))
      `,
      [sourceId],
    );
    if (!source) return;
    await this.jobs.request(
      tx,
      resolveNames,
      { sourceId, causeId: runId },
      { actor: systemActor('open-lineage'), subject: { kind: 'source', id: sourceId }, of: source.name },
    );
  }
}
