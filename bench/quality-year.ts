import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { projectRoot, readSettings } from '#platform/config';
import { startEmbedded } from '#platform/embedded-postgres';
import { ResultUpkeep } from '#quality';
import pg from 'pg';

import { createApi } from '../apps/api/src/create-api.js';
import { line, ms, spread, timed } from './figures.js';
import { Product } from './product.js';
import { makeBank, RULES, writeRules } from './quality/bank.js';

const DAYS = 365;
const RESULTS = Number(process.env.PLUMBLINE_BENCH_RESULTS ?? 10_000_000);
const ASKED = 40;

/** A day of results: each rule once or more, one in twenty fails, one in a hundred cannot be asked. */
const A_DAY = `
  WITH run AS (
    INSERT INTO quality.run (requested_at, requested_by, state, finished_at)
    SELECT at, 'bench', 'succeeded', at + interval '10 minutes'
      FROM generate_series($1::timestamptz, $1::timestamptz + interval '23 hours', interval '24 hours' / $2::int) AS at
    RETURNING id, finished_at
  ), planned AS (
    INSERT INTO quality.planned_rule (run_id, position, rule_id, version_id, finished_at)
    SELECT run.id, rule.place, rule.id, rule.version_id, run.finished_at
      FROM run CROSS JOIN public.bench_rule AS rule
    RETURNING run_id, rule_id, version_id, finished_at, position
  )
  INSERT INTO quality.result (run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, metrics,
                              statement_ids, sentence_en, sentence_zh, error_code, failed_source_id, started_at, finished_at)
  SELECT planned.run_id, rule.id, rule.version_id, rule.dataset_id, rule.source_id, status,
         CASE WHEN status <> 'error' THEN 2000 END, CASE WHEN status <> 'error' THEN 2000 END,
         CASE status WHEN 'fail' THEN 7 WHEN 'pass' THEN 0 END, '{}', '{}', 'Checked 2000 rows.', '检查 2000 行。',
         CASE WHEN status = 'error' THEN 'SOURCE_DOWN' END, CASE WHEN status = 'error' THEN rule.source_id END,
         planned.finished_at, planned.finished_at
    FROM planned
    JOIN public.bench_rule AS rule ON rule.id = planned.rule_id
   CROSS JOIN LATERAL (SELECT CASE WHEN (rule.place + $3::int) % 100 = 0 THEN 'error' WHEN (rule.place + $3::int) % 20 = 0 THEN 'fail' ELSE 'pass' END AS status) AS told`;

/**
 * A year of 10,000 rules: what the trend and the report of all twelve months take, beside bare queries of the same tables.
 * PLUMBLINE_BENCH_RESULTS says how many results (10,000,000).
 */
