import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { askProduct, dataFolder, startProduct } from './support/product.js';
import { residentId } from './support/resident-ids.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

jest.setTimeout(120_000);

interface Proposal {
  id: string;
  fieldName: string;
  category: string;
  level: string;
  score: number;
  state: string;
  explanationEn: string[];
  explanationZh: string[];
  decidedBy: string | null;
}

const FIELDS = 'id fieldName category level score state explanationEn explanationZh decidedBy';
const IDS = Array.from({ length: 12 }, (_, n) => residentId(n * 3_000));
const SQL = `
  CREATE TABLE public."客户 ""a"" 😀" (id int PRIMARY KEY, sfzh varchar(18), mail text, amount numeric);
  INSERT INTO public."客户 ""a"" 😀" SELECT n, (ARRAY[${IDS.map((id) => `'${id}'`).join()}])[n], 'gugu' || n || '@example.com', n
    FROM generate_series(1, 12) AS n;
`;
/** Parts of the values that nothing may repeat. */
const VALUES = /110101(19[5-9]|20)\d{5}|gugu\d/;

describe('after a harvest', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let sourceId: string;

  beforeAll(async () => {
    api = await startApi();
    database = await sourceDatabase(SQL);
    sourceId = await registerSource(api.as.engineer, '核心 "core"', database.settings);
    await api.work();
    await api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } } }', { id: sourceId });
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const proposals = async (more = ''): Promise<Proposal[]> => {
    const { sensitiveProposals } = await api.as.viewer.get<{ sensitiveProposals: { nodes: Proposal[] } }>(
      `query ($sourceId: ID!) { sensitiveProposals(sourceId: $sourceId${more}) { totalCount nodes { ${FIELDS} } } }`,
      { sourceId },
    );
    return sensitiveProposals.nodes;
  };
  const decide = (ids: string[], accepted: boolean, who: 'viewer' | 'steward' = 'steward') =>
    api.as[who].ask<{ decideSensitiveProposals: { proposals: Proposal[] | null; userErrors: { code: string }[] } }>(
      `mutation ($ids: [ID!]!, $accepted: Boolean!) {
         decideSensitiveProposals(ids: $ids, accepted: $accepted) { proposals { ${FIELDS} } userErrors { code path } } }`,
      { ids, accepted },
    );

  it('what looks sensitive is proposed by itself, explained in two languages', async () => {
    const found = await until('the proposals', async () => {
      const some = await proposals();
      return some.length >= 2 && some;
    });
    expect(found.map(({ fieldName, category, level }) => [fieldName.split('#')[1], category, level])).toEqual([
      ['sfzh', 'RESIDENT_ID', 'L3'],
      ['mail', 'EMAIL', 'L3'],
    ]);
    expect(found[0]!.explanationEn).toContain('12 of 12 values pass the check (check digit or known elements).');
    expect(found[0]!.explanationZh).toContain('12 个值中有 12 个通过校验（校验位或特征元素）。');
    expect(await proposals(', category: EMAIL, minScore: 0.6')).toHaveLength(1);
    expect(await proposals(', level: L4')).toEqual([]);
  });

  it('a steward decides, and the levels follow', async () => {
    const [resident, mail] = await proposals();
    const refused = await decide([resident!.id], true, 'viewer');
    expect(refused.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    const both = await decide([resident!.id, 'x'], true);
    expect(both.data.decideSensitiveProposals).toMatchObject({
      proposals: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['ids', '1'] }],
    });
    const accepted = await decide([resident!.id], true);
    expect(accepted.data.decideSensitiveProposals).toMatchObject({
      proposals: [{ state: 'ACCEPTED', decidedBy: 'steward' }],
      userErrors: [],
    });
    await decide([mail!.id], false);
    const again = await decide([mail!.id], false);
    expect(again.data.decideSensitiveProposals).toMatchObject({ userErrors: [{ code: 'CONFLICT' }] });
    const { datasets, source } = await api.as.viewer.get<Record<string, unknown>>(
      `query ($sourceId: ID!) {
         datasets(securityLevel: L3) { nodes {
           effectiveLevel { level origin setBy field { name } }
           fields { name effectiveLevel { level origin } sensitiveProposals { category state } } } }
         source(id: $sourceId) { sensitiveProposals { open openFields accepted rejected } } }`,
      { sourceId },
    );
    expect(source).toEqual({ sensitiveProposals: { open: 0, openFields: 0, accepted: 1, rejected: 1 } });
    expect(datasets).toEqual({
      nodes: [
        {
          effectiveLevel: { level: 'L3', origin: 'PROPOSAL', setBy: 'steward', field: { name: 'sfzh' } },
          fields: [
            { name: 'id', effectiveLevel: null, sensitiveProposals: [] },
            {
              name: 'sfzh',
              effectiveLevel: { level: 'L3', origin: 'PROPOSAL' },
              sensitiveProposals: [{ category: 'RESIDENT_ID', state: 'ACCEPTED' }],
            },
            { name: 'mail', effectiveLevel: null, sensitiveProposals: [{ category: 'EMAIL', state: 'REJECTED' }] },
            { name: 'amount', effectiveLevel: null, sensitiveProposals: [] },
          ],
        },
      ],
    });
  });

  it('can be asked for, of a source or of a dataset', async () => {
    const ask = (wish: Record<string, unknown>, who: 'viewer' | 'steward' = 'steward') =>
      api.as[who].ask<{ detectSensitiveData: { job: { id: string } | null; userErrors: { code: string }[] } }>(
        `mutation ($sourceId: ID, $datasetId: ID) {
           detectSensitiveData(sourceId: $sourceId, datasetId: $datasetId) { job { id } userErrors { code } } }`,
        wish,
      );
    expect((await ask({ sourceId }, 'viewer')).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect((await ask({})).data.detectSensitiveData.userErrors).toEqual([{ code: 'INVALID_INPUT' }]);
    const { datasets } = await api.as.viewer.get<{ datasets: { nodes: { id: string }[] } }>(
      '{ datasets { nodes { id } } }',
    );
    for (const wish of [{ sourceId }, { datasetId: datasets.nodes[0]!.id }]) {
      const { job } = (await ask(wish)).data.detectSensitiveData;
      const ended = await until('the job to end', async () => {
        const { job: now } = await api.as.viewer.get<{ job: { state: string; result: object } }>(
          'query ($id: ID!) { job(id: $id) { state result } }',
          { id: job!.id },
        );
        return now.state !== 'QUEUED' && now.state !== 'RUNNING' && now;
      });
      expect(ended).toMatchObject({
        state: 'SUCCEEDED',
        result: { datasets: 1, sampled: 1, proposed: 0, withdrawn: 0 },
      });
    }
    expect(await proposals()).toEqual([]);
  });
});

