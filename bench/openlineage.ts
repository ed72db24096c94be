import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';

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
    await measure(product.url, readFileSync(join(data, 'cli-token'), 'utf8').trim());
    line('memory of the API afterwards', `${product.memory('api').toFixed(0)} MB`);
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends the events; prints a line for each ten thousand, so that one sees whether it stays flat. */
export async function measure(url: string, token: string): Promise<void> {
  const total = Number(process.env.PLUMBLINE_BENCH_EVENTS ?? 100_000);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const templates = Array.from({ length: JOBS }, (_, job) => templatesOf(job));
  line(
    'size of an event',
    `${(Buffer.byteLength(templates[0]?.complete('', '') ?? '') / 1024).toFixed(1)} KB`,
    'asked: about 10 KB',
  );
  const all: number[] = [];
  const began = performance.now();
  let sent = 0;
  let open: string | undefined;
  const next = (): string | undefined => {
    if (sent >= total) return undefined;
    const number = sent++;
    const template = templates[Math.floor(number / 2) % JOBS];
    const time = new Date(Date.UTC(2026, 0, 1) + number * 500).toISOString();
    open = number % 2 === 0 ? randomUUID() : open;
    return number % 2 === 0 ? template?.start(open ?? '', time) : template?.complete(open ?? '', time);
  };
  let [block, blockBegan] = [[] as number[], began];
  const client = async () => {
    for (let body = next(); body !== undefined; body = next()) {
      const asked = performance.now();
      await send(agent, url, token, body);
      const took = performance.now() - asked;
      all.push(took);
      block.push(took);
      if (block.length < BLOCK) continue;
      const rate = block.length / ((performance.now() - blockBegan) / 1000);
      line(
        `events ${all.length - BLOCK + 1} to ${all.length}`,
        `${rate.toFixed(0)} events/s`,
        `p99 ${ms(quantile(block, 0.99))}`,
      );
      [block, blockBegan] = [[], performance.now()];
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  const rate = all.length / ((performance.now() - began) / 1000);
  line(`all ${all.length}`, `${rate.toFixed(0)} events/s`, 'asked: ≥ 500 events/s, flat');
  line('an event', `p50 ${ms(quantile(all, 0.5))}, p99 ${ms(quantile(all, 0.99))}`, `${CONNECTIONS} producers at once`);
  agent.destroy();
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
