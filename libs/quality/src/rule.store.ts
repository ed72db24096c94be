import { Injectable } from '@nestjs/common';
import { type Severity, type Status } from '#core/rule-engine';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type RuleContent, type RuleVersion, type StoredRule } from './rule.js';

export interface RuleFilter {
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly fieldId?: string;
  readonly ruleSetId?: string;
  readonly kind?: string;
  readonly severity?: Severity;
  readonly enabled?: boolean;
  /** What its latest result says; `never` for a rule that has none. */
  readonly lastStatus?: Status | 'never';
  /** Retired rules instead of those that are not. */
  readonly retired?: boolean;
  /** Part of a name, in any case. */
  readonly text?: string;
  /** Rules that belong to a set of files. */
  readonly origin?: string;
  /** Whether it belongs to none. */
  readonly byHand?: boolean;
}

/** A version's columns and the names that go with its ids; `v` is a version or a current rule. */
const VERSION = `
  v.kind, v.field_ids AS "fieldIds", v.other_dataset_id AS "otherDatasetId", v.dimension, v.severity, v.definition,
  v.name_en AS "nameEn", v.name_zh AS "nameZh", v.description, v.owner, v.enabled, v.number,
  v.made_at AS "madeAt", v.made_by AS "madeBy",
  dataset.id AS "datasetId", dataset.qualified_name AS "datasetName",
  source.id AS "sourceId", source.name AS "sourceName", other.qualified_name AS "otherDatasetName", other_source.name AS "otherSourceName",
  ARRAY (
    SELECT field.name FROM unnest(v.field_ids) WITH ORDINALITY AS named (id, at)
      JOIN dictionary.field ON field.id = named.id ORDER BY named.at
  ) AS "fieldNames"`;

const NAMES = (datasetId: string) => `
  JOIN dictionary.dataset ON dataset.id = ${datasetId}
  JOIN sources.source ON source.id = dataset.source_id
  LEFT JOIN dictionary.dataset AS other ON other.id = v.other_dataset_id
  LEFT JOIN sources.source AS other_source ON other_source.id = other.source_id`;

const RULE = `
  SELECT v.id AS "ruleId", v.version_id AS id, v.created_at AS "createdAt", v.retired_at AS "retiredAt", ${VERSION}
    FROM quality.current_rule AS v ${NAMES('v.dataset_id')}`;

@Injectable()
export class RuleStore {
  constructor(private readonly db: DataSource) {}

  /** Writes new rules, each with its first version; gives their ids in order. */
  async insert(
    tx: Tx,
    wanted: readonly { readonly datasetId: string; readonly content: RuleContent }[],
    at: Date,
    by: string,
  ): Promise<string[]> {
    const ids = (await rows<{ id: string }>(tx, `SELECT uuidv7() AS id FROM generate_series(1, $1)`, [wanted.length]))
      .map(({ id }) => id)
      .sort();
    await tx.query(
      `
      INSERT INTO quality.rule (id, dataset_id, created_at)
      SELECT id, dataset_id, $3 FROM unnest($1::uuid[], $2::uuid[]) AS wanted (id, dataset_id)
      `,
      [ids, wanted.map(({ datasetId }) => datasetId), at],
    );
    await this.insertVersions(
      tx,
      wanted.map(({ content }, index) => ({ ruleId: ids[index] ?? '', number: 1, content })),
      at,
      by,
    );
    return ids;
  }

  /** Gives a rule its next version. */
  async addVersion(tx: Tx, ruleId: string, content: RuleContent, at: Date, by: string): Promise<void> {
    const next = await row<{ number: number }>(
      tx,
      `
      WITH next AS (
        UPDATE quality.rule SET version_number = version_number + 1 WHERE id = $1 RETURNING version_number AS number
      )
      SELECT number FROM next
      `,
      [ruleId],
    );
    if (!next) throw new NotFound('rule', ruleId);
    await this.insertVersions(tx, [{ ruleId, number: next.number, content }], at, by);
  }

