import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

const ODD = '客户 "表".a%b#c 😀';
const ODD_SQL = '"客户 ""表"".a%b#c 😀"';

interface Graph {
  nodes: { key: string; resolved: boolean; qualifiedName: string; datasetName: string; column: string | null }[];
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
  frontier: string[];
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
    nodes.map(({ key, datasetName, column }) => [key, column === null ? datasetName : `${datasetName}.${column}`]),
  );
  return edges
    .map(
      ({ from, to, type, subtype }) => `${from === null ? '' : names.get(from)} -> ${names.get(to)} ${type} ${subtype}`,
    )
    .sort();
}

const GRAPH = `
  nodes { key resolved qualifiedName datasetName column fieldId sourceName }
  edges { id from to type subtype origin expression scriptName confidence place { line position } }
  truncated frontier asOf { validAt recordedAt }
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
    const graph = await lineage(await fieldId('total', 'total'), 'direction: UPSTREAM, types: [DIRECT]');
    expect(edgesOf(graph)).toEqual([
      'balance.余额.本位币 -> total.total DIRECT AGGREGATION',
      'rate.rate -> balance.余额.本位币 DIRECT TRANSFORMATION',
      `${ODD}.余额 "元" -> balance.余额.本位币 DIRECT TRANSFORMATION`,
    ]);
    expect(graph).toMatchObject({ truncated: false, frontier: [] });
    expect(graph.edges.map(({ place, origin }) => [place?.line, origin])).toEqual([
      [1, 'VIEW'],
      [1, 'VIEW'],
      [1, 'VIEW'],
    ]);
  });
});
