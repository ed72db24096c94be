import { globalId } from '#platform/graphql';
import { until } from '#platform/testing';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';
import { cataloguedSource, type CataloguedSource } from './support/catalogued-source.js';

const ADD = `mutation ($code: String!, $attributes: [MasterAttributeInput!]!) {
  addMasterEntity(code: $code, nameZh: "客户 \\"c\\" 😀", attributes: $attributes) {
    masterEntity { id nameZh attributes { id code isMatchKey mappings { fieldName } } } userErrors { code path } } }`;
const MAP = `mutation ($attributeId: ID!, $fieldId: ID!, $priority: Int!) {
  mapMasterAttribute(attributeId: $attributeId, fieldId: $fieldId, priority: $priority) {
    masterEntity { attributes { code mappings { fieldUrn sourceName priority } } } userErrors { code path } } }`;
const BUILD = `mutation ($id: ID!) { buildGoldenRecords(entityId: $id) { job { id } userErrors { code message } } }`;
const RECORDS = `query ($id: ID!, $first: Int, $after: String, $identifier: String, $value: String) {
  goldenRecords(entityId: $id, first: $first, after: $after, identifier: $identifier, value: $value) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id identifier memberCount sourceCount values { attributeCode value sourceName fieldName rowKey }
            history { attributeCode recordedTo } members { sourceName rowKey } } } }`;
const ATTRIBUTES = [
  { code: 'cert_no', nameZh: '证件号码', typeFamily: 'TEXT', identifierFormat: 'RESIDENT_ID', isMatchKey: true },
  { code: 'name', nameZh: '姓名', typeFamily: 'TEXT' },
  { code: 'birth', nameZh: '出生日期', typeFamily: 'DATE' },
];

interface Entity {
  id: string;
  attributes: { id: string; code: string; mappings: { fieldUrn: string; sourceName: string; priority: number }[] }[];
}
interface Records {
  goldenRecords: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: { id: string; identifier: string; values: { attributeCode: string; value: string }[] }[];
  };
}

