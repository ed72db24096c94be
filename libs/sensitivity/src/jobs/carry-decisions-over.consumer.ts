import { Injectable } from '@nestjs/common';
import { assetsRenamed } from '#dictionary';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';

/** What a person decided of a field holds for the field under its new name, unless something is decided of that. */
@Injectable()
export class CarryDecisionsOver implements EventConsumer<typeof assetsRenamed.payload> {
  readonly name = 'sensitivity.carry-decisions-over';
  readonly event = assetsRenamed;

  async hear(tx: Tx, { fields }: PayloadOf<typeof assetsRenamed>): Promise<void> {
    await tx.query(
      `
      INSERT INTO sensitivity.proposal (field_id, category, level, template, score, masked, reasons, detector_version, state,
                                        proposed_at, decided_at, decided_by)
      SELECT renamed.to_id, old.category, old.level, old.template, old.score, old.masked, old.reasons,
             old.detector_version, old.state, old.proposed_at, old.decided_at, old.decided_by
        FROM unnest($1::uuid[], $2::uuid[]) AS renamed (from_id, to_id)
        JOIN sensitivity.proposal AS old ON old.field_id = renamed.from_id AND old.state IN ('accepted', 'rejected')
      ON CONFLICT (field_id, category) DO UPDATE
        SET state = excluded.state, decided_at = excluded.decided_at, decided_by = excluded.decided_by
      WHERE proposal.state IN ('open', 'withdrawn')
      `,
      [fields.map(({ fromId }) => fromId), fields.map(({ toId }) => toId)],
    );
  }
}
