import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { projectRoot } from '#platform/config';
import { startEmbedded } from '#platform/embedded-postgres';
import pg from 'pg';

import { line } from './figures.js';
import { Product } from './product.js';
import { makeBank, RULES, until, writeRules } from './quality/bank.js';

/**
 * A night: 10,000 rules on 500 tables, in 50 rule sets that are all due at the same minute. How long until every verdict is
 * stored, how old the oldest waiting job grows, and what the bare statements take beside it.
 */
export async function qualityNight(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'source'), port: 0, settings: { fsync: 'off' } });
  try {
    const product = await Product.start(projectRoot, join(folder, 'data'), '--no-demo');
    const catalog = new pg.Client({ connectionString: product.databaseUrl });
    await catalog.connect();
    try {
      const tables = await makeBank(server, product, catalog);
      await writeRules(product, tables, new Date(Date.now() + 150_000));
      await night(product, catalog);
      await bare(server.url('night'), catalog);
    } finally {
      await catalog.end();
      await product.stop();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Now {
  readonly results: number;
  readonly waiting: number;
  readonly first: Date | null;
  readonly last: Date | null;
}

async function night(product: Product, catalog: pg.Client): Promise<void> {
  let oldest = 0;
  let memory = 0;
  let now: Now | undefined;
  await until(async () => {
    await sleep(250);
    const { rows } = await catalog.query<Now>(`
      SELECT (SELECT count(*)::int FROM quality.result) AS results,
             (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(requested_at)), 0)::float8
                FROM platform.job WHERE state = 'queued') AS waiting,
             (SELECT min(due_at) FROM quality.run) AS first,
             (SELECT max(finished_at) FROM quality.run) AS last`);
    now = rows[0];
    oldest = Math.max(oldest, now?.waiting ?? 0);
    memory = Math.max(memory, product.memory('worker'));
    const { rows: open } = await catalog.query(`SELECT 1 FROM quality.run WHERE state = 'open' LIMIT 1`);
    return (now?.results ?? 0) >= RULES && open.length === 0;
  });
  const took = ((now?.last?.getTime() ?? 0) - (now?.first?.getTime() ?? 0)) / 1000;
  line(
    'from the due minute to the last verdict',
    `${took.toFixed(1)} s`,
    `${((took * 1000) / RULES).toFixed(2)} ms a rule`,
  );
  line('the oldest waiting job', `${oldest.toFixed(1)} s`, 'asked: never a minute');
  line('memory of the worker', `${memory.toFixed(0)} MB`);
  const { rows } = await catalog.query<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM quality.result GROUP BY status ORDER BY status',
  );
  line('verdicts', rows.map(({ status, n }) => `${status} ${n}`).join(', '));
}

/** The very statements that were sent, one after another on two connections, by nobody who judges or stores. */
async function bare(url: string, catalog: pg.Client): Promise<void> {
  const { rows } = await catalog.query<{ sql: string; params: string[] }>('SELECT sql, params FROM quality.statement');
  const queue = rows.values();
  const began = performance.now();
  await Promise.all(
    [1, 2].map(async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      for (const { sql, params } of queue) await client.query(sql, params);
      await client.end();
    }),
  );
  line(`floor: the ${rows.length} statements alone`, `${((performance.now() - began) / 1000).toFixed(1)} s`);
}
