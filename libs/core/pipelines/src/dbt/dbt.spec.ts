import { type DbtArtifacts, readDbt } from '../index.js';
import { jobsOf, linesOf, reasonsOf } from '../testing.js';

const MODEL = {
  resource_type: 'model',
  database: 'risk',
  schema: 'dwd',
  name: 'loan',
  relation_name: '"risk"."dwd"."loan"',
  description: '贷款，每行一笔',
  language: 'sql',
  config: { materialized: 'table' },
  tags: ['daily'],
  meta: { owner: 'Risk' },
  columns: { id: { name: 'id', description: 'number of the loan' } },
  depends_on: { nodes: ['source.p.core.LOANS', 'model.p.tmp'] },
  compiled_code:
    'with x as (select * from "risk"."ods"."LOANS") select id, sum(amt) as amt, md5(cert) as cert from x where st = 1 group by 1, 3',
};

const NODES = {
  'model.p.loan': MODEL,
  'model.p.tmp': {
    resource_type: 'model',
    schema: 'dwd',
    name: 'tmp',
    config: { materialized: 'ephemeral' },
    depends_on: { nodes: [] },
  },
  'model.p.py': {
    ...MODEL,
    name: 'py',
    relation_name: '"risk"."dwd"."py"',
    language: 'python',
    depends_on: { nodes: ['model.p.loan'] },
  },
  'model.p.raw': {
    ...MODEL,
    name: 'raw',
    relation_name: '"risk"."dwd"."raw"',
    compiled_code: undefined,
    raw_code: "select * from {{ ref('loan') }}",
    depends_on: { nodes: ['model.p.loan'] },
  },
  'seed.p.codes': { resource_type: 'seed', schema: 'dwd', name: 'codes', relation_name: '"risk"."dwd"."codes"' },
  'test.p.nn': {
    resource_type: 'test',
    name: 'not_null_loan_id',
    column_name: 'id',
    attached_node: 'model.p.loan',
    config: { severity: 'ERROR' },
    test_metadata: { name: 'not_null', namespace: null },
    depends_on: { nodes: ['model.p.loan'] },
  },
  'test.p.own': { resource_type: 'test', name: 'no_negative', depends_on: { nodes: ['model.p.loan'] } },
  'analysis.p.a': { resource_type: 'analysis', name: 'a' },
};

const manifest = (more: object = {}, metadata: object = {}): string =>
  JSON.stringify(
    {
      metadata: {
        dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
        adapter_type: 'postgres',
        project_name: 'p',
        ...metadata,
      },
      nodes: NODES,
      sources: {
        'source.p.core.LOANS': {
          resource_type: 'source',
          schema: 'ods',
          name: 'LOANS',
          identifier: 'LOANS',
          relation_name: '"risk"."ods"."LOANS"',
          description: 'core',
        },
      },
      exposures: {
        'exposure.p.report': {
          name: 'report',
          label: '日报',
          type: 'dashboard',
          url: 'https://bi/1',
          owner: { name: 'Li', email: 'li@bank' },
          depends_on: { nodes: ['model.p.loan', 'model.p.tmp'] },
        },
      },
      metrics: { 'metric.p.m': {} },
      ...more,
    },
    null,
    1,
  );

const columns = (...names: string[]) =>
  Object.fromEntries(names.map((name, index) => [name, { name, type: 'text', index: index + 1, comment: null }]));
const CATALOG = JSON.stringify({
  metadata: {},
  nodes: { 'model.p.loan': { metadata: {}, columns: columns('id', 'amt', 'cert') } },
  sources: { 'source.p.core.LOANS': { metadata: {}, columns: columns('cert', 'id', 'amt', 'st') } },
});
const RESULTS = JSON.stringify({
  metadata: {},
  results: [
    {
      unique_id: 'model.p.loan',
      status: 'success',
      execution_time: 1.5,
      timing: [{ name: 'execute', started_at: '2026-01-31T01:00:00Z', completed_at: '2026-01-31T01:00:02Z' }],
    },
    { unique_id: 'test.p.nn', status: 'fail', message: 'Got 2 results', timing: [] },
  ],
});
const read = (more: Partial<DbtArtifacts> = {}) =>
  readDbt({ manifest: manifest(), catalog: CATALOG, runResults: RESULTS, ...more });

