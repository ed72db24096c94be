import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

import { line, ms, quantile, spread, timed } from './figures.js';
import { Product } from './product.js';

const TABLES = Number(process.env.PLUMBLINE_BENCH_TABLES ?? 10_000);
const COLUMNS = 20;
const A_SCHEMA = 500;

const MAKE = `
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

const TIMES = 3;

/**
 * A source of 10,000 tables: the first harvest, the next ones, and the bare queries and DataHub beside them. PLUMBLINE_BENCH_TABLES says
 * how many tables; PLUMBLINE_BENCH_DATAHUB names a folder with DataHub's programs, so that it is not installed anew ("no": without it).
 */
export async function harvestLarge(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'source'), port: 0, settings: { fsync: 'off' } });
  try {
    const began = performance.now();
    await withClient(server.url('postgres'), async (client) => {
      await client.query('CREATE DATABASE dwh');
      await client.query('CREATE EXTENSION pg_stat_statements');
    });
    await withClient(server.url('dwh'), async (client) => {
      await client.query(MAKE);
      await client.query('VACUUM ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_constraint');
    });
    line(`a source of ${TABLES} tables, ${TABLES * COLUMNS} columns`, ms(performance.now() - began), 'made in');
    await product(server, join(folder, 'data'));
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

/** The bare queries on the source, and a COPY of their rows into another database on the server that has the catalog. */
async function bare(source: string, catalog: (database: string) => string): Promise<Floor> {
  const began = performance.now();
  const answers = await withClient(source, async (client) => {
    const found: Record<string, unknown[][]> = {};
    for (const [table, sql] of Object.entries(BARE))
      found[table] = (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
    return found;
  });
  const queries = performance.now() - began;
  await withClient(catalog('plumbline'), async (client) => {
    await client.query('DROP DATABASE IF EXISTS floor');
    await client.query('CREATE DATABASE floor');
  });
  return withClient(catalog('floor'), async (client) => {
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

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const times = (took: number, of: number) => `${(took / of).toFixed(2)} ×`;

async function product(server: EmbeddedServer, data: string): Promise<void> {
  const plumbline = await Product.start(projectRoot, data, '--no-demo');
  const kept = (name: string) => readFileSync(join(data, name), 'utf8').trim();
  const catalog = (database: string) =>
    `postgres://plumbline:${kept('postgres-password')}@127.0.0.1:${kept('postgres-port')}/${database}`;
  const floors: Floor[] = [];
  const floor = async () => {
    const found = await bare(server.url('dwh'), catalog);
    floors.push(found);
    return found;
  };
  try {
    const id = await register(plumbline, new URL(server.url('dwh')));
    await floor();
    // Before and after, since other work may come and go on the machine.
    const before = await floor();
    const idle = plumbline.memory('worker');
    const first = await harvested(plumbline, server, id, {});
    await afterHarvest(plumbline);
    const after = await floor();
    const mean = (of: (each: Floor) => number) => (of(before) + of(after)) / 2;
    const whole = mean(({ queries, copy }) => queries + copy);
    line('the bare catalog queries', ms(mean(({ queries }) => queries)), 'floor');
    line('… and a COPY of their rows', ms(whole), 'floor');
    line('first harvest', ms(first.took), `${times(first.took, whole)} the floor with COPY; target ≤ 2.5 ×`);
    line('  its worker: memory over idle', `${(first.memory - idle).toFixed(0)} MB`, 'target ≤ 150 MB');
    line('  statements sent to the source', String(first.statements));
    for (const [what, wish, target] of [
      ['again, nothing changed', {}, 'target ≤ 1.3 ×'],
      ['again, read in full', { readAll: true }, 'printed'],
    ] as const) {
      const runs: Harvested[] = [];
      const queries: number[] = [];
      for (let run = 0; run < TIMES; run++) {
        queries.push((await floor()).queries);
        runs.push(await harvested(plumbline, server, id, wish));
        await afterHarvest(plumbline, false);
      }
      const took = quantile(
        runs.map((run) => run.took),
        0.5,
      );
      line(what, ms(took), `${times(took, quantile(queries, 0.5))} the bare queries beside it; ${target}`);
      line('  its worker: memory over idle', `${(Math.max(...runs.map(({ memory }) => memory)) - idle).toFixed(0)} MB`);
      line('  statements sent to the source', String(runs[0]?.statements));
    }
    await browse(plumbline, id);
  } finally {
    await plumbline.stop();
  }
}