export async function qualityYear(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'source'), port: 0, settings: { fsync: 'off' } });
  try {
    const product = await Product.start(projectRoot, join(folder, 'data'), '--no-demo');
    const catalog = new pg.Client({ connectionString: product.databaseUrl });
    await catalog.connect();
    try {
      await writeRules(product, await makeBank(server, product, catalog));
      await fill(catalog);
      await sumUp(product.databaseUrl, folder);
      await trend(product, catalog);
      await report(product, catalog);
    } finally {
      await catalog.end();
      await product.stop();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(catalog: pg.Client): Promise<void> {
  await catalog.query(`
    ALTER TABLE quality.rule_version DISABLE TRIGGER rule_version_is_final;
    UPDATE quality.rule_version SET made_at = now() - interval '400 days';
    ALTER TABLE quality.rule_version ENABLE TRIGGER rule_version_is_final;
    UPDATE quality.rule SET created_at = now() - interval '400 days';
    CREATE TABLE public.bench_rule AS
    SELECT (row_number() OVER (ORDER BY id))::int AS place, id, version_id, dataset_id, source_id FROM quality.current_rule;
    SELECT quality.make_result_months(now() - interval '400 days', now());
    SET synchronous_commit = off;`);
  const runs = Math.max(1, Math.round(RESULTS / RULES / DAYS));
  const began = performance.now();
  for (let day = DAYS; day >= 1; day--) {
    const at = new Date(Date.now() - day * 86_400_000);
    at.setUTCHours(0, 0, 0, 0);
    await catalog.query(A_DAY, [at, runs, day]);
  }
  await catalog.query('VACUUM ANALYZE');
  const { rows } = await catalog.query<{ n: number }>('SELECT count(*)::int AS n FROM quality.result');
  line(`${rows[0]?.n} results of ${DAYS} days`, `${((performance.now() - began) / 1000).toFixed(0)} s`, 'filled in');
}

/** What a worker does by and by as days end. */
async function sumUp(databaseUrl: string, folder: string): Promise<void> {
  const settings = readSettings({ env: {}, cwd: folder, said: { databaseUrl, logLevel: 'fatal', port: 0 } });
  const app = await createApi({ ...settings, databaseUrl });
  try {
    await app.init();
    const began = performance.now();
    let days = 0;
    for (let kept = -1; kept !== 0; days += kept) kept = await app.get(ResultUpkeep).sumUpDays();
    line(`scores of ${days} days kept`, `${((performance.now() - began) / 1000).toFixed(0)} s`);
  } finally {
    await app.close();
  }
}

const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

async function trend(product: Product, catalog: pg.Client): Promise<void> {
  const { rows } = await catalog.query<{ source_id: string; dataset_id: string; id: string }>(
    'SELECT source_id, dataset_id, id FROM public.bench_rule ORDER BY random() LIMIT 1',
  );
  const global = (kind: string, id = '') => Buffer.from(`${kind}:${id}`).toString('base64url');
  const floor = await timed(ASKED, () =>
    catalog.query(
      `SELECT at, planned, evaluated, weight, weighted FROM quality.score_point WHERE scope = 'all' AND dimension = ''`,
    ),
  );
  line('floor: the kept sums of the year', spread(floor));
  for (const [what, scope] of [
    ['the whole catalog', ''],
    ['one source', `, sourceId: "${global('Source', rows[0]?.source_id)}"`],
    ['one dataset', `, datasetId: "${global('Dataset', rows[0]?.dataset_id)}"`],
    ['one rule', `, ruleId: "${global('QualityRule', rows[0]?.id)}"`],
  ] as const) {
    const ask = () =>
      product.ask(`{ qualityTrend(from: "${day(DAYS)}", to: "${day(1)}"${scope}) { from score coverage change } }`);
    await timed(3, ask);
    line(`trend of a year by days: ${what}`, spread(await timed(ASKED, ask)), 'asked: p95 at most 100 ms');
  }
}

interface Made {
  readonly node: { readonly state: string; readonly errorMessage: string | null } | null;
}

async function report(product: Product, catalog: pg.Client): Promise<void> {
  const floor = await timed(1, () =>
    catalog.query(
      `SELECT rule_id, status, count(*) FROM quality.result WHERE finished_at >= $1 GROUP BY rule_id, status`,
      [day(DAYS)],
    ),
  );
  line('floor: one count of the year’s results', ms(floor[0] ?? Number.NaN));
  for (const formats of ['[JSON]', '[HTML, PDF, XLSX]']) {
    const began = performance.now();
    const { makeQualityReport } = await product.ask<{
      makeQualityReport: { report: { id: string } | null; userErrors: { message: string }[] };
    }>(
      `mutation { makeQualityReport(from: "${day(DAYS)}", to: "${day(1)}", timeZone: "UTC", language: ZH, formats: ${formats}) {
         report { id } userErrors { message } } }`,
    );
    const { report: asked, userErrors } = makeQualityReport;
    if (!asked) throw new Error(userErrors.map(({ message }) => message).join('; '));
    for (;;) {
      await sleep(100);
      const { node } = await product.ask<Made>(
        'query ($id: ID!) { node(id: $id) { ... on QualityReport { state errorMessage } } }',
        { id: asked.id },
      );
      if (node?.state === 'FAILED') throw new Error(node.errorMessage ?? 'The report failed.');
      if (node?.state === 'SUCCEEDED') break;
    }
    line(`report of ${RULES} rules × 12 months, ${formats}`, ms(performance.now() - began), 'asked: at most 10 s');
  }
  line('memory of the worker', `${product.memory('worker').toFixed(0)} MB`);
}
