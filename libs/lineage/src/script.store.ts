import { Injectable } from '@nestjs/common';
import { type SqlDialect } from '#core/sql-lineage';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { DECLARED_ORIGINS, type ScriptOrigin } from './script.entity.js';

/** A script as it is to be read, with the latest that is known of its text. */
export interface ScriptText {
  readonly id: string;
  /** Null for a pipeline. */
  readonly sourceId: string | null;
  readonly origin: ScriptOrigin;
  readonly name: string;
  readonly datasetId: string | null;
  readonly versionId: string;
  readonly text: string;
  readonly dialect: SqlDialect;
  readonly defaultSchema: string | null;
  /** Names that stand for other sources. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly options: ScriptOptions;
  /** Other files that belong to the text, by name. */
  readonly beside: Readonly<Record<string, string>>;
  readonly validFrom: Date;
  /** When it ended; null while it is in use. */
  readonly endedAt: Date | null;
  readonly readVersionId: string | null;
  readonly readDigest: string | null;
}

/** What a reading depends on besides the text. A change of it is a new version. */
export interface ScriptOptions {
  /** Where a set of scripts comes from, so that those that are no more there can be found. */
  readonly folder?: string;
  /** Values of parameters: `${dt}`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Of pipelines: whose file it is. */
  readonly tool?: string;
  /** Namespaces that stand for others. */
  readonly namespaces?: Readonly<Record<string, string>>;
  /** JDBC URLs of a scheduler's data sources, by their numbers. */
  readonly datasources?: Readonly<Record<string, string>>;
  readonly dbtNamespace?: string;
}

/** What a text was taken from. */
export interface Revision {
  /** Without who may read it. */
  readonly repository: string | null;
  readonly commit: string;
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
  readonly options?: ScriptOptions;
  readonly revision?: Revision | null;
}

/** Scripts as they are kept. */
export interface KeptScripts extends Omit<ImportTerms, 'sourceId'> {
  /** Null for pipelines. */
  readonly sourceId: string | null;
  readonly origin: 'import' | 'pipeline';
  readonly importId: string;
  readonly scripts: readonly (ImportedScript & {
    readonly options?: ScriptOptions;
    readonly beside?: Readonly<Record<string, string>>;
  })[];
}

const VERSION = 'script_id, text, dialect, default_schema, aliases, options, beside, revision';

const SCRIPT_TEXT = `
  SELECT script.id, script.source_id AS "sourceId", script.origin, script.name, script.dataset_id AS "datasetId",
         version.id AS "versionId", version.text, version.dialect, version.default_schema AS "defaultSchema",
         version.aliases, version.options, version.beside, version.valid_from AS "validFrom", nullif(version.valid_to, 'infinity') AS "endedAt",
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

/** Others that change the texts of a source's scripts, or of pipelines, wait until the transaction ends. */
export async function oneAtATime(tx: Tx, sourceId: string | null): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('lineage ' || $1, 0))`, [sourceId ?? 'pipelines']);
}

/** The scripts and their texts. */
@Injectable()
export class ScriptStore {
  constructor(private readonly db: DataSource) {}

  /**
   * Scripts whose reading depends on what a source has: its own, those of other databases on its server that name its
   * database, those with an alias for it, foreign tables that show something of its server, and pipelines that move
   * something there.
   */
  async dependingOn(sourceId: string): Promise<{ id: string; isDeclared: boolean }[]> {
    return rows<{ id: string; isDeclared: boolean }>(
      this.db,
      `
      SELECT script.id, coalesce(script.source_id = $1, false) AND script.origin = ANY($2) AS "isDeclared"
        FROM lineage.script
        LEFT JOIN sources.source ON source.id = script.source_id
        LEFT JOIN lineage.script_version AS version
          ON version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
       CROSS JOIN (SELECT namespace, settings ->> 'database' AS database FROM sources.source WHERE id = $1) AS own
       WHERE script.origin <> 'manual'
         AND (script.source_id = $1
              OR (source.namespace = own.namespace AND position(lower(own.database) IN lower(version.text)) > 0)
              OR EXISTS (SELECT FROM jsonb_each_text(version.aliases) AS alias WHERE alias.value = $1::text)
              OR (script.origin = 'foreign_table' AND version.text::jsonb ->> 'namespace' = own.namespace)
              OR (script.origin = 'pipeline' AND own.namespace = ANY(script.namespaces)))
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

  /** The scripts that an import gave, or ended. */
  async ofImport(importId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM lineage.script WHERE import_id = $1 ORDER BY id`,
      [importId],
    );
    return found.map(({ id }) => id);
  }

