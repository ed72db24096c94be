import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import { files } from '#connectors/files';
import { postgres } from '#connectors/postgres';
import { type Connection, type Dialect } from '#core/connector-kit';
import { type Definition, reconcile as compare, type Reconciled, type Sent, type Side } from '#core/reconciliation';
import { type DatasetFacts } from '#core/rule-engine';
import { startEmbedded } from '#platform/embedded-postgres';
import pg from 'pg';

import { line } from './figures.js';

const ROWS = Number(process.env['PLUMBLINE_BENCH_ROWS'] ?? 5_000_000);

/** Columns, and how each is made of the number of its row in both engines. */
const COLUMNS: readonly {
  name: string;
  family: DatasetFacts['columns'][number]['typeFamily'];
  pg: string;
  duck: string;
}[] = [
  { name: 'id', family: 'integer', pg: 'i', duck: 'i' },
  {
    name: 'contract_no',
    family: 'text',
    pg: `'HT' || lpad(i::text, 14, '0')`,
    duck: `'HT' || lpad(CAST(i AS VARCHAR), 14, '0')`,
  },
  {
    name: 'customer',
    family: 'text',
    pg: `'客户' || (i * 7919 % 1000003)::text`,
    duck: `'客户' || CAST(i * 7919 % 1000003 AS VARCHAR)`,
  },
  { name: 'branch', family: 'text', pg: `'B' || (i % 997)::text`, duck: `'B' || CAST(i % 997 AS VARCHAR)` },
  {
    name: 'amount',
    family: 'decimal',
    pg: '((i * 104729 % 100000000) * 0.01)::numeric(18,2)',
    duck: 'CAST((i * 104729 % 100000000) * 0.01 AS DECIMAL(18,2))',
  },
  {
    name: 'opened',
    family: 'date',
    pg: `date '2012-01-01' + (i % 4000)::int`,
    duck: `DATE '2012-01-01' + CAST(i % 4000 AS INTEGER)`,
  },
  {
    name: 'updated',
    family: 'timestamp',
    pg: `timestamp '2026-01-01' + (i % 8640000) * interval '1 second'`,
    duck: `TIMESTAMP '2026-01-01' + to_seconds(i % 8640000)`,
  },
  {
    name: 'state',
    family: 'text',
    pg: `(ARRAY['正常','逾期','结清'])[1 + i % 3]`,
    duck: `(['正常','逾期','结清'])[CAST(1 + i % 3 AS INTEGER)]`,
  },
];

const DEFINITION: Definition = {
  keys: [{ left: 'id' }],
  columns: COLUMNS.slice(1).map(({ name }) => ({ left: name })),
  checks: [{ kind: 'row_count' }, { kind: 'sum', column: 'amount' }, { kind: 'keys' }],
};

/** Ten keys: four with other values, three only on the left, three only on the right. */
const DIFFERENCES = (table: string) => `
  UPDATE ${table} SET amount = amount + 0.01 WHERE id IN (7, ${ROWS / 2});
  UPDATE ${table} SET state = '核销' WHERE id = ${ROWS / 4};
  UPDATE ${table} SET updated = updated + interval '1 second' WHERE id = ${ROWS - 1};
  DELETE FROM ${table} WHERE id IN (11, ${ROWS / 5}, ${ROWS});
  INSERT INTO ${table} SELECT id + ${ROWS} * 2, contract_no, customer, branch, amount, opened, updated, state
    FROM ${table} WHERE id IN (1, 2, 3);
`;

const call = () => ({ signal: new AbortController().signal, deadlineMs: 30 * 60_000 });

/** Two tables of five million rows with ten keys that differ, and the bare scans beside. */
export async function reconcile(): Promise<void> {
  line('rows on each side', ROWS.toLocaleString('en'));
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const settings = {
    ...{
      jit: 'off',
      autovacuum: 'off',
      work_mem: '64MB',
      max_wal_size: '8GB',
      fsync: 'off',
      synchronous_commit: 'off',
    },
    ...{ full_page_writes: 'off', shared_buffers: '1GB', wal_level: 'minimal', max_wal_senders: '0' },
  };
  const server = await startEmbedded({ dataDir: join(folder, 'pg'), port: 0, settings });
  const parquet = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  try {
    await fillPostgres(server.url('postgres'));
    await fillParquet(join(parquet, 'loans.parquet'));
    const { hostname, port, username, password } = new URL(server.url('postgres'));
    const database = await postgres.open(
      { host: hostname, port: Number(port), database: 'postgres', user: decodeURIComponent(username), tls: 'disable' },
      password === '' ? {} : { password: decodeURIComponent(password) },
    );
    const lake = await files.open({ folder: parquet, alias: 'bench', threads: 2, memoryLimitMb: 512 });
    const core = sideOf(database, database.relation('public', 'core'));
    const warehouse = sideOf(database, database.relation('public', 'dwd'));
    const exported = sideOf(lake, lake.relation('.', 'loans.parquet'));
    await floors('PostgreSQL', database, core.facts.relation);
    await measured('PostgreSQL and PostgreSQL', core, warehouse);
    await floors('Parquet', lake, exported.facts.relation);
    await measured('Parquet and PostgreSQL', exported, warehouse);
    await database.close();
    await lake.close();
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(parquet, { recursive: true, force: true });
  }
}

