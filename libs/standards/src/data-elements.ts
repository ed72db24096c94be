import { Inject, Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { TYPE_FAMILIES, type TypeFamily } from '#core/connector-kit';
import { type IdentifierFormat } from '#core/identifiers';
import { type SecurityLevel } from '#dictionary';
import {
  type Actor,
  Clock,
  decodeCursor,
  encodeCursor,
  InvalidInput,
  NotFound,
  type Page,
  type PageRequest,
} from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import { row, type Tx } from '#platform/database';
import { DataSource, QueryFailedError } from 'typeorm';

import { checkStandards } from './check-standards.job.js';
import { checkCode, checkNames, constraintOf } from './checks.js';
import { DataElementEntity, type ElementState } from './data-element.entity.js';
import { DataElementVersionEntity } from './data-element-version.entity.js';
import { today } from './day.js';
import { ChangedMeanwhile, CodeTaken, WrongState } from './standards.errors.js';

/** What a data element asks of the columns that are mapped to it. */
export interface DataElementWish {
  readonly nameEn: string;
  readonly nameZh: string;
  readonly definition: string;
  readonly typeFamily: TypeFamily;
  /** Characters of a text. */
  readonly length: number | null;
  /** All digits of a decimal, and those after the point. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** Whether the column may be empty. */
  readonly nullable: boolean;
  readonly codeSetId: string | null;
  readonly identifierFormat: IdentifierFormat | null;
  readonly securityLevel: SecurityLevel | null;
  readonly owner: string;
}

export interface DataElementFilter {
  /** In code and names, of any version. */
  readonly search?: string;
  readonly states?: readonly ElementState[];
  readonly codeSetId?: string;
  readonly owner?: string;
}

const COLUMNS = `name_en, name_zh, definition, type_family, length, precision, scale, nullable, code_set_id,
                 identifier_format, security_level, owner`;

/** The data elements (数据元) and their versions: draft, published from a day on, retired. */
@Injectable()
export class DataElements {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Adds a data element as a draft. @throws {InvalidInput} {@link CodeTaken} */
  async add(actor: Actor, code: string, wish: DataElementWish): Promise<DataElementEntity> {
    const trimmed = checkCode(code, 'data element');
    check(wish);
    return this.unlessUnknownCodeSet(trimmed, wish, () =>
      this.changes.make(actor, async (change) => {
        const added = await row<{ id: string }>(
          change.tx,
          `INSERT INTO standards.data_element (code, created_at) VALUES ($1, $2) RETURNING id`,
          [trimmed, change.at],
        );
        const element = await this.lock(change.tx, added?.id ?? '');
        await this.addVersion(change, element.id, 1, wish);
        await change.record('data-element.added', subjectOf(element), { ...wish });
        return element;
      }),
    );
  }

  /**
   * Changes what an element says. A draft is changed itself; a published version stays as it is, and the change is the
   * next version, a draft until it is published.
   * @param revision of the latest version, as the caller read it.
   * @throws {ChangedMeanwhile} {@link WrongState} when it is retired.
   */
  async change(actor: Actor, id: string, revision: number, wish: DataElementWish): Promise<DataElementEntity> {
    check(wish);
    return this.unlessUnknownCodeSet('', wish, () =>
      this.changes.make(actor, async (change) => {
        const element = await this.lock(change.tx, id);
        if (element.state === 'retired')
          throw new WrongState(`The data element ${element.code} is retired, so it is not changed any more.`);
        const latest = await this.latest(change.tx, id);
        if (latest.revision !== revision) throw new ChangedMeanwhile('data element', element.code, latest.revision);
        if (latest.publishedAt === null) await this.changeDraft(change, latest, wish);
        else await this.addVersion(change, id, latest.version + 1, wish);
        await change.record('data-element.changed', subjectOf(element), {
          version: latest.publishedAt === null ? latest.version : latest.version + 1,
          before: publicFacts(latest),
          after: { ...wish },
        });
        return element;
      }),
    );
  }

  /**
   * Publishes the draft: from a day on it is in force, and its mapped fields are judged by it.
   * @param effectiveFrom YYYY-MM-DD; today when not given.
   * @throws {WrongState} when there is no draft.
   */
  async publish(actor: Actor, id: string, effectiveFrom?: string): Promise<DataElementEntity> {
    const day = effectiveFrom ?? today(this.clock, this.settings);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
      throw new InvalidInput(`${JSON.stringify(day)} is not a day; write it as 2026-01-31.`, [], ['effectiveFrom']);
    return this.changes.make(actor, async (change) => {
      const element = await this.lock(change.tx, id);
      const draft = await this.latest(change.tx, id);
      if (element.state === 'retired' || draft.publishedAt !== null)
        throw new WrongState(
          `The data element ${element.code} has no draft to publish. Change it first; that makes the next version.`,
        );
      const before = await row<{ day: string }>(
        change.tx,
        `SELECT max(effective_from)::text AS day FROM standards.data_element_version WHERE element_id = $1`,
        [id],
      );
      if (before?.day != null && day < before.day)
        throw new InvalidInput(
          `The version before is in force from ${before.day}; the next one cannot be in force from ${day} already.`,
          [],
          ['effectiveFrom'],
        );
      await change.tx.query(
        `UPDATE standards.data_element_version SET published_at = $2, effective_from = $3 WHERE id = $1`,
        [draft.id, change.at, day],
      );
      await change.tx.query(`UPDATE standards.data_element SET state = 'published' WHERE id = $1`, [id]);
      await change.record('data-element.published', subjectOf(element), {
        version: draft.version,
        effectiveFrom: day,
      });
      await change.request(checkStandards, { elementId: id }, subjectOf(element));
      return this.lock(change.tx, id);
    });
  }

  /** Takes an element out of force. Its mappings stay; they are not judged any more. */
  async retire(actor: Actor, id: string, reason: string): Promise<DataElementEntity> {
    return this.changes.make(actor, async (change) => {
      const element = await this.lock(change.tx, id);
      if (element.state === 'retired') throw new WrongState(`The data element ${element.code} is retired already.`);
      await change.tx.query(`UPDATE standards.data_element SET state = 'retired', retired_at = $2 WHERE id = $1`, [
        id,
        change.at,
      ]);
      await change.tx.query(
        `
        UPDATE standards.verdict SET recorded_to = $2
         WHERE recorded_to = 'infinity' AND mapping_id IN (SELECT id FROM standards.mapping WHERE element_id = $1)
        `,
        [id, change.at],
      );
      await change.record('data-element.retired', subjectOf(element), { reason });
      return this.lock(change.tx, id);
    });
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<DataElementEntity> {
    const element = await this.db.getRepository(DataElementEntity).findOneBy({ id });
    if (!element) throw new NotFound('data element', id);
    return element;
  }

  ofIds(ids: readonly string[]): Promise<DataElementEntity[]> {
    return this.db
      .getRepository(DataElementEntity)
      .createQueryBuilder('element')
      .where('element.id = ANY(:ids)', { ids })
      .getMany();
  }

  /** All versions of some elements, the newest first. */
  versionsOf(elementIds: readonly string[]): Promise<DataElementVersionEntity[]> {
    return this.db
      .getRepository(DataElementVersionEntity)
      .createQueryBuilder('version')
      .where('version.element_id = ANY(:elementIds)', { elementIds })
      .orderBy('version.element_id')
      .addOrderBy('version.version', 'DESC')
      .getMany();
  }

  /** Today, by which the version in force is told. */
  today(): string {
    return today(this.clock, this.settings);
  }

  /** By code. */
  async list(filter: DataElementFilter, { first, after }: PageRequest): Promise<Page<DataElementEntity>> {
    const query = this.db.getRepository(DataElementEntity).createQueryBuilder('element');
    if (filter.states?.length) query.andWhere('element.state = ANY(:states)', { states: filter.states });
    const ofVersion: string[] = [];
    if (filter.search !== undefined)
      ofVersion.push(`strpos(lower(concat_ws(' ', element.code, v.name_en, v.name_zh)), lower(:search)) > 0`);
    if (filter.codeSetId !== undefined) ofVersion.push('v.code_set_id = :codeSetId');
    if (filter.owner !== undefined) ofVersion.push('v.owner = :owner');
    if (ofVersion.length > 0)
      query.andWhere(
        `EXISTS (SELECT 1 FROM standards.data_element_version v WHERE v.element_id = element.id AND ${ofVersion.join(' AND ')})`,
        { search: filter.search, codeSetId: filter.codeSetId, owner: filter.owner },
      );
    const total = await query.getCount();
    if (after !== undefined)
      query.andWhere('lower(element.code) > :code', { code: decodeCursor('data-elements', after)[0] });
    const found = await query
      .orderBy('lower(element.code)')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  private async addVersion({ tx, at, actor }: Change, elementId: string, version: number, wish: DataElementWish) {
    await tx.query(
      `
      INSERT INTO standards.data_element_version (element_id, version, changed_at, changed_by, ${COLUMNS})
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      `,
      [elementId, version, at, actor.name, ...valuesOf(wish)],
    );
  }

  private async changeDraft({ tx, at, actor }: Change, { id }: DataElementVersionEntity, wish: DataElementWish) {
    await tx.query(
      `
      UPDATE standards.data_element_version
         SET changed_at = $2, changed_by = $3, revision = revision + 1,
             (${COLUMNS}) = ROW ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       WHERE id = $1
      `,
      [id, at, actor.name, ...valuesOf(wish)],
    );
  }

  private async latest(tx: Tx, elementId: string): Promise<DataElementVersionEntity> {
    return tx
      .getRepository(DataElementVersionEntity)
      .findOneOrFail({ where: { elementId }, order: { version: 'DESC' } });
  }

  private async lock(tx: Tx, id: string): Promise<DataElementEntity> {
    const found = await tx
      .getRepository(DataElementEntity)
      .findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!found) throw new NotFound('data element', id);
    return found;
  }

  private async unlessUnknownCodeSet<T>(code: string, { codeSetId }: DataElementWish, work: () => Promise<T>) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof QueryFailedError)) throw error;
      const constraint = constraintOf(error);
      if (constraint === 'data_element_code') throw new CodeTaken('data element', code);
      if (constraint === 'data_element_version_code_set_id_fkey') throw new NotFound('code set', codeSetId ?? '');
      throw error;
    }
  }
}

