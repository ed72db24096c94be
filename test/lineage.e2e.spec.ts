import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

const ODD = '客户 "表".a%b#c 😀';
const ODD_SQL = '"客户 ""表"".a%b#c 😀"';

interface Graph {
  nodes: { id: string; resolved: boolean; qualifiedName: string; datasetName: string; column: string | null }[];
  edges: {
    from: string | null;
    to: string;
    type: string | null;
    subtype: string | null;
    origin: string;
    expression: string | null;
    scriptName: string;
    place: { line: number } | null;
  }[];
  truncated: boolean;
  frontier: { id: string }[];
}

interface Job {
  id: string;
  state: string;
  result: Record<string, unknown> | null;
  errorMessage: string | null;
}

/** Edges as `t.a -> u.b DIRECT IDENTITY`. */
function edgesOf({ nodes, edges }: Graph): string[] {
  const names = new Map(
    nodes.map(({ id, datasetName, column }) => [id, column === null ? datasetName : `${datasetName}.${column}`]),
  );
  return edges
    .map(
      ({ from, to, type, subtype }) => `${from === null ? '' : names.get(from)} -> ${names.get(to)} ${type} ${subtype}`,
    )
    .sort();
}

const GRAPH = `
  nodes { id resolved qualifiedName datasetName column fieldId sourceName }
  edges { id from to type subtype origin expression scriptName confidence place { line position } }
  truncated frontier { id } asOf knownAt freshAsOf
`;

