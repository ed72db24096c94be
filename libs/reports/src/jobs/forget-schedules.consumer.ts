import { Injectable } from '@nestjs/common';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { sourceRemoved } from '#sources';

import { Reports } from '../reports.js';

/** A source that was removed is reported no more by itself. By hand its history can be. */
@Injectable()
export class ForgetSchedulesConsumer implements EventConsumer<typeof sourceRemoved.payload> {
  readonly name = 'reports.forget-schedules';
  readonly event = sourceRemoved;

  constructor(private readonly reports: Reports) {}

  async hear(tx: Tx, { sourceId }: PayloadOf<typeof sourceRemoved>): Promise<void> {
    await this.reports.forgetSchedules(tx, sourceId);
  }
}
