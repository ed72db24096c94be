import { Injectable } from '@nestjs/common';
import { checkIdentifier, type IdentifierFault, maskValue } from '#core/identifiers';
import { searchForm } from '#core/record-matcher';
import {
  type Actor,
  decodeCursor,
  encodeCursor,
  Forbidden,
  InvalidInput,
  NotFound,
  type Page,
  type PageRequest,
  urnOf,
} from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type AttributeEntity } from './attribute.entity.js';
import { MasterEntities } from './master-entities.js';
import { Sealing } from './sealing.js';

/** A thing of an entity, put together from its rows. Masked for whoever may not see personal data. */
export interface GoldenRecord {
  readonly id: string;
  readonly entityId: string;
  readonly identifier: string;
  readonly members: number;
  readonly sources: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly goneAt: Date | null;
}

/** Where a row stands in its source. */
export interface RowPlace {
  readonly sourceId: string;
  readonly sourceName: string;
  readonly datasetName: string;
  /** The values of the row's key as JSON, or # and a fingerprint for a row without one; null when masked. */
  readonly rowKey: string | null;
}

/** A surviving value and where it comes from. */
export interface GoldenValue extends RowPlace {
  readonly recordId: string;
  readonly attributeId: string;
  readonly attributeCode: string;
  readonly attributeNameEn: string;
  readonly attributeNameZh: string;
  readonly value: string;
  readonly fieldId: string;
  readonly fieldName: string;
  readonly fieldUrn: string;
  readonly observedAt: Date;
  readonly sourceChangedAt: Date | null;
  readonly recordedFrom: Date;
  readonly recordedTo: Date | null;
}

/** A row that is the same thing. */
export interface Member extends RowPlace {
  readonly recordId: string;
  readonly changedAt: Date | null;
  readonly recordedFrom: Date;
}

export interface GoldenSearch {
  /** The whole identifier, or its last four or six characters. */
  readonly identifier?: string;
  /** A whole value of any attribute, for instance a name. */
  readonly value?: string;
}

export interface MatchSummary {
  readonly records: number;
  readonly recordsOfSeveralSources: number;
  readonly builtAt: Date | null;
  readonly sources: readonly {
    readonly sourceId: string;
    readonly sourceName: string;
    readonly rows: number;
    readonly matched: number;
    readonly unmatched: number;
  }[];
  readonly unmatched: readonly {
    readonly datasetName: string;
    readonly reason: IdentifierFault;
    readonly rows: number;
  }[];
}

/** Whether somebody may see personal data as it is. */
export const mayReveal = ({ roles }: Actor): boolean => roles.includes('steward') || roles.includes('administrator');

const SELECT = `
  SELECT golden.id, golden.entity_id AS "entityId", golden.key_hash AS "keyHash", golden.identifier, golden.members,
         golden.sources, golden.created_at AS "createdAt", golden.changed_at AS "changedAt", golden.gone_at AS "goneAt"
    FROM master_data.golden_record AS golden`;

type SealedRecord = Omit<GoldenRecord, 'identifier'> & { readonly keyHash: Buffer; readonly identifier: Buffer };
type SealedValue = Omit<GoldenValue, 'value' | 'rowKey' | 'fieldUrn'> &
  Pick<AttributeEntity, 'identifierFormat' | 'typeFamily'> & {
    readonly keyHash: Buffer;
    readonly rowHash: Buffer;
    readonly rowKey: Buffer;
    readonly value: Buffer;
    readonly namespace: string;
  };

const MEMBERS_SHOWN = 500;

/** Reads golden records. Every value passes through here, so that nobody sees more than he may. */
@Injectable()
export class GoldenRecords {
  constructor(
    private readonly db: DataSource,
    private readonly entities: MasterEntities,
    private readonly sealing: Sealing,
  ) {}

