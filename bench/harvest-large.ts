import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { messageOf } from '#kernel';
import { projectRoot } from '#platform/config';
import { type EmbeddedServer, startEmbedded } from '#platform/embedded-postgres';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { line, ms } from './figures.js';
import { Product } from './product.js';

const TABLES = Number(process.env.PLUMBLINE_BENCH_TABLES ?? 10_000);
const COLUMNS = 20;
const A_SCHEMA = 500;

export const MAKE = `
  DO $make$
  BEGIN
    FOR s IN 0..${Math.ceil(TABLES / A_SCHEMA) - 1} LOOP
      EXECUTE format('CREATE SCHEMA ods_%s', s);
      FOR t IN 0..${Math.min(A_SCHEMA, TABLES) - 1} LOOP
        EXECUTE format('CREATE TABLE ods_%s.loan_%s (loan_id bigint PRIMARY KEY, %s)', s, t, (
          SELECT string_agg(format('c%s %s', n, (ARRAY['numeric(18,2)', 'varchar(40) NOT NULL', 'date', 'timestamptz', 'text'])[n % 5 + 1]), ', ')
            FROM generate_series(2, ${COLUMNS}) AS n));
        EXECUTE format('COMMENT ON COLUMN ods_%s.loan_%s.c2 IS ''余额 balance''', s, t);
        IF t % 100 = 99 THEN COMMIT; END IF;
      END LOOP;
      COMMIT;
    END LOOP;
  END $make$`;

/** What a reader of this catalog cannot do without: tables, columns with type, default and comment, constraints. */
const BARE = {
  bare_table: `
    SELECT c.oid, n.nspname, c.relname, c.relkind::text, pg_get_userbyid(c.relowner), c.reltuples,
           obj_description(c.oid, 'pg_class')
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  bare_column: `
    SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)
      FROM pg_attribute AS a
      JOIN pg_class AS c ON c.oid = a.attrelid
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND a.attnum > 0 AND NOT a.attisdropped`,
  bare_key: `
    SELECT k.conrelid, k.conname, k.contype::text, k.conkey::text, pg_get_constraintdef(k.oid)
      FROM pg_constraint AS k JOIN pg_namespace AS n ON n.oid = k.connamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
} as const;

