import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { type ElementFacts, type FieldFacts, type Outcome, type Verdict } from '#core/standards-matcher';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

/** A verdict as it is kept. */
export interface KeptVerdict extends Verdict {
  readonly id: string;
  readonly mappingId: string;
  readonly elementVersionId: string;
  /** When it first was so, when that was last confirmed, and until when it was so (null: it still is). */
  readonly recordedFrom: Date;
  readonly checkedAt: Date;
  readonly recordedTo: Date | null;
}

/** What is judged: a mapped field as it is now, and the element it is mapped to in the version that is in force. */
export interface Case {
  readonly mappingId: string;
  readonly versionId: string;
  readonly scope: string;
  readonly dataset: string;
  readonly field: FieldFacts;
  readonly element: ElementFacts & { readonly codeSetId: string | null };
  /** The column's values may not be kept anywhere: level L4 or L5. */
  readonly sensitive: boolean;
}

const SELECT = `
  SELECT id, mapping_id AS "mappingId", element_version_id AS "elementVersionId", overall, aspects,
         checked_rows::float8 AS "checkedRows", bad_rows::float8 AS "badRows",
         distinct_bad_codes::float8 AS "distinctBadCodes", bad_codes AS "badCodes",
         recorded_from AS "recordedFrom", checked_at AS "checkedAt", nullif(recorded_to, 'infinity') AS "recordedTo"
    FROM standards.verdict`;

/** Whether mapped fields hold to their elements: now, and how it was before. */
@Injectable()
export class Verdicts {
  constructor(private readonly db: DataSource) {}

  /** The verdicts of some mappings as they stand. */
  current(mappingIds: readonly string[]): Promise<KeptVerdict[]> {
    return rows<KeptVerdict>(this.db, `${SELECT} WHERE mapping_id = ANY($1) AND recorded_to = 'infinity'`, [
      mappingIds,
    ]);
  }

  /** How the verdict on some mappings was, the newest first; at most 100 of each. */
  history(mappingIds: readonly string[]): Promise<KeptVerdict[]> {
    return rows<KeptVerdict>(
      this.db,
      `
      SELECT kept.* FROM unnest($1::uuid[]) AS asked (id)
       CROSS JOIN LATERAL (${SELECT} WHERE mapping_id = asked.id ORDER BY recorded_from DESC LIMIT 100) AS kept
      `,
      [mappingIds],
    );
  }

  /** The sources that have cases: all mapped fields of a source, or of an element. */
  sourcesWithCases(scope: { sourceId?: string; elementId?: string }, day: string) {
    return rows<{ sourceId: string; cases: number }>(
      this.db,
      `
      SELECT dataset.source_id AS "sourceId", count(*)::int AS cases
        FROM standards.mapping
        JOIN standards.elements_on($3) AS element ON element.id = mapping.element_id
        JOIN dictionary.current_field AS field ON field.id = mapping.field_id
        JOIN dictionary.current_dataset AS dataset ON dataset.id = field.dataset_id
       WHERE mapping.state = 'confirmed' AND ($1::uuid IS NULL OR dataset.source_id = $1)
         AND ($2::uuid IS NULL OR mapping.element_id = $2)
       GROUP BY dataset.source_id ORDER BY dataset.source_id
      `,
      [scope.sourceId ?? null, scope.elementId ?? null, day],
    );
  }

