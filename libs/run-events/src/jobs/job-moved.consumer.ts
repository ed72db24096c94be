import { Injectable } from '@nestjs/common';
import { systemActor } from '#kernel';
import { rows, type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { JobStore } from '#platform/queue';

import { jobMoved } from '../job-moved.event.js';
import { type RunEventType, sendRunEvent } from '../send-run-event.job.js';

/** Asks for the job that tells a receiver, for each that wants to know. */
@Injectable()
export class JobMovedConsumer implements EventConsumer<typeof jobMoved.payload> {
  readonly name = 'run-events.job-moved';
  readonly event = jobMoved;

  constructor(private readonly jobs: JobStore) {}

  async hear(tx: Tx, { jobId, kind, state }: PayloadOf<typeof jobMoved>): Promise<void> {
    const receivers = await rows<{ id: string; name: string }>(
      tx,
      `SELECT id, name FROM open_lineage.receiver WHERE removed_at IS NULL AND $1 = ANY(jobs) ORDER BY id`,
      [kind],
    );
    for (const { id, name } of receivers)
      await this.jobs.request(
        tx,
        sendRunEvent,
        { receiverId: id, jobId, type: TYPES[state] },
        { actor: systemActor('run-events'), subject: { kind: 'receiver', id }, of: name },
      );
  }
}

const TYPES: Readonly<Record<PayloadOf<typeof jobMoved>['state'], RunEventType>> = {
  running: 'START',
  succeeded: 'COMPLETE',
  partial: 'COMPLETE',
  failed: 'FAIL',
  cancelled: 'ABORT',
};
