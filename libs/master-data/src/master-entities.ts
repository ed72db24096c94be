import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { TYPE_FAMILIES, type TypeFamily } from '#core/connector-kit';
import { type IdentifierFormat } from '#core/identifiers';
import {
  type Actor,
  decodeCursor,
  encodeCursor,
  type InputFault,
  InvalidInput,
  NotFound,
  type Page,
  type PageRequest,
} from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource, QueryFailedError } from 'typeorm';

import { AttributeEntity } from './attribute.entity.js';
import { buildGoldenRecords } from './build-golden-records.job.js';
import { EntityCodeTaken, EntityNotMapped } from './master-data.errors.js';
import { MasterEntityEntity } from './master-entity.entity.js';

export interface AttributeWish {
  readonly code: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly typeFamily: TypeFamily;
  readonly identifierFormat: IdentifierFormat | null;
  /** Rows with the same valid value of it are the same thing. Exactly one attribute is. */
  readonly isMatchKey: boolean;
}

export interface MasterEntityWish {
  readonly code: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly definition: string;
  readonly owner: string;
  readonly attributes: readonly AttributeWish[];
}

export interface MappingWish {
  readonly attributeId: string;
  readonly fieldId: string;
  /** The rank of the field's dataset; 1 is believed first. */
  readonly priority: number;
  /** The field of the same dataset that says when a row was changed. */
  readonly changedFieldId: string | null;
}

/** A field that an attribute's values come from. */
export interface AttributeMapping {
  readonly entityId: string;
  readonly attributeId: string;
  readonly fieldId: string;
  readonly fieldName: string;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly namespace: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly priority: number;
  readonly changedFieldName: string | null;
}