describe('a steward and master data', () => {
  let api: TestApi;
  let core: CataloguedSource;
  let crm: CataloguedSource;
  let entity: Entity;
  const A = '11010519491231002X';
  const B = '440524188001010014';

  beforeAll(async () => {
    api = await startApi();
    const table = (rows: string) => `CREATE TABLE "客户" (id int PRIMARY KEY, cert text, nm text, born date);
      INSERT INTO "客户" VALUES ${rows};`;
    core = await cataloguedSource(api.app, '核心', table(`(1, '${A}', '张三', NULL), (2, 'x', '无', NULL)`));
    crm = await cataloguedSource(
      api.app,
      'CRM "2" 😀',
      table(`(7, '${A}', '', '1949-12-31'), (8, '${B}', '李四', NULL)`),
    );
  });
  afterAll(async () => {
    await api.stop();
    await core.drop();
    await crm.drop();
  });

  it('defines an entity and maps its attributes', async () => {
    const { steward } = api.as;
    const added = await steward.get<{ addMasterEntity: { masterEntity: Entity } }>(ADD, {
      code: '客户',
      attributes: ATTRIBUTES,
    });
    entity = added.addMasterEntity.masterEntity;
    const fields = { cert_no: 'cert', name: 'nm', birth: 'born' } as Record<string, string>;
    for (const [priority, source] of [core, crm].entries())
      for (const { id, code } of entity.attributes)
        await steward.get(MAP, {
          attributeId: id,
          fieldId: globalId('Field', source.field('public.客户', fields[code] ?? '')),
          priority: priority + 1,
        });
    const read = await api.as.viewer.get<{ masterEntities: { nodes: Entity[] } }>(
      '{ masterEntities { nodes { id attributes { code mappings { fieldUrn sourceName priority } } } } }',
    );
    const [name] = (read.masterEntities.nodes[0]?.attributes ?? []).filter(({ code }) => code === 'name');
    expect(name?.mappings.map(({ sourceName, priority }) => [sourceName, priority])).toEqual([
      ['核心', 1],
      ['CRM "2" 😀', 2],
    ]);
    expect(name?.mappings[0]?.fieldUrn).toMatch(/\.public\.客户#nm$/);
  });

  it('builds golden records and shows where each value comes from', async () => {
    const { steward, viewer } = api.as;
    await api.work();
    const { buildGoldenRecords } = await steward.get<{ buildGoldenRecords: { job: { id: string } } }>(BUILD, {
      id: entity.id,
    });
    const job = await until('the build', async () => {
      const found = await viewer.get<{ job: { state: string; result: object | null } }>(
        'query ($id: ID!) { job(id: $id) { state result } }',
        { id: buildGoldenRecords.job.id },
      );
      return found.job.result !== null && found.job;
    });
    expect(job).toMatchObject({ state: 'SUCCEEDED', result: { rows: 4, unmatched: 1, created: 2 } });
    const found = await steward.get<Records>(RECORDS, { id: entity.id, value: '张三' });
    expect(found.goldenRecords.nodes).toMatchObject([
      {
        identifier: A,
        memberCount: 2,
        sourceCount: 2,
        values: [
          { attributeCode: 'cert_no', value: A, sourceName: '核心', fieldName: 'cert', rowKey: '[1]' },
          { attributeCode: 'name', value: '张三', sourceName: '核心', fieldName: 'nm', rowKey: '[1]' },
          { attributeCode: 'birth', value: '1949-12-31', sourceName: 'CRM "2" 😀', fieldName: 'born', rowKey: '[7]' },
        ],
        members: [
          { sourceName: 'CRM "2" 😀', rowKey: '[7]' },
          { sourceName: '核心', rowKey: '[1]' },
        ],
      },
    ]);
    const one = await steward.get<Records>(RECORDS, { id: entity.id, first: 1 });
    const two = await steward.get<Records>(RECORDS, {
      id: entity.id,
      first: 1,
      after: one.goldenRecords.pageInfo.endCursor,
    });
    const both = [...one.goldenRecords.nodes, ...two.goldenRecords.nodes].map(({ identifier }) => identifier);
    expect([both.sort(), two.goldenRecords.pageInfo.hasNextPage]).toEqual([[A, B], false]);
    const summary = await viewer.get(
      `query ($id: ID!) { matchSummary(entityId: $id) { records recordsOfSeveralSources
         sources { sourceName rows matched unmatched } unmatched { reason rows } } }`,
      { id: entity.id },
    );
    expect(summary).toEqual({
      matchSummary: {
        records: 2,
        recordsOfSeveralSources: 1,
        sources: [
          { sourceName: 'CRM "2" 😀', rows: 2, matched: 2, unmatched: 0 },
          { sourceName: '核心', rows: 2, matched: 1, unmatched: 1 },
        ],
        unmatched: [{ reason: 'LENGTH', rows: 1 }],
      },
    });
  });

  it.each(['viewer', 'engineer', 'compliance'] as const)(
    'shows a %s masked values, and finds nobody for him',
    async (role) => {
      const person = api.as[role];
      const { goldenRecords } = await person.get<Records>(RECORDS, { id: entity.id });
      const text = JSON.stringify(goldenRecords);
      for (const secret of [A, B, '张三', '李四', '1949-12-31', '"[1]"']) expect(text).not.toContain(secret);
      expect(text).toContain('110105********002X');
      expect(text).toContain('张*');
      const node = await person.get<{ node: { identifier: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on GoldenRecord { identifier values { value } } } }',
        { id: goldenRecords.nodes[0]?.id },
      );
      expect(JSON.stringify(node)).toMatch(/\*{8}/);
      const search = await person.ask(RECORDS, { id: entity.id, identifier: '002X' });
      expect(search.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    },
  );

  it('leaves no personal data in jobs and audit entries', async () => {
    const [{ text }] = await api.app
      .get(DataSource)
      .query<[{ text: string }]>(
        `SELECT concat((SELECT string_agg(j::text, ' ') FROM platform.job j), (SELECT string_agg(e::text, ' ') FROM audit.entry e)) AS text`,
      );
    expect(text).toContain('golden-records.built');
    for (const secret of [A, B, '张三', '李四', '1949-12-31']) expect(text).not.toContain(secret);
  });

  it('is refused what is wrong, with its place, and others are refused altogether', async () => {
    const { steward, viewer, engineer } = api.as;
    const keyless = await steward.get<{ addMasterEntity: object }>(ADD, { code: 'X', attributes: ATTRIBUTES.slice(1) });
    expect(keyless.addMasterEntity).toEqual({
      masterEntity: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['attributes'] }],
    });
    const unknown = await steward.get<{ buildGoldenRecords: object }>(BUILD, { id: globalId('MasterEntity', core.id) });
    expect(unknown.buildGoldenRecords).toMatchObject({ job: null, userErrors: [{ code: 'NOT_FOUND' }] });
    const other = await steward.get<{ mapMasterAttribute: object }>(MAP, {
      attributeId: entity.attributes[0]?.id,
      fieldId: entity.id,
      priority: 1,
    });
    expect(other.mapMasterAttribute).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT', path: ['fieldId'] }] });
    for (const person of [viewer, engineer]) {
      const refused = await person.ask(BUILD, { id: entity.id });
      expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });
});