export const dataElementCursor = ({ code }: DataElementEntity): string =>
  encodeCursor('data-elements', [code.toLowerCase()]);

const subjectOf = ({ id, code }: DataElementEntity): Subject => ({ kind: 'data-element', id, name: code });

const valuesOf = (wish: DataElementWish) => [
  ...[
    wish.nameEn.trim(),
    wish.nameZh.trim(),
    wish.definition,
    wish.typeFamily,
    wish.length,
    wish.precision,
    wish.scale,
  ],
  ...[wish.nullable, wish.codeSetId, wish.identifierFormat, wish.securityLevel, wish.owner],
];

const publicFacts = (version: DataElementVersionEntity): DataElementWish => ({
  nameEn: version.nameEn,
  nameZh: version.nameZh,
  definition: version.definition,
  typeFamily: version.typeFamily,
  length: version.length,
  precision: version.precision,
  scale: version.scale,
  nullable: version.nullable,
  codeSetId: version.codeSetId,
  identifierFormat: version.identifierFormat,
  securityLevel: version.securityLevel,
  owner: version.owner,
});

const whole = (value: number | null, least: number) => value === null || (Number.isInteger(value) && value >= least);

function check(wish: DataElementWish): void {
  checkNames(wish.nameEn, wish.nameZh);
  const refuse = (path: string, sentence: string): never => {
    throw new InvalidInput(sentence, [], [path]);
  };
  if (!TYPE_FAMILIES.includes(wish.typeFamily)) refuse('typeFamily', `There is no type family ${wish.typeFamily}.`);
  if (!whole(wish.length, 1)) refuse('length', 'A length is a whole number from 1.');
  if (wish.length !== null && wish.typeFamily !== 'text') refuse('length', 'Only text has a length.');
  if (!whole(wish.precision, 1)) refuse('precision', 'A precision is a whole number from 1.');
  if (!whole(wish.scale, 0)) refuse('scale', 'A scale is a whole number from 0.');
  if ((wish.precision !== null || wish.scale !== null) && wish.typeFamily !== 'decimal')
    refuse('precision', 'Only decimals have a precision and a scale.');
  if (wish.scale !== null && (wish.precision === null || wish.scale > wish.precision))
    refuse('scale', 'A scale goes with a precision that is at least as large.');
  if (wish.identifierFormat !== null && wish.typeFamily !== 'text')
    refuse('identifierFormat', 'Only text has an identifier format.');
  if (wish.identifierFormat !== null && wish.codeSetId !== null)
    refuse('codeSetId', 'An identifier has no code set; leave one of the two out.');
}
