import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
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

import { CodeSetEntity } from './code-set.entity.js';
import { checkCode, checkNames, constraintOf } from './checks.js';
import { ChangedMeanwhile, CodeTaken } from './standards.errors.js';

/** A code and what it means. */
export interface CodeValue {
  readonly code: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly parentCode: string | null;
  /** First and last day (YYYY-MM-DD) on which it may be used; null: without end. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

/** A value with the set it belongs to. */
export interface StoredCodeValue extends CodeValue {
  readonly codeSetId: string;
}

export interface CodeSetWish {
  readonly nameEn: string;
  readonly nameZh: string;
  readonly definition: string;
  readonly basis: string;
  readonly owner: string;
  /** All values, in order. */
  readonly values: readonly CodeValue[];
}

/** More codes than that are no list but a table of their own. */
export const MOST_VALUES = 20_000;

const VALUE_COLUMNS = `
  value.code_set_id AS "codeSetId", value.code, value.name_en AS "nameEn", value.name_zh AS "nameZh",
  value.parent_code AS "parentCode",
  CASE WHEN isfinite(value.valid_from) THEN value.valid_from::text END AS "validFrom",
  CASE WHEN isfinite(value.valid_to) THEN value.valid_to::text END AS "validTo"`;

/** The code sets and their values. What a value was is kept. */
@Injectable()
export class CodeSets {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
  ) {}

  /** @throws {InvalidInput} {@link CodeTaken} */
  async add(actor: Actor, code: string, wish: CodeSetWish): Promise<CodeSetEntity> {
    const trimmed = checkCode(code, 'code set');
    check(wish);
    try {
      return await this.changes.make(actor, async (change) => {
        const added = await row<{ id: string }>(
          change.tx,
          `
          INSERT INTO standards.code_set (code, name_en, name_zh, definition, basis, owner, created_at, changed_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING id
          `,
          [trimmed, wish.nameEn.trim(), wish.nameZh.trim(), wish.definition, wish.basis, wish.owner, change.at],
        );
        const codeSet = await this.lock(change.tx, added?.id ?? '');
        const values = await this.replaceValues(change, codeSet.id, wish.values);
        await change.record('code-set.added', subjectOf(codeSet), { values });
        return codeSet;
      });
    } catch (error) {
      if (error instanceof QueryFailedError && constraintOf(error) === 'code_set_code')
        throw new CodeTaken('code set', trimmed);
      throw error;
    }
  }

