import { Injectable } from '@nestjs/common';
import { assetsRenamed } from '#dictionary';
import { Clock } from '#kernel';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';

/**
 * Rules about datasets and fields that have other names now go on under those, as a new version. One whose fields are not
 * all there any more stays where it is, and says so when it runs.
 */
@Injectable()
export class MoveRules implements EventConsumer<typeof assetsRenamed.payload> {
  readonly name = 'quality.move-rules';
  readonly event = assetsRenamed;

  constructor(private readonly clock: Clock) {}

  async hear(tx: Tx, { datasets, fields, by }: PayloadOf<typeof assetsRenamed>): Promise<void> {
    const ids = (pairs: typeof datasets) => [pairs.map(({ fromId }) => fromId), pairs.map(({ toId }) => toId)];
    await tx.query(
      `
      WITH renamed_dataset AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS pair (from_id, to_id)),
      renamed_field AS (SELECT * FROM unnest($3::uuid[], $4::uuid[]) AS pair (from_id, to_id)),
      moved AS (
        SELECT version.*, rule.version_number + 1 AS next, coalesce(renamed_dataset.to_id, rule.dataset_id) AS dataset_id,
               coalesce(other.to_id, version.other_dataset_id) AS next_other,
               ARRAY(SELECT coalesce(renamed_field.to_id, field.id)
                       FROM unnest(version.field_ids) WITH ORDINALITY AS field (id, place)
                       LEFT JOIN renamed_field ON renamed_field.from_id = field.id
                      ORDER BY field.place) AS next_fields
          FROM quality.rule
          JOIN quality.rule_version AS version ON version.rule_id = rule.id AND version.number = rule.version_number
          LEFT JOIN renamed_dataset ON renamed_dataset.from_id = rule.dataset_id
          LEFT JOIN renamed_dataset AS other ON other.from_id = version.other_dataset_id
         WHERE rule.retired_at IS NULL
      ),
      fit AS (
        SELECT *
          FROM moved
         WHERE (dataset_id, next_other, next_fields) IS DISTINCT FROM
               ((SELECT rule.dataset_id FROM quality.rule WHERE rule.id = moved.rule_id), other_dataset_id, field_ids)
           AND NOT EXISTS (SELECT 1
                             FROM unnest(next_fields) AS wanted (id)
                             JOIN dictionary.field ON field.id = wanted.id
                            WHERE field.dataset_id NOT IN (moved.dataset_id, coalesce(next_other, moved.dataset_id)))
      ),
      numbered AS (
        UPDATE quality.rule SET version_number = fit.next, dataset_id = fit.dataset_id
          FROM fit
         WHERE rule.id = fit.rule_id
        RETURNING rule.id
      )
      INSERT INTO quality.rule_version (rule_id, number, kind, field_ids, other_dataset_id, dimension, severity, definition,
                                        name_en, name_zh, description, owner, enabled, made_at, made_by)
      SELECT fit.rule_id, fit.next, fit.kind, fit.next_fields, fit.next_other, fit.dimension, fit.severity, fit.definition,
             fit.name_en, fit.name_zh, fit.description, fit.owner, fit.enabled, $5::timestamptz, $6::text
        FROM fit
        JOIN numbered ON numbered.id = fit.rule_id
      `,
      [...ids(datasets), ...ids(fields), this.clock.now(), by],
    );
  }
}
