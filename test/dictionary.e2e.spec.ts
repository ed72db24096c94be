import { statementsOf } from '#platform/database';
import { globalId } from '#platform/graphql';

import { startApi, type TestApi } from './support/api.js';
import { aSource, aTable, keepSnapshot } from './support/catalog.js';

interface Node {
  id: string;
}

describe('the dictionary', () => {
  let api: TestApi;
  let sourceId: string;
  beforeAll(async () => {
    api = await startApi();
    sourceId = await aSource(api.app, '数仓 "dwh" 😀');
    await keepSnapshot(api.app, sourceId, [
      aTable('ods.wide', ...Array.from({ length: 50 }, (_, at) => ({ name: `列 ${at} "x"`, comment: `注释 ${at}` }))),
      { ...aTable('ods.loan', { name: 'bal', nativeType: 'int' }, { name: 'old' }), comment: '贷款' },
      { ...aTable('dwd.loan_v', { name: 'bal' }), kind: 'view', viewSql: 'SELECT bal FROM ods.loan' },
    ]);
  });
  afterAll(() => api.stop());

  const datasets = async (filter: string): Promise<Node[]> =>
    (await api.as.viewer.get<{ datasets: { nodes: Node[] } }>(`{ datasets(${filter}) { nodes { id name } } }`)).datasets
      .nodes;
  const named = async (name: string) => (await datasets(`nameContains: "${name}", scope: "ods"`))[0]!.id;
  const describeAsset = `mutation ($id: ID!, $businessName: String, $definition: String, $tags: [String!], $securityLevel: SecurityLevel, $owner: String, $expectedRevision: Int) {
    describeAsset(id: $id, businessName: $businessName, definition: $definition, tags: $tags, securityLevel: $securityLevel, owner: $owner, expectedRevision: $expectedRevision) {
      asset { ... on Dataset { name comment entry { ...all } } ... on Field { name comment entry { ...all } } }
      userErrors { code message path }
    }
  }
  fragment all on DictionaryEntry { businessName definition owner tags securityLevel origin revision changedBy }`;
  type Described = {
    describeAsset: { asset: Record<string, unknown> | null; userErrors: { code: string; path: string[] }[] };
  };

  it('shows checks, indexes, partitioning, sizes, and routines with their history', async () => {
    const source = await aSource(api.app, '库 "facts"');
    const table = {
      ...aTable('ods.f', { name: 'id' }),
      checks: [{ name: 'c "1"', expression: '(id > 0)', validated: true }],
      indexes: [{ name: 'i', kind: 'btree', unique: true, parts: [{ field: 'id' }, { expression: 'lower(x)' }] }],
      partitions: { key: 'RANGE (id)', count: 2 },
      ...{ sizeBytes: 2 ** 40, alteredAt: '2026-01-02T03:04:05.000Z' },
    };
    const routine = {
      ...{ scope: 'ods', name: 'settle', kind: 'procedure' as const, qualifiedName: 'risk.ods.settle(day date)' },
      ...{ language: 'sql', arguments: 'day date', body: 'SELECT 1', owner: 'dba' },
    };
    await keepSnapshot(api.app, source, [table], ['ods'], [routine]);
    await keepSnapshot(api.app, source, [table], ['ods'], [{ ...routine, body: 'SELECT 2' }]);
    const id = globalId('Source', source);
    const { datasets, routines } = await api.as.viewer.get<Record<'datasets' | 'routines', { nodes: unknown[] }>>(
      `query ($id: ID!) {
         datasets(sourceId: $id) { nodes {
           checks { name expression validated } indexes { name kind unique parts { field expression } condition }
           partitionKey partitionCount sizeBytes rowEstimate alteredAt schemaVersions { partitionKey checks { name } }
         } }
         routines(sourceId: $id, kind: PROCEDURE, nameContains: "SETTLE") { nodes {
           name qualifiedName language arguments returns body sourceOwner present source { name }
           versions { body validTo }
         } }
       }`,
      { id },
    );
    expect(datasets.nodes).toEqual([
      {
        checks: table.checks,
        indexes: [
          {
            ...{ name: 'i', kind: 'btree', unique: true, condition: null },
            parts: [
              { field: 'id', expression: null },
              { field: null, expression: 'lower(x)' },
            ],
          },
        ],
        ...{ partitionKey: 'RANGE (id)', partitionCount: 2, sizeBytes: 2 ** 40, rowEstimate: null },
        alteredAt: table.alteredAt,
        schemaVersions: [{ partitionKey: 'RANGE (id)', checks: [{ name: 'c "1"' }] }],
      },
    ]);
    expect(routines.nodes).toEqual([
      {
        ...{ name: 'settle', qualifiedName: routine.qualifiedName, language: 'sql', arguments: 'day date' },
        ...{ returns: null, body: 'SELECT 2', sourceOwner: 'dba', present: true, source: { name: '库 "facts"' } },
        versions: [
          { body: 'SELECT 2', validTo: null },
          { body: 'SELECT 1', validTo: expect.any(String) },
        ],
      },
    ]);
  });

  it('shows a page of 50 columns with a handful of statements', async () => {
    const id = await named('wide');
    const page = `query ($id: ID!) { dataset(id: $id) {
      name urn source { name } entry { definition }
      fields { id name comment urn entry { businessName } dataset { name } }
    } }`;
    const { result, statements } = await statementsOf(() =>
      api.as.viewer.get<{ dataset: { fields: unknown[] } }>(page, { id }),
    );
    const { dataset } = result;
    expect(dataset.fields).toHaveLength(50);
    expect(dataset.fields[7]).toMatchObject({
      name: '列 7 "x"',
      comment: '注释 7',
      entry: null,
      dataset: { name: 'wide' },
    });
    // dataset, its entry, fields, their entries, their dataset
    expect(statements.filter((sql) => sql.includes('dictionary'))).toHaveLength(5);
    // and who calls, and the source
    expect(statements.length).toBeLessThanOrEqual(7);
  });

  it('keeps what a steward says apart from what the source says', async () => {
    const id = await named('loan');
    const { describeAsset: done } = await api.as.steward.get<Described>(describeAsset, {
      ...{
        id,
        businessName: '贷款 "主表" 😀',
        definition: '每笔贷款一行',
        tags: ['核心'],
        securityLevel: 'L3',
        owner: '信贷部',
      },
    });
    expect(done).toMatchObject({
      userErrors: [],
      asset: { entry: { businessName: '贷款 "主表" 😀', origin: 'PERSON', revision: 1, changedBy: 'steward' } },
    });
    const { describeAsset: second } = await api.as.steward.get<Described>(describeAsset, {
      id,
      definition: null,
      expectedRevision: 1,
    });
    expect(second.asset).toMatchObject({
      entry: { businessName: '贷款 "主表" 😀', definition: '', tags: ['核心'], securityLevel: 'L3', revision: 2 },
    });
    const { describeAsset: late } = await api.as.steward.get<Described>(describeAsset, {
      id,
      owner: 'x',
      expectedRevision: 1,
    });
    expect(late).toMatchObject({ asset: null, userErrors: [{ code: 'CONFLICT', path: ['expectedRevision'] }] });
  });

  it.each<[string, string, string[]]>([
    ['scope', 'scope: "dwd"', ['loan_v']],
    ['kind', 'kind: VIEW', ['loan_v']],
    ['name', 'nameContains: "LOAN"', ['loan_v', 'loan']],
    ['name, characters meaning themselves', 'nameContains: "l_an"', []],
    ['tag', 'tag: "标签"', ['wide']],
    ['owner', 'owner: "王"', ['wide']],
    ['security level', 'securityLevel: L5', ['wide']],
    ['described', 'described: true, scope: "ods"', ['wide']],
    ['not described', 'described: false, scope: "dwd"', ['loan_v']],
  ])('lists datasets by %s', async (_, filter, expected) => {
    const id = await named('wide');
    const wish = { id, businessName: '宽表', tags: ['标签'], owner: '王', securityLevel: 'L5' };
    await api.as.steward.get(describeAsset, wish);
    await api.as.steward.get(describeAsset, {
      id: (await datasets('nameContains: "loan", scope: "ods"'))[0]!.id,
      businessName: null,
      definition: null,
    });
    expect(await datasets(filter)).toMatchObject(expected.map((name) => ({ name })));
  });

  it('says something of many at once, or of none', async () => {
    const { dataset } = await api.as.viewer.get<{ dataset: { fields: Node[] } }>(
      'query ($id: ID!) { dataset(id: $id) { fields { id } } }',
      { id: await named('wide') },
    );
    const describeAssets =
      'mutation ($assets: [AssetDescriptionInput!]!) { describeAssets(assets: $assets) { assets { ... on Field { name entry { businessName } } } userErrors { code path } } }';
    const assets = dataset.fields.slice(0, 3).map(({ id }, at) => ({ id, businessName: `名 ${at}` }));
    const { describeAssets: done } = await api.as.steward.get<{ describeAssets: object }>(describeAssets, { assets });
    expect(done).toMatchObject({
      userErrors: [],
      assets: [{ entry: { businessName: '名 0' } }, {}, { entry: { businessName: '名 2' } }],
    });
    const faulty = [assets[0]!, { id: assets[1]!.id, businessName: 'x'.repeat(300) }];
    const { describeAssets: refused } = await api.as.steward.get<{ describeAssets: object }>(describeAssets, {
      assets: faulty,
    });
    expect(refused).toMatchObject({
      assets: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['1', 'businessName'] }],
    });
  });

  it('finds by words and pages through what it found', async () => {
    const search = `query ($text: String!, $after: String) { search(text: $text, first: 20, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { rank asset { __typename ... on Dataset { name } ... on Field { name dataset { name } } } }
    } }`;
    interface Found {
      search: {
        totalCount: number;
        pageInfo: { hasNextPage: boolean; endCursor: string };
        nodes: { asset: { name: string } }[];
      };
    }
    const names: string[] = [];
    for (let after: string | null = null; ;) {
      const { search: page }: Found = await api.as.viewer.get<Found>(search, { text: '注释', after });
      expect(page.totalCount).toBe(50);
      names.push(...page.nodes.map(({ asset }) => asset.name));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(new Set(names).size).toBe(50);
    const empty = await api.as.viewer.ask(search, { text: ' ' });
    expect(empty.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', inputPath: ['text'] });
  });

  it('knows assets by their OpenLineage names', async () => {
    const asset =
      'query ($urn: String!) { asset(urn: $urn) { __typename ... on Dataset { name } ... on Field { name urn } } }';
    const of = async (urn: string) => (await api.as.viewer.get<{ asset: unknown }>(asset, { urn })).asset;
    expect(await of('postgres://dwh:5432/risk.ods.loan')).toEqual({ __typename: 'Dataset', name: 'loan' });
    const urn = 'postgres://dwh:5432/risk.ods.wide#列 3 "x"';
    expect(await of(urn)).toEqual({ __typename: 'Field', name: '列 3 "x"', urn });
    expect(await of('postgres://dwh:5432/risk.ods.nothing')).toBeNull();
    expect(await of('postgres://dwh:5432/risk.ods.loan#nothing')).toBeNull();
    expect((await api.as.viewer.ask(asset, { urn: 'loan' })).errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  it('tells what a schema was and what is different', async () => {
    const other = await aSource(api.app);
    await keepSnapshot(api.app, other, [aTable('ods.hist', { name: 'bal', nativeType: 'int' }, { name: 'old' })]);
    const id = await named('hist');
    await keepSnapshot(api.app, other, [aTable('ods.hist', { name: 'bal', nativeType: 'numeric' }, { name: '新' })]);
    const first = await api.as.viewer.get<{ dataset: { schemaVersions: { validFrom: string }[] } }>(
      'query ($id: ID!) { dataset(id: $id) { schemaVersions(includeSuperseded: true) { validFrom } } }',
      { id },
    );
    const at = first.dataset.schemaVersions.at(-1)!.validFrom;
    const ask = `query ($id: ID!, $at: DateTime) { dataset(id: $id) {
      schemaVersions { id validTo recordedTo fields { name nativeType } }
      all: schemaVersions(includeSuperseded: true) { id }
      then: schemaAsOf(validAt: $at) { fields { name } }
      asKnownThen: schemaAsOf(knownAt: $at) { fields { name } }
      now: schemaAsOf { fields { name } }
    } }`;
    interface History {
      dataset: { schemaVersions: (Node & { validTo: string | null })[]; all: Node[] } & Record<
        string,
        { fields: object[] }
      >;
    }
    const { dataset } = await api.as.viewer.get<History>(ask, { id, at });
    expect(dataset.schemaVersions.map(({ validTo }) => validTo === null)).toEqual([true, false]);
    expect(dataset.all).toHaveLength(3);
    expect(dataset.then?.fields).toEqual([{ name: 'bal' }, { name: 'old' }]);
    expect(dataset.asKnownThen?.fields).toEqual([{ name: 'bal' }, { name: 'old' }]);
    expect(dataset.now?.fields).toEqual([{ name: 'bal' }, { name: '新' }]);
    const [after, before] = dataset.schemaVersions;
    const diff = `query ($from: ID!, $to: ID!) { schemaDiff(from: $from, to: $to) {
      added { name } removed { name } changed { name changes { property before after } } changes { property }
    } }`;
    expect(await api.as.viewer.get(diff, { from: before!.id, to: after!.id })).toEqual({
      schemaDiff: {
        added: [{ name: '新' }],
        removed: [{ name: 'old' }],
        changed: [{ name: 'bal', changes: [{ property: 'nativeType', before: 'int', after: 'numeric' }] }],
        changes: [],
      },
    });
    expect(
      (await api.as.viewer.get('query ($id: ID!) { node(id: $id) { __typename id } }', { id: after!.id })).node,
    ).toEqual({
      __typename: 'SchemaVersion',
      id: after!.id,
    });
  });

  it('refuses what it does not know and whoever may not', async () => {
    const id = await named('loan');
    const unknown = Buffer.from('Dataset:00000000-0000-4000-8000-000000000000').toString('base64url');
    expect(
      (await api.as.viewer.ask('query ($id: ID!) { dataset(id: $id) { name } }', { id: unknown })).errors?.[0]
        ?.extensions.code,
    ).toBe('NOT_FOUND');
    const { describeAsset: done } = await api.as.steward.get<Described>(describeAsset, { id: unknown, owner: 'x' });
    expect(done.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const { sources } = await api.as.viewer.get<{ sources: { nodes: Node[] } }>('{ sources { nodes { id } } }');
    const { describeAsset: wrongKind } = await api.as.steward.get<Described>(describeAsset, {
      id: sources.nodes[0]!.id,
      owner: 'x',
    });
    expect(wrongKind.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['id'] }]);
    for (const person of [api.as.viewer, api.as.engineer, api.as.compliance])
      expect((await person.ask(describeAsset, { id, owner: 'x' })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