  /** Keeps scripts that are given to us; those whose text and terms are as before stay untouched. Gives how many changed. */
  async keep(tx: Tx, kept: KeptScripts, at: Date): Promise<number> {
    const { sourceId, origin, importId, dialect, defaultSchema, aliases, revision = null, scripts } = kept;
    await oneAtATime(tx, sourceId);
    const names = scripts.map(({ name }) => name);
    await tx.query(
      `
      INSERT INTO lineage.script (source_id, origin, name, created_at)
      SELECT $1::uuid, $2::text, given.name, $3
        FROM unnest($4::text[]) AS given (name)
       WHERE NOT EXISTS (SELECT FROM lineage.script
                          WHERE script.source_id IS NOT DISTINCT FROM $1::uuid AND script.origin = $2::text
                            AND script.name = given.name)
      `,
      [sourceId, origin, at, names],
    );
    const changes = await row<{ changed: number }>(
      tx,
      `
      WITH known AS (
        UPDATE lineage.script
           SET import_id = $10::uuid
          FROM unnest($6::text[], $7::text[], $8::jsonb[], $9::jsonb[]) AS given (name, text, options, beside)
         WHERE script.source_id IS NOT DISTINCT FROM $1::uuid AND script.origin = $12::text AND script.name = given.name
        RETURNING script.id AS script_id, given.text, given.options, given.beside
      ),
      given AS (
        SELECT known.*,
               greatest($5::timestamptz, (SELECT max(old.recorded_from) + interval '1 millisecond'
                                            FROM lineage.script_version AS old WHERE old.script_id = known.script_id)) AS at
          FROM known
         WHERE NOT EXISTS (
                 SELECT FROM lineage.script_version AS version
                  WHERE version.script_id = known.script_id AND version.recorded_to = 'infinity'
                    AND version.valid_to = 'infinity' AND version.text = known.text AND version.dialect = $2::text
                    AND version.default_schema IS NOT DISTINCT FROM $3::text AND version.aliases = $4::jsonb
                    AND version.options = known.options AND version.beside = known.beside
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
        INSERT INTO lineage.script_version (${VERSION}, valid_from, valid_to, recorded_from)
        SELECT ${VERSION}, valid_from, recorded_to, recorded_to
          FROM gone
         WHERE valid_from < recorded_to
      ),
      added AS (
        INSERT INTO lineage.script_version (${VERSION}, valid_from, recorded_from)
        SELECT script_id, text, $2, $3, $4::jsonb, options, beside, $11::jsonb, at, at
          FROM given
         -- Only when the old text is closed: a script has one text at a time.
         WHERE (SELECT count(*) FROM gone) >= 0
        RETURNING 1
      )
      SELECT count(*)::int AS changed FROM added
      `,
      [
        ...[sourceId, dialect, defaultSchema, JSON.stringify(aliases), at, names],
        scripts.map(({ text }) => text),
        scripts.map(({ options }) => JSON.stringify({ ...kept.options, ...options })),
        scripts.map(({ beside = {} }) => JSON.stringify(beside)),
        ...[importId, revision === null ? null : JSON.stringify(revision), origin],
      ],
    );
    return changes?.changed ?? 0;
  }

  /** Ends scripts' texts: they do not run any more. */
  async end(tx: Tx, scriptIds: readonly string[], importId: string, at: Date): Promise<void> {
    await tx.query(`UPDATE lineage.script SET import_id = $2::uuid WHERE id = ANY($1::uuid[])`, [scriptIds, importId]);
    await tx.query(
      `
      WITH gone AS (
        UPDATE lineage.script_version
           SET recorded_to = greatest($2::timestamptz, recorded_from + interval '1 millisecond')
         WHERE script_id = ANY($1::uuid[]) AND recorded_to = 'infinity' AND valid_to = 'infinity'
        RETURNING *
      )
      INSERT INTO lineage.script_version (${VERSION}, valid_from, valid_to, recorded_from)
      SELECT ${VERSION}, valid_from, recorded_to, recorded_to
        FROM gone
      `,
      [scriptIds, at],
    );
  }

  /** Scripts of a folder that are in use and not among some names. */
  beyond(
    tx: Tx,
    sourceId: string | null,
    folder: string,
    names: readonly string[],
  ): Promise<{ id: string; name: string }[]> {
    return rows<{ id: string; name: string }>(
      tx,
      `
      SELECT script.id, script.name
        FROM lineage.script
        JOIN lineage.script_version AS version
          ON version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
       WHERE script.source_id IS NOT DISTINCT FROM $1::uuid AND script.origin IN ('import', 'pipeline')
         AND version.options ->> 'folder' = $2 AND script.name <> ALL($3::text[])
       ORDER BY script.name
      `,
      [sourceId, folder, names],
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
