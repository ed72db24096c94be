import { Injectable } from '@nestjs/common';
import { byteaArray, preparedRows, rows, type Tx } from '#platform/database';
import { digestOf } from '#lineage';

import { type AcceptedEvent } from './accepted-event.js';
import { keyOfName } from './flows.js';

/** The events themselves. */
@Injectable()
export class EventStore {
  /** Keeps those that are new; gives how many were. */
  async keep(tx: Tx, events: readonly AcceptedEvent[], at: Date): Promise<number> {
    const kept = await preparedRows<{ digest: string }>(
      tx,
      `
      INSERT INTO open_lineage.event (digest, kind, type, event_time, received_at, run_key, job_key, remarks, body)
      SELECT digest, kind, type, event_time, $9, run_key, job_key, remarks, convert_from(body, 'UTF8')::json
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::jsonb[], $8::bytea[])
          AS new (digest, kind, type, event_time, run_key, job_key, remarks, body)
      ON CONFLICT (digest) DO NOTHING
      RETURNING digest
      `,
      [
        events.map(({ digest }) => digest),
        events.map(({ facts }) => facts.kind),
        events.map(({ facts }) => facts.type),
        events.map(({ facts }) => facts.time),
        events.map(({ facts }) => (facts.run ? runKey(facts.run.id) : null)),
        events.map(({ facts }) => (facts.job ? keyOfName(facts.job) : null)),
        events.map(({ remarks }) => (remarks.length === 0 ? null : JSON.stringify(remarks.slice(0, 50)))),
        byteaArray(events.map(({ body }) => Buffer.from(body))),
        at,
      ],
    );
    return kept.length;
  }

  /** Stored events in the order of their coming, to be read again. */
  async after(tx: Tx, id: string | null, limit: number): Promise<{ id: string; body: unknown; receivedAt: Date }[]> {
    return rows(
      tx,
      `
      SELECT id, body, received_at AS "receivedAt"
        FROM open_lineage.event
       WHERE $1::uuid IS NULL OR id > $1
       ORDER BY id
       LIMIT $2
      `,
      [id, limit],
    );
  }
}

/** UUIDs are the same in capital and in small letters. */
export const runKey = (runId: string): string => digestOf(['run', runId.toLowerCase()]);
