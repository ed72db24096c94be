import { Injectable } from '@nestjs/common';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { ScheduleStore } from '#platform/queue';
import { sourceRemoved } from '#sources';

import { takeStatistics } from '../take-statistics.job.js';

/** No statistics are taken any more of a source that was removed. */
@Injectable()
export class ForgetStatisticsSchedule implements EventConsumer<typeof sourceRemoved.payload> {
  readonly name = 'statistics.forget-schedule';
  readonly event = sourceRemoved;

  constructor(private readonly schedules: ScheduleStore) {}

  async hear(tx: Tx, { sourceId }: PayloadOf<typeof sourceRemoved>): Promise<void> {
    await this.schedules.remove(tx, takeStatistics, sourceId);
  }
}