/** The entities of master data, their attributes, and the fields these come from. */
@Injectable()
export class MasterEntities {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
  ) {}

  /** @throws {InvalidInput} {@link EntityCodeTaken} */
  async add(actor: Actor, wish: MasterEntityWish): Promise<MasterEntityEntity> {
    check(wish);
    try {
      return await this.changes.make(actor, async (change) => {
        const added = await row<{ id: string }>(
          change.tx,
          `
          INSERT INTO master_data.entity (code, name_en, name_zh, definition, owner, created_at)
          VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
          `,
          [wish.code.trim(), wish.nameEn.trim(), wish.nameZh.trim(), wish.definition, wish.owner, change.at],
        );
        const entity = await this.lock(change.tx, added?.id ?? '');
        await change.tx.query(
          `
          INSERT INTO master_data.attribute (entity_id, code, name_en, name_zh, type_family, identifier_format, is_match_key, position)
          SELECT $1, trim(code), "nameEn", "nameZh", "typeFamily", "identifierFormat", "isMatchKey", place
            FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (
                   code text, "nameEn" text, "nameZh" text, "typeFamily" text, "identifierFormat" text, "isMatchKey" boolean))
                 WITH ORDINALITY AS wished (code, "nameEn", "nameZh", "typeFamily", "identifierFormat", "isMatchKey", place)
          `,
          [entity.id, JSON.stringify(wish.attributes)],
        );
        await change.record('master-entity.added', subjectOf(entity), { attributes: wish.attributes });
        return entity;
      });
    } catch (error) {
      if (
        error instanceof QueryFailedError &&
        (error.driverError as { constraint?: string }).constraint === 'entity_code'
      )
        throw new EntityCodeTaken(wish.code.trim());
      throw error;
    }
  }

  /** Says which field an attribute's values come from in a dataset; another field of the same dataset is replaced. */
  async map(actor: Actor, wish: MappingWish): Promise<MasterEntityEntity> {
    if (!Number.isInteger(wish.priority) || wish.priority < 1 || wish.priority > 1000)
      throw new InvalidInput('A priority is a whole number from 1 to 1000.', [], ['priority']);
    const attribute = await this.attribute(wish.attributeId);
    const field = await this.field(wish.fieldId);
    if (wish.changedFieldId !== null && (await this.field(wish.changedFieldId)).datasetId !== field.datasetId)
      throw new InvalidInput(
        'The field that says when a row was changed must be one of the same dataset.',
        [],
        ['changedFieldId'],
      );
    return this.changes.make(actor, async (change) => {
      const entity = await this.lock(change.tx, attribute.entityId);
      await change.tx.query(
        `
        INSERT INTO master_data.dataset_mapping (entity_id, dataset_id, priority, changed_field_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (entity_id, dataset_id)
          DO UPDATE SET priority = excluded.priority, changed_field_id = excluded.changed_field_id
        `,
        [entity.id, field.datasetId, wish.priority, wish.changedFieldId],
      );
      await change.tx.query(
        `
        INSERT INTO master_data.field_mapping (attribute_id, entity_id, dataset_id, field_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (attribute_id, dataset_id) DO UPDATE SET field_id = excluded.field_id
        `,
        [attribute.id, entity.id, field.datasetId, wish.fieldId],
      );
      await change.record('master-attribute.mapped', subjectOf(entity), { attribute: attribute.code, ...wish });
      return entity;
    });
  }

  /** Takes a field away from an attribute; a dataset without fields is read no more. */
  async unmap(actor: Actor, attributeId: string, fieldId: string): Promise<MasterEntityEntity> {
    const attribute = await this.attribute(attributeId);
    return this.changes.make(actor, async (change) => {
      const entity = await this.lock(change.tx, attribute.entityId);
      const gone = await row<{ datasetId: string }>(
        change.tx,
        `
        WITH gone AS (DELETE FROM master_data.field_mapping WHERE attribute_id = $1 AND field_id = $2 RETURNING dataset_id)
        SELECT dataset_id AS "datasetId" FROM gone
        `,
        [attributeId, fieldId],
      );
      if (!gone) throw new NotFound('mapping of this attribute to the field', fieldId);
      await change.tx.query(
        `
        DELETE FROM master_data.dataset_mapping AS mapping
         WHERE entity_id = $1 AND dataset_id = $2
           AND NOT EXISTS (SELECT 1 FROM master_data.field_mapping AS field
                            WHERE field.entity_id = mapping.entity_id AND field.dataset_id = mapping.dataset_id)
        `,
        [entity.id, gone.datasetId],
      );
      await change.record('master-attribute.unmapped', subjectOf(entity), { attribute: attribute.code, fieldId });
      return entity;
    });
  }

  /** Asks for the golden records to be built; gives the job's id. @throws {EntityNotMapped} */
  async requestBuild(actor: Actor, id: string): Promise<string> {
    const entity = await this.get(id);
    const key = (await this.attributesOf([id])).find(({ isMatchKey }) => isMatchKey);
    const mapped = (await this.mappingsOf([id])).some(({ attributeId }) => attributeId === key?.id);
    if (!mapped) throw new EntityNotMapped(entity.code, key?.code ?? '');
    return this.changes.make(actor, async (change: Change) => {
      await change.record('golden-records.requested', subjectOf(entity));
      return change.request(buildGoldenRecords, { entityId: id }, subjectOf(entity));
    });
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<MasterEntityEntity> {
    const entity = await this.db.getRepository(MasterEntityEntity).findOneBy({ id });
    if (!entity) throw new NotFound('master entity', id);
    return entity;
  }

  /** By code. */
  async list({ first, after }: PageRequest): Promise<Page<MasterEntityEntity>> {
    const query = this.db.getRepository(MasterEntityEntity).createQueryBuilder('entity');
    const total = await query.getCount();
    if (after !== undefined)
      query.where('lower(entity.code) > :code', { code: decodeCursor('master-entities', after)[0] });
    const found = await query
      .orderBy('lower(entity.code)')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  /** The attributes of some entities, in their order. */
  attributesOf(entityIds: readonly string[]): Promise<AttributeEntity[]> {
    return this.db
      .getRepository(AttributeEntity)
      .createQueryBuilder('attribute')
      .where('attribute.entity_id = ANY(:entityIds)', { entityIds })
      .orderBy('attribute.entity_id')
      .addOrderBy('attribute.position')
      .getMany();
  }

  /** The mapped fields of some entities, those believed first in front. */
  mappingsOf(entityIds: readonly string[]): Promise<AttributeMapping[]> {
    return rows<AttributeMapping>(
      this.db,
      `
      SELECT mapping.entity_id AS "entityId", mapping.attribute_id AS "attributeId", field.id AS "fieldId",
             field.name AS "fieldName", dataset.id AS "datasetId", dataset.qualified_name AS "datasetName",
             source.namespace, source.id AS "sourceId", source.name AS "sourceName", of_dataset.priority,
             changed.name AS "changedFieldName"
        FROM master_data.field_mapping AS mapping
        JOIN master_data.dataset_mapping AS of_dataset
          ON of_dataset.entity_id = mapping.entity_id AND of_dataset.dataset_id = mapping.dataset_id
        JOIN dictionary.field ON field.id = mapping.field_id
        JOIN dictionary.dataset ON dataset.id = mapping.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
        LEFT JOIN dictionary.field AS changed ON changed.id = of_dataset.changed_field_id
       WHERE mapping.entity_id = ANY($1)
       ORDER BY mapping.entity_id, of_dataset.priority, dataset.id, field.id
      `,
      [entityIds],
    );
  }

  private async attribute(id: string): Promise<AttributeEntity> {
    const attribute = await this.db.getRepository(AttributeEntity).findOneBy({ id });
    if (!attribute) throw new NotFound('attribute', id);
    return attribute;
  }

  private async field(id: string): Promise<{ datasetId: string }> {
    const field = await row<{ datasetId: string }>(
      this.db,
      `
      SELECT field.dataset_id AS "datasetId" FROM dictionary.current_field AS field
        JOIN dictionary.current_dataset AS dataset ON dataset.id = field.dataset_id
       WHERE field.id = $1
      `,
      [id],
    );
    if (!field) throw new NotFound('field', id);
    return field;
  }

  private async lock(tx: Tx, id: string): Promise<MasterEntityEntity> {
    const entity = await tx
      .getRepository(MasterEntityEntity)
      .findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!entity) throw new NotFound('master entity', id);
    return entity;
  }
}

