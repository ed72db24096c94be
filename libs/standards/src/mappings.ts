import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import {
  type ElementFacts,
  type Evidence,
  type FieldFacts,
  type Outcome,
  suggestMappings,
} from '#core/standards-matcher';
import {
  type Actor,
  decodeCursor,
  encodeCursor,
  InvalidInput,
  NotFound,
  type Page,
  type PageRequest,
  urnOf,
} from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { Sources } from '#sources';
import { DataSource } from 'typeorm';

import { DataElements } from './data-elements.js';
import { FieldMappedAlready, WrongState } from './standards.errors.js';

export const MAPPING_STATES = ['suggested', 'confirmed', 'rejected'] as const;
export type MappingState = (typeof MAPPING_STATES)[number];

/** A field that is, may be or is not a data element. */
export interface Mapping {
  readonly id: string;
  readonly fieldId: string;
  readonly elementId: string;
  readonly state: MappingState;
  readonly score: number | null;
  readonly evidence: readonly Evidence[];
  readonly reason: string;
  readonly createdAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly fieldName: string;
  readonly datasetName: string;
  readonly namespace: string;
  readonly sourceId: string;
  readonly elementCode: string;
  /** Whether the source still has the field. */
  readonly present: boolean;
}

export interface MappingFilter {
  readonly states?: readonly MappingState[];
  readonly elementId?: string;
  readonly sourceId?: string;
  readonly fieldId?: string;
  /** The verdict as it stands; of confirmed mappings only. */
  readonly verdicts?: readonly Outcome[];
}

const SELECT = `
  SELECT mapping.id, mapping.field_id AS "fieldId", mapping.element_id AS "elementId", mapping.state, mapping.score,
         mapping.evidence, mapping.reason, mapping.created_at AS "createdAt", mapping.decided_by AS "decidedBy",
         mapping.decided_at AS "decidedAt", field.name AS "fieldName", dataset.qualified_name AS "datasetName",
         source.namespace, source.id AS "sourceId", element.code AS "elementCode",
         EXISTS (SELECT 1 FROM dictionary.current_field WHERE current_field.id = field.id) AS present
    FROM standards.mapping
    JOIN standards.data_element AS element ON element.id = mapping.element_id
    JOIN dictionary.field ON field.id = mapping.field_id
    JOIN dictionary.dataset ON dataset.id = field.dataset_id
    JOIN sources.source ON source.id = dataset.source_id`;

const FIELDS_AT_ONCE = 2_000;

