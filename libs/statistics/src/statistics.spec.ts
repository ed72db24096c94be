import { randomUUID } from 'node:crypto';

import { type SecurityLevel, Datasets, dictionaryEntities, Entries, Fields } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { InvalidInput, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { Detection, SensitivityModule } from '#sensitivity';
import { SourcePaused, Sources, sourcesEntities, SourcesModule } from '#sources';
import { type FieldStatistics, Statistics, StatisticsModule, StatisticsRun, StatisticsStore } from '#statistics';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';
import { Forgetting } from './forgetting.js';

const actor = systemActor('工程师');

describe('statistics', () => {
  let context: TestContext;
  let store: StatisticsStore;
  const databases: SourceDatabase[] = [];

  beforeAll(async () => {
    context = await testContext(
      [SourcesModule, HarvestModule, SensitivityModule, StatisticsModule],
      [...sourcesEntities, ...dictionaryEntities],
    );
    store = context.app.get(StatisticsStore);
  });
  afterAll(async () => {
    await context.stop();
    for (const database of databases) await database.drop();
  });

  const working = () => ({ actor, signal: new AbortController().signal, progress: () => undefined });
  const register = async (sql: string) => {
    const database = await sourceDatabase(sql);
    databases.push(database);
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 "${randomUUID()}" 😀`, kind: 'postgres', settings: database.settings },
      ...{ include: null, exclude: [], description: '', owner: '', domain: '', environment: '' },
    });
    await context.app.get(Reader).carryOut({ ...working(), runId: randomUUID(), sourceId: id });
    return { database, sourceId: id };
  };
  const take = (sourceId: string, more: { datasetId?: string; rowLimit?: number } = {}) =>
    context.app.get(StatisticsRun).carryOut({ sourceId, ...more }, working());
  const datasetOf = async (sourceId: string, name: string) => {
    const { items } = await context.app.get(Datasets, { strict: false }).list({ sourceId }, { first: 50 });
    return items.find((dataset) => dataset.name === name)!;
  };
  const fieldsOf = async (datasetId: string) =>
    new Map(
      (await context.app.get(Fields, { strict: false }).ofDatasets([datasetId])).map(({ name, id }) => [name, id]),
    );
  const classify = async (id: string, securityLevel: SecurityLevel, kind: 'dataset' | 'field' = 'dataset') =>
    context.app.get(Entries, { strict: false }).describe(actor, [{ asset: { kind, id }, securityLevel }]);
  const statisticsOf = async (datasetId: string): Promise<Record<string, FieldStatistics>> => {
    const fields = await fieldsOf(datasetId);
    const found = new Map((await store.ofFields([...fields.values()])).map((each) => [each.fieldId, each]));
    return Object.fromEntries([...fields].flatMap(([name, id]) => (found.has(id) ? [[name, found.get(id)!]] : [])));
  };

  const LOAN = `
    CREATE TABLE public."贷款 ""a""" (id int PRIMARY KEY, "状态" text, amount numeric(18, 2), day date, doc json, p point);
    INSERT INTO public."贷款 ""a"""
    SELECT n, CASE WHEN n % 4 = 0 THEN 'closed' ELSE 'open' END, n * 1.5, date '2026-01-01' + n % 10, '{}', point(n, n)
      FROM generate_series(1, 100) AS n;
    UPDATE public."贷款 ""a""" SET amount = NULL WHERE id > 90;
  `;

  it('says what the values of each field are like where its level allows it', async () => {
    const { sourceId } = await register(LOAN);
    const dataset = await datasetOf(sourceId, '贷款 "a"');
    await classify(dataset.id, 'L2');
    expect(await take(sourceId)).toEqual({ datasets: 1, sampled: 0, skipped: 0, problems: {} });
    expect(await store.ofDatasets([dataset.id])).toMatchObject([{ rowCount: 100, sampledRows: null, problem: null }]);
    const { id, 状态, amount, day, doc, p } = await statisticsOf(dataset.id);
    expect(id).toMatchObject({ rows: 100, sampled: false, nulls: 0, distinct: 100, least: '1', greatest: '100' });
    // Each value is there once.
    expect(id).toMatchObject({ frequent: [], quantiles: { '0.5': '50.5' }, shown: 'values' });
    expect(状态).toMatchObject({
      distinct: 2,
      shortest: 4,
      longest: 6,
      frequent: [
        { value: 'open', rows: 75 },
        { value: 'closed', rows: 25 },
      ],
    });
    expect(amount).toMatchObject({ nulls: 10, distinct: 90, least: '1.50', greatest: '135.00' });
    expect(Number(amount!.mean)).toBeCloseTo(68.25);
    expect(day).toMatchObject({ distinct: 10, least: '2026-01-01', greatest: '2026-01-10' });
    expect(doc).toMatchObject({ nulls: 0, distinct: null, frequent: [] });
    expect(p).toMatchObject({ nulls: 0, distinct: null });
  });

  it('keeps nothing but counts of fields whose level is high or unknown, and masks what may be masked', async () => {
    const { sourceId } = await register(`
      CREATE TABLE public.person (mobile varchar(11), name text, c7 text, pin text);
      INSERT INTO public.person
      SELECT '1380000' || lpad((n % 10)::text, 4, '0'), '独孤求败' || n % 3, 'neutral' || n % 3, 'topsecret' || n % 3
        FROM generate_series(1, 60) AS n;
    `);
    const dataset = await datasetOf(sourceId, 'person');
    await context.app.get(Detection).run({ sourceId }, working());
    const fields = await fieldsOf(dataset.id);
    await classify(fields.get('pin')!, 'L4', 'field');
    await take(sourceId);
    const { mobile, name, c7, pin } = await statisticsOf(dataset.id);
    expect(mobile).toMatchObject({ shown: 'masked', distinct: 10 });
    expect(mobile!.frequent).toHaveLength(10);
    for (const { value, rows: count } of mobile!.frequent) {
      expect(value).toMatch(/^138\*{4}000\d$/);
      expect(count).toBe(6); // 60 rows, 10 values
    }
    expect(name).toMatchObject({ shown: 'masked', distinct: 3 });
    expect(c7).toMatchObject({ shown: 'withheld', distinct: 3, longest: 8, frequent: [], least: null });
    expect(pin).toMatchObject({ shown: 'withheld', distinct: 3, longest: null, frequent: [] });
    const db = context.app.get(DataSource);
    const kept = await rows<{ text: string }>(
      db,
      `SELECT t::text AS text FROM statistics.field_profile AS t UNION ALL SELECT t::text FROM platform.job AS t
        UNION ALL SELECT t::text FROM audit.entry AS t UNION ALL SELECT t::text FROM platform.event AS t`,
      [],
    );
    expect(kept.filter(({ text }) => /1380000\d|求败|neutral|topsecret/.test(text))).toEqual([]);
  });

  it('forgets values as soon as a level forbids them', async () => {
    const { sourceId } = await register(LOAN);
    const dataset = await datasetOf(sourceId, '贷款 "a"');
    await classify(dataset.id, 'L1');
    await take(sourceId);
    const fields = await fieldsOf(dataset.id);
    const forget = (fieldIds: string[], datasetIds: string[]) =>
      context.app.get(DataSource).transaction((tx) => context.app.get(Forgetting).of(tx, fieldIds, datasetIds));
    await forget([], [dataset.id]);
    expect((await statisticsOf(dataset.id))['状态']).toMatchObject({ shown: 'values' });
    await classify(fields.get('状态')!, 'L3', 'field');
    await forget([fields.get('状态')!], []);
    const { 状态, amount } = await statisticsOf(dataset.id);
    expect(状态).toMatchObject({ shown: 'withheld', frequent: [], distinct: 2 });
    expect(amount).toMatchObject({ shown: 'values', least: '1.50' });
    await classify(dataset.id, 'L4');
    await forget([], [dataset.id]);
    expect((await statisticsOf(dataset.id))['amount']).toMatchObject({ shown: 'withheld', least: null, mean: null });
  });

  it('reads a sample of what has more rows than the limit, and says so', async () => {
    const { sourceId, database } = await register(LOAN);
    await database.run(`
      CREATE TABLE public.big AS SELECT n, n % 7 AS seven FROM generate_series(1, 20000) AS n; ANALYZE public.big;
      CREATE VIEW public.v AS SELECT * FROM public.big;
    `);
    await context.app.get(Reader).carryOut({ ...working(), runId: randomUUID(), sourceId });
    const [big, v] = [await datasetOf(sourceId, 'big'), await datasetOf(sourceId, 'v')];
    for (const { id } of [big, v]) await classify(id, 'L1');
    await context.app.get(Statistics).limit(actor, sourceId, { rowLimit: 1_000 });
    expect(await take(sourceId)).toMatchObject({ datasets: 3, sampled: 2 });
    const [table] = await store.ofDatasets([big.id]);
    expect(table).toMatchObject({ rowCount: 20_000, sampledRows: expect.any(Number) as number });
    expect(table!.sampledRows).toBeGreaterThan(100);
    expect(table!.sampledRows).toBeLessThanOrEqual(1_000);
    expect(await store.ofDatasets([v.id])).toMatchObject([{ rowCount: null, sampledRows: 1_000 }]);
    expect((await statisticsOf(big.id))['seven']).toMatchObject({ sampled: true, distinct: 7 });
    // A request can have a limit of its own.
    expect(await take(sourceId, { datasetId: big.id, rowLimit: 50_000 })).toMatchObject({ datasets: 1, sampled: 0 });
    expect(await store.ofDatasets([big.id])).toMatchObject([{ rowCount: 20_000, sampledRows: null }]);
    await expect(context.app.get(Statistics).limit(actor, sourceId, { seconds: 0 })).rejects.toThrow(InvalidInput);
  });

  it('stops when its budget is used up, says what was left, and begins there the next time', async () => {
    const { sourceId } = await register(
      ['a', 'b', 'c'].map((name) => `CREATE TABLE public.${name} AS SELECT generate_series(1, 100) AS n;`).join('\n'),
    );
    await context.app.get(Statistics).limit(actor, sourceId, { readRows: 150 });
    expect(await take(sourceId)).toEqual({ datasets: 2, sampled: 0, skipped: 1, problems: {} });
    const c = await datasetOf(sourceId, 'c');
    expect(await store.ofDatasets([c.id])).toEqual([]);
    await take(sourceId);
    expect(await store.ofDatasets([c.id])).toMatchObject([{ rowCount: 100 }]);
  });

  it('says by a code what could not be read, keeps what was known, and goes on with the rest', async () => {
    const { sourceId, database } = await register(`
      ${LOAN}
      CREATE TABLE public.texts AS SELECT '7'::text AS t; CREATE VIEW public.broken AS SELECT t::int AS n FROM public.texts;
    `);
    const broken = await datasetOf(sourceId, 'broken');
    expect(await take(sourceId)).toMatchObject({ datasets: 3, problems: {} });
    await database.run(`INSERT INTO public.texts VALUES ('独孤求败')`);
    expect(await take(sourceId)).toMatchObject({ datasets: 2, problems: { SOURCE_QUERY_FAILED: 1 } });
    const [kept] = await store.ofDatasets([broken.id]);
    expect(kept).toMatchObject({ problem: 'SOURCE_QUERY_FAILED', rowCount: 1 });
    await context.app.get(Sources).pause(actor, sourceId, true);
    await expect(take(sourceId)).rejects.toThrow(SourcePaused);
  });

  it('manages odd tables: no columns, no rows, NaN, more columns than one statement gives back', async () => {
    const columns = Array.from({ length: 450 }, (_, at) => `"c ${at}" int`).join(', ');
    const { sourceId } = await register(`
      CREATE TABLE public.nothing (); CREATE TABLE public.empty (a int, t text);
      CREATE TABLE public.nan AS SELECT 'NaN'::float8 AS f, 1 AS n; CREATE TABLE public.wide (${columns});
      INSERT INTO public.wide ("c 449") VALUES (5);
    `);
    for (const name of ['nothing', 'empty', 'nan', 'wide']) await classify((await datasetOf(sourceId, name)).id, 'L1');
    expect(await take(sourceId)).toEqual({ datasets: 4, sampled: 0, skipped: 0, problems: {} });
    expect((await statisticsOf((await datasetOf(sourceId, 'empty')).id))['a']).toMatchObject({ rows: 0, distinct: 0 });
    expect((await statisticsOf((await datasetOf(sourceId, 'nan')).id))['n']).toMatchObject({ least: '1' });
    expect((await statisticsOf((await datasetOf(sourceId, 'wide')).id))['c 449']).toMatchObject({ least: '5' });
  });
});
