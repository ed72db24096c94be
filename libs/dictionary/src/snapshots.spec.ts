import {
  Datasets,
  dictionaryEntities,
  DictionaryModule,
  Entries,
  Fields,
  Routines,
  SchemaHistory,
  Search,
  SearchIndex,
  Snapshots,
} from '#dictionary';
import { FixedClock, systemActor } from '#kernel';
import { row, statementsOf } from '#platform/database';
import { sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { aSource, aTable, keepSnapshot } from '../../../test/support/catalog.js';
import { testContext, type TestContext } from '../../../test/support/context.js';

const [DAY_1, DAY_2, DAY_3, DAY_4] = ['01', '02', '03', '04'].map((day) => new Date(`2026-03-${day}T02:00:00Z`)) as [
  Date,
  Date,
  Date,
  Date,
];
const LATE = new Date('2027-01-01T00:00:00Z');
const ODD = 'ods.客户 "表"; a.b%c_d\\ 😀';

describe('a snapshot', () => {
  const clock = new FixedClock(DAY_1);
  let context: TestContext;
  let db: DataSource;
  let datasets: Datasets;
  let fields: Fields;
  let history: SchemaHistory;

  beforeAll(async () => {
    context = await testContext([SourcesModule, DictionaryModule], [...sourcesEntities, ...dictionaryEntities], clock);
    db = context.app.get(DataSource);
    datasets = context.app.get(Datasets);
    fields = context.app.get(Fields);
    history = context.app.get(SchemaHistory);
  });
  afterAll(() => context.stop());
  beforeEach(() => clock.set(DAY_1));

  type Harvested = Parameters<typeof keepSnapshot>[2];
  const keep = (at: Date, sourceId: string, datasets: Harvested, completeScopes?: readonly string[]) => {
    clock.set(at);
    return keepSnapshot(context.app, sourceId, datasets, completeScopes);
  };
  const only = async (sourceId: string) => {
    const { items } = await datasets.list({ sourceId, presentOnly: false }, { first: 10 });
    expect(items).toHaveLength(1);
    return items[0]!;
  };
  const versions = async (datasetId: string, superseded = true) =>
    (await history.ofDatasets([datasetId], superseded)).map((version) => [
      version.comment,
      version.validFrom,
      version.validTo,
      version.recordedFrom,
      version.recordedTo,
    ]);
  /** Every row of every table of the dictionary, with the transaction that wrote it. */
  const everything = async () => {
    const tables = [
      'dataset',
      'field',
      'schema_version',
      'field_version',
      'schema_validity',
      'dataset_size',
      'dataset_constraints',
      'entry',
    ];
    const routines = ['routine', 'routine_version', 'routine_validity', 'staged_routine'];
    const selects = [...tables, ...routines, 'search_document', 'staged_dataset'].map(
      (table) =>
        `SELECT '${table}' AS "table", xmin::text AS writer, to_jsonb(t) AS content FROM dictionary.${table} AS t`,
    );
    return db.query<unknown[]>(`${selects.join(' UNION ALL ')} ORDER BY 1, 3`);
  };

  it('keeps names as they are, with what the source says of them', async () => {
    const sourceId = await aSource(context.app);
    const table = {
      ...aTable(
        ODD,
        {
          name: '余额 "元"',
          nativeType: 'numeric(18,2)',
          typeFamily: 'decimal',
          precision: 18,
          scale: 2,
          comment: '本金',
        },
        { name: `'; DROP TABLE dictionary.field; --`, nullable: false, defaultExpression: `'x'::text` },
      ),
      comment: 'a\u0000b 😀',
      owner: 'dba',
      viewSql: `SELECT "余额 ""元""" FROM t -- 注释`,
      rowEstimate: 1e10,
      keys: [{ kind: 'primary' as const, name: 'pk "1"', fields: ['余额 "元"'], validated: true }],
    };
    expect(await keep(DAY_1, sourceId, [table])).toMatchObject({
      added: 1,
      changed: 0,
      vanished: 0,
      known: 0,
    });
    const dataset = await only(sourceId);
    expect(dataset).toMatchObject({
      name: '客户 "表"; a.b%c_d\\ 😀',
      namespace: 'postgres://dwh:5432',
      comment: 'a\ufffdb 😀',
      owner: 'dba',
      viewSql: table.viewSql,
      keys: table.keys,
      rowEstimate: 1e10,
      present: true,
    });
    expect(await fields.ofDatasets([dataset.id])).toMatchObject([
      { name: '余额 "元"', ordinal: 1, typeFamily: 'decimal', precision: 18, scale: 2, comment: '本金', length: null },
      { name: `'; DROP TABLE dictionary.field; --`, ordinal: 2, nullable: false, defaultExpression: `'x'::text` },
    ]);
  });

  it('that is like the last one writes nothing', async () => {
    const sourceId = await aSource(context.app);
    const tables = [aTable('ods.a', { name: 'id' }), { ...aTable('dwd.b', { name: 'x' }), rowEstimate: 3 }];
    await keep(DAY_1, sourceId, tables);
    const before = await everything();
    expect(await keep(DAY_2, sourceId, tables)).toMatchObject({
      added: 0,
      changed: 0,
      vanished: 0,
      known: 2,
    });
    // Neither rows nor new versions of old rows.
    expect(await everything()).toEqual(before);
  });

  it('keeps checks, indexes and partitioning in the schema, and sizes apart', async () => {
    const sourceId = await aSource(context.app);
    const table = {
      ...aTable('ods.a', { name: 'id' }),
      checks: [{ name: '额 "1"', expression: `(id <> '😀')`, validated: false }],
      indexes: [
        {
          name: 'i',
          kind: 'gin',
          unique: false,
          parts: [{ field: 'id' }, { expression: 'lower(id)' }],
          condition: 'id IS NULL',
        },
      ],
      partitions: { key: 'RANGE (id)', count: 3 },
      rowEstimate: 5,
      sizeBytes: 2 ** 40,
      alteredAt: '2026-02-03T04:05:06.789Z',
    };
    await keep(DAY_1, sourceId, [table]);
    const first = await only(sourceId);
    expect(first).toMatchObject({
      ...{ checks: table.checks, indexes: table.indexes, partitionKey: 'RANGE (id)', partitionCount: 3 },
      ...{ rowEstimate: 5, sizeBytes: 2 ** 40, alteredAt: new Date(table.alteredAt) },
    });
    expect((await history.ofDatasets([first.id], false))[0]).toMatchObject({
      checks: table.checks,
      partitionKey: 'RANGE (id)',
    });
    const before = await everything();
    await keep(DAY_2, sourceId, [table]);
    expect(await everything()).toEqual(before);
    const grown = { ...table, sizeBytes: 7, partitions: { key: 'RANGE (id)', count: 4 }, rowEstimate: undefined };
    expect(await keep(DAY_2, sourceId, [grown])).toMatchObject({ changed: 0 });
    expect(await only(sourceId)).toMatchObject({ sizeBytes: 7, partitionCount: 4, rowEstimate: 5 });
    expect(await keep(DAY_3, sourceId, [{ ...grown, checks: [] }])).toMatchObject({ changed: 1 });
    const [now, then] = await history.ofDatasets([first.id], false);
    expect((await history.diff(then!.id, now!.id)).changes).toMatchObject([{ property: 'checks', after: null }]);
  });

  it('keeps routines with their history; they end, and come back as the ones they were', async () => {
    const sourceId = await aSource(context.app);
    const routines = context.app.get(Routines);
    const routine = {
      ...{ scope: 'ods', name: '结算 "x"', kind: 'procedure' as const, qualifiedName: 'risk.ods.结算 "x"(day date)' },
      ...{
        language: 'sql',
        arguments: 'day date',
        body: 'DELETE FROM t WHERE d < day',
        alteredAt: '2026-02-03T00:00:00.000Z',
      },
    };
    const put = (at: Date, found: Parameters<typeof keepSnapshot>[4], complete = ['ods']) => {
      clock.set(at);
      return keepSnapshot(context.app, sourceId, [aTable('ods.a', { name: 'id' })], complete, found);
    };
    const listed = async (presentOnly = true) => (await routines.list({ sourceId, presentOnly }, { first: 5 })).items;
    await put(DAY_1, [routine]);
    const [first] = await listed();
    expect(first).toMatchObject({ ...routine, alteredAt: new Date(routine.alteredAt), present: true, returns: null });
    const before = await everything();
    await put(DAY_2, [routine]);
    expect(await everything()).toEqual(before);
    await put(DAY_2, [{ ...routine, body: 'SELECT 1' }]);
    await put(DAY_3, [], []);
    expect(await listed()).toMatchObject([{ id: first!.id, body: 'SELECT 1' }]);
    await put(DAY_3, []);
    expect(await listed()).toEqual([]);
    expect(await listed(false)).toMatchObject([{ id: first!.id, present: false, body: 'SELECT 1' }]);
    await put(DAY_4, [routine]);
    expect(await listed()).toMatchObject([{ id: first!.id, body: routine.body }]);
    const versions = await routines.versionsOf([first!.id]);
    expect(versions.map(({ body, validFrom, validTo }) => [body, validFrom, validTo])).toEqual([
      [routine.body, DAY_4, null],
      ['SELECT 1', DAY_2, DAY_3],
      [routine.body, DAY_1, DAY_2],
    ]);
  });

  it('with another comment makes one version, and the old one stays true for its time', async () => {
    const sourceId = await aSource(context.app);
    const table = aTable('ods.a', { name: 'id' });
    await keep(DAY_1, sourceId, [{ ...table, comment: 'old' }]);
    const { id } = await only(sourceId);
    expect(await keep(DAY_3, sourceId, [{ ...table, comment: 'new' }])).toMatchObject({ changed: 1 });
    expect(await versions(id)).toEqual([
      ['new', DAY_3, null, DAY_3, null],
      ['old', DAY_1, DAY_3, DAY_3, null],
      ['old', DAY_1, null, DAY_1, DAY_3],
    ]);
    expect(await versions(id, false)).toHaveLength(2);
  });

  it.each([
    ['what was true on day 2, as we know it now', DAY_2, LATE, 'old'],
    ['what was true on day 3, as we know it now', DAY_3, LATE, 'new'],
    ['what we thought on day 2 would be true on day 4', DAY_4, DAY_2, 'old'],
    ['what we thought on day 2 was true on day 2', DAY_2, DAY_2, 'old'],
    ['what was true before we knew it', new Date('2026-02-01'), LATE, undefined],
    ['what we knew before we knew it', DAY_2, new Date('2026-02-01'), undefined],
  ])('answers %s', async (_, validAt, knownAt, comment) => {
    const sourceId = await aSource(context.app);
    await keep(DAY_1, sourceId, [{ ...aTable('ods.a', { name: 'id' }), comment: 'old' }]);
    await keep(DAY_3, sourceId, [{ ...aTable('ods.a', { name: 'id' }), comment: 'new' }]);
    const { id } = await only(sourceId);
    expect((await history.asOf(id, validAt, knownAt))?.comment).toBe(comment);
  });

  it('without a table ends it, and with it again it is the same one, entry and fields too', async () => {
    const sourceId = await aSource(context.app);
    const [a, b] = [aTable('ods.a', { name: 'id' }, { name: '旧列' }), aTable('ods.b', { name: 'id' })];
    await keep(DAY_1, sourceId, [a, b]);
    const known = await datasets.list({ sourceId }, { first: 10 });
    const first = known.items[0]!;
    const firstFields = (await fields.ofDatasets([first.id])).map(({ id }) => id);
    const entries = context.app.get(Entries);
    const asset = { kind: 'dataset', id: first.id } as const;
    await entries.describe(systemActor('王'), [{ asset, businessName: '客户表' }]);

    expect(await keep(DAY_2, sourceId, [b])).toMatchObject({ vanished: 1, changed: 0 });
    expect((await datasets.list({ sourceId }, { first: 10 })).items.map(({ name }) => name)).toEqual(['b']);
    expect(await datasets.get(first.id)).toMatchObject({ present: false, name: 'a' });
    expect((await fields.ofDatasets([first.id])).map(({ id, present }) => [id, present])).toEqual(
      firstFields.map((id) => [id, false]),
    );
    expect(await history.asOf(first.id, DAY_2, LATE)).toBeUndefined();

    expect(await keep(DAY_3, sourceId, [a, b])).toMatchObject({ added: 1, changed: 0 });
    expect(await datasets.get(first.id)).toMatchObject({ present: true });
    expect((await fields.ofDatasets([first.id])).map(({ id }) => id)).toEqual(firstFields);
    expect((await entries.ofDatasets([first.id]))[0]).toMatchObject({ businessName: '客户表', revision: 1 });
    expect(await versions(first.id, false)).toEqual([
      [null, DAY_3, null, DAY_3, null],
      [null, DAY_1, DAY_2, DAY_2, null],
    ]);
    const counted = await row<{ count: string }>(
      db,
      'SELECT count(*) FROM dictionary.schema_version WHERE dataset_id = $1',
      [first.id],
    );
    expect(counted).toEqual({ count: '1' });
  });

  it('ends nothing in a scope that was not read wholly, or not read', async () => {
    const sourceId = await aSource(context.app);
    const tables = ['ods.a', 'ods.b', 'dwd.c', 'dws.d'].map((name) => aTable(name, { name: 'id' }));
    await keep(DAY_1, sourceId, tables);
    const read = [aTable('ods.a', { name: 'id' }), aTable('ods.new', { name: 'id' })];
    expect(await keep(DAY_2, sourceId, read, ['dwd'])).toMatchObject({ added: 1, changed: 0, vanished: 1 });
    const { items } = await datasets.list({ sourceId }, { first: 10 });
    expect(items.map(({ qualifiedName }) => qualifiedName)).toEqual([
      'risk.dws.d',
      'risk.ods.a',
      'risk.ods.b',
      'risk.ods.new',
    ]);
  });

  it('goes forward in time even when the clock is put back', async () => {
    const sourceId = await aSource(context.app);
    const table = aTable('ods.a', { name: 'id' });
    await keep(DAY_2, sourceId, [table]);
    await keep(DAY_1, sourceId, [{ ...table, comment: 'new' }]);
    const { id } = await only(sourceId);
    const soon = new Date(DAY_2.getTime() + 1);
    expect(await versions(id, false)).toEqual([
      ['new', soon, null, soon, null],
      [null, DAY_2, soon, soon, null],
    ]);
  });

  it('takes as many statements for many datasets as for one', async () => {
    const many = Array.from({ length: 300 }, (_, at) => aTable(`ods.t${at}`, { name: 'id' }, { name: 'x' }));
    const count = async (tables: typeof many) => {
      const sourceId = await aSource(context.app);
      return (await statementsOf(() => keep(DAY_1, sourceId, tables))).statements.length;
    };
    expect(await count(many)).toBe(await count(many.slice(0, 1)));
  });

  it('tells which datasets it touched', async () => {
    const sourceId = await aSource(context.app);
    const [a, b, c] = ['ods.a', 'ods.b', 'ods.c'].map((name) => aTable(name, { name: 'id' })) as [never, never, never];
    await keep(DAY_1, sourceId, [a, b]);
    const { runId } = await keep(DAY_2, sourceId, [b, c]);
    const touched = await context.app.get(Snapshots).datasetsOfRun(runId, db.manager);
    const names = (await datasets.ofIds(touched)).map(({ name }) => name).sort();
    expect(names).toEqual(['a', 'c']);
  });

  it('keeps the first of two fields with one name', async () => {
    const sourceId = await aSource(context.app);
    await keep(DAY_1, sourceId, [aTable('ods.a', { name: 'x', comment: 'one' }, { name: 'x', comment: 'two' })]);
    const { id } = await only(sourceId);
    expect(await fields.ofDatasets([id])).toMatchObject([{ name: 'x', comment: 'one' }]);
  });

  it('is the same whatever order its properties come in', async () => {
    const sourceId = await aSource(context.app);
    const table = { ...aTable('ods.a', { name: 'x', length: 3, comment: '余额' }), owner: 'dba', comment: 'c' };
    const turned = (value: object) => Object.fromEntries(Object.entries(value).reverse());
    const other = { ...turned(table), fields: table.fields.map(turned) } as unknown as typeof table;
    await keep(DAY_1, sourceId, [table]);
    expect(await keep(DAY_2, sourceId, [other])).toMatchObject({ added: 0, changed: 0, vanished: 0 });
  });

  it('of very many datasets leaves the search to a job, which brings it up to date', async () => {
    const sourceId = await aSource(context.app);
    const many = Array.from({ length: 501 }, (_, at) => aTable(`ods.lots_${at}`, { name: `lots_of_${at}` }));
    const { runId } = await keep(DAY_1, sourceId, many);
    const search = context.app.get(Search);
    const found = async () => (await search.find('lots_', [], { first: 1 })).total;
    expect(await found()).toBe(0);
    const touched = await context.app.get(Snapshots).datasetsOfRun(runId, db.manager);
    const said: string[] = [];
    const work = { signal: new AbortController().signal, progress: (_: number, message: string) => said.push(message) };
    await context.app.get(SearchIndex).bringAll(touched, work);
    expect(await found()).toBe(2 * many.length);
    expect(said).toHaveLength(2);
    await keep(DAY_2, sourceId, many.slice(0, 500));
    expect(await found()).toBe(2 * 500);
  });

  it('writes nothing that points nowhere', async () => {
    // These keys are declared and not enforced: every statement that writes there takes ids from rows that are there.
    const orphans = await db.query<unknown[]>(`
      SELECT 'field' AS "table", id FROM dictionary.field
       WHERE dataset_id NOT IN (SELECT id FROM dictionary.dataset)
       UNION ALL
      SELECT 'field_version', field_id FROM dictionary.field_version
       WHERE field_id NOT IN (SELECT id FROM dictionary.field)
          OR version_id NOT IN (SELECT id FROM dictionary.schema_version)
       UNION ALL
      SELECT 'search_document', asset_id FROM dictionary.search_document
       WHERE dataset_id NOT IN (SELECT id FROM dictionary.dataset)
          OR field_id NOT IN (SELECT id FROM dictionary.field)
    `);
    expect(orphans).toEqual([]);
    const [counted] = await db.query<{ fields: number }[]>(
      'SELECT count(*)::int AS fields FROM dictionary.field_version',
    );
    expect(counted!.fields).toBeGreaterThan(500);
  });
});