  /** The next cases of a source, in the order of their mappings. */
  async cases(
    sourceId: string,
    elementId: string | undefined,
    day: string,
    after: string | undefined,
    limit: number,
  ): Promise<Case[]> {
    return rows<Case>(
      this.db,
      `
      SELECT mapping.id AS "mappingId", element.version_id AS "versionId", dataset.scope, dataset.name AS dataset,
             jsonb_build_object(
               'id', field.id, 'name', field.name, 'comment', field.comment, 'businessName', NULL,
               'nativeType', field.native_type, 'typeFamily', field.type_family, 'length', field.length,
               'precision', field.precision, 'scale', field.scale, 'nullable', field.nullable) AS field,
             jsonb_build_object(
               'id', element.id, 'code', element.code, 'nameEn', element.name_en, 'nameZh', element.name_zh,
               'typeFamily', element.type_family, 'length', element.length, 'precision', element.precision,
               'scale', element.scale, 'nullable', element.nullable, 'codeSetId', element.code_set_id,
               'codeSet', CASE WHEN code_set.id IS NOT NULL
                 THEN jsonb_build_object('nameEn', coalesce(nullif(code_set.name_en, ''), code_set.name_zh),
                                         'nameZh', coalesce(nullif(code_set.name_zh, ''), code_set.name_en)) END) AS element,
             coalesce(greatest(of_field.security_level, of_dataset.security_level, element.security_level) >= 'L4', false)
               AS sensitive
        FROM standards.mapping
        JOIN standards.elements_on($3) AS element ON element.id = mapping.element_id
        LEFT JOIN standards.code_set ON code_set.id = element.code_set_id
        JOIN dictionary.current_field AS field ON field.id = mapping.field_id
        JOIN dictionary.current_dataset AS dataset ON dataset.id = field.dataset_id
        LEFT JOIN dictionary.entry AS of_field ON of_field.field_id = field.id
        LEFT JOIN dictionary.entry AS of_dataset ON of_dataset.dataset_id = dataset.id
       WHERE mapping.state = 'confirmed' AND dataset.source_id = $1 AND ($2::uuid IS NULL OR mapping.element_id = $2)
         AND ($4::uuid IS NULL OR mapping.id > $4)
       ORDER BY mapping.id LIMIT $5
      `,
      [sourceId, elementId ?? null, day, after ?? null, limit],
    );
  }

  /**
   * Keeps verdicts. One that is as before only moves its checked_at; another one closes the row before it.
   * @returns how many are new or changed.
   */
  async keep(judged: readonly { readonly of: Case; readonly verdict: Verdict }[], at: Date): Promise<number> {
    const wished = JSON.stringify(
      judged.map(({ of, verdict }) => ({
        ...{ mappingId: of.mappingId, versionId: of.versionId, ...verdict },
        digest: createHash('sha256')
          .update(JSON.stringify([of.versionId, verdict]))
          .digest('hex'),
      })),
    );
    return this.db.transaction(async (tx) => {
      await tx.query(
        `
        UPDATE standards.verdict
           SET checked_at = CASE WHEN verdict.digest = judged.digest THEN $2 ELSE verdict.checked_at END,
               recorded_to = CASE WHEN verdict.digest = judged.digest THEN 'infinity' ELSE $2 END
          FROM jsonb_to_recordset($1::jsonb) AS judged ("mappingId" uuid, digest text)
         WHERE verdict.mapping_id = judged."mappingId" AND verdict.recorded_to = 'infinity'
        `,
        [wished, at],
      );
      const added = await row<{ n: number }>(
        tx,
        `
        WITH added AS (
          INSERT INTO standards.verdict (mapping_id, element_version_id, overall, aspects, checked_rows, bad_rows,
                                         distinct_bad_codes, bad_codes, digest, recorded_from, checked_at)
          SELECT judged."mappingId", judged."versionId", judged.overall, judged.aspects, judged."checkedRows",
                 judged."badRows", judged."distinctBadCodes",
                 ARRAY(SELECT jsonb_array_elements_text(judged."badCodes")), judged.digest, $2, $2
            FROM jsonb_to_recordset($1::jsonb) AS judged (
                   "mappingId" uuid, "versionId" uuid, overall text, aspects jsonb, "checkedRows" bigint, "badRows" bigint,
                   "distinctBadCodes" bigint, "badCodes" jsonb, digest text)
            -- The mapping may have been rejected while its field was looked at.
            JOIN standards.mapping ON mapping.id = judged."mappingId" AND mapping.state = 'confirmed'
          ON CONFLICT (mapping_id) WHERE recorded_to = 'infinity' DO NOTHING
          RETURNING id
        ) SELECT count(*)::int AS n FROM added
        `,
        [wished, at],
      );
      return added?.n ?? 0;
    });
  }
}

export type OutcomeCounts = Record<Outcome, number>;
