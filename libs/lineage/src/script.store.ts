import { Injectable } from '@nestjs/common';
import { type SqlDialect } from '#core/sql-lineage';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { DECLARED_ORIGINS, type ScriptOrigin } from './script.entity.js';

/** A script as it is to be read, with the latest that is known of its text. */
export interface ScriptText {
  readonly id: string;
  readonly sourceId: string;
  readonly origin: ScriptOrigin;
  readonly name: string;
  readonly datasetId: string | null;
  readonly versionId: string;
  readonly text: string;
  readonly dialect: SqlDialect;
  readonly defaultSchema: string | null;
  /** Names that stand for other sources. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly validFrom: Date;
  /** When it ended; null while it is in use. */
  readonly endedAt: Date | null;
  readonly readVersionId: string | null;
  readonly readDigest: string | null;
}

export interface ImportedScript {
  readonly name: string;
  readonly text: string;
}

export interface ImportTerms {
  readonly sourceId: string;
  readonly dialect: SqlDialect;
  readonly defaultSchema: string | null;
  readonly aliases: Readonly<Record<string, string>>;
}

const SCRIPT_TEXT = `
  SELECT script.id, script.source_id AS "sourceId", script.origin, script.name, script.dataset_id AS "datasetId",
         version.id AS "versionId", version.text, version.dialect, version.default_schema AS "defaultSchema",
         version.aliases, version.valid_from AS "validFrom", nullif(version.valid_to, 'infinity') AS "endedAt",
         script.read_version_id AS "readVersionId", script.read_digest AS "readDigest"
    FROM lineage.script
    JOIN LATERAL (
           SELECT *
             FROM lineage.script_version
            WHERE script_version.script_id = script.id AND script_version.recorded_to = 'infinity'
            ORDER BY script_version.valid_from DESC
            LIMIT 1
         ) AS version ON true
`;

