import { Injectable } from '@nestjs/common';
import { harvestCompleted } from '#harvest';
import { systemActor } from '#kernel';
import { row, type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { JobStore } from '#platform/queue';

import { checkStandards } from '../check-standards.job.js';

/** After a harvest the columns may be other ones: the source's mapped fields are judged again. */
@Injectable()
export class CheckAfterHarvest implements EventConsumer<typeof harvestCompleted.payload> {
  readonly name = 'standards.check-after-harvest';
  readonly event = harvestCompleted;

  constructor(private readonly jobs: JobStore) {}

  async hear(tx: Tx, { sourceId }: PayloadOf<typeof harvestCompleted>): Promise<void> {
    const source = await row<{ name: string }>(
      tx,
      `
      SELECT name FROM sources.source
       WHERE id = $1 AND removed_at IS NULL
         AND EXISTS (SELECT 1
                       FROM standards.mapping
                       JOIN dictionary.current_field AS field ON field.id = mapping.field_id
                       JOIN dictionary.current_dataset AS dataset ON dataset.id = field.dataset_id
                      WHERE mapping.state = 'confirmed' AND dataset.source_id = $1)
      `,
      [sourceId],
    );
    if (!source) return;
    await this.jobs.request(
      tx,
      checkStandards,
      { sourceId },
      { actor: systemActor('standards'), subject: { kind: 'source', id: sourceId }, of: source.name },
    );
  }
}
