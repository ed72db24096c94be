import { type Actor, FixedClock, Forbidden, InvalidInput, NotFound, type Role } from '#kernel';
import {
  EntityCodeTaken,
  EntityNotMapped,
  GoldenBuild,
  GoldenRecords,
  MasterDataModule,
  masterDataEntities,
  MasterEntities,
  type MasterEntityWish,
} from '#master-data';
import { rows } from '#platform/database';
import { until } from '#platform/testing';
import { sourcesEntities } from '#sources';
import pg from 'pg';
import { DataSource } from 'typeorm';

import { cataloguedSource, type CataloguedSource } from '../../../test/support/catalogued-source.js';
import { testContext, type TestContext } from '../../../test/support/context.js';
import { residentId } from '../../../test/support/resident-ids.js';
import { millisecondsOf } from './row-reader.js';
import { RowStaging } from './row-staging.js';

const someone = (role: Role): Actor => ({ kind: 'user', id: role, name: role, roles: [role] });
const steward = someone('steward');
const viewer = someone('viewer');
const clock = new FixedClock(new Date('2026-11-21T04:00:00Z'));
const still = { signal: new AbortController().signal, progress: () => undefined };
const first50 = { first: 50 };
const A = '11010519491231002X';
const B = '440524188001010014';

const customer = (code: string, more: Partial<MasterEntityWish> = {}): MasterEntityWish => ({
  code,
  nameEn: '',
  nameZh: '客户 "c" 😀',
  definition: '',
  owner: '',
  attributes: [
    ['cert_no', 'resident_id', true] as const,
    ['name', null, false] as const,
    ['mobile', 'mobile', false] as const,
  ].map(([attribute, identifierFormat, isMatchKey]) => ({
    ...{ code: attribute, nameEn: attribute, nameZh: '', typeFamily: 'text' as const, identifierFormat, isMatchKey },
  })),
  ...more,
});

