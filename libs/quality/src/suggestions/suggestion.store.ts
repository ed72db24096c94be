import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { canonical } from '../rule-content.js';
import {
  type EvidencePart,
  type FieldFigures,
  type FieldStandard,
  PASSED_ON,
  type ReferredDataset,
  type SuggestedRule,
  type SuggestionOrigin,
  type UpstreamRule,
} from './suggest-rules.js';

export const SUGGESTION_STATES = ['open', 'accepted', 'rejected', 'withdrawn'] as const;
export type SuggestionState = (typeof SUGGESTION_STATES)[number];

export interface Suggestion {
  readonly id: string;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly sourceName: string;
  readonly kind: string;
  readonly fieldIds: readonly string[];
  readonly fieldNames: readonly string[];
  readonly otherDatasetId: string | null;
  readonly otherDatasetName: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly origin: SuggestionOrigin;
  readonly confidence: number;
  readonly evidence: readonly EvidencePart[];
  readonly evidenceAt: Date;
  readonly state: SuggestionState;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly ruleId: string | null;
}

export interface SuggestionFilter {
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly kinds?: readonly string[];
  readonly states?: readonly SuggestionState[];
}

const FROM = `
    FROM quality.rule_suggestion AS suggestion
    JOIN dictionary.dataset ON dataset.id = suggestion.dataset_id
    JOIN sources.source ON source.id = dataset.source_id
    LEFT JOIN dictionary.dataset AS other ON other.id = suggestion.other_dataset_id`;

const SUGGESTION = `
  SELECT suggestion.id, suggestion.dataset_id AS "datasetId", dataset.qualified_name AS "datasetName",
         source.name AS "sourceName", suggestion.kind, suggestion.field_ids AS "fieldIds",
         ARRAY (SELECT field.name FROM unnest(suggestion.field_ids) WITH ORDINALITY AS named (id, at)
                  JOIN dictionary.field ON field.id = named.id ORDER BY named.at) AS "fieldNames",
         suggestion.other_dataset_id AS "otherDatasetId", other.qualified_name AS "otherDatasetName", suggestion.params,
         suggestion.origin, suggestion.confidence::float8 AS confidence, suggestion.evidence,
         suggestion.evidence_at AS "evidenceAt", suggestion.state, suggestion.decided_at AS "decidedAt",
         suggestion.decided_by AS "decidedBy", suggestion.rule_id AS "ruleId" ${FROM}`;

/** What speaks for rules, many datasets in a statement; and the rules that were suggested. */
@Injectable()
export class SuggestionStore {
  constructor(private readonly db: DataSource) {}