/** Which field is which data element: suggested by likeness, decided by people. */
@Injectable()
export class Mappings {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly elements: DataElements,
  ) {}

  /**
   * Suggests elements for the fields of a source that have none yet. What was rejected is not suggested again;
   * suggestions that no longer hold are taken back.
   */
  async suggest(actor: Actor, sourceId: string): Promise<{ suggested: number; withdrawn: number; fields: number }> {
    const source = await this.sources.get(sourceId);
    return this.changes.make(actor, async (change) => {
      const elements = await this.elementsInForce(change.tx);
      const sum = { suggested: 0, withdrawn: 0, fields: 0 };
      for (let after: string | undefined; ;) {
        const fields = await this.unmappedFields(change.tx, sourceId, after);
        if (fields.length === 0) break;
        after = fields.at(-1)?.id;
        const { suggested, withdrawn } = await this.replaceSuggestions(
          change,
          fields.map(({ id }) => id),
          suggestMappings(fields, elements),
        );
        sum.suggested += suggested;
        sum.withdrawn += withdrawn;
        sum.fields += fields.length;
      }
      await change.record('mappings.suggested', { kind: 'source', id: sourceId, name: source.name }, sum);
      return sum;
    });
  }

  /** Says that the field is the element. Confirming twice is confirming once. @throws {FieldMappedAlready} */
  async confirm(actor: Actor, id: string, reason: string): Promise<Mapping> {
    const mapping = await this.get(id);
    if (mapping.state === 'confirmed') return mapping;
    return this.map(actor, mapping.fieldId, mapping.elementId, reason);
  }

  /** Maps a field by hand, or confirms the suggestion that is there. @throws {FieldMappedAlready} {@link WrongState} */
  async map(actor: Actor, fieldId: string, elementId: string, reason: string): Promise<Mapping> {
    const element = await this.elements.get(elementId);
    if (element.state !== 'published')
      throw new WrongState(
        `The data element ${element.code} is ${element.state === 'draft' ? 'a draft' : 'retired'}; only a published one is mapped.`,
      );
    const known = await row(this.db, `SELECT 1 FROM dictionary.current_field WHERE id = $1`, [fieldId]);
    if (!known) throw new NotFound('field', fieldId);
    const before = await this.find(this.db, 'mapping.field_id = $1 AND mapping.element_id = $2', [fieldId, elementId]);
    if (before?.state === 'confirmed') return before;
    return this.changes.make(actor, async (change) => {
      await this.refuseSecond(change.tx, fieldId);
      await change.tx.query(
        `
        INSERT INTO standards.mapping (field_id, element_id, state, reason, created_at, decided_by, decided_at)
        VALUES ($1, $2, 'confirmed', $3, $4, $5, $4)
        ON CONFLICT (field_id, element_id)
          DO UPDATE SET state = 'confirmed', reason = $3, decided_by = $5, decided_at = $4
        `,
        [fieldId, elementId, reason, change.at, actor.name],
      );
      await change.tx.query(`DELETE FROM standards.mapping WHERE field_id = $1 AND state = 'suggested'`, [fieldId]);
      const after = await this.find(change.tx, 'mapping.field_id = $1 AND mapping.element_id = $2', [
        fieldId,
        elementId,
      ]);
      if (!after) throw new NotFound('mapping', `${fieldId} ${elementId}`);
      await change.record('mapping.confirmed', subjectOf(after), { before: before?.state ?? null, reason });
      return after;
    });
  }

  /** Says that the field is not the element; it is not suggested again. */
  async reject(actor: Actor, id: string, reason: string): Promise<Mapping> {
    if (reason.trim() === '')
      throw new InvalidInput('Say why the field is not this element; others will ask.', [], ['reason']);
    const before = await this.get(id);
    if (before.state === 'rejected') return before;
    return this.changes.make(actor, async (change) => {
      await change.tx.query(
        `UPDATE standards.mapping SET state = 'rejected', reason = $2, decided_by = $3, decided_at = $4 WHERE id = $1`,
        [id, reason.trim(), actor.name, change.at],
      );
      await change.tx.query(
        `UPDATE standards.verdict SET recorded_to = $2 WHERE mapping_id = $1 AND recorded_to = 'infinity'`,
        [id, change.at],
      );
      await change.record('mapping.rejected', subjectOf(before), { before: before.state, reason: reason.trim() });
      const after = await this.find(change.tx, 'mapping.id = $1', [id]);
      return after ?? before;
    });
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<Mapping> {
    const found = await this.find(this.db, 'mapping.id = $1', [id]);
    if (!found) throw new NotFound('mapping', id);
    return found;
  }

  /** What a person mapped by hand first, then the likeliest. */
  async list(filter: MappingFilter, { first, after }: PageRequest): Promise<Page<Mapping>> {
    const where = `
      ($1::text[] IS NULL OR mapping.state = ANY($1)) AND ($2::uuid IS NULL OR mapping.element_id = $2)
      AND ($3::uuid IS NULL OR source.id = $3) AND ($4::uuid IS NULL OR mapping.field_id = $4)
      AND ($5::text[] IS NULL OR (mapping.state = 'confirmed' AND EXISTS (
        SELECT 1 FROM standards.verdict
         WHERE verdict.mapping_id = mapping.id AND verdict.recorded_to = 'infinity' AND verdict.overall = ANY($5))))`;
    const params = [
      ...[filter.states ?? null, filter.elementId ?? null, filter.sourceId ?? null, filter.fieldId ?? null],
      filter.verdicts ?? null,
    ];
    const counted = await row<{ total: string }>(
      this.db,
      `SELECT count(*) AS total FROM (${SELECT} WHERE ${where}) AS found`,
      params,
    );
    const [score, id] = after === undefined ? [null, null] : decodeCursor('mappings', after);
    const found = await rows<Mapping>(
      this.db,
      `
      ${SELECT}
       WHERE ${where} AND ($6::float8 IS NULL OR (-coalesce(mapping.score, 2), mapping.id) > (-$6::float8, $7::uuid))
       ORDER BY -coalesce(mapping.score, 2), mapping.id LIMIT $8
      `,
      [...params, score, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: Number(counted?.total ?? 0) };
  }

  private async find(on: DataSource | Tx, where: string, params: readonly unknown[]): Promise<Mapping | undefined> {
    return row<Mapping>(on, `${SELECT} WHERE ${where}`, params);
  }

  private async refuseSecond(tx: Tx, fieldId: string): Promise<void> {
    // The lock makes two people who map the same field take turns; the index would only break the second's statement.
    await tx.query(`SELECT 1 FROM dictionary.field WHERE id = $1 FOR NO KEY UPDATE`, [fieldId]);
    const other = await this.find(tx, `mapping.field_id = $1 AND mapping.state = 'confirmed'`, [fieldId]);
    if (other) throw new FieldMappedAlready(mappedFieldUrn(other), other.elementCode);
  }

  private elementsInForce(tx: Tx): Promise<ElementFacts[]> {
    return rows<ElementFacts>(
      tx,
      `
      SELECT id, code, name_en AS "nameEn", name_zh AS "nameZh", type_family AS "typeFamily", length, precision, scale,
             nullable, NULL AS "codeSet"
        FROM standards.elements_on($1)
       ORDER BY code
      `,
      [this.elements.today()],
    );
  }

  private unmappedFields(tx: Tx, sourceId: string, after: string | undefined): Promise<FieldFacts[]> {
    return rows<FieldFacts>(
      tx,
      `
      SELECT field.id, field.name, field.comment, nullif(entry.business_name, '') AS "businessName",
             field.native_type AS "nativeType", field.type_family AS "typeFamily", field.length, field.precision, field.scale,
             field.nullable
        FROM dictionary.current_field AS field
        JOIN dictionary.current_dataset AS dataset ON dataset.id = field.dataset_id
        LEFT JOIN dictionary.entry ON entry.field_id = field.id
       WHERE dataset.source_id = $1 AND ($2::uuid IS NULL OR field.id > $2)
         AND NOT EXISTS (SELECT 1 FROM standards.mapping WHERE mapping.field_id = field.id AND mapping.state = 'confirmed')
       ORDER BY field.id LIMIT ${FIELDS_AT_ONCE}
      `,
      [sourceId, after ?? null],
    );
  }

  private async replaceSuggestions(
    { tx, at }: Change,
    fieldIds: readonly string[],
    suggestions: ReturnType<typeof suggestMappings>,
  ): Promise<{ suggested: number; withdrawn: number }> {
    const wished = JSON.stringify(suggestions);
    const recordset = `jsonb_to_recordset($1::jsonb) AS wished ("fieldId" uuid, "elementId" uuid, score float8, evidence jsonb)`;
    const withdrawn = await rows(
      tx,
      `
      WITH gone AS (
        DELETE FROM standards.mapping
         WHERE state = 'suggested' AND field_id = ANY($2)
           AND (field_id, element_id) NOT IN (SELECT "fieldId", "elementId" FROM ${recordset})
        RETURNING id
      ) SELECT id FROM gone
      `,
      [wished, fieldIds],
    );
    const suggested = await rows<{ added: boolean }>(
      tx,
      `
      WITH kept AS (
        INSERT INTO standards.mapping AS mapping (field_id, element_id, state, score, evidence, created_at)
        SELECT "fieldId", "elementId", 'suggested', score, evidence, $2 FROM ${recordset}
        ON CONFLICT (field_id, element_id) DO UPDATE SET score = excluded.score, evidence = excluded.evidence
          WHERE mapping.state = 'suggested' AND (mapping.score, mapping.evidence) IS DISTINCT FROM (excluded.score, excluded.evidence)
        RETURNING mapping.created_at = $2 AS added
      ) SELECT added FROM kept WHERE added
      `,
      [wished, at],
    );
    return { suggested: suggested.length, withdrawn: withdrawn.length };
  }
}

export const mappingCursor = ({ score, id }: Mapping): string => encodeCursor('mappings', [score ?? 2, id]);

/** The mapped field's name as an asset. */
export const mappedFieldUrn = ({ namespace, datasetName, fieldName }: Mapping): string =>
  urnOf({ namespace, name: datasetName, column: fieldName });

const subjectOf = (mapping: Mapping): Subject => ({
  kind: 'mapping',
  id: mapping.id,
  name: `${mappedFieldUrn(mapping)} ↔ ${mapping.elementCode}`,
});
