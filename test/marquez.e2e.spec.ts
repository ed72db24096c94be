import { randomUUID } from 'node:crypto';

import request from 'supertest';

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

/** The requests that Marquez's web UI and its Python client (`marquez-python`) send. */
describe('what readers of Marquez ask', () => {
  let api: TestApi;
  const runId = randomUUID();
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
    const answer = await request(api.app.getHttpServer() as never)
      .get(`/api/v1${path}`)
      .set('authorization', `Bearer ${api.as.viewer.token}`);
    expect([path, answer.status]).toEqual([path, status]);
    return answer.body as Json;
  };
  const at = encodeURIComponent;

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

  it.each([
    '/lineage',
    '/lineage?nodeId=x',
    '/jobs?limit=-1',
    '/events/lineage?before=soon',
    '/lineage?nodeId=job:a:b&depth=x',
  ])('what cannot be answered is said: %s', async (path) => {
    const { message } = await get(path, path === '/lineage?nodeId=x' ? 404 : 400);
    expect(message).toEqual(expect.any(String));
  });
});
