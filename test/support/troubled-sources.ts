import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import { files } from '#connectors/files';
import { mysql } from '#connectors/mysql';
import { postgres } from '#connectors/postgres';
import { type Connection, type Dialect } from '#core/connector-kit';

import { createMariaDatabase } from './mariadb.js';
import { createTestDatabase } from './postgres-database.js';

/** A source in which a test can do harm: tables by SQL of its own, seen through a connector that may only read. */
export interface TroubledSource {
  readonly dialect: Dialect;
  readonly connection: Connection;
  /** Where files are; for servers, nothing. */
  readonly folder: string;
  /** Runs a statement as the owner of the data. */
  run(sql: string): Promise<void>;
  /** Makes a table of what a query gives, and gives its name for use after FROM. */
  make(name: string, query: string): Promise<string>;
  /** Leaves the connector only these columns of a table. */
  showOnly(name: string, columns: readonly string[]): Promise<void>;
  /** How many statements of the connector the server is working on. */
  running(): Promise<number>;
  /** The same connector where nobody answers. */
  nowhere(): Promise<Connection>;
  close(): Promise<void>;
}

const PASSWORD = 'only-reads';

async function troubledPostgres(): Promise<TroubledSource> {
  const database = await createTestDatabase();
  const reader = `${database.name}_r`;
  const run = async (sql: string) => void (await database.run(sql));
  await run(`CREATE ROLE ${reader} LOGIN PASSWORD '${PASSWORD}'`);
  await run(`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${reader}`);
  const { host, port, name } = database;
  const settings = { host, port, database: name, user: reader, tls: 'disable' as const };
  const connection = await postgres.open(settings, { password: PASSWORD });
  return {
    ...{ dialect: 'postgres', connection, folder: '', run },
    async make(table, query) {
      await run(`CREATE TABLE ${table} AS ${query}`);
      return connection.relation('public', table);
    },
    async showOnly(table, columns) {
      await run(`REVOKE SELECT ON ${table} FROM ${reader}`);
      await run(`GRANT SELECT (${columns.join(', ')}) ON ${table} TO ${reader}`);
    },
    async running() {
      const [row] = await database.run(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = $1 AND state = 'active'`,
        [reader],
      );
      return Number(row!['n']);
    },
    nowhere: async () => postgres.open({ ...settings, port: 1 }, { password: PASSWORD }),
    async close() {
      await connection.close();
      await run(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
      await database.drop();
    },
  };
}

async function troubledMariaDb(): Promise<TroubledSource> {
  const database = await createMariaDatabase();
  const reader = `${database.name}_r`.slice(-40);
  const run = async (sql: string) => void (await database.run(sql));
  await run(`CREATE USER ${reader} IDENTIFIED BY '${PASSWORD}'`);
  const { host, port, name } = database;
  const settings = { host, port, user: reader, tls: 'disable' as const };
  const connection = await mysql.open(settings, { password: PASSWORD });
  return {
    ...{ dialect: 'mysql', connection, folder: '', run },
    async make(table, query) {
      await run(`CREATE TABLE ${database.name}.${table} ${query}`);
      await run(`GRANT SELECT ON ${database.name}.${table} TO ${reader}`);
      return connection.relation(name, table);
    },
    async showOnly(table, columns) {
      await run(`REVOKE SELECT ON ${name}.${table} FROM ${reader}`);
      await run(`GRANT SELECT (${columns.join(', ')}) ON ${name}.${table} TO ${reader}`);
    },
    async running() {
      const [row] = await database.run(
        `SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE USER = ? AND COMMAND = 'Query'`,
        [reader],
      );
      return Number(row!['n']);
    },
    nowhere: async () => mysql.open({ ...settings, port: 1 }, { password: PASSWORD }),
    async close() {
      await connection.close();
      await database.drop({ users: [reader] });
    },
  };
}

async function troubledFiles(): Promise<TroubledSource> {
  const folder = await mkdtemp(join(tmpdir(), 'troubled-'));
  const writer = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const open = (where: string) => files.open({ folder: where, alias: 'troubled', threads: 1 });
  const connection = await open(folder);
  return {
    ...{ dialect: 'duckdb', connection, folder },
    run: async (sql) => void (await writer.run(sql)),
    async make(table, query) {
      await writer.run(`COPY (${query}) TO '${join(folder, `${table}.parquet`)}' (FORMAT parquet)`);
      return connection.relation('.', `${table}.parquet`);
    },
    showOnly: () => Promise.reject(new Error('files are read as a whole or not at all')),
    // DuckDB works inside our own process, and one connection does one thing at a time.
    running: async () => {
      await connection.query('SELECT 1 AS one', [], { signal: new AbortController().signal, deadlineMs: 5_000 });
      return 0;
    },
    async nowhere() {
      const gone = await mkdtemp(join(tmpdir(), 'gone-'));
      const there = await open(gone);
      await rm(gone, { recursive: true });
      return there;
    },
    async close() {
      await connection.close();
      writer.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As {@link SAMPLE_ENGINES}: PostgreSQL and DuckDB, or MariaDB alone where one was started for the run. */
export const TROUBLED_ENGINES: readonly (readonly [Dialect, () => Promise<TroubledSource>])[] =
  process.env['TEST_MARIADB_URL'] === undefined
    ? [
        ['postgres', troubledPostgres],
        ['duckdb', troubledFiles],
      ]
    : [['mysql', troubledMariaDb]];
