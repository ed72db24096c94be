import { globalId } from '#platform/graphql';
import { until } from '#platform/testing';

import { startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const DDL = `
  CREATE TABLE "客户 ""表"" 😀" (id bigint PRIMARY KEY, "姓名" text, state text);
  INSERT INTO "客户 ""表"" 😀" VALUES (1, '王小明', 'open'), (2, NULL, 'opne'), (3, 'O''Brien', 'closed'), (4, NULL, NULL);
`;
const TABLE = '客户 "表" 😀';

interface Errors {
  readonly userErrors: readonly { code: string; message: string; path: string[] }[];
}

const ADD = `mutation ($input: AddRuleInput!) {
  addRule(input: $input) { rule { id version fields { name } datasetName sourceName } userErrors { code message path } } }`;
const RUN = `mutation ($ruleIds: [ID!], $ruleSetId: ID, $sourceId: ID) {
  runRules(ruleIds: $ruleIds, ruleSetId: $ruleSetId, sourceId: $sourceId) { run { id state } job { id } userErrors { code message path } } }`;
const RESULTS = `query ($id: ID!) { ruleRun(id: $id) { state planned counts { status rules } job { state result errorMessage }
  results { nodes { status rows checked violations sentenceZh statements { purpose sql params } failingKeys { columns withheld rows } rule { nameZh } version { version } } } } }`;

describe('quality rules over GraphQL', () => {
  let api: TestApi;
  let bank: KnownSource;
  let input: Record<string, unknown>;

  beforeAll(async () => {
    api = await startApi();
    bank = await knownSource(api.app, '核心系统 "core" 😀', DDL);
    await api.work();
    input = {
      datasetId: globalId('Dataset', await bank.dataset(TABLE)),
      fieldIds: [globalId('Field', await bank.field(TABLE, '姓名'))],
      kind: 'not_null',
      nameZh: '姓名必填 😀',
      nameEn: 'Name "required"',
      severity: 'S1',
    };
  });
  afterAll(async () => {
    await api.stop();
    await bank.drop();
  });

  const ended = (id: string) =>
    until('the run to end', async () => {
      const { ruleRun } = await api.as.viewer.get<{ ruleRun: { state: string } }>(RESULTS, { id });
      return !['QUEUED', 'RUNNING'].includes(ruleRun.state) && ruleRun;
    });

  it('a steward adds a rule and runs it, and everybody sees what it found', async () => {
    const { addRule } = await api.as.steward.get<{ addRule: { rule: { id: string } } & Errors }>(ADD, { input });
    expect(addRule).toEqual({
      rule: {
        id: expect.any(String),
        version: 1,
        fields: [{ name: '姓名' }],
        datasetName: expect.stringContaining('客户'),
        sourceName: '核心系统 "core" 😀',
      },
      userErrors: [],
    });
    const { runRules } = await api.as.engineer.get<{ runRules: { run: { id: string } } & Errors }>(RUN, {
      ruleIds: [addRule.rule.id],
    });
    expect(runRules.userErrors).toEqual([]);
    expect(await ended(runRules.run.id)).toMatchObject({
      state: 'SUCCEEDED',
      planned: 1,
      counts: [{ status: 'FAIL', rules: 1 }],
      job: { state: 'SUCCEEDED' },
      results: {
        nodes: [
          {
            status: 'FAIL',
            rows: '4',
            checked: '4',
            violations: '2',
            failingKeys: { columns: ['id'], withheld: [], rows: [['2'], ['4']] },
            rule: { nameZh: '姓名必填 😀' },
            version: { version: 1 },
          },
        ],
      },
    });
  });
});
