import { randomUUID } from 'node:crypto';

import { createConnection } from 'mysql2/promise';

/** A database of its own for one test file, on the MariaDB server that the test run started. */
export interface MariaDatabase {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /** Runs a statement as the administrator, in one and the same session. */
  run(sql: string, params?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Also drops the databases and accounts that were named here. */
  drop(more?: { readonly databases?: readonly string[]; readonly users?: readonly string[] }): Promise<void>;
}

/** Creates an empty database; `TEST_MARIADB_URL` says on which server. */
export async function createMariaDatabase(): Promise<MariaDatabase> {
  const text = process.env['TEST_MARIADB_URL'];
  if (text === undefined)
    throw new Error('TEST_MARIADB_URL is not set, so there is no MariaDB to test on. npm run test:mariadb starts one.');
  const url = new URL(text);
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const client = await createConnection({
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
  const quoted = (each: string) => `\`${each.replaceAll('`', '``')}\``;
  await client.query(`CREATE DATABASE ${quoted(name)}`);
  await client.query(`USE ${quoted(name)}`);
  await client.query(`SET time_zone = '+00:00'`);
  return {
    host: url.hostname,
    port: Number(url.port),
    name,
    user: decodeURIComponent(url.username),
    run: async (sql, params) => {
      const [rows] = await client.query(sql, params === undefined ? undefined : [...params]);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
    drop: async ({ databases = [], users = [] } = {}) => {
      for (const each of [name, ...databases]) await client.query(`DROP DATABASE IF EXISTS ${quoted(each)}`);
      for (const each of users) await client.query(`DROP USER IF EXISTS ${quoted(each)}`);
      await client.end();
    },
  };
}
