import { Injectable } from '@nestjs/common';
import { assetsRenamed } from '#dictionary';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';

/** What a person decided of a field holds for the field under its new name, unless something is decided of that. */
@Injectable()
export class CarryMappingsOver implements EventConsumer<typeof assetsRenamed.payload> {
  readonly name = 'standards.carry-mappings-over';
  readonly event = assetsRenamed;

  async hear(tx: Tx, { fields }: PayloadOf<typeof assetsRenamed>): Promise<void> {
    await tx.query(
      `
      INSERT INTO standards.mapping (field_id, element_id, state, score, evidence, reason, created_at, decided_by, decided_at)
      SELECT renamed.to_id, old.element_id, old.state, old.score, old.evidence, old.reason, old.created_at,
             old.decided_by, old.decided_at
        FROM unnest($1::uuid[], $2::uuid[]) AS renamed (from_id, to_id)
        JOIN standards.mapping AS old ON old.field_id = renamed.from_id AND old.state <> 'suggested'
       WHERE old.state = 'rejected'
          OR NOT EXISTS (SELECT 1 FROM standards.mapping WHERE field_id = renamed.to_id AND state = 'confirmed')
      ON CONFLICT (field_id, element_id) DO UPDATE
        SET state = excluded.state, reason = excluded.reason, decided_by = excluded.decided_by,
            decided_at = excluded.decided_at
      WHERE mapping.state = 'suggested'
      `,
      [fields.map(({ fromId }) => fromId), fields.map(({ toId }) => toId)],
    );
  }
}