  /** Those there are now. @throws {Forbidden} when somebody searches who may not see what he would find out. */
  async list(
    actor: Actor,
    entityId: string,
    search: GoldenSearch,
    { first, after }: PageRequest,
  ): Promise<Page<GoldenRecord>> {
    if ((search.identifier !== undefined || search.value !== undefined) && !mayReveal(actor))
      throw new Forbidden('Searching master data needs the role steward: finding a person is seeing him.');
    const attributes = await this.entities.attributesOf([(await this.entities.get(entityId)).id]);
    const key = attributes.find(({ isMatchKey }) => isMatchKey);
    const print = search.identifier === undefined ? null : this.identifierPrint(entityId, key, search.identifier);
    const value = search.value === undefined ? null : this.sealing.searchHash(entityId, searchForm(search.value));
    const where = `
      golden.entity_id = $1 AND golden.gone_at IS NULL
      AND ($2::text IS NULL OR CASE $2 WHEN 'suffix4' THEN suffix4_hash WHEN 'suffix6' THEN suffix6_hash ELSE key_hash END = $3)
      AND ($4::bytea IS NULL OR EXISTS (
        SELECT 1 FROM master_data.golden_value AS found
         WHERE found.attribute_id = ANY($5) AND found.search_hash = $4 AND found.recorded_to = 'infinity'
           AND found.record_id = golden.id))`;
    const params = [entityId, print?.kind ?? null, print?.hash ?? null, value, attributes.map(({ id }) => id)];
    const total = await row<{ n: number }>(
      this.db,
      `SELECT count(*)::int AS n FROM master_data.golden_record AS golden WHERE ${where}`,
      params,
    );
    const found = await rows<SealedRecord>(
      this.db,
      `${SELECT} WHERE ${where} AND ($6::uuid IS NULL OR golden.id > $6) ORDER BY golden.id LIMIT $7`,
      [...params, after === undefined ? null : decodeCursor('golden-records', after)[0], first + 1],
    );
    return {
      items: found.slice(0, first).map((record) => this.open(actor, key, record)),
      hasNext: found.length > first,
      total: total?.n ?? 0,
    };
  }

  /** @throws {NotFound} */
  async get(actor: Actor, id: string): Promise<GoldenRecord> {
    const record = await row<SealedRecord>(this.db, `${SELECT} WHERE golden.id = $1`, [id]);
    if (!record) throw new NotFound('golden record', id);
    const key = (await this.entities.attributesOf([record.entityId])).find(({ isMatchKey }) => isMatchKey);
    return this.open(actor, key, record);
  }

  /** The values of some records: those that hold now, or all there ever were, the newest first. */
  async valuesOf(actor: Actor, recordIds: readonly string[], which: 'now' | 'ever'): Promise<GoldenValue[]> {
    const reveal = mayReveal(actor);
    const found = await rows<SealedValue>(
      this.db,
      `
      SELECT value.record_id AS "recordId", value.attribute_id AS "attributeId", attribute.code AS "attributeCode",
             attribute.name_en AS "attributeNameEn", attribute.name_zh AS "attributeNameZh",
             attribute.identifier_format AS "identifierFormat", attribute.type_family AS "typeFamily",
             golden.key_hash AS "keyHash", value.value, value.row_hash AS "rowHash", value.row_key AS "rowKey",
             field.id AS "fieldId", field.name AS "fieldName", dataset.qualified_name AS "datasetName", source.namespace,
             source.id AS "sourceId", source.name AS "sourceName", value.observed_at AS "observedAt",
             value.source_changed_at AS "sourceChangedAt", value.recorded_from AS "recordedFrom",
             nullif(value.recorded_to, 'infinity') AS "recordedTo"
        FROM master_data.golden_value AS value
        JOIN master_data.golden_record AS golden ON golden.id = value.record_id
        JOIN master_data.attribute ON attribute.id = value.attribute_id
        JOIN dictionary.field ON field.id = value.field_id
        JOIN dictionary.dataset ON dataset.id = value.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
       WHERE value.record_id = ANY($1) AND ($2 OR value.recorded_to = 'infinity')
       ORDER BY value.record_id, attribute.position, value.recorded_from DESC
      `,
      [recordIds, which === 'ever'],
    );
    return found.map(({ keyHash, rowHash, rowKey, value, namespace, identifierFormat, typeFamily, ...rest }) => {
      const clear = this.sealing.openValue(keyHash, rest.attributeId, value);
      return {
        ...rest,
        value: reveal ? clear : maskValue({ format: identifierFormat, isText: typeFamily === 'text' }, clear),
        rowKey: reveal ? this.sealing.openRowKey(rowHash, rowKey) : null,
        fieldUrn: urnOf({ namespace, name: rest.datasetName, column: rest.fieldName }),
      };
    });
  }

