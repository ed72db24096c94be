import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { DuckDBInstance } from '@duckdb/node-api';

import { files } from '#connectors/files';
import { mysql } from '#connectors/mysql';
import { postgres } from '#connectors/postgres';
import { type Connection, type Dialect } from '#core/connector-kit';
import { type DatasetFacts } from '#core/rule-engine';
import { projectRoot } from '#platform/config';
import { startEmbedded } from '#platform/embedded-postgres';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';

import { ownSeconds, serverSeconds } from './cpu.js';
import { BRANCHES, COLUMNS, CUSTOMERS, loanRows, type Spelling } from './table.js';

/** An engine with the tables in it. */
export interface Loaded {
  readonly title: string;
  readonly connection: Connection;
  /** For tools that are not ours. */
  readonly url?: string;
  readonly tables: Readonly<Record<'loans' | 'customers' | 'branches', DatasetFacts>>;
  /** How this engine writes `x ~ 'pattern'`. */
  readonly matches: (sql: string) => string;
  /** Processor time that the engine has taken so far. */
  seconds(): number;
  close(): Promise<void>;
}

const facts = (dialect: Dialect, relation: (name: string) => string): Loaded['tables'] => {
  const table = (name: string, columns: DatasetFacts['columns']): DatasetFacts => ({
    relation: relation(name),
    name,
    columns,
  });
  return {
    loans: table(
      'loans',
      COLUMNS.map(({ name, family, types }) => ({ name, typeFamily: family, nativeType: types[dialect] })),
    ),
    customers: table('customers', [{ name: 'customer_id', typeFamily: 'integer', nativeType: 'bigint' }]),
    branches: table('branches', [{ name: 'branch_code', typeFamily: 'text', nativeType: 'varchar(6)' }]),
  };
};

const defined = (dialect: Dialect) => COLUMNS.map(({ name, types }) => `${name} ${types[dialect]}`).join(', ');

const STANDARD: Pick<Spelling, 'money' | 'rate'> = {
  money: (hundredths) => `CAST((${hundredths}) * 0.01 AS decimal(18,2))`,
  rate: (millionths) => `CAST((${millionths}) * 0.000001 AS decimal(9,6))`,
};

const joined = (...parts: string[]) => `(${parts.join(' || ')})`;

const POSTGRES: Spelling = {
  ...STANDARD,
  day: (days) => `(date '2012-01-01' + (${days})::int)`,
  at: (seconds) => `(timestamp '2033-01-01' + (${seconds}) * interval '1 second')`,
  digits: (number, width) => `lpad((${number})::text, greatest(${width}, length((${number})::text)), '0')`,
  concat: joined,
};

const DUCKDB: Spelling = {
  ...STANDARD,
  day: (days) => `(DATE '2012-01-01' + CAST(${days} AS INTEGER))`,
  at: (seconds) => `(TIMESTAMP '2033-01-01' + to_seconds(${seconds}))`,
  digits: (number, width) =>
    `lpad(CAST(${number} AS VARCHAR), CAST(greatest(${width}, length(CAST(${number} AS VARCHAR))) AS INTEGER), '0')`,
  concat: joined,
};

const MARIADB: Spelling = {
  ...STANDARD,
  day: (days) => `(date '2012-01-01' + INTERVAL (${days}) DAY)`,
  at: (seconds) => `(timestamp '2033-01-01 00:00:00' + INTERVAL (${seconds}) SECOND)`,
  digits: (number, width) => `lpad(${number}, greatest(${width}, length(${number})), '0')`,
  concat: (...parts) => `concat(${parts.join(', ')})`,
};