async function measured(title: string, left: Side, right: Side): Promise<void> {
  // What the drivers and the first statements load is not the comparison's.
  await left.ask(`SELECT 1 AS one FROM ${left.facts.relation} AS t LIMIT 1`, [], 1);
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const sent: Sent[] = [];
  const began = performance.now();
  let found: Reconciled;
  try {
    found = await compare(DEFINITION, left, right, {
      ...{ now: new Date(), signal: new AbortController().signal },
      progress: () => undefined,
      onSent: (each) => sent.push(each),
    });
  } finally {
    clearInterval(watch);
  }
  const seconds = (performance.now() - began) / 1000;
  const kinds = Map.groupBy(found.breaks, ({ kind }) => kind);
  line(`${title}: reconciled in`, `${seconds.toFixed(1)} s`);
  line(
    `${title}: differing keys found`,
    String(found.breaks.length),
    `wanted: 10 (${[...kinds].map(([kind, each]) => `${kind} ${each.length}`).join(', ')})`,
  );
  for (const side of ['left', 'right'] as const) {
    const own = sent.filter((each) => each.side === side);
    line(
      `${title}: scans of the ${side} side`,
      String(own.length),
      `target: ≤ 3 (${own.map(({ purpose, ms }) => `${purpose} ${(ms / 1000).toFixed(1)} s`).join(', ')})`,
    );
  }
  line(`${title}: memory of the process grew by`, `${((most - before) / 2 ** 20).toFixed(0)} MB`, 'target: ≤ 100 MB');
}

async function floors(title: string, connection: Connection, relation: string): Promise<void> {
  const seconds = async (items: string) => {
    const began = performance.now();
    await connection.query(`SELECT ${items} FROM ${relation} AS t`, [], { ...call(), maxRows: 1 });
    return `${((performance.now() - began) / 1000).toFixed(1)} s`;
  };
  line(`${title}: floor, count(*)`, await seconds('count(*)'));
  const whole = COLUMNS.map(({ name }) => `CAST(${name} AS varchar)`).join(` || ';' || `);
  line(`${title}: floor, one MD5 of each row`, await seconds(`max(md5(${whole}))`));
}

const sideOf = (connection: Connection, relation: string): Side => ({
  dialect: connection.dialect,
  facts: {
    ...{ relation, name: relation },
    columns: COLUMNS.map(({ name, family }) => ({
      name,
      typeFamily: family,
      nativeType: nativeTypeOf(connection.dialect, family),
    })),
    ...(connection.dialect === 'postgres' && {
      vouched: {
        constraints: [{ is: 'unique' as const, columns: ['id'], name: 'pk' }],
        readAt: new Date().toISOString(),
      },
    }),
  },
  ask: (sql, params, maxRows) => connection.query(sql, params, { ...call(), maxRows }),
});

const nativeTypeOf = (dialect: Dialect, family: string): string =>
  dialect === 'duckdb' ? family.toUpperCase() : family;

async function fillPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const items = COLUMNS.map(({ name, pg: sql }) => `${sql} AS ${name}`).join(', ');
  await client.query(`
    CREATE TABLE core AS SELECT ${items} FROM generate_series(1::bigint, ${ROWS}) AS i;
    CREATE TABLE dwd AS SELECT * FROM core;
    ${DIFFERENCES('dwd')}
    ALTER TABLE core ADD PRIMARY KEY (id);
    ALTER TABLE dwd ADD PRIMARY KEY (id);
  `);
  await client.query('VACUUM (FREEZE, ANALYZE)');
  await client.end();
}

async function fillParquet(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  const items = COLUMNS.map(({ name, duck }) => `${duck} AS ${name}`).join(', ');
  await connection.run(
    `COPY (SELECT ${items} FROM range(1, ${ROWS + 1}) AS numbers (i)) TO '${file}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}