  /** The rows that are the same thing; at most 500 of each record. */
  async membersOf(actor: Actor, recordIds: readonly string[]): Promise<Member[]> {
    const reveal = mayReveal(actor);
    const found = await rows<Omit<Member, 'rowKey'> & { rowHash: Buffer; rowKey: Buffer }>(
      this.db,
      `
      SELECT golden.id AS "recordId", source.id AS "sourceId", source.name AS "sourceName",
             dataset.qualified_name AS "datasetName", member.row_hash AS "rowHash", member.row_key AS "rowKey",
             member.changed_at AS "changedAt", member.recorded_from AS "recordedFrom"
        FROM master_data.golden_record AS golden
       CROSS JOIN LATERAL (
         SELECT * FROM master_data.source_record AS record
          WHERE record.entity_id = golden.entity_id AND record.key_hash = golden.key_hash AND record.recorded_to = 'infinity'
          ORDER BY record.dataset_id, record.row_hash LIMIT ${MEMBERS_SHOWN}) AS member
        JOIN dictionary.dataset ON dataset.id = member.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
       WHERE golden.id = ANY($1)
       ORDER BY golden.id, source.name, dataset.qualified_name, member.row_hash
      `,
      [recordIds],
    );
    return found.map(({ rowHash, rowKey, ...rest }) => ({
      ...rest,
      rowKey: reveal ? this.sealing.openRowKey(rowHash, rowKey) : null,
    }));
  }

  /** How the rows of an entity came together. Numbers only. */
  async summary(entityId: string): Promise<MatchSummary> {
    const { builtAt } = await this.entities.get(entityId);
    const golden = await row<{ records: number; several: number }>(
      this.db,
      `
      SELECT count(*)::int AS records, count(*) FILTER (WHERE sources > 1)::int AS several
        FROM master_data.golden_record WHERE entity_id = $1 AND gone_at IS NULL
      `,
      [entityId],
    );
    const sources = await rows<MatchSummary['sources'][number]>(
      this.db,
      `
      SELECT source.id AS "sourceId", source.name AS "sourceName", count(*)::int AS rows,
             count(record.key_hash)::int AS matched, count(record.reason)::int AS unmatched
        FROM master_data.source_record AS record
        JOIN dictionary.dataset ON dataset.id = record.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
       WHERE record.entity_id = $1 AND record.recorded_to = 'infinity'
       GROUP BY source.id, source.name ORDER BY source.name, source.id
      `,
      [entityId],
    );
    const unmatched = await rows<MatchSummary['unmatched'][number]>(
      this.db,
      `
      SELECT dataset.qualified_name AS "datasetName", record.reason, count(*)::int AS rows
        FROM master_data.source_record AS record
        JOIN dictionary.dataset ON dataset.id = record.dataset_id
       WHERE record.entity_id = $1 AND record.recorded_to = 'infinity' AND record.reason IS NOT NULL
       GROUP BY dataset.id, dataset.qualified_name, record.reason ORDER BY dataset.qualified_name, dataset.id, record.reason
      `,
      [entityId],
    );
    return {
      records: golden?.records ?? 0,
      recordsOfSeveralSources: golden?.several ?? 0,
      builtAt,
      sources,
      unmatched,
    };
  }

  private open(
    actor: Actor,
    key: AttributeEntity | undefined,
    { keyHash, identifier, ...record }: SealedRecord,
  ): GoldenRecord {
    const clear = this.sealing.openIdentifier(keyHash, identifier);
    const masked = maskValue({ format: key?.identifierFormat ?? null, isText: false }, clear);
    return { ...record, identifier: mayReveal(actor) ? clear : masked };
  }

  private identifierPrint(entityId: string, key: AttributeEntity | undefined, text: string) {
    const wanted = text.normalize('NFKC').trim();
    const spelled = key?.identifierFormat === 'email' ? wanted.toLowerCase() : wanted.toUpperCase();
    const length = [...spelled].length;
    if (length === 4 || length === 6)
      return { kind: `suffix${length}`, hash: this.sealing.suffixHash(entityId, spelled) };
    const check = checkIdentifier(key?.identifierFormat ?? 'resident_id', text);
    if (!check.valid)
      throw new InvalidInput(
        `Search by the whole identifier, or by its last 4 or 6 characters. ${check.en}`,
        [],
        ['identifier'],
      );
    return { kind: 'whole', hash: this.sealing.keyHash(entityId, check.normalised) };
  }
}

export const goldenRecordCursor = ({ id }: GoldenRecord): string => encodeCursor('golden-records', [id]);
