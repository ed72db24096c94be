import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { until } from '#platform/testing';
import pg from 'pg';

import { Client } from '../apps/cli/src/client/client.js';
import { dataFolder, startProduct, type Started } from './support/product.js';
import { sourceDatabase, type SourceDatabase } from './support/source.js';

// Everything here is a real product of several processes, of which some are killed without warning.
jest.setTimeout(120_000);

const SCOPE = '库 "x" 😀';
const TABLES = 20;
/** Who reads `slow` waits while the gate is shut. */
const DDL = `
  CREATE SCHEMA "库 ""x"" 😀";
  ${Array.from({ length: TABLES }, (_, at) => `CREATE TABLE "库 ""x"" 😀".t${at} (id int, "列 😀" text);`).join('\n')}
  CREATE TABLE loan (id int PRIMARY KEY, a text);
  INSERT INTO loan SELECT at, CASE WHEN at % 4 = 0 THEN NULL ELSE 'x' END FROM generate_series(1, 100) AS at;
  CREATE VIEW slow AS SELECT 1 AS id, CASE WHEN pg_advisory_xact_lock_shared(7) IS NULL THEN NULL ELSE 'x' END AS a;
`;
const DATASETS = TABLES + 2;
const ENDED = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'];

interface Job {
  readonly state: string;
  readonly attempt: number;
}