/** Others that change the texts of a source's scripts wait until the transaction ends. */
export async function oneAtATime(tx: Tx, sourceId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('lineage ' || $1, 0))`, [sourceId]);
}

/** The scripts and their texts. */
@Injectable()
export class ScriptStore {
  constructor(private readonly db: DataSource) {}

  /**
   * Scripts whose reading depends on what a source has: its own, those of other databases on its server that name its
   * database, those with an alias for it, and foreign tables that show something of its server.
   */
  async dependingOn(sourceId: string): Promise<{ id: string; isDeclared: boolean }[]> {
    return rows<{ id: string; isDeclared: boolean }>(
      this.db,
      `
      SELECT script.id, script.source_id = $1 AND script.origin = ANY($2) AS "isDeclared"
        FROM lineage.script
        JOIN sources.source ON source.id = script.source_id
        LEFT JOIN lineage.script_version AS version
          ON version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
       CROSS JOIN (SELECT namespace, settings ->> 'database' AS database FROM sources.source WHERE id = $1) AS own
       WHERE script.origin <> 'manual'
         AND (script.source_id = $1
              OR (source.namespace = own.namespace AND position(lower(own.database) IN lower(version.text)) > 0)
              OR EXISTS (SELECT FROM jsonb_each_text(version.aliases) AS alias WHERE alias.value = $1::text)
              OR (script.origin = 'foreign_table' AND version.text::jsonb ->> 'namespace' = own.namespace))
       ORDER BY script.source_id, script.id
      `,
      [sourceId, DECLARED_ORIGINS],
    );
  }

  async imported(sourceId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM lineage.script WHERE source_id = $1 AND origin IN ('import', 'query_log') ORDER BY id`,
      [sourceId],
    );
    return found.map(({ id }) => id);
  }

  texts(ids: readonly string[], on: DataSource | Tx = this.db): Promise<ScriptText[]> {
    return rows<ScriptText>(on, `${SCRIPT_TEXT} WHERE script.id = ANY($1::uuid[]) ORDER BY script.id`, [ids]);
  }

  /** How many statements of some scripts have each status. */
  async totals(scriptIds: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const found = await rows<{ status: string; statements: number }>(
      this.db,
      `
      SELECT statement.status, count(*)::int AS statements
        FROM lineage.statement
       WHERE statement.script_id = ANY($1::uuid[]) AND statement.recorded_to = 'infinity' AND statement.valid_to = 'infinity'
       GROUP BY statement.status
       ORDER BY statement.status
      `,
      [scriptIds],
    );
    return Object.fromEntries(found.map(({ status, statements }) => [status, statements]));
  }

  /** Keeps scripts that are given to us; those whose text and terms are as before stay untouched. Gives how many changed. */
  async keep(tx: Tx, terms: ImportTerms, scripts: readonly ImportedScript[], at: Date): Promise<number> {
    await oneAtATime(tx, terms.sourceId);
    const params = [
      terms.sourceId,
      terms.dialect,
      terms.defaultSchema,
      JSON.stringify(terms.aliases),
      at,
      scripts.map(({ name }) => name),
      scripts.map(({ text }) => text),
    ];
    await tx.query(
      `
      INSERT INTO lineage.script (source_id, origin, name, created_at)
      SELECT $1, 'import', given.name, $2
        FROM unnest($3::text[]) AS given (name)
      ON CONFLICT (source_id, origin, name) DO NOTHING
      `,
      [terms.sourceId, at, params[5]],
    );
    const kept = await row<{ changed: number }>(
      tx,
      `
      WITH given AS (
        SELECT script.id AS script_id, given.text,
               greatest($5::timestamptz, (SELECT max(old.recorded_from) + interval '1 millisecond'
                                            FROM lineage.script_version AS old WHERE old.script_id = script.id)) AS at
          FROM unnest($6::text[], $7::text[]) AS given (name, text)
          JOIN lineage.script ON script.source_id = $1::uuid AND script.origin = 'import' AND script.name = given.name
         WHERE NOT EXISTS (
                 SELECT FROM lineage.script_version AS version
                  WHERE version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
                    AND version.text = given.text AND version.dialect = $2::text
                    AND version.default_schema IS NOT DISTINCT FROM $3::text AND version.aliases = $4::jsonb
               )
      ),
      gone AS (
        UPDATE lineage.script_version AS version
           SET recorded_to = given.at
          FROM given
         WHERE version.script_id = given.script_id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
        RETURNING version.*
      ),
      history AS (
        INSERT INTO lineage.script_version (script_id, text, dialect, default_schema, aliases, valid_from, valid_to,
                                            recorded_from)
        SELECT script_id, text, dialect, default_schema, aliases, valid_from, recorded_to, recorded_to
          FROM gone
         WHERE valid_from < recorded_to
      ),
      added AS (
        INSERT INTO lineage.script_version (script_id, text, dialect, default_schema, aliases, valid_from, recorded_from)
        SELECT script_id, text, $2, $3, $4::jsonb, at, at
          FROM given
         -- Only when the old text is closed: a script has one text at a time.
         WHERE (SELECT count(*) FROM gone) >= 0
        RETURNING 1
      )
      SELECT count(*)::int AS changed FROM added
      `,
      params,
    );
    return kept?.changed ?? 0;
  }

  /** Ends a script's text: it does not run any more. */
  async end(tx: Tx, scriptId: string, at: Date): Promise<void> {
    await tx.query(
      `
      WITH gone AS (
        UPDATE lineage.script_version
           SET recorded_to = greatest($2::timestamptz, recorded_from + interval '1 millisecond')
         WHERE script_id = $1 AND recorded_to = 'infinity' AND valid_to = 'infinity'
        RETURNING *
      )
      INSERT INTO lineage.script_version (script_id, text, dialect, default_schema, aliases, valid_from, valid_to,
                                          recorded_from)
      SELECT script_id, text, dialect, default_schema, aliases, valid_from, recorded_to, recorded_to
        FROM gone
      `,
      [scriptId, at],
    );
  }

  /** The script that holds what people say of a source; made when it is not there. */
  async manual(tx: Tx, sourceId: string, at: Date): Promise<string> {
    const made = await row<{ id: string }>(
      tx,
      `
      WITH made AS (
        INSERT INTO lineage.script (source_id, origin, name, created_at) VALUES ($1, 'manual', 'manual', $2)
        ON CONFLICT (source_id, origin, name) DO NOTHING
        RETURNING id
      )
      SELECT id FROM made
      UNION ALL
      SELECT id FROM lineage.script WHERE source_id = $1 AND origin = 'manual' AND name = 'manual'
      LIMIT 1
      `,
      [sourceId, at],
    );
    if (!made) throw new Error('The script of manual edges was being made by somebody else; try again.');
    return made.id;
  }
}