  /** Changes everything but the code. @param revision what the caller read. @throws {ChangedMeanwhile} */
  async change(actor: Actor, id: string, revision: number, wish: CodeSetWish): Promise<CodeSetEntity> {
    check(wish);
    return this.changes.make(actor, async (change) => {
      const before = await this.lock(change.tx, id);
      if (before.revision !== revision) throw new ChangedMeanwhile('code set', before.code, before.revision);
      await change.tx.query(
        `
        UPDATE standards.code_set
           SET name_en = $2, name_zh = $3, definition = $4, basis = $5, owner = $6, changed_at = $7, revision = revision + 1
         WHERE id = $1
        `,
        [id, wish.nameEn.trim(), wish.nameZh.trim(), wish.definition, wish.basis, wish.owner, change.at],
      );
      const values = await this.replaceValues(change, id, wish.values);
      const after = await this.lock(change.tx, id);
      await change.record('code-set.changed', subjectOf(after), {
        before: publicFacts(before),
        after: publicFacts(after),
        values,
      });
      return after;
    });
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CodeSetEntity> {
    const codeSet = await this.db.getRepository(CodeSetEntity).findOneBy({ id });
    if (!codeSet) throw new NotFound('code set', id);
    return codeSet;
  }

  ofIds(ids: readonly string[]): Promise<CodeSetEntity[]> {
    return this.db
      .getRepository(CodeSetEntity)
      .createQueryBuilder('code_set')
      .where('code_set.id = ANY(:ids)', { ids })
      .getMany();
  }

  /** By code. */
  async list(search: string | undefined, { first, after }: PageRequest): Promise<Page<CodeSetEntity>> {
    const query = this.db.getRepository(CodeSetEntity).createQueryBuilder('code_set');
    if (search !== undefined)
      query.where(
        `strpos(lower(concat_ws(' ', code_set.code, code_set.name_en, code_set.name_zh)), lower(:search)) > 0`,
        { search },
      );
    const total = await query.getCount();
    if (after !== undefined)
      query.andWhere('lower(code_set.code) > :code', { code: decodeCursor('code-sets', after)[0] });
    const found = await query
      .orderBy('lower(code_set.code)')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  /** The values of some sets, in their order: as they are now, or as they were recorded at a time. */
  valuesOf(codeSetIds: readonly string[], recordedAt: Date | null = null): Promise<StoredCodeValue[]> {
    return rows<StoredCodeValue>(
      this.db,
      `
      SELECT ${VALUE_COLUMNS}
        FROM standards.code_value AS value
       WHERE value.code_set_id = ANY($1)
         AND CASE WHEN $2::timestamptz IS NULL THEN value.recorded_to = 'infinity'
                  ELSE value.recorded_from <= $2 AND value.recorded_to > $2 END
       ORDER BY value.code_set_id, value.position
      `,
      [codeSetIds, recordedAt],
    );
  }

  /** The codes of a set that may be used on a day. */
  async codesOn(codeSetId: string, day: string): Promise<string[]> {
    const found = await rows<{ code: string }>(
      this.db,
      `
      SELECT code FROM standards.code_value
       WHERE code_set_id = $1 AND recorded_to = 'infinity' AND $2::date BETWEEN valid_from AND valid_to
       ORDER BY position
      `,
      [codeSetId, day],
    );
    return found.map(({ code }) => code);
  }

  /** Closes the rows of values that changed or are gone, and adds what is new; gives how many. */
  private async replaceValues(
    { tx, at }: Change,
    codeSetId: string,
    values: readonly CodeValue[],
  ): Promise<{ closed: number; added: number }> {
    const wished = JSON.stringify(values.map((value, position) => ({ ...value, position })));
    const recordset = `
      SELECT code, "nameEn", "nameZh", position, "parentCode",
             coalesce("validFrom", '-infinity') AS valid_from, coalesce("validTo", 'infinity') AS valid_to
        FROM jsonb_to_recordset($2::jsonb) AS wished (
          code text, "nameEn" text, "nameZh" text, position integer, "parentCode" text, "validFrom" date, "validTo" date)`;
    const closed = await rows(
      tx,
      `
      WITH wished AS (${recordset}), closed AS (
        UPDATE standards.code_value AS value SET recorded_to = $3
         WHERE value.code_set_id = $1 AND value.recorded_to = 'infinity'
           AND (value.code, value.name_en, value.name_zh, value.position, coalesce(value.parent_code, ''), value.valid_from, value.valid_to)
               NOT IN (SELECT code, "nameEn", "nameZh", position, coalesce("parentCode", ''), valid_from, valid_to FROM wished)
        RETURNING value.id
      ) SELECT id FROM closed
      `,
      [codeSetId, wished, at],
    );
    const added = await rows(
      tx,
      `
      WITH wished AS (${recordset}), added AS (
        INSERT INTO standards.code_value (code_set_id, code, name_en, name_zh, position, parent_code, valid_from, valid_to, recorded_from)
        SELECT $1, code, "nameEn", "nameZh", position, "parentCode", valid_from, valid_to, $3 FROM wished
        ON CONFLICT (code_set_id, code) WHERE recorded_to = 'infinity' DO NOTHING
        RETURNING id
      ) SELECT id FROM added
      `,
      [codeSetId, wished, at],
    );
    return { closed: closed.length, added: added.length };
  }

  private async lock(tx: Tx, id: string): Promise<CodeSetEntity> {
    const found = await tx.getRepository(CodeSetEntity).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!found) throw new NotFound('code set', id);
    return found;
  }
}

export const codeSetCursor = ({ code }: CodeSetEntity): string => encodeCursor('code-sets', [code.toLowerCase()]);

const subjectOf = ({ id, code }: CodeSetEntity): Subject => ({ kind: 'code-set', id, name: code });

const publicFacts = ({ nameEn, nameZh, definition, basis, owner }: CodeSetEntity) => ({
  ...{ nameEn, nameZh, definition, basis, owner },
});

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function check({ nameEn, nameZh, values }: CodeSetWish): void {
  checkNames(nameEn, nameZh);
  if (values.length > MOST_VALUES)
    throw new InvalidInput(`A code set has at most ${MOST_VALUES} values; this has ${values.length}.`, [], ['values']);
  const codes = new Set<string>();
  const faults: InputFault[] = [];
  const fault = (at: number, field: string, message: string) =>
    faults.push({ path: ['values', String(at), field], message });
  for (const [at, { code, validFrom, validTo }] of values.entries()) {
    if (code === '') fault(at, 'code', 'Give the value a code.');
    if (codes.has(code)) fault(at, 'code', `The code ${JSON.stringify(code)} is there twice.`);
    codes.add(code);
    for (const [field, day] of [['validFrom', validFrom] as const, ['validTo', validTo] as const])
      if (day !== null && (!DAY.test(day) || Number.isNaN(Date.parse(day))))
        fault(at, field, `${JSON.stringify(day)} is not a day; write it as 2026-01-31.`);
    if (validFrom !== null && validTo !== null && validFrom > validTo)
      fault(at, 'validTo', `${JSON.stringify(code)} ends before it begins.`);
  }
  for (const [at, { code, parentCode }] of values.entries())
    if (parentCode !== null && (parentCode === code || !codes.has(parentCode)))
      fault(at, 'parentCode', `${JSON.stringify(parentCode)} is not another code of this set.`);
  if (faults.length > 0) throw new InvalidInput(faults[0]?.message ?? '', faults);
}