  /** Gives many rules their next version, in two statements. */
  async addVersions(
    tx: Tx,
    changed: readonly { readonly ruleId: string; readonly content: RuleContent }[],
    at: Date,
    by: string,
  ): Promise<void> {
    const numbered = await rows<{ ruleId: string; number: number }>(
      tx,
      `
      WITH next AS (
        UPDATE quality.rule SET version_number = version_number + 1 WHERE id = ANY ($1)
        RETURNING id, version_number
      )
      SELECT id AS "ruleId", version_number AS number FROM next
      `,
      [changed.map(({ ruleId }) => ruleId)],
    );
    const numbers = new Map(numbered.map(({ ruleId, number }) => [ruleId, number]));
    await this.insertVersions(
      tx,
      changed.flatMap(({ ruleId, content }) => {
        const number = numbers.get(ruleId);
        return number === undefined ? [] : [{ ruleId, number, content }];
      }),
      at,
      by,
    );
  }

  async retire(tx: Tx, ruleId: string, at: Date): Promise<void> {
    await tx.query(`UPDATE quality.rule SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL`, [ruleId, at]);
  }

  /** One rule; with `tx` it is locked, so that two changes come one after the other. @throws {NotFound} */
  async get(ruleId: string, tx?: Tx): Promise<StoredRule> {
    if (tx) await tx.query(`SELECT 1 FROM quality.rule WHERE id = $1 FOR UPDATE`, [ruleId]);
    const found = await row<StoredRule>(tx ?? this.db, `${RULE} WHERE v.id = $1`, [ruleId]);
    if (!found) throw new NotFound('rule', ruleId);
    return found;
  }

  /** With `tx` they are locked, in an order that all share. */
  async ofIds(ruleIds: readonly string[], tx?: Tx): Promise<StoredRule[]> {
    if (tx) await tx.query(`SELECT 1 FROM quality.rule WHERE id = ANY ($1) ORDER BY id FOR UPDATE`, [ruleIds]);
    return rows(tx ?? this.db, `${RULE} WHERE v.id = ANY ($1)`, [ruleIds]);
  }

  /** Rules in use that look at any of some fields, or at the rows of any of some datasets, by source, dataset and age. */
  lookingAt(fieldIds: readonly string[], datasetIds: readonly string[]): Promise<StoredRule[]> {
    return rows(
      this.db,
      `
      ${RULE}
       WHERE v.retired_at IS NULL AND v.enabled
         AND (v.field_ids && $1::uuid[] OR v.dataset_id = ANY ($2::uuid[]) OR v.other_dataset_id = ANY ($2::uuid[]))
       ORDER BY source.name, dataset.qualified_name, v.id
      `,
      [fieldIds, datasetIds],
    );
  }

  /** Pinned versions, by their own ids. */
  versionsOfIds(versionIds: readonly string[]): Promise<RuleVersion[]> {
    return rows(
      this.db,
      `
      SELECT v.id, v.rule_id AS "ruleId", ${VERSION}
        FROM quality.rule_version AS v JOIN quality.rule ON rule.id = v.rule_id ${NAMES('rule.dataset_id')}
       WHERE v.id = ANY ($1)
      `,
      [versionIds],
    );
  }

  /** Every version of a rule, newest first. */
  history(ruleId: string): Promise<RuleVersion[]> {
    return rows(
      this.db,
      `
      SELECT v.id, v.rule_id AS "ruleId", ${VERSION}
        FROM quality.rule_version AS v JOIN quality.rule ON rule.id = v.rule_id ${NAMES('rule.dataset_id')}
       WHERE v.rule_id = $1 ORDER BY v.number DESC
      `,
      [ruleId],
    );
  }

