import { harvestCompleted } from '#harvest';
import { globalId } from '#platform/graphql';
import { publish } from '#platform/outbox';
import { until } from '#platform/testing';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';
import { cataloguedSource, type CataloguedSource } from './support/catalogued-source.js';

const ADD_CODE_SET = `mutation ($code: String!, $values: [CodeValueInput!]!) {
  addCodeSet(code: $code, input: { nameZh: "币种 \\"x\\" 😀", values: $values }) {
    codeSet { id revision values { code nameZh } } userErrors { code path }
  } }`;
const ADD_ELEMENT = `mutation ($code: String!, $input: DataElementInput!) {
  addDataElement(code: $code, input: $input) { dataElement { id state } userErrors { code path } } }`;
const PUBLISH = `mutation ($id: ID!) {
  publishDataElement(id: $id) { dataElement { state inForce { version codeSet { code } } } userErrors { code } } }`;
const CHECK = `mutation ($id: ID!) { checkStandards(sourceId: $id) { job { id } userErrors { code } } }`;
const MAPPINGS = `query ($sourceId: ID!, $first: Int, $after: String, $verdicts: [ComplianceOutcome!]) {
  mappings(sourceId: $sourceId, first: $first, after: $after, verdicts: $verdicts) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id state fieldName fieldUrn score element { code } evidence { kind }
            verdict { overall badRows badCodes aspects { aspect outcome reasonEn reasonZh } } verdicts { overall } }
  } }`;

interface MappingNode {
  id: string;
  state: string;
  fieldName: string;
  fieldUrn: string;
  verdict: { overall: string; badRows: number | null; badCodes: string[] } | null;
}
interface MappingPage {
  mappings: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: MappingNode[];
  };
}

