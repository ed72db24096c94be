import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { type LoggedStatement } from '#core/connector-kit';
import { type SqlDialect } from '#core/sql-lineage';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { oneAtATime } from './script.store.js';

/** No more statements of one source's log are kept than this. */
export const MOST_KEPT = 10_000;

export interface LogTerms {
  readonly sourceId: string;
  readonly dialect: SqlDialect;
  /** For statements whose log does not say in which database they ran. */
  readonly defaultSchema: string | null;
}

/** Keeps what a server ran: each different statement is a script that stays until somebody removes it. */
@Injectable()
export class QueryLogStore {
  constructor(private readonly db: DataSource) {}

  /** Where the last reading of this log ended. */
  async cursor(sourceId: string, log: string): Promise<string | undefined> {
    const found = await row<{ cursor: string }>(
      this.db,
      `SELECT cursor FROM lineage.query_log_reading WHERE source_id = $1 AND log = $2`,
      [sourceId, log],
    );
    return found?.cursor;
  }

  async noteCursor(on: DataSource | Tx, sourceId: string, log: string, cursor: string, at: Date): Promise<void> {
    await on.query(
      `
      INSERT INTO lineage.query_log_reading (source_id, log, cursor, read_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (source_id) DO UPDATE SET log = excluded.log, cursor = excluded.cursor, read_at = excluded.read_at
      `,
      [sourceId, log, cursor, at],
    );
  }

  /**
   * Keeps statements, and notes that those known already were seen again. One that was removed comes back when it runs again.
   * Gives how many are new, and how many were left out because the source has {@link MOST_KEPT}.
   */
  async keep(
    tx: Tx,
    { sourceId, dialect, defaultSchema }: LogTerms,
    statements: readonly LoggedStatement[],
    at: Date,
  ): Promise<{ added: number; leftOut: number }> {
    await oneAtATime(tx, sourceId);
    const byName = new Map<string, LoggedStatement & { readonly schema: string | null }>();
    for (const statement of statements) {
      const schema = statement.database ?? defaultSchema;
      byName.set(nameOf(statement.sql, schema), { ...statement, schema });
    }
    const kept = await rows<{ name: string }>(
      tx,
      `SELECT name FROM lineage.script WHERE source_id = $1 AND origin = 'query_log'`,
      [sourceId],
    );
    const known = new Set(kept.map(({ name }) => name));
    const room = MOST_KEPT - known.size;
    const fresh = [...byName.keys()].filter((name) => !known.has(name));
    const leftOut = new Set(fresh.slice(Math.max(0, room)));
    const seen = [...byName].filter(([name]) => !leftOut.has(name));
    if (seen.length > 0) await this.write(tx, { sourceId, dialect }, seen, at);
    return { added: fresh.length - leftOut.size, leftOut: leftOut.size };
  }

  /** The scripts of a source's log. */
  async scripts(sourceId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM lineage.script WHERE source_id = $1 AND origin = 'query_log' ORDER BY id`,
      [sourceId],
    );
    return found.map(({ id }) => id);
  }

  private async write(
    tx: Tx,
    { sourceId, dialect }: Omit<LogTerms, 'defaultSchema'>,
    seen: readonly (readonly [name: string, LoggedStatement & { readonly schema: string | null }])[],
    at: Date,
  ): Promise<void> {
    const names = seen.map(([name]) => name);
    await tx.query(
      `
      INSERT INTO lineage.script (source_id, origin, name, created_at)
      SELECT $1, 'query_log', seen.name, $2 FROM unnest($3::text[]) AS seen (name)
      ON CONFLICT (source_id, origin, name) DO NOTHING
      `,
      [sourceId, at, names],
    );
    await tx.query(
      `
      INSERT INTO lineage.script_version (script_id, text, dialect, default_schema, valid_from, recorded_from)
      SELECT script.id, seen.text, $2, seen.schema, coalesce(first.at, $3::timestamptz),
             greatest($3::timestamptz, (SELECT max(old.recorded_to) FROM lineage.script_version AS old
                                         WHERE old.script_id = script.id AND old.recorded_to < 'infinity'))
        FROM unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[]) AS seen (name, text, schema, first_at)
        JOIN lineage.script ON script.source_id = $1 AND script.origin = 'query_log' AND script.name = seen.name
       -- What was removed is true again from now on; what is new was true when the log says that it first ran.
       CROSS JOIN LATERAL (
              SELECT CASE WHEN EXISTS (SELECT FROM lineage.script_version AS old WHERE old.script_id = script.id) THEN NULL
                          ELSE least(seen.first_at, $3::timestamptz) END AS at
            ) AS first
       WHERE NOT EXISTS (SELECT FROM lineage.script_version AS version
                          WHERE version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity')
      `,
      [
        ...[sourceId, dialect, at, names],
        seen.map(([, { sql }]) => sql),
        seen.map(([, { schema }]) => schema),
        seen.map(([, { firstAt }]) => firstAt ?? null),
      ],
    );
    await tx.query(
      `
      INSERT INTO lineage.logged_statement (script_id, calls, first_seen_at, last_seen_at)
      SELECT script.id, seen.calls, least(seen.first_at, seen.last_at, $2::timestamptz),
             greatest(seen.first_at, least(seen.last_at, $2::timestamptz))
        FROM unnest($3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[]) AS seen (name, calls, first_at, last_at)
        JOIN lineage.script ON script.source_id = $1 AND script.origin = 'query_log' AND script.name = seen.name
      ON CONFLICT (script_id) DO UPDATE
        SET calls = logged_statement.calls + excluded.calls,
            last_seen_at = greatest(logged_statement.last_seen_at, excluded.last_seen_at)
      `,
      [
        ...[sourceId, at, names],
        seen.map(([, { calls }]) => Math.round(calls)),
        seen.map(([, { firstAt }]) => firstAt ?? at),
        seen.map(([, { lastAt }]) => lastAt ?? at),
      ],
    );
  }
}

const NAME_LENGTH = 80;

/** How a statement begins, for a person, and a digest of all of it with where it runs, for us. */
function nameOf(sql: string, schema: string | null): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([sql, schema]))
    .digest('hex')
    .slice(0, 12);
  const beginning = [...sql].slice(0, NAME_LENGTH).join('');
  return `${beginning.length < sql.length ? `${beginning}…` : sql} #${digest}`;
}