  /** By source, dataset and age. */
  async list(filter: RuleFilter, { first, after }: PageRequest): Promise<Page<StoredRule>> {
    const { where, params } = conditions(filter);
    const from = `FROM quality.current_rule AS v ${NAMES('v.dataset_id')}`;
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total ${from} WHERE ${where}`,
      params,
    );
    const key = after === undefined ? undefined : decodeCursor('rules', after);
    const found = await rows<StoredRule>(
      this.db,
      `
      ${RULE} WHERE ${where}
        ${key === undefined ? '' : `AND (source.name, dataset.qualified_name, v.id) > ($${params.length + 2}, $${params.length + 3}, $${params.length + 4}::uuid)`}
       ORDER BY source.name, dataset.qualified_name, v.id LIMIT $${params.length + 1}
      `,
      [...params, first + 1, ...(key === undefined ? [] : [key[0], key[1], key[2]])],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  private async insertVersions(
    tx: Tx,
    versions: readonly { readonly ruleId: string; readonly number: number; readonly content: RuleContent }[],
    at: Date,
    by: string,
  ): Promise<void> {
    const records = versions.map(({ ruleId, number, content }) => ({
      rule_id: ruleId,
      number,
      kind: content.kind,
      field_ids: content.fieldIds,
      other_dataset_id: content.otherDatasetId,
      dimension: content.dimension,
      severity: content.severity,
      definition: content.definition,
      name_en: content.nameEn,
      name_zh: content.nameZh,
      description: content.description,
      owner: content.owner,
      enabled: content.enabled,
    }));
    await tx.query(
      `
      INSERT INTO quality.rule_version (rule_id, number, kind, field_ids, other_dataset_id, dimension, severity,
                                        definition, name_en, name_zh, description, owner, enabled, made_at, made_by)
      SELECT version.*, $2, $3
        FROM jsonb_to_recordset($1) AS version (
               rule_id uuid, number integer, kind text, field_ids uuid[], other_dataset_id uuid, dimension text,
               severity text, definition jsonb, name_en text, name_zh text, description text, owner text, enabled boolean
             )
      `,
      [JSON.stringify(records), at, by],
    );
  }
}

export const ruleCursor = (rule: StoredRule): string =>
  encodeCursor('rules', [rule.sourceName, rule.datasetName, rule.ruleId]);

function conditions(filter: RuleFilter): { where: string; params: unknown[] } {
  const params: unknown[] = [];
  const parts = [filter.retired === true ? 'v.retired_at IS NOT NULL' : 'v.retired_at IS NULL'];
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined) return;
    params.push(value);
    parts.push(condition(`$${params.length}`));
  };
  add(filter.sourceId, (it) => `source.id = ${it}`);
  add(filter.datasetId, (it) => `(v.dataset_id = ${it} OR v.other_dataset_id = ${it})`);
  add(filter.fieldId, (it) => `${it}::uuid = ANY (v.field_ids)`);
  add(filter.ruleSetId, (it) => `v.id IN (SELECT rule_id FROM quality.rule_set_rule WHERE rule_set_id = ${it})`);
  add(filter.kind, (it) => `v.kind = ${it}`);
  add(filter.severity, (it) => `v.severity = ${it}`);
  add(filter.enabled, (it) => `v.enabled = ${it}`);
  add(
    filter.text,
    (it) => `strpos(lower(concat_ws(' ', v.name_zh, v.name_en, dataset.qualified_name)), lower(${it})) > 0`,
  );
  add(filter.origin, (it) => `v.id IN (SELECT rule_id FROM quality.code_rule WHERE origin = ${it})`);
  add(filter.byHand, (it) => `NOT EXISTS (SELECT 1 FROM quality.code_rule WHERE rule_id = v.id) = ${it}`);
  add(filter.lastStatus, (it) => {
    const last = `SELECT status FROM quality.result WHERE rule_id = v.id ORDER BY finished_at DESC, id DESC LIMIT 1`;
    return `coalesce((${last}), 'never') = ${it}`;
  });
  return { where: parts.join(' AND '), params };
}
