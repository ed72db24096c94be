import { rows } from '#platform/database';
import { until } from '#platform/testing';
import { DataSource } from 'typeorm';

import { type RunningWorker } from '../apps/worker/src/create-worker.js';
import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

const ODD = '客户 "表".a%b#c 😀';

interface Run {
  state: string;
  added: number;
  changed: number;
  unchanged: number;
  vanished: number;
  reasons: string[];
  errorCode: string | null;
  errorMessage: string | null;
  scopes: { name: string; complete: boolean; datasets: number }[];
  job: { state: string; result: unknown };
}

const ENDED = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED', 'NEEDS_CONFIRMATION'];

describe('register, harvest, read', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let sourceId: string;
  let worker: RunningWorker;

  beforeAll(async () => {
    api = await startApi();
    database = await sourceDatabase(`
      CREATE SCHEMA "风险";
      CREATE TABLE "风险"."客户 ""表"".a%b#c 😀" (id int PRIMARY KEY, "余额 ""元""" numeric(18, 2) NOT NULL DEFAULT 0);
      COMMENT ON COLUMN "风险"."客户 ""表"".a%b#c 😀"."余额 ""元""" IS '本金余额';
      CREATE VIEW public.v AS SELECT 1 AS one;
    `);
    const settings = { ...database.settings, lockTimeoutMs: 600_000 };
    sourceId = await registerSource(api.as.engineer, '核心系统 "core" 😀', settings);
    worker = await api.work();
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const ask = (confirmRemovals = false) =>
    api.as.engineer.get<{
      harvestSource: { run: { id: string; state: string }; job: { id: string }; userErrors: unknown[] };
    }>(
      `mutation ($sourceId: ID!, $confirmRemovals: Boolean) {
         harvestSource(sourceId: $sourceId, confirmRemovals: $confirmRemovals) { run { id state } job { id } userErrors { code message } }
       }`,
      { sourceId, confirmRemovals },
    );
  const runOf = async (id: string): Promise<Run> =>
    (
      await api.as.viewer.get<{ harvestRun: Run }>(
        `query ($id: ID!) { harvestRun(id: $id) {
           state added changed unchanged vanished reasons errorCode errorMessage
           scopes { name complete datasets } job { id state attempt result }
         } }`,
        { id },
      )
    ).harvestRun;
  const ended = (id: string) =>
    until('the harvest to end', async () => {
      const run = await runOf(id);
      // The run and its job are read one after the other; the job can end in between.
      return ENDED.includes(run.job.state) && ENDED.includes(run.state) && run;
    });
  const harvest = async (confirmRemovals = false): Promise<Run> => {
    const { harvestSource } = await ask(confirmRemovals);
    expect(harvestSource.userErrors).toEqual([]);
    return ended(harvestSource.run.id);
  };
  /** Asks for a harvest and waits until it hangs in the source. */
  const hanging = async () => {
    const { harvestSource } = await ask();
    await until('the harvest to start', async () => (await runOf(harvestSource.run.id)).job.state === 'RUNNING');
    return { runId: harvestSource.run.id, jobId: harvestSource.job.id };
  };
  const present = async () =>
    (await api.as.viewer.get<{ datasets: { totalCount: number } }>('{ datasets { totalCount } }')).datasets.totalCount;

  it('shows what the source holds, whatever its names', async () => {
    expect(await harvest()).toMatchObject({
      state: 'SUCCEEDED',
      added: 2,
      scopes: [
        { name: 'public', complete: true, datasets: 1 },
        { name: '风险', complete: true, datasets: 1 },
      ],
    });
    const { datasets } = await api.as.viewer.get<{ datasets: { nodes: Record<string, unknown>[] } }>(
      `query ($sourceId: ID!) { datasets(sourceId: $sourceId, scope: "风险") { totalCount nodes {
         name kind urn present keys { kind fields } source { name }
         fields { name ordinal nativeType typeFamily precision scale nullable defaultExpression comment urn }
       } } }`,
      { sourceId },
    );
    const namespace = `postgres://${String(database.settings.host)}:${String(database.settings.port)}`;
    const urn = `${namespace}/${database.name}.风险.客户 "表"%252Ea%2525b%23c 😀`;
    expect(datasets).toEqual({
      totalCount: 1,
      nodes: [
        {
          name: ODD,
          kind: 'TABLE',
          urn,
          present: true,
          keys: [{ kind: 'primary', fields: ['id'] }],
          source: { name: '核心系统 "core" 😀' },
          fields: [
            expect.objectContaining({ name: 'id', ordinal: 1, nativeType: 'integer', nullable: false, comment: null }),
            {
              name: '余额 "元"',
              ordinal: 2,
              nativeType: 'numeric(18,2)',
              typeFamily: 'DECIMAL',
              precision: 18,
              scale: 2,
              nullable: false,
              defaultExpression: '0',
              comment: '本金余额',
              urn: `${urn}#余额 "元"`,
            },
          ],
        },
      ],
    });
    const { asset } = await api.as.viewer.get<{ asset: { name: string } }>(
      'query ($urn: String!) { asset(urn: $urn) { ... on Field { name dataset { name } } } }',
      { urn: `${urn}#余额 "元"` },
    );
    expect(asset).toEqual({ name: '余额 "元"', dataset: { name: ODD } });
  });

  it('a second harvest of the same changes nothing', async () => {
    expect(await harvest()).toMatchObject({ state: 'SUCCEEDED', added: 0, changed: 0, unchanged: 2, vanished: 0 });
  });

  it('a harvest can be cancelled; the dictionary is as it was', async () => {
    const release = await database.block();
    try {
      const { runId, jobId } = await hanging();
      await api.as.engineer.get('mutation ($id: ID!) { cancelJob(id: $id) { userErrors { message } } }', { id: jobId });
      expect(await ended(runId)).toMatchObject({ state: 'CANCELLED', added: 0, vanished: 0 });
    } finally {
      await release();
    }
    expect(await present()).toBe(2);
  });

  it('a harvest whose worker stops is finished by another', async () => {
    const release = await database.block();
    const { runId } = await hanging();
    await worker.stop();
    expect(await runOf(runId)).toMatchObject({ state: 'QUEUED' });
    await release();
    await api.work();
    expect(await ended(runId)).toMatchObject({ state: 'SUCCEEDED', unchanged: 2, job: { attempt: 2 } });
  });

  it('stops before it removes too much, and says how to go on', async () => {
    await database.run(Array.from({ length: 6 }, (_, at) => `CREATE TABLE public.t${at} (id int);`).join('\n'));
    expect(await harvest()).toMatchObject({ added: 6 });
    await database.run(Array.from({ length: 6 }, (_, at) => `DROP TABLE public.t${at};`).join('\n'));
    const stopped = await harvest();
    expect(stopped).toMatchObject({ state: 'NEEDS_CONFIRMATION', errorCode: 'HARVEST_WOULD_REMOVE_TOO_MUCH' });
    expect(stopped.errorMessage).toMatch(/^6 of the 8 datasets/);
    expect(await present()).toBe(8);
    const { source } = await api.as.viewer.get<{
      source: { lastHarvest: { id: string; changes: { totalCount: number; nodes: { outcome: string }[] } } };
    }>(
      `query ($id: ID!) { source(id: $id) { lastHarvest { id changes(first: 3) { totalCount nodes { outcome } } } } }`,
      { id: sourceId },
    );
    const { id, changes } = source.lastHarvest;
    expect(changes).toEqual({ totalCount: 6, nodes: Array.from({ length: 3 }, () => ({ outcome: 'VANISHED' })) });
    const { confirmHarvest } = await api.as.engineer.get<{
      confirmHarvest: { run: { id: string }; userErrors: unknown[] };
    }>('mutation ($id: ID!) { confirmHarvest(runId: $id) { run { id } userErrors { message } } }', { id });
    expect(confirmHarvest.userErrors).toEqual([]);
    expect(await ended(confirmHarvest.run.id)).toMatchObject({ state: 'SUCCEEDED', vanished: 6 });
    expect(await present()).toBe(2);
  });

  it('a renamed table keeps its rules once a steward says that it is the same', async () => {
    await database.run('CREATE TABLE public.borrower (id int, "名" text)');
    await harvest();
    const { asset } = await api.as.viewer.get<{ asset: { id: string; fields: { id: string }[] } }>(
      'query ($urn: String!) { asset(urn: $urn) { ... on Dataset { id fields { id } } } }',
      {
        urn: `postgres://${String(database.settings.host)}:${String(database.settings.port)}/${database.name}.public.borrower`,
      },
    );
    await api.as.steward.get(
      `mutation ($input: [AddRuleInput!]!) { addRules(rules: $input) { userErrors { message } } }`,
      {
        input: [{ datasetId: asset.id, fieldIds: [asset.fields[1]!.id], kind: 'not_null', params: {}, nameZh: '有名' }],
      },
    );
    await database.run('ALTER TABLE public.borrower RENAME TO customer');
    await harvest();
    const { renames } = await api.as.viewer.get<{ renames: { nodes: { id: string; to: { name: string } }[] } }>(
      'query ($id: ID!) { renames(sourceId: $id) { nodes { id to { ... on Dataset { name } } } } }',
      { id: sourceId },
    );
    expect(renames.nodes).toMatchObject([{ to: { name: 'customer' } }]);
    const { decideRenames } = await api.as.steward.get<{ decideRenames: { userErrors: unknown[] } }>(
      'mutation ($ids: [ID!]!) { decideRenames(ids: $ids, accepted: true) { userErrors { message } } }',
      { ids: renames.nodes.map(({ id }) => id) },
    );
    expect(decideRenames.userErrors).toEqual([]);
    await until('the rule to follow', async () => {
      const { rules } = await api.as.viewer.get<{ rules: { nodes: { dataset: { name: string } }[] } }>(
        '{ rules(first: 5) { nodes { dataset { name } } } }',
      );
      return rules.nodes.some(({ dataset }) => dataset.name === 'customer');
    });
    await database.run('DROP TABLE public.customer');
    await harvest();
  });

  it('shows the runs of a source, the latest with it', async () => {
    const { harvestRuns, source } = await api.as.viewer.get<{
      harvestRuns: { totalCount: number; nodes: { id: string }[]; pageInfo: { endCursor: string } };
      source: { lastHarvest: { id: string } };
    }>(
      `query ($id: ID!) {
         harvestRuns(sourceId: $id, first: 2) { totalCount nodes { id source { name } } pageInfo { endCursor } }
         source(id: $id) { lastHarvest { id state } }
       }`,
      { id: sourceId },
    );
    expect(source.lastHarvest.id).toBe(harvestRuns.nodes[0]?.id);
    const next = await api.as.viewer.get<{ harvestRuns: { nodes: { id: string }[] } }>(
      'query ($id: ID!, $after: String) { harvestRuns(sourceId: $id, first: 100, after: $after) { nodes { id } } }',
      { id: sourceId, after: harvestRuns.pageInfo.endCursor },
    );
    const all = new Set([...harvestRuns.nodes, ...next.harvestRuns.nodes].map(({ id }) => id));
    expect(all.size).toBe(harvestRuns.totalCount);
  });

  it('is scheduled until the source is removed', async () => {
    const schedule = `mutation ($id: ID!, $cron: String!) { scheduleHarvest(sourceId: $id, cron: $cron) {
      source { harvestSchedule { cron timeZone enabled nextAt } } userErrors { code path }
    } }`;
    const wrong = await api.as.engineer.get(schedule, { id: sourceId, cron: 'nightly' });
    expect(wrong.scheduleHarvest).toEqual({ source: null, userErrors: [{ code: 'INVALID_INPUT', path: ['cron'] }] });
    const { scheduleHarvest } = await api.as.engineer.get(schedule, { id: sourceId, cron: '30 2 * * *' });
    expect(scheduleHarvest).toMatchObject({
      source: {
        harvestSchedule: {
          cron: '30 2 * * *',
          timeZone: 'Asia/Shanghai',
          enabled: true,
          nextAt: expect.stringMatching(/T18:30:00/),
        },
      },
    });
    const db = api.app.get(DataSource);
    const schedules = () => rows(db, `SELECT 1 FROM platform.schedule WHERE job_name = 'harvest-source'`);
    expect(await schedules()).toHaveLength(1);
    await api.as.engineer.get('mutation ($id: ID!) { removeSource(id: $id) { userErrors { code } } }', {
      id: sourceId,
    });
    await until('the schedule to go', async () => (await schedules()).length === 0);
    const gone = await ask();
    expect(gone.harvestSource).toMatchObject({ run: null, userErrors: [{ code: 'NOT_FOUND' }] });
    expect(await present()).toBe(0);
  });

  it('is asked for by engineers alone', async () => {
    for (const person of [api.as.viewer, api.as.steward, api.as.compliance]) {
      const refused = await person.ask('mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } } }', {
        id: sourceId,
      });
      expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});