describe('a process that is killed under load', () => {
  const { folder: data, forget } = dataFolder();
  let product: Started;
  let client: Client;
  let database: SourceDatabase;
  let sourceId: string;
  let ruleIds: string[];

  beforeAll(async () => {
    database = await sourceDatabase(DDL);
    product = startProduct(data, [], { PLUMBLINE_LOCK_SECONDS: '2' });
    const address = await product.ready();
    client = new Client(address, readFileSync(join(data, 'cli-token'), 'utf8').trim());
    sourceId = await register('源 "x" 😀');
  });
  afterAll(async () => {
    await product.end('SIGKILL');
    await database.drop();
    forget();
  });

  const register = async (name: string): Promise<string> => {
    const { source } = await client.change<{ source: { id: string } }>(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { id } userErrors { message } } }',
      { input: { kind: 'postgres', name, settings: { ...database.settings, lockTimeoutMs: 600_000 } } },
    );
    return source.id;
  };
  const harvest = (id = sourceId) =>
    client.change<{ run: { id: string }; job: { id: string } }>(
      'mutation ($id: ID!) { harvestSource(sourceId: $id) { run { id } job { id } userErrors { message } } }',
      { id },
    );
  const runRules = () =>
    client.change<{ run: { id: string }; job: { id: string } }>(
      'mutation ($ruleIds: [ID!]) { runRules(ruleIds: $ruleIds) { run { id } job { id } userErrors { message } } }',
      { ruleIds },
    );
  /** What the API answers, once it answers. */
  const answered = <T>(query: string, variables: Record<string, unknown>): Promise<T> =>
    until('an answer', () => client.ask<T>(query, variables).catch(() => false as const), 60);
  const job = async (id: string) =>
    (await answered<{ job: Job }>('query ($id: ID!) { job(id: $id) { state attempt } }', { id })).job;
  const ended = (id: string) =>
    until(
      'the job to end',
      async () => {
        const found = await job(id);
        return ENDED.includes(found.state) && found;
      },
      90,
    );
  const running = (id: string) => until('the job to run', async () => (await job(id)).state === 'RUNNING', 30);
  const harvestRun = async (id: string) =>
    (
      await answered<{ harvestRun: Record<string, unknown> }>(
        'query ($id: ID!) { harvestRun(id: $id) { state added changed unchanged vanished scopes { name complete datasets } } }',
        { id },
      )
    ).harvestRun;
  const results = async (runId: string) => {
    const { ruleRun } = await answered<{
      ruleRun: {
        state: string;
        planned: number;
        results: { nodes: { ruleId: string; status: string; violations: string }[] };
      };
    }>(
      'query ($id: ID!) { ruleRun(id: $id) { state planned results(first: 500) { nodes { ruleId status violations } } } }',
      { id: runId },
    );
    return { ...ruleRun, found: ruleRun.results.nodes };
  };
  const worker = () => pidOf(product, 'apps/worker/src/main.js');
  const killWorker = async () => {
    const pid = worker();
    process.kill(pid, 'SIGKILL');
    await until('the worker to be started again', () => ![0, pid].includes(worker()), 60);
  };
  /** Shuts the gate; gives what opens it. */
  const shutGate = async () => {
    const { host, port, password, user } = database.settings as Record<string, string>;
    const client = new pg.Client({ host, port: Number(port), user, password, database: database.name });
    await client.connect();
    await client.query('SELECT pg_advisory_lock(7)');
    return () => client.end();
  };

  it('the worker, in the middle of a harvest: it is finished once and right', async () => {
    const release = await database.block();
    const { run, job: asked } = await harvest();
    await running(asked.id);
    await killWorker();
    await release();
    expect(await ended(asked.id)).toEqual({ state: 'SUCCEEDED', attempt: 2 });
    expect(await harvestRun(run.id)).toEqual({
      ...{ state: 'SUCCEEDED', added: DATASETS, changed: 0, unchanged: 0, vanished: 0 },
      scopes: [
        { name: 'public', complete: true, datasets: 2 },
        { name: SCOPE, complete: true, datasets: TABLES },
      ],
    });
    const { datasets, harvestRuns } = await client.ask<Record<string, { totalCount: number }>>(
      'query ($id: ID!) { datasets(sourceId: $id) { totalCount } harvestRuns(sourceId: $id) { totalCount } }',
      { id: sourceId },
    );
    expect([datasets?.totalCount, harvestRuns?.totalCount]).toEqual([DATASETS, 1]);
  });

  it('the worker, in the middle of a rule run: every rule is told once', async () => {
    ruleIds = await addRules();
    const open = await shutGate();
    const { run, job: asked } = await runRules();
    await until('the quick rules', async () => (await results(run.id)).found.length === ruleIds.length - 1, 60);
    await killWorker();
    await open();
    expect(await ended(asked.id)).toEqual({ state: 'SUCCEEDED', attempt: 2 });
    await told(run.id);
  });

  it('PostgreSQL, while harvests and rule runs wait and run: none is lost, none is doubled', async () => {
    const open = await shutGate();
    const others = await Promise.all(Array.from({ length: 4 }, (_, at) => register(`另一个 "${at}" 😀`)));
    const release = await database.block();
    const asked = await Promise.all([...others.map((id) => harvest(id)), runRules(), runRules(), runRules()]);
    await Promise.all(asked.slice(0, 4).map((each) => running(each.job.id)));
    process.kill(Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    await answered('{ me { login } }', {});
    await release();
    await open();
    for (const each of asked) expect((await ended(each.job.id)).state).toBe('SUCCEEDED');
    for (const { run } of asked.slice(0, 4))
      expect(await harvestRun(run.id)).toMatchObject({
        state: 'SUCCEEDED',
        added: DATASETS,
        unchanged: 0,
        vanished: 0,
      });
    for (const { run } of asked.slice(4)) await told(run.id);
    for (const id of others) {
      const { datasets } = await client.ask<{ datasets: { totalCount: number } }>(
        'query ($id: ID!) { datasets(sourceId: $id, includeVanished: true) { totalCount } }',
        { id },
      );
      expect(datasets.totalCount).toBe(DATASETS);
    }
    const { checkAudit, incidents } = await client.ask<{
      checkAudit: { intact: boolean };
      incidents: { totalCount: number };
    }>('{ checkAudit { intact } incidents { totalCount } }');
    expect(checkAudit.intact).toBe(true);
    // One rule fails, in every run.
    expect(incidents.totalCount).toBe(1);
  });

  async function addRules(): Promise<string[]> {
    const { datasets } = await client.ask<{
      datasets: { nodes: { id: string; name: string; fields: { id: string; name: string }[] }[] };
    }>('query ($id: ID!) { datasets(sourceId: $id, first: 500) { nodes { id name fields { id name } } } }', {
      id: sourceId,
    });
    const rules = datasets.nodes.map(({ id, name, fields }) => ({
      ...{ datasetId: id, kind: 'not_null', nameZh: `必填 "${name}" 😀` },
      fieldIds: [fields[1]?.id],
    }));
    const added = await client.change<{ rules: { id: string }[] }>(
      'mutation ($rules: [AddRuleInput!]!) { addRules(rules: $rules) { rules { id } userErrors { message } } }',
      { rules },
    );
    return added.rules.map(({ id }) => id);
  }

  /** Each rule has one result in a run, and the right one. */
  async function told(runId: string): Promise<void> {
    const { state, planned, found } = await results(runId);
    expect({ state, planned }).toEqual({ state: 'SUCCEEDED', planned: ruleIds.length });
    expect(found.map(({ ruleId }) => ruleId).sort()).toEqual([...ruleIds].sort());
    const bad = found.filter(({ status }) => status === 'FAIL');
    expect(bad).toEqual([expect.objectContaining({ violations: '25' })]);
    expect(found.filter(({ status }) => status === 'PASS')).toHaveLength(1); // slow; the other tables are empty
    expect(found.filter(({ status }) => status === 'NOT_EVALUATED')).toHaveLength(TABLES);
  }
});

/** The process of a part of a product; 0 while there is none. */
function pidOf(product: Started, script: string): number {
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      if (Number(parent) !== product.child.pid) continue;
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script)) return pid;
    } catch {
      // It has ended since the folder was listed.
    }
  }
  return 0;
}