describe('the whole product', () => {
  it('writes no value of a source into its logs, however much it logs', async () => {
    const database = await sourceDatabase(
      `${SQL} CREATE VIEW public.broken AS SELECT sfzh::date AS d FROM public."客户 ""a"" 😀"`,
    );
    const { folder, forget } = dataFolder();
    const product = startProduct(folder, [], { PLUMBLINE_LOG_LEVEL: 'trace' });
    try {
      const address = await product.ready();
      const ask = <T>(query: string) => askProduct<T>(address, folder, query);
      const settings = Object.entries(database.settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
      const { registerSource: added } = await ask<{ registerSource: { source: { id: string } } }>(
        `mutation { registerSource(input: { kind: "postgres", name: "s", settings: { ${settings.join(', ')} } }) { source { id } } }`,
      );
      await ask(`mutation { harvestSource(sourceId: "${added.source.id}") { job { id } } }`);
      const jobs = await until(
        'the detection to end',
        async () => {
          const { jobs: all } = await ask<{ jobs: { nodes: { name: string; state: string; result: unknown }[] } }>(
            '{ jobs { nodes { name state result } } }',
          );
          return (
            all.nodes.some(({ name, state }) => name === 'detect-sensitive-data' && state === 'PARTIAL') && all.nodes
          );
        },
        60,
      );
      expect(jobs).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            result: expect.objectContaining({ problems: { SOURCE_QUERY_FAILED: 1 } }) as object,
          }),
        ]),
      );
      expect(JSON.stringify(jobs)).not.toMatch(VALUES);
      const logs = ['worker.log', 'api.log'].map((file) => readFileSync(join(folder, 'logs', file), 'utf8')).join('');
      expect(logs).toMatch(/detect-sensitive-data/);
      expect(logs).not.toMatch(VALUES);
    } finally {
      await product.end('SIGINT');
      forget();
      await database.drop();
    }
  });
});
