import { checker } from '#platform/config';
import { type Tx } from '#platform/database';
import { type Static, type TSchema } from 'typebox';

import { type EventContract } from './event.js';

/** PostgreSQL channel on which it is said that the outbox has something new. */
export const OUTBOX_CHANNEL = 'plumbline_outbox';

/** Puts an event into the outbox, in the transaction of the change it tells of. */
export async function publish<S extends TSchema>(
  tx: Tx,
  contract: EventContract<S>,
  payload: Static<S>,
): Promise<void> {
  await publishAll(tx, contract, [payload]);
}

/** Puts many events of one kind into the outbox, in order, with one statement. */
export async function publishAll<S extends TSchema>(
  tx: Tx,
  contract: EventContract<S>,
  payloads: readonly Static<S>[],
): Promise<void> {
  if (payloads.length === 0) return;
  // A wrong payload is our own mistake, so it is no AppError.
  if (!payloads.every((payload) => checker.validate(contract.payload, payload)))
    throw new Error(`The payload of ${contract.type} is wrong: ${checker.errorsText(checker.errors)}`);
  await tx.query(
    `
    WITH told AS (
      INSERT INTO platform.event (type, payload)
      SELECT $1, payload FROM jsonb_array_elements($2) WITH ORDINALITY AS told (payload, at) ORDER BY at
    )
    SELECT pg_notify('${OUTBOX_CHANNEL}', '')
    `,
    [contract.type, JSON.stringify(payloads)],
  );
}
