import { randomUUID } from 'node:crypto';

import request from 'supertest';

import { aSource, aTable, keepSnapshot } from './support/catalog.js';
import { startApi, type TestApi } from './support/api.js';

type Json = Record<string, unknown>;
interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly inEdges: readonly { readonly origin: string }[];
  readonly outEdges: readonly { readonly destination: string }[];
}

const facet = { _producer: 'https://etl.bank.example/v1', _schemaURL: 'https://etl.bank.example/facet.json' };
const CORE = 'mysql://core.bank.example:3306';
const LAKE = 'hdfs://nn1:8020';
const PATH = '/warehouse/risk.db/敞口 "a"';

const runId = randomUUID();
const at = encodeURIComponent;

/** The requests that Marquez's web UI and its Python client (`marquez-python`) send. */
describe('what readers of Marquez ask', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
    const loaded = {
      columnLineage: {
        ...facet,
        fields: {
          amount: {
            inputFields: [
              {
                namespace: CORE,
                name: 'core.loan',
                field: 'amt',
                transformations: [{ type: 'DIRECT', subtype: 'AGGREGATION', description: 'sum(amt)' }],
              },
            ],
          },
        },
      },
      schema: { ...facet, fields: [{ name: 'amount', type: 'decimal(18,2)', description: '金额' }] },
      tags: { ...facet, tags: [{ key: '风险', value: '1', source: 'x' }] },
      symlinks: { ...facet, identifiers: [{ namespace: 'hive://hms:9083', name: 'risk.exposure', type: 'TABLE' }] },
    };
    const event = (type: string, time: string, more: Json) => ({
      ...{
        eventType: type,
        eventTime: time,
        producer: facet._producer,
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json',
      },
      ...more,
    });
    const load = { namespace: '调度', name: '敞口.load', facets: { documentation: { ...facet, description: '日终' } } };
    await post([
      event('START', '2026-01-05T01:00:00Z', {
        run: { runId, facets: { nominalTime: { ...facet, nominalStartTime: '2026-01-05T00:00:00Z' } } },
        ...{ job: load, inputs: [{ namespace: CORE, name: 'core.loan' }] },
      }),
      event('COMPLETE', '2026-01-05T01:05:00Z', {
        ...{ run: { runId }, job: load, outputs: [{ namespace: LAKE, name: PATH, facets: loaded }] },
      }),
      event('FAIL', '2026-01-05T02:00:00Z', {
        run: {
          runId: randomUUID(),
          facets: { errorMessage: { ...facet, message: 'no space', programmingLanguage: 'JAVA' } },
        },
        job: { namespace: '调度', name: 'report' },
        inputs: [{ namespace: 'hive://hms:9083', name: 'risk.exposure' }],
        outputs: [
          {
            ...{ namespace: 'postgres://dwh:5432', name: 'dm.public.report' },
            facets: {
              columnLineage: {
                ...facet,
                fields: {
                  total: { inputFields: [{ namespace: 'hive://hms:9083', name: 'risk.exposure', field: 'amount' }] },
                },
              },
            },
          },
        ],
      }),
    ]);
  });
  afterAll(() => api.stop());

  const post = async (events: readonly Json[]) => {
    const { body } = await request(api.app.getHttpServer() as never)
      .post('/api/v1/lineage/batch')
      .set('authorization', `Bearer ${api.as.engineer.token}`)
      .set('content-type', 'application/json')
      .send(JSON.stringify(events));
    expect(body).toMatchObject({ status: 'success' });
  };
  const get = async (path: string, status = 200): Promise<Json> => {
    const answer = await request(api.app.getHttpServer())
      .get(`/api/v1${path}`)
      .set('authorization', `Bearer ${api.as.viewer.token}`);
    expect([path, answer.status]).toEqual([path, status]);
    return answer.body as Json;
  };
  it('namespaces', async () => {
    const { namespaces } = (await get('/namespaces')) as { namespaces: { name: string }[] };
    expect(namespaces.map(({ name }) => name)).toEqual(expect.arrayContaining([CORE, LAKE, '调度', 'hive://hms:9083']));
    expect(await get(`/namespaces/${at(CORE)}`)).toMatchObject({ name: CORE });
    await get('/namespaces/nowhere', 404);
  });

  it('jobs and their runs', async () => {
    expect(await get(`/namespaces/${at('调度')}/jobs?limit=1`)).toMatchObject({
      totalCount: 2,
      jobs: [{ name: 'report' }],
    });
    expect(await get(`/jobs?offset=1`)).toMatchObject({ totalCount: 2, jobs: [{ name: '敞口.load' }] });
    expect(await get(`/namespaces/${at('调度')}/jobs/${at('敞口.load')}`)).toMatchObject({
      ...{ id: { namespace: '调度', name: '敞口.load' }, type: 'BATCH', simpleName: 'load', description: '日终' },
      inputs: [{ namespace: CORE, name: 'core.loan' }],
      outputs: [{ namespace: LAKE, name: PATH }],
      latestRun: { id: runId, state: 'COMPLETED', durationMs: 300_000, nominalStartTime: '2026-01-05T00:00:00.000Z' },
    });
    expect(await get(`/namespaces/${at('调度')}/jobs/report/runs`)).toMatchObject({
      totalCount: 1,
      runs: [{ state: 'FAILED', errorMessage: 'no space' }],
    });
    expect(await get(`/jobs/runs/${runId}`)).toMatchObject({ id: runId, state: 'COMPLETED' });
    expect(await get(`/jobs/runs/${runId}/facets?type=run`)).toMatchObject({ facets: { nominalTime: {} } });
    expect(await get(`/jobs/runs/${runId}/facets?type=job`)).toMatchObject({ facets: { documentation: {} } });
    await get(`/jobs/runs/${randomUUID()}`, 404);
  });

  it('datasets, with a path for a name', async () => {
    expect(await get(`/namespaces/${at(LAKE)}/datasets/${at(PATH)}`)).toMatchObject({
      ...{ name: PATH, tags: ['风险'], deleted: false },
      fields: [{ name: 'amount', type: 'decimal(18,2)', description: '金额' }],
    });
    expect(await get(`/namespaces/${at(CORE)}/datasets`)).toMatchObject({ totalCount: 1 });
    await get(`/namespaces/${at(CORE)}/datasets/none`, 404);
    expect(await get('/tags')).toEqual({ tags: [{ name: '风险', description: null }] });
  });

  it.each([`job:调度:report`, `dataset:${CORE}:core.loan`, `dataset:${LAKE}:${PATH}`])(
    'the graph around %s',
    async (id) => {
      const { graph } = (await get(`/lineage?nodeId=${at(id)}&depth=20`)) as { graph: GraphNode[] };
      const lake = `dataset:${LAKE}:${PATH}`;
      expect(graph.map((node) => node.id).sort()).toEqual(
        [
          `dataset:${CORE}:core.loan`,
          lake,
          'dataset:postgres://dwh:5432:dm.public.report',
          'job:调度:敞口.load',
          'job:调度:report',
        ].sort(),
      );
      const node = graph.find((one) => one.id === lake);
      expect(node?.inEdges.map(({ origin }) => origin)).toEqual(['job:调度:敞口.load']);
      expect(node?.outEdges.map(({ destination }) => destination)).toEqual(['job:调度:report']);
    },
  );

  it('the graph of columns', async () => {
    const up = (await get(
      `/column-lineage?nodeId=${at('datasetField:postgres://dwh:5432:dm.public.report:total')}&depth=20`,
    )) as { graph: GraphNode[] };
    expect(up.graph.map(({ id }) => id).sort()).toEqual([
      'datasetField:hive://hms:9083:risk.exposure:amount',
      `datasetField:${CORE}:core.loan:amt`,
      'datasetField:postgres://dwh:5432:dm.public.report:total',
    ]);
    const down = (await get(`/column-lineage?nodeId=${at(`dataset:${CORE}:core.loan`)}&withDownstream=true`)) as {
      graph: GraphNode[];
    };
    expect(down.graph).toHaveLength(3);
  });

  it('events and search', async () => {
    const events = await get(
      '/events/lineage?limit=1&after=2026-01-05T01:01:00Z&before=2026-01-06T00:00:00Z&sortDirection=asc',
    );
    expect(events).toMatchObject({ totalCount: 2, events: [{ eventType: 'COMPLETE', run: { runId } }] });
    expect(await get(`/search?q=${at('敞口')}&limit=10`)).toMatchObject({ totalCount: 2 });
    expect(await get(`/search?q=report&filter=job`)).toMatchObject({
      results: [{ type: 'JOB', nodeId: 'job:调度:report' }],
    });
    expect(await get(`/search?q=%25`)).toMatchObject({ totalCount: 0 });
  });

  it.each<[string, string, Json]>([
    ['list_namespaces', '/namespaces?limit=100&offset=0', { namespaces: expect.any(Array) as unknown }],
    ['get_namespace', `/namespaces/${at('调度')}`, { name: '调度' }],
    ['list_sources', '/sources?limit=100&offset=0', { sources: expect.any(Array) as unknown }],
    ['get_source', `/sources/${at(CORE)}`, { name: CORE, type: 'MYSQL', connectionUrl: CORE }],
    ['list_datasets', `/namespaces/${at(LAKE)}/datasets?limit=100&offset=0`, { datasets: [{ name: PATH }] }],
    ['get_dataset', `/namespaces/${at(LAKE)}/datasets/${at(PATH)}`, { fields: [{ name: 'amount', tags: [] }] }],
    ['list_jobs', `/namespaces/${at('调度')}/jobs?limit=100&offset=0`, { totalCount: 2 }],
    ['get_job', `/namespaces/${at('调度')}/jobs/${at('敞口.load')}`, { name: '敞口.load' }],
    ['list_job_runs', `/namespaces/${at('调度')}/jobs/report/runs?limit=100&offset=0`, { runs: [{ state: 'FAILED' }] }],
    ['get_job_run', `/jobs/runs/${runId}`, { id: runId, state: 'COMPLETED' }],
    ['list_events', '/events?limit=100&offset=0', { totalCount: 3 }],
    ['list_events of a namespace', `/events/${at('调度')}?limit=100&offset=0`, { totalCount: 3 }],
    ['list_events of another namespace', `/events/${at(CORE)}?limit=100&offset=0`, { events: [], totalCount: 0 }],
    ['list_tags', '/tags', { tags: [{ name: '风险' }] }],
    [
      'get_column_lineage_by_dataset',
      `/column-lineage?nodeId=${at(`dataset:${LAKE}:${PATH}`)}&depth=10&withDownstream=False`,
      { graph: { length: 2 } },
    ],
    [
      'get_column_lineage_by_dataset_field',
      `/column-lineage?nodeId=${at(`datasetField:${LAKE}:${PATH}:amount`)}&depth=10&withDownstream=True`,
      { graph: { length: 3 } },
    ],
    [
      'get_column_lineage_by_job, at a version',
      `/column-lineage?nodeId=${at(`job:调度:敞口.load#${randomUUID()}`)}&depth=10&withDownstream=False`,
      { graph: { length: 2 } },
    ],
  ])("the Python client's %s", async (_, path, expected) => {
    expect(await get(path)).toMatchObject(expected);
  });

  it('versions: the runs that wrote a dataset, and what a job read and wrote', async () => {
    const path = `/namespaces/${at(LAKE)}/datasets/${at(PATH)}/versions`;
    const { versions } = (await get(`${path}?limit=100&offset=0`)) as { versions: { version: string }[] };
    expect(versions).toMatchObject([{ name: PATH, fields: [{ name: 'amount' }], createdByRun: { id: runId } }]);
    expect(await get(`${path}/${versions[0]?.version}`)).toEqual(versions[0]);
    await get(`${path}/${randomUUID()}`, 404);
    await get(`${path}/first`, 404);
    const job = `/namespaces/${at('调度')}/jobs/${at('敞口.load')}/versions`;
    const ofJob = (await get(job)) as { versions: { version: string }[] };
    expect(ofJob.versions).toMatchObject([{ inputs: [{ name: 'core.loan' }], outputs: [{ name: PATH }] }]);
    expect(await get(`${job}/${ofJob.versions[0]?.version}`)).toEqual(ofJob.versions[0]);
    await get(`/namespaces/${at('调度')}/jobs/nobody/versions`, 404);
  });

  it('the runs before a run: who wrote last what it read, under whichever name', async () => {
    const { runs } = (await get(`/namespaces/${at('调度')}/jobs/report/runs`)) as { runs: { id: string }[] };
    const asked = `/runlineage/upstream?runId=${runs[0]?.id}`;
    expect(await get(asked)).toMatchObject({
      runs: [
        {
          ...{ job: { name: 'report' }, run: { status: 'FAILED' } },
          inputs: [{ name: 'risk.exposure', producer_run_id: runId }],
        },
        { job: { name: '敞口.load' }, inputs: [{ name: 'core.loan', producer_run_id: null }] },
      ],
    });
    expect(await get(`${asked}&depth=0`)).toMatchObject({ runs: { length: 1 } });
    await get('/runlineage/upstream', 400);
  });

  it('jobs by the state of their latest run', async () => {
    const names = async (states: string) =>
      ((await get(`/jobs?${states}`)) as { jobs: { name: string }[] }).jobs.map(({ name }) => name);
    expect(await names('lastRunStates=FAILED')).toEqual(['report']);
    expect(await names('lastRunStates=completed&lastRunStates=FAILED')).toEqual(['report', '敞口.load']);
    expect(await names('lastRunStates=NEW,ABORTED')).toEqual([]);
  });

  it('statistics, hour by hour and day by day', async () => {
    const day = (await get('/stats/lineage-events?period=DAY&timezone=Asia/Shanghai')) as unknown as object[];
    expect(day).toHaveLength(24);
    const week = (await get('/stats/jobs?period=week')) as unknown as { count: number }[];
    expect(week.map(({ count }) => count)).toEqual(Array.from({ length: 7 }, () => 2));
    for (const what of ['datasets', 'sources'])
      expect(((await get(`/stats/${what}`)) as unknown as { count: number }[]).at(-1)?.count).toBeGreaterThan(2);
    await get('/stats/lineage-events?period=YEAR', 400);
    await get('/stats/jobs?timezone=Mars', 400);
  });

  it('tags of datasets and fields that the catalog has, as its dictionary keeps them', async () => {
    await keepSnapshot(api.app, await aSource(api.app), [aTable('ods.借据', { name: '余额' })]);
    const named = { namespace: 'postgres://dwh:5432', name: 'risk.ods.借据' };
    const schema = { ...facet, fields: [{ name: '余额', type: 'numeric' }] };
    await post([
      {
        ...{ eventTime: '2026-01-06T00:00:00Z', producer: facet._producer, schemaURL: facet._schemaURL },
        dataset: { ...named, facets: { schema } },
      },
    ]);
    const path = `/namespaces/${at(named.namespace)}/datasets/${at(named.name)}`;
    const change = async (method: 'post' | 'delete' | 'put', place: string, who = api.as.steward) =>
      request(api.app.getHttpServer())[method](`/api/v1${place}`).set('authorization', `Bearer ${who.token}`);
    expect((await change('post', `${path}/tags/PII`, api.as.viewer)).status).toBe(403);
    expect((await change('post', `${path}/tags/PII`)).body).toMatchObject({ tags: ['PII'] });
    expect((await change('post', `${path}/fields/${at('余额')}/tags/${at('金额')}`)).status).toBe(200);
    expect(await get(path)).toMatchObject({ tags: ['PII'], fields: [{ name: '余额', tags: ['金额'] }] });
    expect(await get('/tags')).toMatchObject({ tags: [{ name: 'PII' }, { name: '金额' }, { name: '风险' }] });
    expect((await change('delete', `${path}/fields/${at('余额')}/tags/${at('金额')}`)).status).toBe(200);
    expect((await change('delete', `${path}/tags/PII`)).body).toMatchObject({ tags: [], fields: [{ tags: [] }] });
    expect((await change('post', `${path}/fields/none/tags/x`)).status).toBe(404);
  });

  it.each<['post' | 'delete' | 'put', string, number, RegExp]>([
    ['post', `/namespaces/${at(CORE)}/datasets/core.loan/tags/PII`, 400, /no harvested source/],
    ['post', `/namespaces/${at('调度')}/jobs/report/tags/PII`, 405, /facet "tags"/],
    ['delete', `/namespaces/${at('调度')}/jobs/report/tags/PII`, 405, /facet "tags"/],
    ['put', '/tags/PII', 405, /tag a dataset or a field/],
  ])('a tag that has no place is refused: %s %s', async (method, path, status, message) => {
    const answer = await request(api.app.getHttpServer())
      [method](`/api/v1${path}`)
      .set('authorization', `Bearer ${api.as.steward.token}`);
    expect(answer.status).toBe(status);
    expect((answer.body as { errors: { message: string }[] }).errors[0]?.message).toMatch(message);
  });

  it.each([
    '/lineage',
    '/lineage?nodeId=x',
    '/jobs?limit=-1',
    '/events/lineage?before=soon',
    '/lineage?nodeId=job:a:b&depth=x',
    '/jobs?lastRunStates=odd',
  ])('what cannot be answered is said: %s', async (path) => {
    const { errors } = await get(path, path === '/lineage?nodeId=x' ? 404 : 400);
    expect(errors).toMatchObject([{ message: expect.any(String) as string }]);
  });
});
