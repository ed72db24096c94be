import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

import { files } from '#connectors/files';
import { mysql } from '#connectors/mysql';
import { postgres } from '#connectors/postgres';
import { type Connection, type Dialect, quoteIdentifier, type TypeFamily } from '#core/connector-kit';

import { createMariaDatabase } from './mariadb.js';
import { createTestDatabase } from './postgres-database.js';

export type SampleValue = string | number | boolean | null;

export interface SampleColumn {
  readonly name: string;
  readonly typeFamily: TypeFamily;
}

/** A table made for a test, as its connection sees it. */
export interface SampleTable {
  readonly relation: string;
  readonly name: string;
  readonly columns: readonly (SampleColumn & { readonly nativeType: string })[];
}

/** A place to put small tables in and to query them through a real connector. */
export interface SampleSource {
  readonly dialect: Dialect;
  readonly connection: Connection;
  add(columns: readonly SampleColumn[], rows: readonly (readonly SampleValue[])[]): Promise<SampleTable>;
  /** Whether the engine takes it for a column's name at all. */
  allowsName(name: string): boolean;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<Dialect, Readonly<Record<TypeFamily, string>>>> = {
  postgres: {
    text: 'text',
    integer: 'bigint',
    decimal: 'numeric',
    float: 'double precision',
    boolean: 'boolean',
    date: 'date',
    time: 'time without time zone',
    timestamp: 'timestamp without time zone',
    timestamptz: 'timestamp with time zone',
    binary: 'bytea',
    json: 'jsonb',
    uuid: 'uuid',
    array: 'text[]',
    other: 'inet',
  },
  duckdb: {
    text: 'VARCHAR',
    integer: 'BIGINT',
    decimal: 'DECIMAL(38,10)',
    float: 'DOUBLE',
    boolean: 'BOOLEAN',
    date: 'DATE',
    time: 'TIME',
    timestamp: 'TIMESTAMP',
    timestamptz: 'TIMESTAMP WITH TIME ZONE',
    binary: 'BLOB',
    json: 'JSON',
    uuid: 'UUID',
    array: 'VARCHAR[]',
    other: 'INTERVAL',
  },
  mysql: {
    text: 'text',
    integer: 'bigint',
    decimal: 'decimal(38,10)',
    float: 'double',
    boolean: 'tinyint(1)',
    date: 'date',
    time: 'time(6)',
    timestamp: 'datetime(6)',
    timestamptz: 'timestamp(6)',
    binary: 'longblob',
    json: 'json',
    uuid: 'uuid',
    array: 'json',
    other: 'inet6',
  },
};

function createTable(dialect: Dialect, relation: string, columns: readonly SampleColumn[]): string {
  const defined = columns.map(
    ({ name, typeFamily }) => `${quoteIdentifier(dialect, name)} ${TYPES[dialect][typeFamily]}`,
  );
  return `CREATE TABLE ${relation} (${defined.join(', ')})`;
}

function insertRow(dialect: Dialect, relation: string, columns: readonly SampleColumn[]): string {
  const values = columns.map(({ typeFamily }, at) => `CAST($${at + 1} AS ${TYPES[dialect][typeFamily]})`);
  return `INSERT INTO ${relation} VALUES (${values.join(', ')})`;
}

const asTexts = (row: readonly SampleValue[]) => row.map((value) => (value === null ? null : String(value)));

/** Tables in a PostgreSQL database of their own. */
export async function postgresSamples(): Promise<SampleSource> {
  const database = await createTestDatabase();
  const connection = await postgres.open(
    { host: database.host, port: database.port, database: database.name, user: database.user, tls: 'disable' },
    database.password === undefined ? {} : { password: database.password },
  );
  let tables = 0;
  return {
    dialect: 'postgres',
    connection,
    allowsName: () => true,
    async add(columns, rows) {
      const name = `t${++tables}`;
      const relation = connection.relation('public', name);
      await database.run(createTable('postgres', relation, columns));
      for (const row of rows) await database.run(insertRow('postgres', relation, columns), asTexts(row));
      return { relation, name, columns: withTypes('postgres', columns) };
    },
    async close() {
      await connection.close();
      await database.drop();
    },
  };
}

/** Tables in a MariaDB database of their own. */
export async function mysqlSamples(): Promise<SampleSource> {
  const database = await createMariaDatabase();
  const connection = await mysql.open({
    host: database.host,
    port: database.port,
    user: database.user,
    tls: 'disable',
  });
  let tables = 0;
  return {
    dialect: 'mysql',
    connection,
    // Names are stored with three bytes a character, and a blank at the end is refused.
    allowsName: (name) => name.length <= 64 && !/[\u{10000}-\u{10ffff}]| $/u.test(name),
    async add(columns, rows) {
      const name = `t${++tables}`;
      const relation = connection.relation(database.name, name);
      await database.run(createTable('mysql', relation, columns));
      for (const row of rows) {
        const values = row.map((value, at) => (value === null ? null : asMysql(value, columns[at]!.typeFamily)));
        await database.run(`INSERT INTO ${relation} VALUES (${values.map(() => '?').join(', ')})`, values);
      }
      return { relation, name, columns: withTypes('mysql', columns) };
    },
    async close() {
      await connection.close();
      await database.drop();
    },
  };
}

/** MariaDB knows neither the word true nor zones. */
function asMysql(value: string | number | boolean, family: TypeFamily): string {
  const text = String(value);
  if (family === 'boolean') return text === 'true' ? '1' : '0';
  const [, local, fraction = '', zone] = /^(.*?)(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.exec(text) ?? [];
  if (family !== 'timestamptz' || local === undefined) return text;
  return `${new Date(`${local}${zone}`).toISOString().slice(0, 19).replace('T', ' ')}${fraction}`;
}

/** Tables as Parquet files in a folder of their own. */
export async function fileSamples(): Promise<SampleSource> {
  const folder = await mkdtemp(join(tmpdir(), 'samples-'));
  const writer: DuckDBConnection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await writer.run(`SET TimeZone = 'UTC'`);
  const connection = await files.open({ folder, alias: 'samples', threads: 1 });
  let tables = 0;
  return {
    dialect: 'duckdb',
    connection,
    allowsName: () => true,
    async add(columns, rows) {
      const name = `t${++tables}.parquet`;
      await writer.run(createTable('duckdb', 't', columns));
      for (const row of rows) await writer.run(insertRow('duckdb', 't', columns), asTexts(row));
      await writer.run(`COPY t TO '${join(folder, name)}' (FORMAT parquet)`);
      await writer.run('DROP TABLE t');
      return { relation: connection.relation('.', name), name, columns: withTypes('duckdb', columns) };
    },
    async close() {
      await connection.close();
      writer.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const withTypes = (dialect: Dialect, columns: readonly SampleColumn[]) =>
  columns.map((column) => ({ ...column, nativeType: TYPES[dialect][column.typeFamily] }));

/**
 * The engines that a spec runs on, each with how to open it: PostgreSQL and DuckDB; where a MariaDB was started for the run (`npm
 * run test:mariadb`), that one alone.
 */
export const SAMPLE_ENGINES: readonly (readonly [Dialect, () => Promise<SampleSource>])[] =
  process.env['TEST_MARIADB_URL'] === undefined
    ? [
        ['postgres', postgresSamples],
        ['duckdb', fileSamples],
      ]
    : [['mysql', mysqlSamples]];
