import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { AppError, messageOf } from '#kernel';
import { projectRoot } from '#platform/config';
import pg from 'pg';

/** The catalog's tables cannot be brought up to date. */
export class MigrationFailed extends AppError {
  readonly code = 'MIGRATION_FAILED';
}

/** Everybody who migrates waits for this lock first. */
const LOCK = 7_070_001;

/**
 * Brings a database up to date with the chain of SQL files in `migrations/`. Each runs once, in a transaction of
 * its own together with its record; two processes that migrate at once take turns.
 *
 * @returns the names of the migrations that ran now.
 * @throws {MigrationFailed} when a migration that already ran was changed afterwards, when the database was migrated
 *   by a newer Plumbline, or when a statement fails (nothing of that migration is kept).
 */
export async function migrate(
  url: string,
  chain: readonly string[],
  folder = join(projectRoot, 'migrations'),
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'plumbline migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS platform;
      CREATE TABLE IF NOT EXISTS platform.migration (
        name text PRIMARY KEY,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM platform.migration',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    refuseNewer([...applied.keys()], chain);
    const ran: string[] = [];
    for (const name of chain) {
      const sql = readFileSync(join(folder, `${name}.sql`), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const before = applied.get(name);
      if (before === checksum) continue;
      if (before !== undefined)
        throw new MigrationFailed(
          `The migration ${name} has run on this database but its file was changed afterwards. ` +
            'Put the file back as it was released, and write the change as a new migration.',
        );
      await runOne(client, name, sql, checksum);
      ran.push(name);
    }
    return ran;
  } finally {
    await client.end();
  }
}

function refuseNewer(applied: readonly string[], chain: readonly string[]): void {
  const unknown = applied.filter((name) => !chain.includes(name));
  if (unknown.length === 0) return;
  throw new MigrationFailed(
    `This database was migrated by a newer Plumbline (${unknown.join(', ')}). Start that version, or restore a backup ` +
      'from before the upgrade.',
  );
}

async function runOne(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO platform.migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationFailed(`The migration ${name} failed and was rolled back: ${messageOf(error)}.`);
  }
}
