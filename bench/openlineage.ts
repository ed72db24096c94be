import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';
import pg from 'pg';

import { line, ms, quantile } from './figures.js';
import { Product } from './product.js';

const JOBS = 200;
const CONNECTIONS = 32;
const BLOCK = 10_000;

/** Spark events of about 10 KB, one request each as its listener sends them, on 200 jobs of which each runs again and again. */
export async function openLineage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const product = await Product.start(projectRoot, data, '--no-demo');
  try {
    await measure(product);
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends the events; prints a line for each ten thousand, so that one sees whether it stays flat. */
async function measure(product: Product): Promise<void> {
  const total = Number(process.env.PLUMBLINE_BENCH_EVENTS ?? 100_000);
  const token = readFileSync(join(product.data, 'cli-token'), 'utf8').trim();
  const events = eventsOf(total);
  const size = Buffer.byteLength(templatesOf(0).complete('', '')) / 1024;
  line('size of an event', `${size.toFixed(1)} KB`, 'asked: about 10 KB');
  const before = { api: product.cpu('api'), postgres: product.cpu('postgres'), own: process.cpuUsage() };
  const { took, rates, seconds } = await post(product.url, token, events);
  const each = (used: number) => `${((used * 1000) / total).toFixed(2)} ms`;
  const own = process.cpuUsage(before.own);
  const rate = total / seconds;
  line(`all ${total}`, `${rate.toFixed(0)} events/s`, 'asked: ≥ 500 events/s, flat');
  line(
    'slowest and fastest ten thousand',
    `${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)} events/s`,
  );
  line(
    'an event',
    `p50 ${ms(quantile(took, 0.5))}, p99 ${ms(quantile(took, 0.99))}`,
    `${CONNECTIONS} producers at once`,
  );
  line('processor time an event: the API', each(product.cpu('api') - before.api));
  line('processor time an event: PostgreSQL', each(product.cpu('postgres') - before.postgres));
  line('processor time an event: this bench, sending', each((own.user + own.system) / 1e6));
  await floor(product.databaseUrl, Math.min(total, 20_000));
  line('memory of the API afterwards', `${product.memory('api').toFixed(0)} MB`);
}

/** What nothing that keeps the events can do without: the same texts, written by one connection. */
async function floor(url: string, total: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('CREATE SCHEMA bench CREATE TABLE event (body text NOT NULL)');
    const texts = [...eventsOf(total)];
    const began = performance.now();
    for (let at = 0; at < total; at += CONNECTIONS / 2)
      await client.query({
        name: 'floor',
        text: 'INSERT INTO bench.event SELECT * FROM unnest($1::text[])',
        values: [texts.slice(at, at + CONNECTIONS / 2)],
      });
    const rate = total / ((performance.now() - began) / 1000);
    line(
      'floor: the bare texts, one connection, 16 at a time',
      `${rate.toFixed(0)} events/s`,
      'nothing read or checked',
    );
    await client.query('DROP SCHEMA bench CASCADE');
  } finally {
    await client.end();
  }
}

/** A start and a completion of one run after another, job by job. */
function* eventsOf(total: number): Generator<string> {
  const templates = Array.from({ length: JOBS }, (_, job) => templatesOf(job));
  for (let number = 0; number < total; number += 2) {
    const template = templates[(number / 2) % JOBS];
    const time = (at: number) => new Date(Date.UTC(2026, 0, 1) + at * 500).toISOString();
    const run = randomUUID();
    yield template?.start(run, time(number)) ?? '';
    if (number + 1 < total) yield template?.complete(run, time(number + 1)) ?? '';
  }
}

