import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

describe('statistics over the API', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let sourceId: string;
  let datasetId: string;

  beforeAll(async () => {
    api = await startApi();
    database = await sourceDatabase(`
      CREATE TABLE public."借据 ""a"" 😀" (id int PRIMARY KEY, "状态" text, mobile varchar(11));
      INSERT INTO public."借据 ""a"" 😀"
      SELECT n, CASE n % 2 WHEN 0 THEN '正常' ELSE '逾期' END, '1380000000' || n % 5 FROM generate_series(1, 30) AS n;
    `);
    sourceId = await registerSource(api.as.engineer, '核心 "core"', database.settings);
    await api.work();
    await api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } } }', { id: sourceId });
    datasetId = await until('the dataset and what is proposed of it', async () => {
      const { datasets, sensitiveProposals } = await api.as.viewer.get<{
        datasets: { nodes: { id: string }[] };
        sensitiveProposals: { totalCount: number };
      }>('{ datasets { nodes { id } } sensitiveProposals { totalCount } }');
      return sensitiveProposals.totalCount > 0 && datasets.nodes[0]?.id;
    });
    await api.as.steward.get(
      'mutation ($id: ID!) { describeAsset(id: $id, securityLevel: L2) { userErrors { code } } }',
      {
        id: datasetId,
      },
    );
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const take = async (wish: Record<string, unknown>, who: 'viewer' | 'engineer' = 'engineer') =>
    api.as[who].ask<{ takeStatistics: { job: { id: string } | null; userErrors: { code: string; path: string[] }[] } }>(
      `mutation ($sourceId: ID, $datasetId: ID, $rowLimit: Int) {
         takeStatistics(sourceId: $sourceId, datasetId: $datasetId, rowLimit: $rowLimit) { job { id } userErrors { code path } } }`,
      wish,
    );
  const ended = (id: string) =>
    until('the job to end', async () => {
      const { job } = await api.as.viewer.get<{ job: { state: string; result: unknown } }>(
        'query ($id: ID!) { job(id: $id) { state result } }',
        { id },
      );
      return job.state !== 'QUEUED' && job.state !== 'RUNNING' && job;
    });
  const seen = async () => {
    const { dataset } = await api.as.viewer.get<{
      dataset: { statistics: object | null; fields: { name: string; statistics: Record<string, unknown> | null }[] };
    }>(
      `query ($id: ID!) { dataset(id: $id) {
         statistics { rowCount sampledRows problem }
         fields { name statistics { rows nulls distinct least greatest shown frequent { value rows } quantiles { quantile } } } } }`,
      { id: datasetId },
    );
    return dataset;
  };

  it('are taken when asked for, and shown by level', async () => {
    expect((await take({ sourceId }, 'viewer')).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect((await take({ sourceId, datasetId })).data.takeStatistics.userErrors).toMatchObject([
      { code: 'INVALID_INPUT' },
    ]);
    expect((await take({ sourceId, rowLimit: 0 })).data.takeStatistics.userErrors).toEqual([
      { code: 'INVALID_INPUT', path: ['rowLimit'] },
    ]);
    expect(await seen()).toMatchObject({ statistics: null, fields: [{ statistics: null }, {}, {}] });
    const { job } = (await take({ sourceId })).data.takeStatistics;
    expect(await ended(job!.id)).toEqual({
      state: 'SUCCEEDED',
      result: { datasets: 1, sampled: 0, skipped: 0, problems: {} },
    });
    const { statistics, fields } = await seen();
    expect(statistics).toEqual({ rowCount: 30, sampledRows: null, problem: null });
    expect(fields.map(({ name, statistics: of }) => [name, of?.['shown'], of?.['least'], of?.['distinct']])).toEqual([
      ['id', 'VALUES', '1', 30],
      ['状态', 'VALUES', null, 2],
      ['mobile', 'MASKED', null, 5],
    ]);
    expect(fields[1]!.statistics!['frequent']).toEqual([
      { value: '正常', rows: 15 },
      { value: '逾期', rows: 15 },
    ]);
    expect(fields[2]!.statistics!['frequent']).toHaveLength(5);
    expect(JSON.stringify(fields[2])).not.toContain('13800000');
  });

  it('lose their values when a level rises', async () => {
    await api.as.steward.get(
      'mutation ($id: ID!) { describeAsset(id: $id, securityLevel: L4) { userErrors { code } } }',
      {
        id: datasetId,
      },
    );
    await until('the values to be forgotten', async () => {
      const { fields } = await seen();
      return fields.every(({ statistics }) => statistics?.['shown'] === 'WITHHELD' && statistics['least'] === null);
    });
    expect((await seen()).fields[0]!.statistics).toMatchObject({ distinct: 30, frequent: [], quantiles: [] });
  });

  it('are taken on schedule, within limits that an engineer sets', async () => {
    const { scheduleStatistics } = await api.as.engineer.get<Record<string, unknown>>(
      `mutation ($id: ID!) { scheduleStatistics(sourceId: $id, cron: "30 3 * * 6", timeZone: "Asia/Shanghai") {
         source { statisticsSchedule { cron timeZone enabled nextAt } } userErrors { code } } }`,
      { id: sourceId },
    );
    expect(scheduleStatistics).toMatchObject({
      source: { statisticsSchedule: { cron: '30 3 * * 6', timeZone: 'Asia/Shanghai', enabled: true } },
      userErrors: [],
    });
    const { limitStatistics } = await api.as.engineer.get<Record<string, unknown>>(
      `mutation ($id: ID!) { limitStatistics(sourceId: $id, rowLimit: 5000) {
         source { statisticsLimits { rowLimit seconds readRows } } userErrors { code } } }`,
      { id: sourceId },
    );
    expect(limitStatistics).toEqual({
      source: { statisticsLimits: { rowLimit: 5_000, seconds: 600, readRows: 200_000_000 } },
      userErrors: [],
    });
  });
});