/** A source of 10,000 tables: the first harvest, the next ones, and the bare queries and DataHub beside them. */
export async function harvestLarge(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'source'), port: 0, settings: { fsync: 'off' } });
  try {
    const began = performance.now();
    await withClient(server, 'postgres', async (client) => {
      await client.query('CREATE DATABASE dwh');
      await client.query('CREATE DATABASE floor');
    });
    await withClient(server, 'dwh', async (client) => {
      await client.query(MAKE);
      await client.query('VACUUM ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_constraint');
    });
    line(`a source of ${TABLES} tables, ${TABLES * COLUMNS} columns`, ms(performance.now() - began), 'made in');
    const floor = await bare(server);
    line('the bare catalog queries', ms(floor.queries), 'floor');
    line('… and a COPY of their rows', ms(floor.queries + floor.copy), 'floor');
    await product(server, join(folder, 'data'), floor);
    datahub(server, folder);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Floor {
  readonly queries: number;
  readonly copy: number;
}

export async function bare(server: EmbeddedServer): Promise<Floor> {
  const read = () =>
    withClient(server, 'dwh', async (client) => {
      const answers: Record<string, unknown[][]> = {};
      for (const [table, sql] of Object.entries(BARE))
        answers[table] = (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
      return answers;
    });
  await read();
  const began = performance.now();
  const answers = await read();
  const queries = performance.now() - began;
  return withClient(server, 'floor', async (client) => {
    const start = performance.now();
    for (const [table, rows] of Object.entries(answers)) {
      const columns = (rows[0] ?? []).map((_, at) => `c${at} text`);
      await client.query(`CREATE TABLE ${table} (${columns.join(', ')})`);
      const lines = function* () {
        for (const row of rows) yield `${row.map(copied).join('\t')}\n`;
      };
      await pipeline(Readable.from(lines()), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
    }
    return { queries, copy: performance.now() - start };
  });
}

const copied = (value: unknown): string =>
  value === null ? '\\N' : String(value).replaceAll(/[\\\t\n\r]/g, (sign) => `\\${sign}`);

async function withClient<T>(
  server: EmbeddedServer,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function product(server: EmbeddedServer, data: string, floor: Floor): Promise<void> {
  const plumbline = await Product.start(projectRoot, data, '--no-demo');
  try {
    const url = new URL(server.url('dwh'));
    const { registerSource } = await plumbline.ask<{ registerSource: { source: { id: string } } }>(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { id } userErrors { message } } }',
      {
        input: {
          ...{ name: 'dwh', kind: 'postgres', removalShare: 0.2 },
          settings: {
            ...{ host: url.hostname, port: Number(url.port), database: 'dwh', user: decodeURIComponent(url.username) },
            ...{ tls: 'disable', ...(url.password !== '' && { password: decodeURIComponent(url.password) }) },
          },
        },
      },
    );
    const id = registerSource.source.id;
    const idle = plumbline.memory('worker');
    const times = (took: number, of: number) => `${(took / of).toFixed(2)} ×`;
    const first = await harvested(plumbline, id, {});
    const whole = floor.queries + floor.copy;
    line('first harvest', ms(first.took), `${times(first.took, whole)} the floor with COPY; target ≤ 2.5 ×`);
    line('  its worker: memory over idle', `${(first.memory - idle).toFixed(0)} MB`, 'target ≤ 150 MB');
    for (const [what, wish] of [
      ['again, nothing changed', {}],
      ['again, read in full', { readAll: true }],
    ] as const) {
      const { took, memory } = await harvested(plumbline, id, wish);
      line(what, ms(took), `${times(took, floor.queries)} the bare queries; target ≤ 1.3 ×`);
      line('  its worker: memory over idle', `${(memory - idle).toFixed(0)} MB`);
    }
  } finally {
    await plumbline.stop();
  }
}

/** Milliseconds of the job, and the most memory that its worker had meanwhile. */
async function harvested(
  plumbline: Product,
  sourceId: string,
  wish: object,
): Promise<{ took: number; memory: number }> {
  const { harvestSource } = await plumbline.ask<{ harvestSource: { job: { id: string } } }>(
    'mutation ($sourceId: ID!, $readAll: Boolean) { harvestSource(sourceId: $sourceId, readAll: $readAll) { job { id } } }',
    { sourceId, ...wish },
  );
  let memory = 0;
  for (;;) {
    memory = Math.max(memory, plumbline.memory('worker'));
    const { job } = await plumbline.ask<{
      job: { state: string; startedAt: string; finishedAt: string | null; errorMessage: string | null };
    }>('query ($id: ID!) { job(id: $id) { state startedAt finishedAt errorMessage } }', { id: harvestSource.job.id });
    if (job.errorMessage !== null) throw new Error(job.errorMessage);
    if (job.finishedAt !== null) return { took: Date.parse(job.finishedAt) - Date.parse(job.startedAt), memory };
    await sleep(100);
  }
}

/** DataHub's own ingestion of the same database into a file. Where it cannot be installed, that is said. */
function datahub(server: EmbeddedServer, folder: string): void {
  try {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], { stdio: 'pipe' });
    const bin = join(folder, 'venv', 'bin');
    const packages = ['acryl-datahub[postgres]', 'setuptools<81'];
    execFileSync(join(bin, 'python'), ['-m', 'pip', 'install', '-q', ...packages], { stdio: 'pipe', timeout: 900_000 });
    const url = new URL(server.url('dwh'));
    const recipe = join(folder, 'recipe.json');
    const config = {
      ...{ host_port: `${url.hostname}:${url.port}`, database: 'dwh', username: decodeURIComponent(url.username) },
      ...{ password: decodeURIComponent(url.password), include_views: false },
    };
    const sink = { type: 'file', config: { filename: join(folder, 'datahub.json') } };
    writeFileSync(recipe, JSON.stringify({ source: { type: 'postgres', config }, sink }));
    const began = performance.now();
    const { status, stderr } = spawnSync(join(bin, 'datahub'), ['ingest', '-c', recipe, '--no-progress'], {
      ...{ encoding: 'utf8', maxBuffer: 1 << 28, timeout: 1_800_000 },
      env: { ...process.env, DATAHUB_TELEMETRY_ENABLED: 'false' },
    });
    const took = performance.now() - began;
    line('DataHub: ingestion into a file', ms(took), status === 0 ? '' : `ended with ${status}: ${stderr.slice(-300)}`);
  } catch (error) {
    line('DataHub', 'not measured', messageOf(error).split('\n')[0]);
  }
}