describe('master data', () => {
  let context: TestContext;
  let entities: MasterEntities;
  let build: GoldenBuild;
  let records: GoldenRecords;
  let db: DataSource;
  const opened: CataloguedSource[] = [];
  let counter = 0;

  beforeAll(async () => {
    context = await testContext([MasterDataModule], [...sourcesEntities, ...masterDataEntities], clock);
    entities = context.app.get(MasterEntities);
    build = context.app.get(GoldenBuild);
    records = context.app.get(GoldenRecords);
    db = context.app.get(DataSource);
  });
  afterAll(async () => {
    await context.stop();
    for (const source of opened) await source.drop();
  });

  const source = async (sql: string) => {
    const made = await cataloguedSource(context.app, `源 "${++counter}" 😀`, sql);
    opened.push(made);
    return made;
  };

  /** An entity with its attributes' ids. */
  const entity = async (more: Partial<MasterEntityWish> = {}) => {
    const { id } = await entities.add(steward, customer(`客户-${++counter}`, more));
    const attributes = new Map((await entities.attributesOf([id])).map(({ code, id: attribute }) => [code, attribute]));
    const map = (
      from: CataloguedSource,
      dataset: string,
      priority: number,
      fields: Record<string, string>,
      at?: string,
    ) =>
      Object.entries(fields).reduce(
        (before, [attribute, field]) =>
          before.then(async () => {
            await entities.map(steward, {
              attributeId: attributes.get(attribute) ?? '',
              fieldId: from.field(dataset, field),
              priority,
              changedFieldId: at === undefined ? null : from.field(dataset, at),
            });
          }),
        Promise.resolve(),
      );
    return { id, attributes, map };
  };

  /** The golden records of an entity as text: values with the source each is from. */
  const shown = async (id: string, actor = steward) => {
    const { items } = await records.list(actor, id, {}, { first: 500 });
    const values = await records.valuesOf(
      actor,
      items.map((one) => one.id),
      'now',
    );
    return items
      .map((one) => {
        const of = values.filter(({ recordId }) => recordId === one.id);
        const told = of.map(({ attributeCode, value, rowKey }) => `${attributeCode}=${value} ${rowKey ?? '-'}`);
        return `${one.identifier} ${one.members}/${one.sources}: ${told.join(', ')}`;
      })
      .sort();
  };

  const TABLE = `CREATE TABLE "客户 '1'" (id bigint PRIMARY KEY, cert varchar(30), "姓名" text, tel text, upd timestamp);`;
  const DATASET = "public.客户 '1'";
  const FIELDS = { cert_no: 'cert', name: '姓名', mobile: 'tel' };

  it('makes one golden record of the rows of several sources, with the values that are believed', async () => {
    const core = await source(
      `${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', NULL, NULL), (2, '${B}', '', '12345', NULL),
         (3, '110105491231002', '旧', '13800000000', NULL), (4, NULL, '无', NULL, NULL), (5, '${A.slice(0, 17)}1', 'x', '', NULL)`,
    );
    const crm = await source(
      `${TABLE} INSERT INTO "客户 '1'" VALUES (7, ' ${A.toLowerCase()} ', '张三丰 😀', '138-1234-5678', NULL),
         (8, '${B}', '李"四''', '无', NULL), (9, '${B}', '李四二', '13987654321', NULL)`,
    );
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    await map(crm, DATASET, 2, FIELDS);
    const summary = await build.run(steward, id, still);
    expect(summary).toEqual({ rows: 8, unmatched: 3, created: 2, changed: 0, gone: 0, problems: [] });
    expect(await shown(id)).toEqual([
      `${A} 2/2: cert_no=${A} ["1"], name=张三 ["1"], mobile=13812345678 ["7"]`,
      // A malformed number survives only where nobody has a right one.
      `${B} 3/2: cert_no=${B} ["2"], name=李"四' ["8"], mobile=13987654321 ["9"]`,
    ]);
    expect(await records.summary(id)).toMatchObject({
      records: 2,
      recordsOfSeveralSources: 2,
      sources: [
        { rows: 5, matched: 2, unmatched: 3 },
        { rows: 3, matched: 3, unmatched: 0 },
      ],
      unmatched: [
        { reason: 'check_digit', rows: 1 },
        { reason: 'empty', rows: 1 },
        { reason: 'old_form', rows: 1 },
      ],
    });
  });

  it('builds twice as once: the same ids, and nothing written', async () => {
    const core = await source(
      `${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', NULL, NULL), (2, 'x', 'y', '', NULL)`,
    );
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    await build.run(steward, id, still);
    const written = () =>
      rows(
        db,
        `
        SELECT golden.id, golden.xmin, golden.content, record.id AS record, record.xmin AS record_xmin
          FROM master_data.golden_record AS golden
          JOIN master_data.source_record AS record ON record.entity_id = golden.entity_id
         WHERE golden.entity_id = $1 ORDER BY golden.id, record.id
        `,
        [id],
      );
    const before = await written();
    clock.set(new Date('2026-11-21T05:00:00Z'));
    expect(await build.run(steward, id, still)).toMatchObject({
      rows: 2,
      unmatched: 1,
      created: 0,
      changed: 0,
      gone: 0,
    });
    expect(await written()).toEqual(before);
    expect(before).toHaveLength(2); // a golden record × 2 source records
    expect(await rows(db, `SELECT 1 FROM master_data.staged_row`)).toEqual([]);
  });

  it('keeps what values were, and the record’s id when it goes and comes back', async () => {
    const core = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', '13800000000', NULL)`);
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    clock.set(new Date('2026-11-21T06:00:00Z'));
    await build.run(steward, id, still);
    const [before] = (await records.list(steward, id, {}, first50)).items;
    await core.run(`UPDATE "客户 '1'" SET "姓名" = '张小三', tel = NULL`);
    clock.set(new Date('2026-11-21T07:00:00Z'));
    expect(await build.run(steward, id, still)).toMatchObject({ created: 0, changed: 1, gone: 0 });
    const history = await records.valuesOf(steward, [before?.id ?? ''], 'ever');
    const at = (date: Date | null) => date?.toISOString().slice(11, 13) ?? 'now';
    expect(
      history.map((one) => `${one.attributeCode}=${one.value} ${at(one.recordedFrom)}-${at(one.recordedTo)}`),
    ).toEqual([`cert_no=${A} 06-now`, 'name=张小三 07-now', 'name=张三 06-07', 'mobile=13800000000 06-07']);
    await core.run(`DELETE FROM "客户 '1'"`);
    clock.set(new Date('2026-11-21T08:00:00Z'));
    expect(await build.run(steward, id, still)).toMatchObject({ created: 0, changed: 0, gone: 1 });
    expect(await shown(id)).toEqual([]);
    expect(await records.get(steward, before?.id ?? '')).toMatchObject({ members: 0, goneAt: clock.now() });
    await core.run(`INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', NULL, NULL)`);
    await build.run(steward, id, still);
    expect((await records.list(steward, id, {}, first50)).items.map((one) => one.id)).toEqual([before?.id]);
  });

  it('counts another row that says nothing new, and leaves the values as they stand', async () => {
    const core = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', '', NULL)`);
    const crm = await source(TABLE);
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    await map(crm, DATASET, 2, FIELDS);
    await build.run(steward, id, still);
    const contents = () => rows(db, `SELECT content FROM master_data.golden_record WHERE entity_id = $1`, [id]);
    const before = await contents();
    await crm.run(`INSERT INTO "客户 '1'" VALUES (7, '${A}', '张三丰', '', NULL)`);
    expect(await build.run(steward, id, still)).toMatchObject({ created: 0, changed: 1, gone: 0 });
    expect(await shown(id)).toEqual([`${A} 2/2: cert_no=${A} ["1"], name=张三 ["1"]`]);
    expect(await contents()).toEqual(before);
  });

  it('a changed priority or time decides anew, though no row changed', async () => {
    const core = await source(
      `${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', 'b', '', '2026-01-01 10:00'), (2, '${A}', 'a', '', '2026-02-01 10:00'),
         (3, '${A}', 'c', '', NULL)`,
    );
    const crm = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (9, '${A}', 'crm', '', NULL)`);
    const { id, map, attributes } = await entity();
    const name = async () => (await shown(id))[0]?.match(/name=(\S+)/)?.[1];
    await map(core, DATASET, 2, { cert_no: 'cert', name: '姓名' }, 'upd');
    await map(crm, DATASET, 1, { cert_no: 'cert', name: '姓名' });
    await build.run(steward, id, still);
    expect(await name()).toBe('crm');
    await map(crm, DATASET, 3, { name: '姓名' });
    await build.run(steward, id, still);
    expect(await name()).toBe('a'); // changed last
    await map(core, DATASET, 2, { name: '姓名' }); // the mapping names no time any more
    await build.run(steward, id, still);
    expect(await name()).toBe('a'); // the smallest
    for (const attribute of ['cert_no', 'name'])
      await entities.unmap(
        steward,
        attributes.get(attribute) ?? '',
        core.field(DATASET, attribute === 'name' ? '姓名' : 'cert'),
      );
    await build.run(steward, id, still);
    expect(await shown(id)).toEqual([`${A} 1/1: cert_no=${A} ["9"], name=crm ["9"]`]);
  });

  it('reads tables without a key, whose rows are known by their content', async () => {
    const core = await source(
      `CREATE TABLE t (cert text, nm text);
       INSERT INTO t VALUES ('${A}', '张三'), ('${A}', '张三'), ('${B}', '李四'), (NULL, 'n'), (NULL, NULL);
       INSERT INTO t SELECT '${B}', 'n' || n FROM generate_series(1, 5000) AS n`,
    );
    const { id, map } = await entity();
    await map(core, 'public.t', 1, { cert_no: 'cert', name: 'nm' });
    // 1 (twice the same) + 5001 of B + 2 without an identifier
    expect(await build.run(steward, id, still)).toMatchObject({ rows: 5004, unmatched: 2, created: 2, problems: [] });
    const members = (await records.list(steward, id, {}, first50)).items.map((one) => one.members);
    expect(members.sort((a, b) => a - b)).toEqual([1, 5001]);
    expect(await build.run(steward, id, still)).toMatchObject({ created: 0, changed: 0, gone: 0 });
  });

  it('a source that is away is said; what was known of it counts on', async () => {
    const core = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', '', NULL)`);
    const crm = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (9, '${A}', '', '13800000000', NULL)`);
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    await map(crm, DATASET, 2, FIELDS);
    await build.run(steward, id, still);
    await core.drop();
    await crm.run(`UPDATE "客户 '1'" SET tel = '13900000000'`);
    const summary = await build.run(steward, id, still);
    expect(summary).toMatchObject({ rows: 1, changed: 1, gone: 0, problems: [{ code: 'SOURCE_DATABASE_UNKNOWN' }] });
    expect(await shown(id)).toEqual([`${A} 2/2: cert_no=${A} ["1"], name=张三 ["1"], mobile=13900000000 ["9"]`]);
    await crm.drop();
    await expect(build.run(steward, id, still)).rejects.toMatchObject({ code: 'SOURCE_DATABASE_UNKNOWN' });
  });

  it('a build that was overtaken keeps nothing, nor does one that was stopped', async () => {
    const core = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', '', NULL)`);
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    const locker = new pg.Client({ connectionString: core.db.url });
    await locker.connect();
    await locker.query(`BEGIN; LOCK TABLE "客户 '1'"`);
    const reading = () => rows(db, `SELECT 1 FROM master_data.build WHERE entity_id = $1 AND state = 'reading'`, [id]);
    const overtaken = expect(build.run(steward, id, still)).rejects.toMatchObject({ code: 'BUILD_OVERRUN' });
    await until('the build to read', async () => (await reading()).length > 0);
    const later = await context.app.get(RowStaging).begin(id, clock.now());
    await locker.end();
    await overtaken;
    expect(await shown(id)).toEqual([]);
    await context.app.get(RowStaging).abandon(later, clock.now());

    const stop = new AbortController();
    await expect(build.run(steward, id, { signal: stop.signal, progress: () => stop.abort() })).rejects.toThrow();
    expect(await shown(id)).toEqual([]);
    expect(await rows(db, `SELECT 1 FROM master_data.staged_row`)).toEqual([]);
    expect(await reading()).toEqual([]);
    expect(await build.run(steward, id, still)).toMatchObject({ created: 1 });
  });

  it('shows personal data to stewards only, keeps it sealed, and tells no log or audit entry', async () => {
    const core = await source(`${TABLE} INSERT INTO "客户 '1'" VALUES (77, '${A}', '张三丰', '13812345678', NULL)`);
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    const summary = await build.run(steward, id, still);
    expect(await shown(id, viewer)).toEqual([
      '110105********002X 1/1: cert_no=110105********002X -, name=张** -, mobile=138****5678 -',
    ]);
    const [record] = (await records.list(viewer, id, {}, first50)).items;
    expect(await records.membersOf(viewer, [record?.id ?? ''])).toMatchObject([{ rowKey: null }]);
    expect(await records.membersOf(steward, [record?.id ?? ''])).toMatchObject([{ rowKey: '["77"]' }]);
    for (const search of [{ identifier: '002X' }, { value: '张三丰' }])
      await expect(records.list(viewer, id, search, first50)).rejects.toThrow(Forbidden);
    const kept = await rows<{ text: string }>(
      db,
      `
      SELECT golden::text AS text FROM master_data.golden_record AS golden
      UNION ALL SELECT former::text FROM master_data.former_value AS former
      UNION ALL SELECT record::text FROM master_data.source_record AS record
      UNION ALL SELECT details::text FROM audit.entry
      `,
    );
    const all = kept.map(({ text }) => text).join() + JSON.stringify(summary);
    for (const secret of [A, '张三丰', '13812345678']) {
      expect(all).not.toContain(secret);
      expect(all).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it.each<[string, { identifier?: string; value?: string }, number]>([
    ['the whole identifier', { identifier: ` ${A.toLowerCase()}` }, 1],
    ['its last four characters', { identifier: '002x' }, 1],
    ['its last six characters', { identifier: '31002X' }, 1],
    ['a name', { value: ' 张 三' }, 1],
    ['a name in other letters', { value: 'ＬＩ"四' }, 1],
    ['a mobile', { value: '13812345678' }, 1],
    ['somebody else', { value: '王五' }, 0],
    ['other four characters', { identifier: '0000' }, 0],
  ])('stewards find people by %s', async (_, search, count) => {
    const core = await source(
      `${TABLE} INSERT INTO "客户 '1'" VALUES (1, '${A}', '张三', '13812345678', NULL), (2, '${B}', 'Li"四', '', NULL)`,
    );
    const { id, map } = await entity();
    await map(core, DATASET, 1, FIELDS);
    await build.run(steward, id, still);
    expect((await records.list(steward, id, search, first50)).total).toBe(count);
    await expect(records.list(steward, id, { identifier: '123' }, first50)).rejects.toThrow(InvalidInput);
  });

  it.each<[string, Partial<MasterEntityWish>, string[]]>([
    ['no code', { code: ' ' }, ['code']],
    ['no name', { nameZh: '' }, ['nameZh']],
    ['no match key', { attributes: [] }, ['attributes']],
    [
      'a match key that nobody can check',
      { attributes: customer('x').attributes.map((one) => ({ ...one, identifierFormat: null })) },
      ['attributes', '0', 'identifierFormat'],
    ],
    [
      'an attribute twice',
      { attributes: [...customer('x').attributes, ...customer('x').attributes.slice(1)] },
      ['attributes', '3', 'code'],
    ],
  ])('refuses an entity with %s', async (_, more, path) => {
    await expect(entities.add(steward, customer('bad', more))).rejects.toMatchObject({ inputPath: path });
  });

  it('refuses codes that are taken, unknown ids, other tables’ times, bad priorities, and builds of nothing', async () => {
    await entities.add(steward, customer('Taken'));
    await expect(entities.add(steward, customer('taken'))).rejects.toThrow(EntityCodeTaken);
    const core = await source(`${TABLE} CREATE TABLE other (at timestamp)`);
    const { id, attributes } = await entity();
    const wish = {
      attributeId: attributes.get('name') ?? '',
      fieldId: core.field(DATASET, '姓名'),
      priority: 1,
      changedFieldId: null,
    };
    const unknown = '00000000-0000-0000-0000-000000000000';
    await expect(entities.map(steward, { ...wish, fieldId: unknown })).rejects.toThrow(NotFound);
    await expect(entities.map(steward, { ...wish, attributeId: unknown })).rejects.toThrow(NotFound);
    await expect(entities.map(steward, { ...wish, priority: 0 })).rejects.toThrow(InvalidInput);
    const elsewhere = core.field('public.other', 'at');
    await expect(entities.map(steward, { ...wish, changedFieldId: elsewhere })).rejects.toThrow(InvalidInput);
    await entities.map(steward, wish);
    await expect(entities.requestBuild(steward, id)).rejects.toThrow(EntityNotMapped);
  });

  it.each([
    ['2026-01-02 03:04:05.123456', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02 03:04:05+00', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05+08', '2026-01-01T19:04:05.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['infinity', null],
    ['昨天', null],
  ])('reads the time %s', (text, iso) => {
    const at = millisecondsOf(text);
    expect(at === null ? null : new Date(at).toISOString()).toBe(iso);
  });

  it('builds of many rows in bounded memory', async () => {
    const many = 14_000;
    const ids = Array.from({ length: many }, (_, n) => residentId(n));
    const make = async (from: number) => {
      const made = await source(`CREATE TABLE c (id int PRIMARY KEY, cert text, nm text, tel text)`);
      await made.run(
        `INSERT INTO c SELECT n, cert, '客户' || n, '138' || lpad(n::text, 8, '0') FROM unnest($1::text[]) WITH ORDINALITY AS of (cert, n)`,
        [ids.slice(from).concat(['', 'x'])],
      );
      return made;
    };
    const [core, crm] = [await make(0), await make(many / 2)];
    const { id, map } = await entity();
    const fields = { cert_no: 'cert', name: 'nm', mobile: 'tel' };
    await map(core, 'public.c', 1, fields);
    await map(crm, 'public.c', 2, fields);
    const portions: string[] = [];
    const summary = await build.run(steward, id, { ...still, progress: (_, message) => portions.push(message ?? '') });
    expect(summary).toMatchObject({ rows: 21_004, unmatched: 4, created: many, changed: 0 });
    // No portion is larger than 4000 rows: 4 of the first (14 002), 2 of the second (7 002), and the applying.
    expect(portions).toHaveLength(4 + 2 + 1);
    const { records: made, recordsOfSeveralSources } = await records.summary(id);
    expect([made, recordsOfSeveralSources]).toEqual([many, many / 2]);
    // The first source loses its first 7003 numbers. Those of the last three are the second's first three.
    await core.run(`UPDATE c SET tel = NULL WHERE id <= ${many / 2 + 3}`);
    expect(await build.run(steward, id, still)).toMatchObject({ created: 0, changed: many / 2 + 3, gone: 0 });
    const numbers = async (person: number) => {
      const found = (await records.list(steward, id, { identifier: ids[person - 1] ?? '' }, first50)).items;
      const values = await records.valuesOf(steward, [found[0]?.id ?? ''], 'now');
      return values.filter(({ attributeCode }) => attributeCode === 'mobile').map(({ value }) => value);
    };
    expect(await numbers(many / 2)).toEqual([]);
    expect(await numbers(many / 2 + 3)).toEqual(['13800000003']);
    // Seconds when the machine is free; others may be at work on it.
  }, 120_000);
});
