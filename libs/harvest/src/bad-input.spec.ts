import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Datasets, dictionaryEntities, Fields } from '#dictionary';
import { HarvestModule, Reader, Runs } from '#harvest';
import { systemActor } from '#kernel';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { DuckDBInstance } from '@duckdb/node-api';
import iconv from 'iconv-lite';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';
import { xlsx, zipped } from '../../../test/support/xlsx.js';

const actor = systemActor('steward');
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What sources bring that nobody ordered: each ends in a sentence, and the rest is kept. MariaDB: test/mariadb. */
describe('a harvest of bad input', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-bad-input-')));
  const databases: SourceDatabase[] = [];
  let context: TestContext;

  beforeAll(async () => {
    const entities = [...sourcesEntities, ...dictionaryEntities];
    context = await testContext([SourcesModule, HarvestModule], entities, undefined, { trustedFolders: [folder] });
  });
  afterAll(async () => {
    await context.stop();
    for (const database of databases) await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const register = async (kind: string, settings: Record<string, unknown>) => {
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 ${randomUUID()}`, kind, settings, include: null, exclude: [], description: '', owner: '' },
      ...{ domain: '', environment: '', removalShare: 1 },
    });
    return id;
  };
  const postgres = async (sql: string, settings: object = {}) => {
    const database = await sourceDatabase(sql);
    databases.push(database);
    return { database, sourceId: await register('postgres', { ...database.settings, ...settings }) };
  };
  const harvest = (sourceId: string) =>
    context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId, actor, readAll: true },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
  const reasonsOf = async (runId: string) =>
    (await context.app.get(Runs).scopesOf([runId])).flatMap(({ reasons }) => reasons);
  const datasetsOf = async (sourceId: string) =>
    (await context.app.get(Datasets, { strict: false }).list({ sourceId }, { first: 100 })).items;

  it('of files: those that became unreadable stay as they were, each with what to do, and the others are followed', async () => {
    const own = join(folder, 'files');
    mkdirSync(own);
    const put = (name: string, content: string | Buffer) => writeFileSync(join(own, name), content);
    const parquet = async (name: string) => {
      const duck = await (await DuckDBInstance.create(':memory:')).connect();
      await duck.run(`COPY (SELECT 1 AS id, '张三' AS name) TO '${join(own, name)}'`);
      duck.closeSync();
    };
    const good = 'id,name\n1,张三\n2,李四\n';
    for (const name of ['ragged.csv', 'empty.csv', 'blank.csv', 'other.csv', 'fine.csv', 'gone.csv']) put(name, good);
    put('cut.jsonl', '{"id": 1, "name": "张三"}\n');
    await parquet('cut.parquet');
    put(
      'bomb.xlsx',
      xlsx({
        一月: [
          ['id', 'name'],
          [1, '张三'],
        ],
      }),
    );
    put('gbk.csv', iconv.encode(good, 'gbk'));
    put('utf16.csv', iconv.encode(good, 'utf-16le', { addBOM: true }));
    put('bom.csv', `\ufeff${good}`);
    const sourceId = await register('files', { folder: own, alias: 'bad', workbookMb: 1 });
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 12 });
    const fields = context.app.get(Fields, { strict: false });
    for (const { id } of await datasetsOf(sourceId))
      expect((await fields.ofDatasets([id])).map(({ name }) => name)).toEqual(['id', 'name']);

    put('ragged.csv', 'id,name\n1,张三\n2,李四,x,y\n');
    put('empty.csv', '');
    put('blank.csv', ' \n\n');
    put('other.csv', Buffer.from([0x61, 0x2c, 0xff, 0xfe, 0xff, 0x0a, 0x80, 0xff, 0x0a]));
    put('cut.jsonl', '{"id": 1, "na');
    put('cut.parquet', 'PAR1 and nothing more');
    const bomb = Buffer.alloc(20 * 2 ** 20, 'x');
    put('bomb.xlsx', zipped({ 'xl/worksheets/sheet1.xml': bomb }, { 'xl/worksheets/sheet1.xml': 10 }));
    put('fine.csv', 'id,name,born\n1,张三,2000-01-01\n');
    rmSync(join(own, 'gone.csv'));
    const run = await harvest(sourceId);
    const reasons = await reasonsOf(run.id);
    expect(run).toMatchObject({ state: 'partial', added: 0, changed: 1, vanished: 0 });
    expect(reasons.map((reason) => /^"([^"]+)"/.exec(reason)?.[1]).sort()).toEqual([
      ...['blank.csv', 'bomb.xlsx', 'cut.jsonl', 'cut.parquet', 'empty.csv', 'other.csv', 'ragged.csv'],
    ]);
    for (const reason of reasons)
      expect(reason).toMatch(/Fill it|Copy it again|Write one|Name the encoding|Give every line|settings/);
    expect((await datasetsOf(sourceId)).length).toBe(12);

    for (const name of ['ragged.csv', 'empty.csv', 'blank.csv', 'other.csv']) put(name, good);
    put('cut.jsonl', '{"id": 1, "name": "张三"}\n');
    await parquet('cut.parquet');
    put(
      'bomb.xlsx',
      xlsx({
        一月: [
          ['id', 'name'],
          [1, '张三'],
        ],
      }),
    );
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', changed: 0, vanished: 1 });
  });

  it('of PostgreSQL: odd names at the greatest length, two that differ only by case, a type of its own', async () => {
    const names = [
      `quote " ' and \``,
      'a.b.c',
      'line\nend',
      'emoji 😀',
      'Case',
      'cASE',
      'x'.repeat(63),
      '表'.repeat(21),
    ];
    const { sourceId, database } = await postgres(
      [
        'CREATE TYPE public.money_of AS (amount numeric, currency text)',
        ...names.map((name) => `CREATE TABLE public.${quoted(name)} (${quoted(name)} public.money_of)`),
      ].join(';\n'),
    );
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: names.length });
    const found = await datasetsOf(sourceId);
    expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(await context.app.get(Fields, { strict: false }).ofDatasets([found[0]!.id])).toMatchObject([
      { name: found[0]!.name, nativeType: 'public.money_of', typeFamily: 'other' },
    ]);
    await database.run('DROP TABLE public."cASE"');
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', unchanged: names.length - 1, vanished: 1 });
    expect((await datasetsOf(sourceId)).map(({ name }) => name)).toContain('Case');
  });

  it('of PostgreSQL: ten thousand partitions are folded into their table', async () => {
    const count = 10_000;
    const { sourceId, database } = await postgres(`
      CREATE TABLE public.parts (year int, day int) PARTITION BY LIST (year);
      DO $$ BEGIN FOR y IN 0..99 LOOP
        EXECUTE format('CREATE TABLE public.y%s PARTITION OF public.parts FOR VALUES IN (%s) PARTITION BY LIST (day)', y, y);
      END LOOP; END $$
    `);
    // Some at a time: each takes a lock until its transaction ends. All under one parent would take minutes to make.
    for (let from = 0; from < 100; from += 10)
      await database.run(`
        DO $$ BEGIN FOR y IN ${from}..${from + 9} LOOP FOR d IN 0..99 LOOP
          EXECUTE format('CREATE TABLE public.y%sd%s PARTITION OF public.y%s FOR VALUES IN (%s)', y, d, y, d);
        END LOOP; END LOOP; END $$
      `);
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 1 });
    expect(await datasetsOf(sourceId)).toMatchObject([
      { name: 'parts', kind: 'partitioned_table', partitionCount: count },
    ]);
  }, 180_000);

  it('of PostgreSQL: a query that hangs ends by itself, with the source and what to do, and changes nothing', async () => {
    const { sourceId, database } = await postgres('CREATE TABLE public.a (id int)', { lockTimeoutMs: 200 });
    await harvest(sourceId);
    const release = await database.block();
    try {
      const error: unknown = await harvest(sourceId).then(
        ({ id }) => reasonsOf(id),
        (refusal: Error) => refusal.message,
      );
      expect(String(error)).toContain(`${String(database.settings.host)}:${String(database.settings.port)}`);
      expect(String(error)).toMatch(/lock|longer|time/i);
    } finally {
      await release();
    }
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', unchanged: 1, vanished: 0 });
  });
});