  async datasetsOf(sourceId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM dictionary.current_dataset WHERE source_id = $1 ORDER BY qualified_name`,
      [sourceId],
    );
    return found.map(({ id }) => id);
  }

  figuresOf(datasetIds: readonly string[]): Promise<(FieldFigures & { readonly datasetId: string })[]> {
    return rows(
      this.db,
      `
      SELECT field.dataset_id AS "datasetId", field.field_id AS "fieldId", dataset.taken_at AS "takenAt",
             coalesce(dataset.sampled_rows, dataset.row_count)::float8 AS rows, dataset.sampled_rows IS NOT NULL AS sampled,
             field.null_count::float8 AS nulls, field.distinct_count::float8 AS "distinct", field.shortest, field.longest,
             field.shown, field.least, field.frequent
        FROM statistics.field_profile AS field
        JOIN statistics.dataset_profile AS dataset USING (dataset_id)
       WHERE field.dataset_id = ANY ($1) AND dataset.taken_at IS NOT NULL
         AND coalesce(dataset.sampled_rows, dataset.row_count) IS NOT NULL
      `,
      [datasetIds],
    );
  }

  standardsOf(datasetIds: readonly string[]): Promise<(FieldStandard & { readonly datasetId: string })[]> {
    return rows(
      this.db,
      `
      SELECT field.dataset_id AS "datasetId", field.id AS "fieldId", element.code AS element, element.version,
             element.nullable, element.length, mapping.decided_at AS "decidedAt",
             CASE WHEN element.code_set_id IS NOT NULL THEN ARRAY (
               SELECT value.code FROM standards.code_value AS value
                WHERE value.code_set_id = element.code_set_id AND value.recorded_to = 'infinity'
                  AND current_date BETWEEN value.valid_from AND value.valid_to
                ORDER BY value.position
             ) END AS codes
        FROM standards.mapping
        JOIN dictionary.field ON field.id = mapping.field_id
        JOIN standards.elements_on(current_date) AS element ON element.id = mapping.element_id
       WHERE mapping.state = 'confirmed' AND field.dataset_id = ANY ($1)
      `,
      [datasetIds],
    );
  }

  /** Rules on fields whose values go as they are into fields of these datasets. */
  upstreamOf(datasetIds: readonly string[]): Promise<(UpstreamRule & { readonly datasetId: string })[]> {
    return rows(
      this.db,
      `
      SELECT DISTINCT ON (field.id, rule.kind) field.dataset_id AS "datasetId", field.id AS "fieldId", rule.id AS "ruleId", rule.kind,
             rule.definition -> 'params' AS params, source_dataset.qualified_name || '#' || source_field.name AS "from",
             edge.recorded_from AS since
        FROM dictionary.field
        JOIN lineage.node AS target ON target.field_id = field.id
        JOIN lineage.edge ON edge.dst = target.id AND edge.kind = 1 AND edge.subtype = 'IDENTITY'
                         AND edge.valid_to = 'infinity' AND edge.recorded_to = 'infinity'
        JOIN lineage.node AS origin ON origin.id = edge.src
        JOIN dictionary.field AS source_field ON source_field.id = origin.field_id
        JOIN dictionary.dataset AS source_dataset ON source_dataset.id = source_field.dataset_id
        JOIN quality.current_rule AS rule ON rule.dataset_id = source_dataset.id AND rule.field_ids = ARRAY[source_field.id]
       WHERE field.dataset_id = ANY ($1) AND rule.retired_at IS NULL AND rule.enabled AND rule.kind = ANY ($2)
         AND NOT jsonb_exists_any(rule.definition, ARRAY['where', 'scope', 'threshold'])
       ORDER BY field.id, rule.kind, rule.id
      `,
      [datasetIds, PASSED_ON],
    );
  }

  /** Datasets of the same sources by their qualified names. */
  referredBy(
    sourceIds: readonly string[],
    names: readonly string[],
  ): Promise<(ReferredDataset & { readonly sourceId: string })[]> {
    return rows(
      this.db,
      `
      SELECT id AS "datasetId", source_id AS "sourceId", qualified_name AS "qualifiedName" FROM dictionary.dataset
       WHERE source_id = ANY ($1) AND qualified_name = ANY ($2) AND current_version_id IS NOT NULL
      `,
      [sourceIds, names],
    );
  }

  rulesOn(
    datasetIds: readonly string[],
  ): Promise<{ readonly datasetId: string; readonly kind: string; readonly fieldIds: readonly string[] }[]> {
    return rows(
      this.db,
      `
      SELECT dataset_id AS "datasetId", kind, field_ids AS "fieldIds" FROM quality.current_rule
       WHERE dataset_id = ANY ($1) AND retired_at IS NULL
      `,
      [datasetIds],
    );
  }

  /** Keeps what speaks for rules now. What was decided stays decided, unless a rejected one has other evidence. */
  async keep(tx: Tx, datasetIds: readonly string[], suggested: readonly SuggestedRule[], at: Date): Promise<number> {
    const records = suggested.map(({ basis, ...one }) => ({
      ...{ dataset_id: one.datasetId, kind: one.kind, field_ids: one.fieldIds, other_dataset_id: one.otherDatasetId },
      ...{ params: one.params, origin: one.origin, confidence: one.confidence, evidence: one.evidence },
      ...{ evidence_at: one.evidenceAt, digest: createHash('sha256').update(canonical(basis)).digest('hex') },
    }));
    const kept = await rows<{ id: string }>(
      tx,
      `
      WITH kept AS (
        INSERT INTO quality.rule_suggestion AS suggestion
               (dataset_id, kind, field_ids, other_dataset_id, params, origin, confidence, evidence, evidence_at, digest, state, made_at)
        SELECT wanted.*, 'open', $2
          FROM jsonb_to_recordset($1) AS wanted (
                 dataset_id uuid, kind text, field_ids uuid[], other_dataset_id uuid, params jsonb, origin text,
                 confidence numeric, evidence jsonb, evidence_at timestamptz, digest text
               )
         ORDER BY wanted.dataset_id, wanted.kind, wanted.field_ids
        ON CONFLICT ON CONSTRAINT one_suggestion_of_a_kind DO UPDATE
           SET params = excluded.params, origin = excluded.origin, confidence = excluded.confidence,
               evidence = excluded.evidence, evidence_at = excluded.evidence_at, digest = excluded.digest,
               state = 'open', decided_at = NULL, decided_by = NULL, rule_id = NULL
         WHERE suggestion.state IN ('open', 'withdrawn')
            OR suggestion.state = 'rejected' AND suggestion.digest <> excluded.digest
        RETURNING id
      )
      SELECT id FROM kept
      `,
      [JSON.stringify(records), at],
    );
    await tx.query(
      `
      UPDATE quality.rule_suggestion SET state = 'withdrawn'
       WHERE dataset_id = ANY ($1) AND state = 'open' AND NOT id = ANY ($2)
      `,
      [datasetIds, kept.map(({ id }) => id)],
    );
    return kept.length;
  }

  /** With `tx` they are locked. */
  async ofIds(ids: readonly string[], tx?: Tx): Promise<Suggestion[]> {
    if (tx) await tx.query(`SELECT 1 FROM quality.rule_suggestion WHERE id = ANY ($1) ORDER BY id FOR UPDATE`, [ids]);
    return rows(tx ?? this.db, `${SUGGESTION} WHERE suggestion.id = ANY ($1) ORDER BY suggestion.id`, [ids]);
  }

  async accept(
    tx: Tx,
    pairs: readonly { readonly id: string; readonly ruleId: string }[],
    at: Date,
    by: string,
  ): Promise<void> {
    await tx.query(
      `
      UPDATE quality.rule_suggestion AS suggestion
         SET state = 'accepted', rule_id = pair.rule_id, decided_at = $3, decided_by = $4
        FROM unnest($1::uuid[], $2::uuid[]) AS pair (id, rule_id)
       WHERE suggestion.id = pair.id
      `,
      [pairs.map(({ id }) => id), pairs.map(({ ruleId }) => ruleId), at, by],
    );
  }

  async reject(tx: Tx, ids: readonly string[], at: Date, by: string): Promise<void> {
    await tx.query(
      `UPDATE quality.rule_suggestion SET state = 'rejected', decided_at = $2, decided_by = $3 WHERE id = ANY ($1)`,
      [ids, at, by],
    );
  }

  /** The likeliest first. */
  async list(filter: SuggestionFilter, { first, after }: PageRequest): Promise<Page<Suggestion>> {
    const where = `
      ($1::uuid IS NULL OR dataset.source_id = $1) AND ($2::uuid IS NULL OR suggestion.dataset_id = $2)
      AND ($3::text[] IS NULL OR suggestion.kind = ANY ($3)) AND ($4::text[] IS NULL OR suggestion.state = ANY ($4))`;
    const { sourceId = null, datasetId = null, kinds = null, states = null } = filter;
    const of = [sourceId, datasetId, kinds, states];
    const counted = await row<{ total: number }>(this.db, `SELECT count(*)::int AS total ${FROM} WHERE ${where}`, of);
    const [confidence = null, id = null] = after === undefined ? [] : decodeCursor('rule-suggestions', after);
    const found = await rows<Suggestion>(
      this.db,
      `
      ${SUGGESTION} WHERE ${where}
         AND ($5::numeric IS NULL OR (suggestion.confidence, suggestion.id) < ($5, $6::uuid))
       ORDER BY suggestion.confidence DESC, suggestion.id DESC LIMIT $7
      `,
      [...of, confidence, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

export const suggestionCursor = ({ confidence, id }: Suggestion): string =>
  encodeCursor('rule-suggestions', [String(confidence), id]);