describe('a steward and the standards', () => {
  let api: TestApi;
  let source: CataloguedSource;

  beforeAll(async () => {
    api = await startApi();
    source = await cataloguedSource(
      api.app,
      '核心 "core" 😀',
      `CREATE TABLE "合同 '1'" (id bigint PRIMARY KEY, ccy_cd char(3) NOT NULL, "金额" numeric(18,2));
       COMMENT ON COLUMN "合同 '1'"."金额" IS '合同金额';
       INSERT INTO "合同 '1'" SELECT n, CASE WHEN n <= 3 THEN 'XX' || n ELSE 'CNY' END, n FROM generate_series(1, 10) AS n;`,
    );
  });
  afterAll(async () => {
    await api.stop();
    await source.drop();
  });

  it('writes standards, maps fields, has them checked and reads the rates', async () => {
    const { steward, viewer } = api.as;
    const { addCodeSet } = await steward.get<{ addCodeSet: { codeSet: { id: string; values: object[] } } }>(
      ADD_CODE_SET,
      {
        code: 'CCY',
        values: [
          { code: 'CNY', nameZh: '人民币' },
          { code: 'USD', nameZh: "美元 '$'" },
        ],
      },
    );
    expect(addCodeSet.codeSet.values).toEqual([
      { code: 'CNY', nameZh: '人民币' },
      { code: 'USD', nameZh: "美元 '$'" },
    ]);
    const ids: Record<string, string> = {};
    for (const [code, input] of Object.entries({
      CCY_CD: { nameZh: '币种代码', typeFamily: 'TEXT', length: 3, nullable: false, codeSetId: addCodeSet.codeSet.id },
      CONTRACT_AMT: { nameZh: '合同金额', typeFamily: 'DECIMAL', precision: 18, scale: 2 },
    })) {
      const added = await steward.get<{ addDataElement: { dataElement: { id: string } } }>(ADD_ELEMENT, {
        code,
        input,
      });
      ids[code] = added.addDataElement.dataElement.id;
      await steward.get(PUBLISH, { id: ids[code] });
    }
    const sourceId = globalId('Source', source.id);
    const suggested = await steward.get<{ suggestMappings: object }>(
      'mutation ($id: ID!) { suggestMappings(sourceId: $id) { suggested fields userErrors { code } } }',
      { id: sourceId },
    );
    expect(suggested.suggestMappings).toEqual({ suggested: 2, fields: 3, userErrors: [] });

    // Pages of one: the cursor goes on where the page ended.
    const one = await viewer.get<MappingPage>(MAPPINGS, { sourceId, first: 1 });
    const two = await viewer.get<MappingPage>(MAPPINGS, { sourceId, first: 1, after: one.mappings.pageInfo.endCursor });
    const nodes = [...one.mappings.nodes, ...two.mappings.nodes];
    expect(nodes.map(({ fieldName }) => fieldName).sort()).toEqual(['ccy_cd', '金额']);
    expect([one.mappings.totalCount, one.mappings.pageInfo.hasNextPage, two.mappings.pageInfo.hasNextPage]).toEqual([
      2,
      true,
      false,
    ]);
    for (const { id } of nodes)
      await steward.get('mutation ($id: ID!) { confirmMapping(id: $id) { userErrors { code } } }', { id });

    await api.work();
    const { checkStandards } = await steward.get<{ checkStandards: { job: { id: string } } }>(CHECK, { id: sourceId });
    const job = await until('the check', async () => {
      const found = await viewer.get<{ job: { state: string; result: object } }>(
        'query ($id: ID!) { job(id: $id) { state result } }',
        { id: checkStandards.job.id },
      );
      return found.job.state !== 'queued' && found.job.result !== null && found.job;
    });
    expect(job).toMatchObject({ state: 'SUCCEEDED', result: { checked: 2, pass: 1, fail: 1 } });
    const failing = await viewer.get<MappingPage>(MAPPINGS, { sourceId, verdicts: ['FAIL'] });
    expect(failing.mappings.nodes).toMatchObject([
      {
        fieldName: 'ccy_cd',
        element: { code: 'CCY_CD' },
        verdict: { overall: 'FAIL', badRows: 3, badCodes: ['XX1', 'XX2', 'XX3'] },
        verdicts: [{ overall: 'FAIL' }],
      },
    ]);
    expect(failing.mappings.nodes[0]?.fieldUrn).toMatch(/^postgres:\/\/.*\.合同 '1'#ccy_cd$/);
    const rates = await viewer.get(
      '{ complianceRates(by: SOURCE) { name fields mapped pass mappedRate complianceRate } }',
    );
    expect(rates).toEqual({
      complianceRates: [
        { name: '核心 "core" 😀', fields: 3, mapped: 2, pass: 1, mappedRate: 2 / 3, complianceRate: 1 / 2 },
      ],
    });
  });

  it('a harvest has the fields judged again', async () => {
    await source.run(`ALTER TABLE "合同 '1'" ALTER COLUMN "金额" TYPE numeric(20,4)`);
    await source.describe();
    await api.app.get(DataSource).transaction((tx) =>
      publish(tx, harvestCompleted, {
        sourceId: source.id,
        runId: source.id,
        added: 0,
        changed: 1,
        unchanged: 0,
        vanished: 0,
      }),
    );
    const sourceId = globalId('Source', source.id);
    const failing = await until('the verdict to change', async () => {
      const { mappings } = await api.as.viewer.get<MappingPage>(MAPPINGS, { sourceId, verdicts: ['FAIL'] });
      return mappings.totalCount === 2 && mappings.nodes;
    });
    const amount = failing.find(({ fieldName }) => fieldName === '金额');
    expect(JSON.stringify(amount)).toContain('字段精度为 (20,4)，标准要求 (18,2)。');
  });

  it('is refused what is wrong, with its place, and others are refused altogether', async () => {
    const { steward, viewer, engineer } = api.as;
    const twice = await steward.get<{ addCodeSet: object }>(ADD_CODE_SET, {
      code: 'TWICE',
      values: [{ code: '1' }, { code: '1' }],
    });
    expect(twice.addCodeSet).toEqual({
      codeSet: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['values', '1', 'code'] }],
    });
    const wrong = await steward.get<{ addDataElement: object }>(ADD_ELEMENT, {
      code: 'X',
      input: { nameZh: 'x', typeFamily: 'DATE', length: 8, codeSetId: null },
    });
    expect(wrong.addDataElement).toEqual({
      dataElement: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['length'] }],
    });
    const unknown = await steward.get<{ publishDataElement: object }>(PUBLISH, {
      id: globalId('DataElement', source.id),
    });
    expect(unknown.publishDataElement).toEqual({ dataElement: null, userErrors: [{ code: 'NOT_FOUND' }] });
    for (const person of [viewer, engineer]) {
      const refused = await person.ask(ADD_CODE_SET, { code: 'NO', values: [] });
      expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});