describe('dbt artifacts', () => {
  it('have the lineage of models from their compiled SQL and the catalog', async () => {
    const file = await read();
    expect(
      linesOf({
        ...file,
        pipelines: [{ ...file.pipelines[0]!, jobs: jobsOf(file).filter(({ name }) => name === 'loan') }],
      }),
    ).toEqual([
      'risk.ods.LOANS -> risk.dwd.loan',
      'risk.ods.LOANS#st ~> risk.dwd.loan filter',
      'risk.ods.LOANS#id ~> risk.dwd.loan group_by',
      'risk.ods.LOANS#cert ~> risk.dwd.loan group_by',
      'risk.ods.LOANS#id -> risk.dwd.loan#id identity',
      'risk.ods.LOANS#amt -> risk.dwd.loan#amt aggregation',
      'risk.ods.LOANS#cert -> risk.dwd.loan#cert transformation masked',
    ]);
    expect(jobsOf(file)[0]).toMatchObject({
      status: 'ok',
      after: ['tmp'],
      description: '贷款，每行一笔',
      run: { status: 'success', seconds: 1.5, startedAt: '2026-01-31T01:00:00Z', finishedAt: '2026-01-31T01:00:02Z' },
    });
  });

  it('say how far each node was understood, where it stands', async () => {
    const text = manifest();
    const file = await read();
    expect(
      jobsOf(file).map(({ name, kind, status, reasons }) => [name, kind, status, reasons.map(({ code }) => code)]),
    ).toEqual([
      ['loan', 'model', 'ok', []],
      ['tmp', 'model', 'ok', ['ephemeral']],
      ['py', 'model', 'opaque', ['opaque-code']],
      ['raw', 'model', 'partial', ['not-compiled']],
      ['codes', 'seed', 'ok', ['seed']],
    ]);
    expect(jobsOf(file).map(({ start }) => text.slice(start, start + 13))).toEqual([
      '"model.p.loan',
      '"model.p.tmp"',
      '"model.p.py":',
      '"model.p.raw"',
      '"seed.p.codes',
    ]);
    expect(linesOf(file).slice(-2)).toEqual(['risk.dwd.loan -> risk.dwd.py', 'risk.dwd.loan -> risk.dwd.raw']);
    expect(reasonsOf(file, text).filter((reason) => reason.startsWith('not-read'))).toHaveLength(2);
  });

  it('have descriptions, tests and exposures', async () => {
    const [pipeline] = (await read()).pipelines;
    expect(pipeline?.datasets.find(({ dataset }) => dataset.name === 'risk.dwd.loan')).toMatchObject({
      kind: 'model',
      owner: 'Risk',
      tags: ['daily'],
      columns: [
        { name: 'id', type: 'text', description: 'number of the loan' },
        { name: 'amt', type: 'text' },
        { name: 'cert', type: 'text' },
      ],
    });
    expect(pipeline?.tests).toEqual([
      {
        name: 'not_null_loan_id',
        kind: 'not_null',
        dataset: { namespace: 'postgres://unknown', name: 'risk.dwd.loan' },
        column: 'id',
        severity: 'error',
        run: { status: 'fail', message: 'Got 2 results' },
      },
      { name: 'no_negative', kind: 'singular', dataset: { namespace: 'postgres://unknown', name: 'risk.dwd.loan' } },
    ]);
    expect(pipeline?.exposures).toEqual([
      expect.objectContaining({
        name: 'report',
        label: '日报',
        kind: 'dashboard',
        owner: 'Li',
        uses: [{ namespace: 'postgres://unknown', name: 'risk.dwd.loan' }],
      }),
    ]);
  });

  it('are read without a catalog as far as they go', async () => {
    const file = await readDbt({ manifest: manifest() }, { namespace: 'postgres://dw:5432' });
    expect(jobsOf(file)[0]?.datasetEdges[0]?.to).toEqual({ namespace: 'postgres://dw:5432', name: 'risk.dwd.loan' });
    expect(jobsOf(file)[0]?.columnEdges.length).toBeGreaterThan(0);
  });

  it('say what the project and the SQL do not agree on', async () => {
    const nodes = {
      'model.p.loan': { ...MODEL, compiled_code: 'select 1 as id, o.x as amt, 2 as cert, 3 as late from elsewhere.o' },
    };
    const file = await read({ manifest: manifest({ nodes }) });
    expect(jobsOf(file)[0]?.reasons.map(({ code }) => code)).toEqual(['stale-catalog', 'not-in-sql', 'not-declared']);
  });

  it.each([
    [
      'compiled_sql of older versions',
      manifest({
        nodes: { 'model.p.loan': { ...MODEL, compiled_code: undefined, compiled_sql: MODEL.compiled_code } },
      }),
    ],
    [
      'fields and a version nobody has seen',
      manifest(
        { nodes: { 'model.p.loan': { ...MODEL, tomorrow: { a: [1] } } }, tomorrow: 1 },
        { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v77.json' },
      ),
    ],
  ])('are read with %s', async (_, text) => {
    expect(jobsOf(await read({ manifest: text }))[0]).toMatchObject({ status: 'ok', columnEdges: { length: 6 } });
  });

  it('say when they are newer than what was tried', async () => {
    const file = await read({
      manifest: manifest({}, { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v77.json' }),
    });
    expect(file.reasons).toEqual([expect.objectContaining({ code: 'newer-version' })]);
  });

  it.each([
    ['{"a": ', /The manifest is no JSON/],
    ['{}', /has no nodes/],
    [
      CATALOG.replace(
        '"metadata":{}',
        '"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/catalog/v1.json"}',
      ),
      /the artifact "catalog", not a manifest/,
    ],
    ['[]', /no dbt artifact/],
  ])('are refused when they are none: %s', async (text, message) => {
    await expect(readDbt({ manifest: text })).rejects.toThrow(message);
  });
});