export async function openPostgres(rows: number): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const settings = {
    // What is measured is processor time, so it has to be in one process; nothing else goes on in the server.
    ...{ max_parallel_workers_per_gather: '0', jit: 'off', autovacuum: 'off', work_mem: '64MB', max_wal_size: '8GB' },
    ...{
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '2GB',
      wal_level: 'minimal',
    },
    max_wal_senders: '0',
  };
  const server = await startEmbedded({ dataDir: folder, port: 0, settings });
  const url = server.url('postgres');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE TABLE loans (${defined('postgres')});
    INSERT INTO loans SELECT ${loanRows(POSTGRES)} FROM generate_series(1::bigint, ${rows}) AS i;
    CREATE TABLE customers AS SELECT i AS customer_id FROM generate_series(1::bigint, ${CUSTOMERS}) AS i;
    CREATE TABLE branches AS SELECT ${POSTGRES.concat(`'B'`, POSTGRES.digits('i', 5))}::varchar(6) AS branch_code FROM generate_series(0, ${BRANCHES - 1}) AS i;
    ALTER TABLE customers ADD PRIMARY KEY (customer_id);
    ALTER TABLE branches ADD PRIMARY KEY (branch_code);
  `);
  await client.query('VACUUM (FREEZE, ANALYZE)');
  await client.query('CHECKPOINT');
  await client.end();
  const { hostname, port, username, password } = new URL(url);
  const connection = await postgres.open(
    { host: hostname, port: Number(port), database: 'postgres', user: decodeURIComponent(username), tls: 'disable' },
    password === '' ? {} : { password: decodeURIComponent(password) },
  );
  return {
    ...{ title: 'PostgreSQL', connection, url, matches: (sql) => sql },
    tables: facts('postgres', (name) => connection.relation('public', name)),
    seconds: () => serverSeconds(server.pid),
    async close() {
      await connection.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface MariaDb {
  startMariaDb(options: object): Promise<{ port: number; url: string; pid: number; stop(): Promise<void> }>;
}

export async function openMariaDb(rows: number): Promise<Loaded> {
  const path = join(projectRoot, 'test', 'support', 'mariadb-server.mjs');
  const { startMariaDb } = (await import(pathToFileURL(path).href)) as MariaDb;
  const settings = {
    'innodb-buffer-pool-size': '2G',
    'innodb-log-file-size': '1G',
    'innodb-doublewrite': '0',
    'max-heap-table-size': '256M',
    'tmp-table-size': '256M',
  };
  const server = await startMariaDb({ settings });
  const client = await createConnection(server.url);
  for (const sql of [
    'CREATE DATABASE bench',
    'USE bench',
    `CREATE TABLE loans (${defined('mysql')})`,
    `INSERT INTO loans SELECT ${loanRows(MARIADB)} FROM (SELECT seq AS i FROM seq_1_to_${rows}) AS s`,
    `CREATE TABLE customers (customer_id bigint PRIMARY KEY) AS SELECT CAST(seq AS SIGNED) AS customer_id FROM seq_1_to_${CUSTOMERS}`,
    `CREATE TABLE branches (branch_code varchar(6) PRIMARY KEY) AS SELECT ${MARIADB.concat(`'B'`, MARIADB.digits('seq', 5))} AS branch_code FROM seq_0_to_${BRANCHES - 1}`,
    'ANALYZE TABLE loans, customers, branches',
  ])
    await client.query(sql);
  await client.end();
  const connection = await mysql.open({ host: '127.0.0.1', port: server.port, user: 'root', tls: 'disable' });
  return {
    ...{ title: 'MariaDB', connection, matches: (sql) => sql.replaceAll(' ~ ', ' REGEXP ') },
    tables: facts('mysql', (name) => connection.relation('bench', name)),
    seconds: () => serverSeconds(server.pid),
    async close() {
      await connection.close();
      await server.stop();
    },
  };
}

/** Parquet files, as our connector reads them. */
export async function openDuckDb(rows: number): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  const writer = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const write = (name: string, select: string) =>
    writer.run(`COPY (${select}) TO '${join(folder, name)}.parquet' (FORMAT parquet)`);
  const columns = COLUMNS.map(({ name, types }) => `CAST(${name} AS ${types.duckdb}) AS ${name}`).join(', ');
  await write('loans', `SELECT ${columns} FROM (SELECT ${loanRows(DUCKDB)} FROM range(1, ${rows + 1}) AS s (i))`);
  await write('customers', `SELECT range AS customer_id FROM range(1, ${CUSTOMERS + 1})`);
  await write(
    'branches',
    `SELECT ${DUCKDB.concat(`'B'`, DUCKDB.digits('i', 5))} AS branch_code FROM range(0, ${BRANCHES}) AS s (i)`,
  );
  writer.closeSync();
  const connection = await files.open({ folder, alias: 'bench', threads: 1, memoryLimitMb: 4_096 });
  return {
    ...{
      title: 'DuckDB (Parquet)',
      connection,
      matches: (sql) => sql.replaceAll(/(\w+) ~ ('[^']*')/g, 'regexp_matches($1, $2)'),
    },
    tables: facts('duckdb', (name) => connection.relation('.', `${name}.parquet`)),
    seconds: ownSeconds,
    async close() {
      await connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