export const masterEntityCursor = ({ code }: MasterEntityEntity): string =>
  encodeCursor('master-entities', [code.toLowerCase()]);

export const subjectOf = ({ id, code }: MasterEntityEntity): Subject => ({ kind: 'master-entity', id, name: code });

function check({ code, nameEn, nameZh, attributes }: MasterEntityWish): void {
  const faults: InputFault[] = [];
  const fault = (message: string, ...path: string[]) => faults.push({ path, message });
  if (code.trim() === '' || code.length > 100) fault('Give the entity a code of 1 to 100 characters.', 'code');
  if (nameEn.trim() === '' && nameZh.trim() === '') fault('Give it a name in Chinese or in English.', 'nameZh');
  const keys = attributes.filter(({ isMatchKey }) => isMatchKey);
  if (keys.length !== 1)
    fault(
      `Exactly one attribute is the match key; here ${keys.length === 0 ? 'none is' : `${keys.length} are`}.`,
      'attributes',
    );
  const codes = new Set<string>();
  for (const [at, attribute] of attributes.entries()) {
    const place = ['attributes', String(at)];
    const name = attribute.code.trim();
    if (name === '' || name.length > 100) fault('Give the attribute a code of 1 to 100 characters.', ...place, 'code');
    if (codes.has(name)) fault(`The attribute ${JSON.stringify(name)} is there twice.`, ...place, 'code');
    codes.add(name);
    if (!TYPE_FAMILIES.includes(attribute.typeFamily))
      fault(`There is no type family ${attribute.typeFamily}.`, ...place, 'typeFamily');
    if (attribute.isMatchKey && attribute.identifierFormat === null)
      fault('A match key needs an identifier format, by which its values are checked.', ...place, 'identifierFormat');
  }
  if (faults.length > 0) throw new InvalidInput(faults[0]?.message ?? '', faults);
}