async function post(
  url: string,
  token: string,
  events: Generator<string>,
): Promise<{ took: number[]; rates: number[]; seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const [took, rates]: [number[], number[]] = [[], []];
  const began = performance.now();
  let [block, blockBegan] = [[] as number[], began];
  const producer = async () => {
    for (let next = events.next(); next.done !== true; next = events.next()) {
      const asked = performance.now();
      await send(agent, url, token, next.value);
      took.push(performance.now() - asked);
      block.push(performance.now() - asked);
      if (block.length < BLOCK) continue;
      const rate = BLOCK / ((performance.now() - blockBegan) / 1000);
      rates.push(rate);
      line(
        `events ${took.length - BLOCK + 1} to ${took.length}`,
        `${rate.toFixed(0)} events/s`,
        `p50 ${ms(quantile(block, 0.5))}, p99 ${ms(quantile(block, 0.99))}`,
      );
      [block, blockBegan] = [[], performance.now()];
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, producer));
  agent.destroy();
  return { took, rates, seconds: (performance.now() - began) / 1000 };
}

function send(agent: Agent, url: string, token: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/api/v1/lineage`,
      { agent, method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } },
      (answer) => {
        answer.resume();
        answer.once('end', () => {
          if (answer.statusCode === 201) resolve();
          else reject(new Error(`The API answered ${answer.statusCode}.`));
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The two events of a run of one job: three inputs, an output with the lineage of its twenty columns, Spark's own facets. */
function templatesOf(job: number) {
  const facet = (name: string) => ({
    _producer: 'https://github.com/OpenLineage/OpenLineage/tree/1.40.0/integration/spark',
    _schemaURL: `https://openlineage.io/spec/facets/1-0-0/${name}.json`,
  });
  const warehouse = 'hdfs://nn1.bank.example:8020';
  const columns = Array.from({ length: 20 }, (_, n) => `col_${n}`);
  const dataset = (name: string, more: object = {}) => ({
    ...{ namespace: warehouse, name: `/warehouse/risk.db/${name}` },
    facets: {
      schema: {
        ...facet('SchemaDatasetFacet'),
        fields: columns.map((column) => ({ name: column, type: 'decimal(18,2)' })),
      },
      symlinks: {
        ...facet('SymlinksDatasetFacet'),
        identifiers: [{ namespace: 'hive://hms.bank.example:9083', name: `risk.${name}`, type: 'TABLE' }],
      },
      ...more,
    },
  });
  const inputs = [0, 1, 2].map((n) => dataset(`ods_${(job * 3 + n) % 150}`));
  const columnLineage = {
    ...facet('ColumnLineageDatasetFacet'),
    fields: Object.fromEntries(
      columns.map((column, n) => [
        column,
        {
          inputFields: [
            {
              ...{ namespace: warehouse, name: inputs[n % 3]?.name, field: column },
              transformations: [{ type: 'DIRECT', subtype: 'IDENTITY', description: '', masking: false }],
            },
          ],
        },
      ]),
    ),
  };
  const event = (eventType: string, outputs: readonly object[]) => {
    const text = JSON.stringify({
      ...{ eventType, eventTime: '<time>', producer: facet('')._producer },
      schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
      run: {
        runId: '<run>',
        facets: {
          processing_engine: { ...facet('ProcessingEngineRunFacet'), version: '3.5.1', name: 'spark' },
          spark_properties: {
            ...facet('RunFacet'),
            properties: { 'spark.master': 'yarn', 'spark.app.name': `risk_${job}` },
          },
          'spark.logicalPlan': {
            ...facet('RunFacet'),
            plan: columns.map((name) => ({ class: 'Project', name, nullable: true })),
          },
        },
      },
      job: {
        namespace: 'spark',
        name: `risk.load_${job}`,
        facets: { jobType: { ...facet('JobTypeJobFacet'), processingType: 'BATCH' } },
      },
      ...{ inputs, outputs },
    });
    const parts = text.split(/<time>|<run>/);
    return (run: string, time: string) => `${parts[0]}${time}${parts[1]}${run}${parts[2]}`;
  };
  return { start: event('START', []), complete: event('COMPLETE', [dataset(`dwd_${job}`, { columnLineage })]) };
}
