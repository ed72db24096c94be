import { randomBytes } from 'node:crypto';

import { migrations } from '#migrations';
import { migrate } from '#platform/database';
import pg from 'pg';

const TEMPLATE = 'plumbline_template';

function adminUrl(): string {
  const url = process.env.TEST_PG_ADMIN_URL;
  if (!url) throw new Error('TEST_PG_ADMIN_URL is not set. Run the tests with "npm test", which starts a PostgreSQL.');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes the template that {@link testDatabase} clones, with every migration. Run once before all tests. */
export async function migrateTemplate(admin: string): Promise<void> {
  process.env.TEST_PG_ADMIN_URL = admin;
  await asAdmin(`DROP DATABASE IF EXISTS ${TEMPLATE}`, `CREATE DATABASE ${TEMPLATE}`);
  await migrate(urlOf(TEMPLATE), migrations);
}

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

async function create(from: string): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY file_copy`);
  return { name, url: urlOf(name), drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A catalog database of one's own, migrated and empty. Drop it in `afterAll`. */
export const testDatabase = (): Promise<TestDatabase> => create(TEMPLATE);

/** A database with nothing in it, to stand for somebody's source. */
export const emptyDatabase = (): Promise<TestDatabase> => create('template0');
