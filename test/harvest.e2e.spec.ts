import { until } from '#platform/testing';

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

describe('register, harvest, read', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let sourceId: string;

  beforeAll(async () => {
    api = await startApi();
    database = await sourceDatabase(`
      CREATE SCHEMA "风险";
      CREATE TABLE "风险"."客户 ""表"".a%b#c 😀" (id int PRIMARY KEY, "余额 ""元""" numeric(18, 2) NOT NULL DEFAULT 0);
      COMMENT ON COLUMN "风险"."客户 ""表"".a%b#c 😀"."余额 ""元""" IS '本金余额';
      CREATE VIEW public.v AS SELECT 1 AS one;
    `);
    sourceId = await registerSource(api.as.engineer, '核心系统 "core" 😀', database.settings);
    await api.work();
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const harvest = async (confirmRemovals = false): Promise<Run> => {
    const { harvestSource } = await api.as.engineer.get<{
      harvestSource: { run: { id: string }; userErrors: unknown[] };
    }>(
      'mutation ($sourceId: ID!, $confirmRemovals: Boolean) { harvestSource(sourceId: $sourceId, confirmRemovals: $confirmRemovals) { run { id } userErrors { code message } } }',
      { sourceId, confirmRemovals },
    );
    expect(harvestSource.userErrors).toEqual([]);
    return until('the harvest to end', async () => {
      const { harvestRun } = await api.as.viewer.get<{ harvestRun: Run }>(
        `query ($id: ID!) { harvestRun(id: $id) {
           state added changed unchanged vanished reasons errorCode errorMessage
           scopes { name complete datasets } job { state result }
         } }`,
        { id: harvestSource.run.id },
      );
      return ['QUEUED', 'RUNNING'].includes(harvestRun.job.state) ? undefined : harvestRun;
    });
  };

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
});
