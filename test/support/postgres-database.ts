import { randomUUID } from 'node:crypto';

import pg from 'pg';

/** A database of its own for one test file, on the server that the test run started. */
export interface TestDatabase {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Runs statements as the administrator. */
  run(sql: string, params?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** Creates an empty database; `TEST_PG_ADMIN_URL` says on which server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = adminUrl();
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: own.href });
  // Dropping the database with force ends sessions; that is no failure of a test.
  client.on('error', () => undefined);
  await client.connect();
  return {
    host: own.hostname,
    port: Number(own.port || 5432),
    name,
    user: decodeURIComponent(own.username),
    password: own.password === '' ? undefined : decodeURIComponent(own.password),
    run: async (sql, params) => {
      const { rows } = await client.query<Record<string, unknown>>(sql, params === undefined ? undefined : [...params]);
      return rows ?? [];
    },
    drop: async () => {
      await client.end();
      await asAdmin(url, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

function adminUrl(): URL {
  const url = process.env['TEST_PG_ADMIN_URL'];
  if (url === undefined)
    throw new Error(
      'TEST_PG_ADMIN_URL is not set, so there is no PostgreSQL to test on. The global setup of Jest starts one; without ' +
        'it, set the variable to postgres://user@host:port/postgres of a server whose user may create databases.',
    );
  return new URL(url);
}

async function asAdmin(url: URL, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
