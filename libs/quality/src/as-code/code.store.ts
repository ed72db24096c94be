import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { runRuleSetWhenDue } from '../run-rules.job.js';
import { type RuleLink } from './plan-code.js';
import { type SetLink, type StoredSet } from './plan-sets.js';

/** A dataset that somebody named. */
export interface NamedDataset {
  readonly source: string;
  readonly dataset: string;
}

/** What answers to a name: the datasets of a source that are called so. */
export interface FoundDataset extends NamedDataset {
  readonly sourceFound: boolean;
  readonly ids: readonly string[];
}

/** Which rules and rule sets of the catalog are those of a set of files. */
@Injectable()
export class CodeStore {
  constructor(private readonly db: DataSource) {}

  /** Two who apply the same files come one after the other. */
  async lock(tx: Tx, origin: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('quality.code_origin ' || $1, 0))`, [origin]);
  }

  /** Datasets by the name of their source and their own: the qualified one, or one without database or schema where it is there once. */
  datasetsOf(named: readonly NamedDataset[]): Promise<FoundDataset[]> {
    return rows(
      this.db,
      `
      SELECT wanted.source, wanted.dataset, source.id IS NOT NULL AS "sourceFound",
             coalesce(
               nullif(ARRAY (SELECT id::text FROM dictionary.dataset
                              WHERE source_id = source.id AND qualified_name = wanted.dataset), '{}'),
               ARRAY (SELECT dataset.id::text FROM dictionary.dataset
                       WHERE source_id = source.id
                         AND wanted.dataset IN (dataset.name, dataset.scope || '.' || dataset.name)
                         AND current_version_id IS NOT NULL ORDER BY qualified_name LIMIT 5)
             ) AS ids
        FROM unnest($1::text[], $2::text[]) AS wanted (source, dataset)
        LEFT JOIN sources.source ON lower(source.name) = lower(wanted.source) AND source.removed_at IS NULL
      `,
      [named.map(({ source }) => source), named.map(({ dataset }) => dataset)],
    );
  }

  linksOf(origin: string, tx?: Tx): Promise<RuleLink[]> {
    return rows(
      tx ?? this.db,
      `
      SELECT key, rule_id AS "ruleId", version_number AS "versionNumber" FROM quality.code_rule
       WHERE origin = $1 ORDER BY key
      `,
      [origin],
    );
  }

  setLinksOf(origin: string, tx?: Tx): Promise<SetLink[]> {
    return rows(
      tx ?? this.db,
      `
      SELECT key, rule_set_id AS "ruleSetId", applied FROM quality.code_rule_set WHERE origin = $1 ORDER BY key
      `,
      [origin],
    );
  }

  /** To which set of files rules and rule sets belong, by their ids. */
  async originsOf(ids: readonly string[], tx?: Tx): Promise<ReadonlyMap<string, { origin: string; key: string }>> {
    const found = await rows<{ id: string; origin: string; key: string }>(
      tx ?? this.db,
      `
      SELECT rule_id AS id, origin, key FROM quality.code_rule WHERE rule_id = ANY ($1)
      UNION ALL
      SELECT rule_set_id, origin, key FROM quality.code_rule_set WHERE rule_set_id = ANY ($1)
      `,
      [ids],
    );
    return new Map(found.map(({ id, ...rest }) => [id, rest]));
  }

  /** Rule sets by id, and those with one of these names, which nobody else can have. */
  setsOf(ids: readonly string[], names: readonly string[], tx?: Tx): Promise<StoredSet[]> {
    return rows(
      tx ?? this.db,
      `
      SELECT rule_set.id, rule_set.name, rule_set.description, rule_set.changed_at AS "changedAt",
             ARRAY (
               SELECT member.rule_id::text FROM quality.rule_set_rule AS member
                 JOIN quality.rule ON rule.id = member.rule_id AND rule.retired_at IS NULL
                WHERE member.rule_set_id = rule_set.id ORDER BY member.position
             ) AS "ruleIds",
             (SELECT jsonb_build_object('cron', cron, 'timeZone', time_zone, 'enabled', enabled) FROM platform.schedule
               WHERE job_name = $3 AND subject_id = rule_set.id) AS schedule
        FROM quality.rule_set
       WHERE rule_set.id = ANY ($1) OR lower(rule_set.name) = ANY ($2)
      `,
      [ids, names.map((name) => name.trim().toLowerCase()), runRuleSetWhenDue.name],
    );
  }

  async keepOrigin(tx: Tx, origin: string, revision: string, at: Date, by: string): Promise<void> {
    await tx.query(
      `
      INSERT INTO quality.code_origin (name, revision, applied_at, applied_by) VALUES ($1, $2, $3, $4)
      ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, applied_at = excluded.applied_at,
                                       applied_by = excluded.applied_by
      `,
      [origin, revision, at, by],
    );
  }

  async putLinks(tx: Tx, origin: string, links: readonly Pick<RuleLink, 'key' | 'ruleId'>[]): Promise<void> {
    await tx.query(
      `
      INSERT INTO quality.code_rule (origin, key, rule_id, version_number)
      SELECT $1, wanted.key, rule.id, rule.version_number
        FROM unnest($2::text[], $3::uuid[]) AS wanted (key, rule_id)
        JOIN quality.rule ON rule.id = wanted.rule_id
      ON CONFLICT (origin, key) DO UPDATE SET rule_id = excluded.rule_id, version_number = excluded.version_number
      `,
      [origin, links.map(({ key }) => key), links.map(({ ruleId }) => ruleId)],
    );
  }

  async dropLinks(tx: Tx, origin: string, keys: readonly string[]): Promise<void> {
    await tx.query(`DELETE FROM quality.code_rule WHERE origin = $1 AND key = ANY ($2)`, [origin, keys]);
  }

  async putSetLink(tx: Tx, origin: string, { key, ruleSetId, applied }: SetLink): Promise<void> {
    await tx.query(
      `
      INSERT INTO quality.code_rule_set (origin, key, rule_set_id, applied) VALUES ($1, $2, $3, $4)
      ON CONFLICT (origin, key) DO UPDATE SET rule_set_id = excluded.rule_set_id, applied = excluded.applied
      `,
      [origin, key, ruleSetId, JSON.stringify(applied)],
    );
  }

  async dropSetLinks(tx: Tx, origin: string, keys: readonly string[]): Promise<void> {
    await tx.query(`DELETE FROM quality.code_rule_set WHERE origin = $1 AND key = ANY ($2)`, [origin, keys]);
  }
}
