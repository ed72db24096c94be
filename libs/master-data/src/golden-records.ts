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
import { grouped } from './grouped.js';
import { MasterEntities } from './master-entities.js';
import { type KeptValue, Sealing } from './sealing.js';

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
  SELECT golden.id, golden.entity_id AS "entityId", golden.key_hash AS "keyHash", golden.content, golden.members,
         golden.sources, golden.created_at AS "createdAt", golden.changed_at AS "changedAt", golden.gone_at AS "goneAt"
    FROM master_data.golden_record AS golden`;

type SealedRecord = Omit<GoldenRecord, 'identifier'> & { readonly keyHash: Buffer; readonly content: Buffer };

/** A value as it is kept, of a record, until when. */
interface Held {
  readonly recordId: string;
  readonly value: KeptValue;
  readonly recordedTo: Date | null;
}

type Place = Pick<GoldenValue, 'fieldName' | 'datasetName' | 'sourceId' | 'sourceName'> & {
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
    const prints = [
      ...(print?.suffix === undefined ? [] : [print.suffix]),
      ...(search.value === undefined ? [] : [this.sealing.searchPrint(entityId, searchForm(search.value))]),
    ];
    const where = `
      golden.entity_id = $1 AND golden.gone_at IS NULL AND ($2::bytea IS NULL OR golden.key_hash = $2)
      AND ($3::bigint[] = '{}' OR golden.found_by @> $3)`;
    const params = [entityId, print?.keyHash ?? null, prints];
    const total = await row<{ n: number }>(
      this.db,
      `SELECT count(*)::int AS n FROM master_data.golden_record AS golden WHERE ${where}`,
      params,
    );
    const found = await rows<SealedRecord>(
      this.db,
      `${SELECT} WHERE ${where} AND ($4::uuid IS NULL OR golden.id > $4) ORDER BY golden.id LIMIT $5`,
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
    const records = await rows<Pick<SealedRecord, 'id' | 'entityId' | 'keyHash' | 'content'>>(
      this.db,
      `
      SELECT id, entity_id AS "entityId", key_hash AS "keyHash", content
        FROM master_data.golden_record WHERE id = ANY($1) ORDER BY id
      `,
      [recordIds],
    );
    const attributes = await this.entities.attributesOf([...new Set(records.map(({ entityId }) => entityId))]);
    const former = which === 'now' ? new Map<string, Held[]>() : await this.formerOf(records);
    const held = records.flatMap(({ id, keyHash, content }) => [
      ...this.sealing
        .openGolden(keyHash, content)
        .values.map((value): Held => ({ recordId: id, value, recordedTo: null })),
      ...(former.get(id) ?? []),
    ]);
    const places = await this.placesOf([...new Set(held.map(({ value }) => value.fieldId))]);
    const ofAttribute = grouped(held, ({ recordId, value }) => `${recordId} ${value.attributeId}`);
    return records.flatMap(({ id }) =>
      attributes.flatMap((attribute) =>
        (ofAttribute.get(`${id} ${attribute.id}`) ?? [])
          .sort((a, b) => b.value.since - a.value.since)
          .flatMap((one) => goldenValue(reveal, attribute, places.get(one.value.fieldId), one)),
      ),
    );
  }

  /** Values that hold no more, by their record. */
  private async formerOf(records: readonly Pick<SealedRecord, 'id' | 'keyHash'>[]): Promise<Map<string, Held[]>> {
    const keys = new Map(records.map(({ id, keyHash }) => [id, keyHash]));
    const found = await rows<{ recordId: string; content: Buffer; recordedTo: Date }>(
      this.db,
      `
      SELECT record_id AS "recordId", content, recorded_to AS "recordedTo"
        FROM master_data.former_value WHERE record_id = ANY($1) ORDER BY recorded_to DESC, id
      `,
      [[...keys.keys()]],
    );
    const held = found.map(({ recordId, content, recordedTo }): Held => {
      const value = this.sealing.openFormer(keys.get(recordId) ?? Buffer.alloc(0), content);
      return { recordId, value, recordedTo };
    });
    return grouped(held, ({ recordId }) => recordId);
  }

  private async placesOf(fieldIds: readonly string[]): Promise<Map<string, Place>> {
    const found = await rows<Place & { fieldId: string }>(
      this.db,
      `
      SELECT field.id AS "fieldId", field.name AS "fieldName", dataset.qualified_name AS "datasetName", source.namespace,
             source.id AS "sourceId", source.name AS "sourceName"
        FROM dictionary.field
        JOIN dictionary.dataset ON dataset.id = field.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
       WHERE field.id = ANY($1)
      `,
      [fieldIds],
    );
    return new Map(found.map(({ fieldId, ...place }) => [fieldId, place]));
  }

  /** The rows that are the same thing; at most 500 of each record. */
  async membersOf(actor: Actor, recordIds: readonly string[]): Promise<Member[]> {
    const reveal = mayReveal(actor);
    const found = await rows<Omit<Member, 'rowKey'> & { rowHash: Buffer; content: Buffer }>(
      this.db,
      `
      SELECT golden.id AS "recordId", source.id AS "sourceId", source.name AS "sourceName",
             dataset.qualified_name AS "datasetName", member.row_hash AS "rowHash", member.content,
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
    return found.map(({ rowHash, content, ...rest }) => ({
      ...rest,
      rowKey: reveal ? this.sealing.openRow(rowHash, content).key : null,
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
    { keyHash, content, ...record }: SealedRecord,
  ): GoldenRecord {
    const { identifier: clear } = this.sealing.openGolden(keyHash, content);
    const masked = maskValue({ format: key?.identifierFormat ?? null, isText: false }, clear);
    return { ...record, identifier: mayReveal(actor) ? clear : masked };
  }

  private identifierPrint(
    entityId: string,
    key: AttributeEntity | undefined,
    text: string,
  ): { readonly suffix?: string; readonly keyHash?: Buffer } {
    const wanted = text.normalize('NFKC').trim();
    const spelled = key?.identifierFormat === 'email' ? wanted.toLowerCase() : wanted.toUpperCase();
    const length = [...spelled].length;
    if (length === 4 || length === 6) return { suffix: this.sealing.suffixPrint(entityId, spelled) };
    const check = checkIdentifier(key?.identifierFormat ?? 'resident_id', text);
    if (!check.valid)
      throw new InvalidInput(
        `Search by the whole identifier, or by its last 4 or 6 characters. ${check.en}`,
        [],
        ['identifier'],
      );
    return { keyHash: this.sealing.keyHash(entityId, check.normalised) };
  }
}

function goldenValue(
  reveal: boolean,
  { id, code, nameEn, nameZh, identifierFormat, typeFamily }: AttributeEntity,
  place: Place | undefined,
  { recordId, value: { value, fieldId, rowKey, changedAt, since }, recordedTo }: Held,
): GoldenValue[] {
  if (!place) return [];
  const { namespace, ...known } = place;
  return [
    {
      ...known,
      ...{ recordId, attributeId: id, attributeCode: code, attributeNameEn: nameEn, attributeNameZh: nameZh, fieldId },
      value: reveal ? value : maskValue({ format: identifierFormat, isText: typeFamily === 'text' }, value),
      rowKey: reveal ? rowKey : null,
      fieldUrn: urnOf({ namespace, name: known.datasetName, column: known.fieldName }),
      observedAt: new Date(since),
      sourceChangedAt: changedAt === null ? null : new Date(changedAt),
      recordedFrom: new Date(since),
      recordedTo,
    },
  ];
}

export const goldenRecordCursor = ({ id }: GoldenRecord): string => encodeCursor('golden-records', [id]);