describe('lineage, from a source to an answer', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let sourceId: string;

  beforeAll(async () => {
    api = await startApi();
    await api.work();
    database = await sourceDatabase(`
      CREATE SCHEMA "风险";
      CREATE TABLE "风险".${ODD_SQL} (id int PRIMARY KEY, "余额 ""元""" numeric(18, 2), state text);
      CREATE TABLE public.rate (currency text, rate numeric);
      CREATE VIEW public.balance AS
        SELECT c.id, c."余额 ""元""" * r.rate AS "余额.本位币", 'CNY' AS currency
          FROM "风险".${ODD_SQL} c JOIN rate r ON r.currency = 'USD'
         WHERE c.state = 'A';
      CREATE VIEW public.total AS SELECT sum("余额.本位币") AS total, count(*) AS customers FROM balance;
    `);
    sourceId = await registerSource(api.as.engineer, '数仓 "dwh" 😀', database.settings);
    await harvest();
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const jobEnded = (id: string) =>
    until('the job to end', async () => {
      const { job } = await api.as.viewer.get<{ job: Job }>(
        'query ($id: ID!) { job(id: $id) { id state result errorMessage } }',
        { id },
      );
      return !['QUEUED', 'RUNNING'].includes(job.state) && job;
    });
  /** Harvests, and waits until lineage was read after it. */
  const harvest = async (): Promise<Job> => {
    const known = new Set((await extractions()).map(({ id }) => id));
    const { harvestSource } = await api.as.engineer.get<{ harvestSource: { job: { id: string } } }>(
      'mutation ($sourceId: ID!) { harvestSource(sourceId: $sourceId) { job { id } userErrors { message } } }',
      { sourceId },
    );
    expect(await jobEnded(harvestSource.job.id)).toMatchObject({ state: 'SUCCEEDED' });
    const asked = await until('lineage to be asked for', async () =>
      (await extractions()).find(({ id }) => !known.has(id)),
    );
    return jobEnded(asked.id);
  };
  const extractions = async () =>
    (
      await api.as.viewer.get<{ jobs: { nodes: { id: string }[] } }>(
        'query ($sourceId: ID!) { jobs(name: "extract-views", subjectId: $sourceId) { nodes { id } } }',
        { sourceId },
      )
    ).jobs.nodes;
  const fieldId = async (dataset: string, field: string): Promise<string> => {
    const { datasets } = await api.as.viewer.get<{
      datasets: { nodes: { id: string; name: string; fields: { id: string; name: string }[] }[] };
    }>('query ($sourceId: ID!) { datasets(sourceId: $sourceId) { nodes { id name fields { id name } } } }', {
      sourceId,
    });
    const found = datasets.nodes.find(({ name }) => name === dataset)?.fields.find(({ name }) => name === field);
    if (!found) throw new Error(`${dataset}.${field} is not in the dictionary.`);
    return found.id;
  };
  const lineage = async (of: string, args = ''): Promise<Graph> =>
    (await api.as.viewer.get<{ lineage: Graph }>(`query ($of: ID!) { lineage(of: $of ${args}) { ${GRAPH} } }`, { of }))
      .lineage;

  it('tells what feeds a column of a view on a view', async () => {
    const graph = await lineage(await fieldId('total', 'total'), 'direction: UPSTREAM, kinds: [DIRECT]');
    expect(edgesOf(graph)).toEqual([
      'balance.余额.本位币 -> total.total DIRECT AGGREGATION',
      'rate.rate -> balance.余额.本位币 DIRECT TRANSFORMATION',
      `${ODD}.余额 "元" -> balance.余额.本位币 DIRECT TRANSFORMATION`,
    ]);
    expect(graph).toMatchObject({ truncated: false, frontier: [] });
    expect(graph.edges.map(({ place, origin }) => [place?.line, origin])).toEqual([
      [1, 'PARSED'],
      [1, 'PARSED'],
      [1, 'PARSED'],
    ]);
  });

  const importSql = `mutation ($sourceId: ID!, $scripts: [SqlScriptInput!]!, $aliases: [SourceAliasInput!]) {
    importSql(sourceId: $sourceId, dialect: POSTGRES, defaultSchema: "public", aliases: $aliases, scripts: $scripts) {
      job { id } userErrors { code message path }
    }
  }`;

  it('scripts are imported, read, shown, and what was not understood is said', async () => {
    const scripts = [
      { name: '日终/一.sql', text: `INSERT INTO rate (rate) SELECT total FROM public.total;\nCALL "月末"();` },
      { name: 'say "hi" 😀.sql', text: 'INSERT INTO 征信.report (no) SELECT currency FROM rate' },
    ];
    const { importSql: asked } = await api.as.engineer.get<{
      importSql: { job: { id: string }; userErrors: unknown[] };
    }>(importSql, { sourceId, scripts });
    expect(asked.userErrors).toEqual([]);
    const job = await jobEnded(asked.job.id);
    expect(job).toMatchObject({
      state: 'PARTIAL',
      result: { scripts: 2, read: 2, edgesClosed: 0, unresolvedEdges: 2, statements: { ok: 2, opaque: 1 } },
    });

    const { notUnderstood } = await api.as.viewer.get<{ notUnderstood: unknown }>(
      `query ($sourceId: ID!) { notUnderstood(sourceId: $sourceId) { totalCount nodes {
         line status text kind reasons { code line } script { name origin }
       } } }`,
      { sourceId },
    );
    expect(notUnderstood).toEqual({
      totalCount: 1,
      nodes: [
        {
          ...{ line: 2, status: 'OPAQUE', text: 'CALL "月末"()', kind: 'other' },
          reasons: [{ code: 'runs-code', line: 2 }],
          script: { name: '日终/一.sql', origin: 'IMPORT' },
        },
      ],
    });

    const { lineageScripts } = await api.as.viewer.get<{
      lineageScripts: { totalCount: number; nodes: { id: string; name: string; statements: { status: string }[] }[] };
    }>(
      `query ($sourceId: ID!) { lineageScripts(sourceId: $sourceId, origins: [IMPORT]) {
         totalCount nodes { id name isRead endedAt dialect statements { status } }
       } }`,
      { sourceId },
    );
    expect(lineageScripts.totalCount).toBe(2);
    expect(lineageScripts.nodes).toMatchObject([
      { name: 'say "hi" 😀.sql', isRead: true, endedAt: null, statements: [{ status: 'OK' }] },
      { name: '日终/一.sql', isRead: true, statements: [{ status: 'OK' }, { status: 'OPAQUE' }] },
    ]);
    const { node } = await api.as.viewer.get<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { id ... on LineageScript { text sourceId } } }',
      { id: lineageScripts.nodes[0]?.id },
    );
    expect(node).toMatchObject({ text: scripts[1]?.text, sourceId });

    const down = await lineage(await fieldId('rate', 'currency'), 'direction: DOWNSTREAM, kinds: [DIRECT]');
    expect(down.nodes.filter(({ resolved }) => !resolved)).toMatchObject([
      { qualifiedName: `${database.name}.征信.report`, column: 'no' },
    ]);
    // rate.rate → balance → total → rate.rate: round and round, but only once.
    const cycle = await lineage(await fieldId('rate', 'rate'), 'kinds: [DIRECT]');
    expect(edgesOf(cycle)).toContain('total.total -> rate.rate DIRECT IDENTITY');
  });

  it('refuses scripts with a place, and people without the role', async () => {
    const one = [{ name: 'a', text: 'select 1' }];
    const refused = async (variables: object) =>
      (
        await api.as.engineer.get<{ importSql: { userErrors: { code: string; path: string[] }[] } }>(importSql, {
          sourceId,
          scripts: one,
          ...variables,
        })
      ).importSql.userErrors;
    expect(await refused({ scripts: [...one, ...one] })).toMatchObject([
      { code: 'INVALID_INPUT', path: ['scripts', '1', 'name'] },
    ]);
    expect(await refused({ sourceId: 'x' })).toMatchObject([{ code: 'INVALID_INPUT', path: ['sourceId'] }]);
    expect(await refused({ aliases: [{ alias: 'b', sourceId: 'x' }] })).toMatchObject([
      { code: 'INVALID_INPUT', path: ['aliases', '0', 'sourceId'] },
    ]);
    const unknown = Buffer.from('Source:00000000-0000-4000-8000-000000000000').toString('base64url');
    expect(await refused({ sourceId: unknown })).toMatchObject([{ code: 'NOT_FOUND' }]);
    for (const person of [api.as.viewer, api.as.steward, api.as.compliance]) {
      const { errors } = await person.ask(importSql, { sourceId, scripts: one });
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
    const { errors } = await api.as.viewer.ask('{ lineage(of: "x") { truncated } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', inputPath: ['of'] });
  });

  it('a manual edge is added, shown, counted and removed', async () => {
    const [from, to] = [await fieldId(ODD, 'state'), await fieldId('balance', 'currency')];
    const add = `mutation ($from: ID!, $to: ID!) {
      addManualEdge(from: $from, to: $to, type: DIRECT, subtype: TRANSFORMATION, note: "夜间存储过程") { edgeId userErrors { code } }
    }`;
    const forbidden = await api.as.steward.ask(add, { from, to });
    expect(forbidden.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const { addManualEdge } = await api.as.engineer.get<{ addManualEdge: { edgeId: string } }>(add, { from, to });
    const again = await api.as.engineer.get<{ addManualEdge: object }>(add, { from, to });
    expect(again.addManualEdge).toEqual({ edgeId: null, userErrors: [{ code: 'EDGE_ALREADY_THERE' }] });
    const graph = await lineage(to, 'direction: UPSTREAM, kinds: [DIRECT]');
    expect(graph.edges).toMatchObject([
      { from: null, expression: "'CNY'::text", origin: 'PARSED' },
      { origin: 'MANUAL', expression: '夜间存储过程', place: null },
    ]);
    const { datasets } = await api.as.viewer.get<{ datasets: { nodes: { name: string; lineageCoverage: object }[] } }>(
      `query ($sourceId: ID!) { datasets(sourceId: $sourceId) { nodes {
         name lineageCoverage { columns direct generated origins { name direct generated } }
       } } }`,
      { sourceId },
    );
    expect(datasets.nodes.find(({ name }) => name === 'balance')?.lineageCoverage).toMatchObject({
      ...{ columns: 3, direct: 3, generated: 0 },
      origins: [{}, {}, { name: 'currency', direct: 1, generated: "'CNY'::text" }],
    });
    const remove = 'mutation ($id: ID!) { removeManualEdge(id: $id) { edgeId userErrors { code } } }';
    const gone = await api.as.engineer.get<{ removeManualEdge: object }>(remove, { id: addManualEdge.edgeId });
    expect(gone.removeManualEdge).toEqual({ edgeId: addManualEdge.edgeId, userErrors: [] });
    const parsed = graph.edges.find(({ origin }) => origin === 'PARSED') as unknown as { id: string };
    const refused = await api.as.engineer.get<{ removeManualEdge: object }>(remove, { id: parsed.id });
    expect(refused.removeManualEdge).toMatchObject({ userErrors: [{ code: 'EDGE_NOT_MANUAL' }] });
  });

  it('a changed view is read after the next harvest; impact and changes tell the difference', async () => {
    const before = new Date();
    await database.run(
      'CREATE OR REPLACE VIEW public.total AS SELECT max("余额.本位币") AS total, count(*) AS customers FROM balance WHERE currency > \'\'',
    );
    expect(await harvest()).toMatchObject({ state: 'SUCCEEDED', result: { read: 1 } });
    const { datasets } = await api.as.viewer.get<{ datasets: { nodes: { id: string; name: string }[] } }>(
      'query ($sourceId: ID!) { datasets(sourceId: $sourceId) { nodes { id name } } }',
      { sourceId },
    );
    const of = datasets.nodes.find(({ name }) => name === 'total')?.id;
    const { lineageDiff } = await api.as.viewer.get<{ lineageDiff: object }>(
      `query ($of: ID!, $from: LineageMomentInput!, $to: LineageMomentInput) {
         lineageDiff(of: $of, from: $from, to: $to, depth: 1) { added { subtype scriptOrigin } removed { id } nodes { column } from { asOf } }
       }`,
      { of, from: { asOf: before }, to: { asOf: new Date() } },
    );
    expect(lineageDiff).toMatchObject({
      // The new column counts: nothing gives its value.
      added: expect.arrayContaining([
        { subtype: 'FILTER', scriptOrigin: 'VIEW' },
        { subtype: null, scriptOrigin: 'VIEW' },
      ]) as object,
      removed: [],
      from: { asOf: before.toISOString() },
    });
    const rule = async (table: string, column: string) => {
      const fieldIds = [await fieldId(table, column)];
      const datasetId = datasets.nodes.find(({ name }) => name === table)?.id;
      const { addRule } = await api.as.steward.get<{ addRule: { rule: { id: string } | null; userErrors: unknown[] } }>(
        `mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } userErrors { message } } }`,
        { input: { datasetId, kind: 'not_null', fieldIds, nameEn: `${table} ${column}`, severity: 'S2' } },
      );
      expect(addRule.userErrors).toEqual([]);
      return addRule.rule?.id;
    };
    const [seen] = [await rule('total', 'customers'), await rule(ODD, 'id')];
    const { impact } = await api.as.viewer.get<{
      impact: {
        rules: { id: string }[];
        datasets: { qualifiedName: string; rows: boolean; columns: { name: string; direct: boolean }[] }[];
      };
    }>(
      'query ($of: ID!) { impact(of: $of) { truncated columns rules { id } byOwner { name columns } datasets { sourceName qualifiedName rows columns { name direct } } } }',
      { of: await fieldId('balance', 'currency') },
    );
    expect(impact.datasets.find(({ qualifiedName }) => qualifiedName.endsWith('.total'))).toMatchObject({
      rows: true,
      columns: [
        { name: 'total', direct: false },
        { name: 'customers', direct: false },
      ],
    });
    expect(impact.rules).toEqual([{ id: seen }]);
  });
});
