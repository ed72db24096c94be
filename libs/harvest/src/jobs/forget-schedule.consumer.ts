import { Injectable } from '@nestjs/common';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { ScheduleStore } from '#platform/queue';
import { sourceRemoved } from '#sources';

import { harvestSource } from '../harvest-source.job.js';

/** A source that was removed is harvested no more. */
@Injectable()
export class ForgetScheduleConsumer implements EventConsumer<typeof sourceRemoved.payload> {
  readonly name = 'harvest.forget-schedule';
  readonly event = sourceRemoved;

  constructor(private readonly schedules: ScheduleStore) {}

  async hear(tx: Tx, { sourceId }: PayloadOf<typeof sourceRemoved>): Promise<void> {
    await this.schedules.remove(tx, harvestSource, sourceId);
  }
}