async function register(plumbline: Product, url: URL): Promise<string> {
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
  return registerSource.source.id;
}

interface JobTimes {
  readonly jobs: {
    readonly nodes: readonly { titleEn: string; startedAt: string; finishedAt: string | null }[];
  };
}

/** Waits for the jobs that a harvest leaves behind it, and prints what they took. */
async function afterHarvest(plumbline: Product, print = true): Promise<void> {
  for (;;) {
    // The event of a harvest asks for them soon after it.
    await sleep(1_500);
    const { jobs } = await plumbline.ask<JobTimes>('{ jobs(first: 10) { nodes { titleEn startedAt finishedAt } } }');
    if (jobs.nodes.some(({ finishedAt }) => finishedAt === null)) continue;
    if (!print) return;
    for (const { titleEn, startedAt, finishedAt } of jobs.nodes.toReversed())
      line(`  job: ${titleEn}`, ms(Date.parse(finishedAt ?? '') - Date.parse(startedAt)));
    return;
  }
}

/** What people see first of so large a source. */
async function browse(plumbline: Product, sourceId: string): Promise<void> {
  const { datasets } = await plumbline.ask<{ datasets: { nodes: { id: string }[] } }>(
    'query ($sourceId: ID!) { datasets(sourceId: $sourceId, first: 1) { nodes { id } } }',
    { sourceId },
  );
  const pages: readonly (readonly [string, string, object])[] = [
    [
      'list of datasets',
      'query ($sourceId: ID!) { datasets(sourceId: $sourceId, first: 50) { totalCount nodes { id name } } }',
      { sourceId },
    ],
    ['… by part of the name', '{ datasets(nameContains: "loan_49", first: 50) { totalCount nodes { id name } } }', {}],
    [
      'a dataset with its columns',
      'query ($id: ID!) { dataset(id: $id) { name fields { id name nativeType comment } } }',
      { id: datasets.nodes[0]?.id },
    ],
    [
      'search: a name that one table has',
      '{ search(text: "loan_499") { totalCount nodes { asset { ... on Dataset { name } ... on Field { name } } } } }',
      {},
    ],
    [
      'search: 余额, in every table',
      '{ search(text: "余额") { totalCount nodes { asset { ... on Dataset { name } ... on Field { name } } } } }',
      {},
    ],
    [
      'search: a name nearly right',
      '{ search(text: "lown_id") { totalCount nodes { asset { ... on Dataset { name } ... on Field { name } } } } }',
      {},
    ],
  ];
  for (const [what, query, variables] of pages)
    line(what, spread(await timed(20, () => plumbline.ask(query, variables))));
}

interface Harvested {
  /** Milliseconds of the job. */
  readonly took: number;
  /** The most megabytes that its worker had meanwhile. */
  readonly memory: number;
  /** Sent to the source. */
  readonly statements: number;
}

async function harvested(
  plumbline: Product,
  server: EmbeddedServer,
  sourceId: string,
  wish: object,
): Promise<Harvested> {
  await withClient(server.url('postgres'), (client) => client.query('SELECT pg_stat_statements_reset()'));
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
    if (job.finishedAt === null) {
      await sleep(100);
      continue;
    }
    const statements = await withClient(server.url('postgres'), async (client) => {
      const { rows } = await client.query<{ calls: number }>(
        `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements
          WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'dwh')`,
      );
      return rows[0]?.calls ?? 0;
    });
    return { took: Date.parse(job.finishedAt) - Date.parse(job.startedAt), memory, statements };
  }
}

function installDatahub(folder: string): string {
  execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], { stdio: 'pipe' });
  const bin = join(folder, 'venv', 'bin');
  const packages = ['acryl-datahub[postgres]', 'setuptools<81'];
  execFileSync(join(bin, 'python'), ['-m', 'pip', 'install', '-q', ...packages], { stdio: 'pipe', timeout: 900_000 });
  return bin;
}

/** DataHub's own ingestion of the same database into a file. Where it cannot be installed, that is said. */
function datahub(server: EmbeddedServer, folder: string): void {
  const kept = process.env.PLUMBLINE_BENCH_DATAHUB;
  if (kept === 'no') return;
  try {
    const bin = kept ?? installDatahub(folder);
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
