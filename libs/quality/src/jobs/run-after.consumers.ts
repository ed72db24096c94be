import { Injectable } from '@nestjs/common';
import { harvestCompleted } from '#harvest';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';

import { pipelineCompleted } from '../quality.events.js';
import { Triggers } from '../triggers.js';

/** Rule sets that follow a source run when it was harvested. */
@Injectable()
export class RunAfterHarvest implements EventConsumer<typeof harvestCompleted.payload> {
  readonly name = 'quality.run-after-harvest';
  readonly event = harvestCompleted;

  constructor(private readonly triggers: Triggers) {}

  async hear(tx: Tx, { sourceId, runId }: PayloadOf<typeof harvestCompleted>): Promise<void> {
    await this.triggers.harvested(tx, sourceId, runId);
  }
}

/** Rule sets that follow a job of a pipeline run when it was completed. */
@Injectable()
export class RunAfterPipeline implements EventConsumer<typeof pipelineCompleted.payload> {
  readonly name = 'quality.run-after-pipeline';
  readonly event = pipelineCompleted;

  constructor(private readonly triggers: Triggers) {}

  async hear(tx: Tx, { jobKey, runId }: PayloadOf<typeof pipelineCompleted>): Promise<void> {
    await this.triggers.completed(tx, jobKey, runId);
  }
}
