import { randomUUID } from 'node:crypto';

import { AuditLog } from '#audit';
import {
  Datasets,
  dictionaryEntities,
  Entries,
  Fields,
  type RenameRow,
  Renames,
  type RenameState,
  SchemaHistory,
} from '#dictionary';
import {
  HarvestModule,
  Harvests,
  HarvestUnderWay,
  HarvestWouldRemoveTooMuch,
  NothingToConfirm,
  Reader,
  type Reading,
  Runs,
} from '#harvest';
import { AppError, InvalidInput, NotFound, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { ScheduleEntity } from '#platform/queue';
import { SourcePaused, Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';

import { HarvestSourceProcessor } from './jobs/harvest-source.processor.js';

const actor = systemActor('工程师 "engineer"');

describe('a harvest', () => {
  let context: TestContext;
  let datasets: Datasets;
  let runs: Runs;
  const databases: SourceDatabase[] = [];

  beforeAll(async () => {
    context = await testContext([SourcesModule, HarvestModule], [...sourcesEntities, ...dictionaryEntities]);
    datasets = context.app.get(Datasets, { strict: false });
    runs = context.app.get(Runs);
  });
  afterAll(async () => {
    await context.stop();
    for (const database of databases) await database.drop();
  });

  type Wish = Partial<{ include: string[]; exclude: string[]; settings: Record<string, unknown> }>;
  const register = async (sql: string, wish: Wish = {}) => {
    const database = await sourceDatabase(sql);
    databases.push(database);
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 "${randomUUID()}" 😀`, kind: 'postgres', settings: { ...database.settings, ...wish.settings } },
      ...{ include: wish.include ?? null, exclude: wish.exclude ?? [] },
      ...{ description: '', owner: '', domain: '', environment: '' },
    });
    return { database, sourceId: id };
  };
  const harvest = (sourceId: string, more: Partial<Reading> = {}) =>
    context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId, confirmRemovals: false, actor },
      ...{ signal: new AbortController().signal, progress: () => undefined },
      ...more,
    });
  const names = async (sourceId: string) =>
    (await datasets.list({ sourceId }, { first: 100 })).items.map(({ scope, name }) => `${scope}.${name}`);
  const tables = (schema: string, count: number) =>
    Array.from({ length: count }, (_, at) => `CREATE TABLE ${schema}.t${at} (id int);`).join('\n');

  it('reads every schema, and a second time changes nothing', async () => {
    const { sourceId } = await register(`
      CREATE SCHEMA "风险.a"; CREATE TABLE "风险.a"."客户 ""x"" 😀" (id int); CREATE TABLE public.b (id int);
    `);
    const first = await harvest(sourceId);
    expect(first).toMatchObject({ state: 'succeeded', added: 2, reasons: [] });
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 0, unchanged: 2, changed: 0 });
    expect(await names(sourceId)).toEqual(['风险.a.客户 "x" 😀', 'public.b'].sort());
    const scopes = await runs.scopesOf([first.id]);
    expect(scopes.map(({ name, complete, datasets: count }) => [name, complete, count])).toEqual([
      ['public', true, 1],
      ['风险.a', true, 1],
    ]);
    const events = await rows<{ payload: object }>(
      context.app.get(DataSource),
      `SELECT payload FROM platform.event WHERE type = 'harvest.completed' AND payload ->> 'runId' = $1`,
      [first.id],
    );
    expect(events).toEqual([
      { payload: { sourceId, runId: first.id, added: 2, changed: 0, unchanged: 0, vanished: 0 } },
    ]);
    const log = await context.app.get(AuditLog).list({ subjectId: sourceId, action: 'source.harvested' }, { first: 5 });
    expect(log.items.map(({ details }) => details.runId)).toContain(first.id);
  });

  it('reads only the scopes that are wanted, and leaves what it knows of others alone', async () => {
    const sql = 'CREATE SCHEMA ods; CREATE SCHEMA tmp_x; CREATE TABLE ods.a (id int); CREATE TABLE tmp_x.b (id int);';
    const { sourceId } = await register(sql);
    await harvest(sourceId);
    const { name, settings } = await context.app.get(Sources).get(sourceId);
    const wish = { include: null, exclude: ['tmp_*'], description: '', owner: '', domain: '', environment: '' };
    await context.app.get(Sources).change(actor, sourceId, { name, settings, ...wish });
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', unchanged: 1, vanished: 0 });
    expect(await names(sourceId)).toEqual(['ods.a', 'tmp_x.b']);
  });

  it('notices what changed and touches nothing that a person wrote', async () => {
    const { sourceId, database } = await register('CREATE TABLE public.loan (id int, bal int)');
    await harvest(sourceId);
    const [loan] = (await datasets.list({ sourceId }, { first: 1 })).items;
    const fields = context.app.get(Fields, { strict: false });
    const bal = (await fields.ofDatasets([loan!.id]))[1]!;
    const entries = context.app.get(Entries, { strict: false });
    await entries.describe(actor, [{ asset: { kind: 'field', id: bal.id }, businessName: '余额' }]);
    const said = await entries.ofFields([bal.id]);

    await database.run(`
      ALTER TABLE public.loan ALTER bal TYPE numeric(18, 2), ALTER bal SET NOT NULL, ADD "新列" date;
      COMMENT ON COLUMN public.loan.bal IS '来自源系统';
    `);
    expect(await harvest(sourceId)).toMatchObject({ changed: 1, added: 0 });
    expect(await fields.ofDatasets([loan!.id])).toMatchObject([
      { name: 'id' },
      { id: bal.id, name: 'bal', nativeType: 'numeric(18,2)', nullable: false, comment: '来自源系统' },
      { name: '新列', nativeType: 'date' },
    ]);
    expect(await entries.ofFields([bal.id])).toEqual(said);
    const history = context.app.get(SchemaHistory, { strict: false });
    const [now, before] = await history.ofDatasets([loan!.id], false);
    expect(await history.diff(before!.id, now!.id)).toMatchObject({
      added: [{ name: '新列' }],
      removed: [],
      changed: [
        { name: 'bal', changes: [{ property: 'nativeType' }, { property: 'nullable' }, { property: 'comment' }] },
      ],
    });
  });

  it('ends a dropped table, and knows it again when it comes back', async () => {
    const { sourceId, database } = await register('CREATE TABLE public.a (id int); CREATE TABLE public.b (id int);');
    await harvest(sourceId);
    const before = (await datasets.list({ sourceId }, { first: 5 })).items[0]!;
    await database.run('DROP TABLE public.a');
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', vanished: 1 });
    expect(await names(sourceId)).toEqual(['public.b']);
    await database.run('CREATE TABLE public.a (id int)');
    expect(await harvest(sourceId)).toMatchObject({ added: 1 });
    expect((await datasets.list({ sourceId }, { first: 5 })).items[0]!.id).toBe(before.id);
  });

  it('is partial where a right is missing, and nothing vanishes there', async () => {
    const role = `r_${randomUUID().slice(0, 8)}`;
    const { sourceId, database } = await register(
      `
      CREATE ROLE ${role} LOGIN PASSWORD 'p';
      CREATE SCHEMA open; CREATE SCHEMA closed;
      GRANT USAGE ON SCHEMA open, closed TO ${role};
      CREATE TABLE open.a (id int); CREATE TABLE closed.b (id int); CREATE TABLE closed.c (id int);
      GRANT SELECT ON ALL TABLES IN SCHEMA open, closed TO ${role};
      `,
      { settings: { user: role, password: 'p' } },
    );
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 3 });
    await database.run(`REVOKE ALL ON SCHEMA closed FROM ${role}`);
    const run = await harvest(sourceId);
    expect(run).toMatchObject({ state: 'partial', unchanged: 1, vanished: 0 });
    expect(await runs.scopesOf([run.id])).toMatchObject([
      { name: 'closed', complete: false, reasons: [expect.stringMatching(/no USAGE right on the schema "closed"/)] },
      { name: 'open', complete: true, reasons: [] },
      { name: 'public', complete: true },
    ]);
    expect(await names(sourceId)).toEqual(['closed.b', 'closed.c', 'open.a']);
    await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it('keeps a schema that the source lists no more until somebody confirms', async () => {
    const { sourceId, database } = await register('CREATE SCHEMA "旧"; CREATE TABLE "旧".a (id int)');
    await harvest(sourceId);
    await database.run('DROP SCHEMA "旧" CASCADE');
    const run = await harvest(sourceId);
    expect(run).toMatchObject({ state: 'partial', vanished: 0 });
    expect(run.reasons).toEqual([
      expect.stringMatching(/no scope "旧" any more; its 1 datasets were kept.*confirmRemovals/),
    ]);
    expect(await names(sourceId)).toEqual(['旧.a']);
    expect(await harvest(sourceId, { confirmRemovals: true })).toMatchObject({ state: 'succeeded', vanished: 1 });
    expect(await names(sourceId)).toEqual([]);
  });

  it('stops before it removes too much, and ends what a person confirmed and no more', async () => {
    const { sourceId, database } = await register(tables('public', 20));
    await harvest(sourceId);
    await database.run('DROP TABLE public.t0, public.t1, public.t2, public.t3, public.t4');
    const runId = randomUUID();
    const stopped = harvest(sourceId, { runId });
    await expect(stopped).rejects.toBeInstanceOf(HarvestWouldRemoveTooMuch);
    await expect(stopped).rejects.toThrow(/^5 of the 20 datasets .*public\.t0".*confirm this harvest/);
    expect(await runs.get(runId)).toMatchObject({
      state: 'needs_confirmation',
      errorCode: 'HARVEST_WOULD_REMOVE_TOO_MUCH',
    });
    const shown = await runs.changesOf(runId, { first: 3 });
    expect([shown.total, shown.hasNext, shown.items.map(({ outcome }) => outcome)]).toEqual([
      ...[5, true, ['vanished', 'vanished', 'vanished']],
    ]);
    expect(await names(sourceId)).toHaveLength(20);
    expect(await stagedRows()).toBe(0);

    const confirmed = await context.app.get(Harvests).confirm(actor, runId);
    expect(confirmed).toMatchObject({ state: 'queued', confirms: runId, confirmRemovals: false });
    await database.run('DROP TABLE public.t5, public.t6, public.t7, public.t8, public.t9');
    await expect(harvest(sourceId, { runId: confirmed.id, confirms: runId })).rejects.toThrow(/^5 of the 20 datasets/);
    expect(await names(sourceId)).toHaveLength(20);
    const again = { runId: randomUUID(), confirms: confirmed.id };
    expect(await harvest(sourceId, again)).toMatchObject({ state: 'succeeded', vanished: 10 });
    expect(await names(sourceId)).toHaveLength(10);
    const late = context.app.get(Harvests).confirm(actor, runId);
    await expect(late).rejects.toThrow(/nothing to confirm: the source was harvested since\. Harvest/);
    await expect(context.app.get(Harvests).confirm(actor, again.runId)).rejects.toBeInstanceOf(NothingToConfirm);
  });

  it('asks earlier where the source says so, and never where everything may vanish', async () => {
    const { sourceId, database } = await register(tables('public', 20));
    await harvest(sourceId);
    const sources = context.app.get(Sources);
    const allow = async (removalShare: number) =>
      sources.change(actor, sourceId, {
        ...{ ...(await sources.get(sourceId)), include: null, exclude: [], removalShare },
      });
    await allow(0);
    await database.run('DROP TABLE public.t0');
    await expect(harvest(sourceId)).rejects.toBeInstanceOf(HarvestWouldRemoveTooMuch);
    await allow(1);
    await database.run('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', vanished: 20 });
    await expect(allow(1.5)).rejects.toBeInstanceOf(InvalidInput);
  });

  it('tells what would change and changes nothing when it is dry', async () => {
    const { sourceId, database } = await register('CREATE TABLE public.a (id int); CREATE TABLE public.b (id int)');
    await harvest(sourceId);
    await database.run(`ALTER TABLE public.a ADD x int; DROP TABLE public.b; CREATE TABLE public."c 表" (id int)`);
    const run = await harvest(sourceId, { dry: true });
    expect(run).toMatchObject({ state: 'succeeded', dry: true, added: 1, changed: 1, vanished: 1, unchanged: 0 });
    expect(
      (await runs.differenceOf(run.id)).map(({ qualifiedName, outcome }) => [qualifiedName.split('.').pop(), outcome]),
    ).toEqual([
      ['a', 'changed'],
      ['b', 'vanished'],
      ['c 表', 'added'],
    ]);
    expect(await names(sourceId)).toEqual(['public.a', 'public.b']);
    expect(await stagedRows()).toBe(0);
    expect(await harvest(sourceId)).toMatchObject({ added: 1, changed: 1, vanished: 1 });
  });

  it('says so when there is nothing to read', async () => {
    const { sourceId } = await register('CREATE TABLE public.a (id int)');
    await harvest(sourceId);
    expect(await harvest(sourceId, { scopes: ['pubic'] })).toMatchObject({
      ...{ state: 'partial', vanished: 0 },
      reasons: [expect.stringMatching(/lists no schema or folder like "pubic"\. It has: public\.$/)],
    });
    const none = await register('CREATE TABLE public.a (id int)', { include: ['nowhere'] });
    expect(await harvest(none.sourceId)).toMatchObject({
      ...{ state: 'partial', added: 0 },
      reasons: [expect.stringMatching(/lists no schema or folder to read.*include, exclude/)],
    });
  });

  it('reads only the scopes it is asked for, of those that the source lets through', async () => {
    const { sourceId, database } = await register(
      'CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA c; CREATE TABLE a.x (id int); CREATE TABLE b.x (id int); CREATE TABLE c.x (id int)',
      { exclude: ['c'] },
    );
    await harvest(sourceId);
    await database.run('DROP TABLE a.x; DROP TABLE b.x');
    const run = await harvest(sourceId, { scopes: ['a', 'c'] });
    expect(run).toMatchObject({ state: 'succeeded', vanished: 1 });
    expect((await runs.scopesOf([run.id])).map(({ name }) => name)).toEqual(['a']);
    expect(await names(sourceId)).toEqual(['b.x']);
  });

  it('writes nothing but its own record where nothing has changed', async () => {
    const { sourceId, database } = await register(tables('public', 12));
    await database.run('ANALYZE');
    await harvest(sourceId);
    const db = context.app.get(DataSource);
    const written = async () =>
      rows(
        db,
        `
        SELECT xmin::text, 'dataset' AS t FROM dictionary.dataset UNION ALL
        SELECT xmin::text, 'version' FROM dictionary.schema_version UNION ALL
        SELECT xmin::text, 'validity' FROM dictionary.schema_validity UNION ALL
        SELECT xmin::text, 'size' FROM dictionary.dataset_size UNION ALL
        SELECT xmin::text, 'search' FROM dictionary.search_document ORDER BY 2, 1
        `,
        [],
      );
    const before = await written();
    const skipped = await harvest(sourceId);
    expect(skipped).toMatchObject({ unchanged: 12, added: 0, changed: 0 });
    expect((await runs.scopesOf([skipped.id])).map(({ name, skipped: passedBy }) => [name, passedBy])).toEqual([
      ['public', true],
    ]);
    expect(await harvest(sourceId, { readAll: true })).toMatchObject({ unchanged: 12, added: 0, changed: 0 });
    expect(await written()).toEqual(before);
  });

  it('is refused while its source is paused, and a schedule passes by', async () => {
    const { sourceId } = await register('');
    const sources = context.app.get(Sources);
    await sources.pause(actor, sourceId, true);
    await expect(context.app.get(Harvests).request(actor, sourceId)).rejects.toThrow(/is paused.*Resume it/);
    const runId = randomUUID();
    await expect(harvest(sourceId, { runId })).rejects.toBeInstanceOf(SourcePaused);
    expect(await runs.get(runId)).toMatchObject({ state: 'failed', errorCode: 'SOURCE_PAUSED' });
    const processor = new HarvestSourceProcessor(context.app.get(Reader), sources);
    expect(await processor.passesBy({ sourceId })).toBe(true);
    await sources.pause(actor, sourceId, false);
    expect(await processor.passesBy({ sourceId })).toBe(false);
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded' });
  });

  describe('finds probable renames', () => {
    const renamesOf = async (sourceId: string, state?: RenameState) =>
      (await context.app.get(Renames, { strict: false }).list({ sourceId, state }, { first: 50 })).items;
    const told = (found: readonly RenameRow[]) => found.map(({ fromName, toName, state }) => [fromName, toName, state]);
    const plain = (name: string) => name.replace(/^[^.]+\./, '');

    it('of a table, and accepting one carries over what people said', async () => {
      const { sourceId, database } = await register(
        'CREATE TABLE public."客户" (id int, "名" text); CREATE TABLE public.other (id int)',
      );
      await harvest(sourceId);
      const dataset = (await datasets.list({ sourceId, nameContains: '客户' }, { first: 1 })).items[0]!;
      const fields = context.app.get(Fields, { strict: false });
      const entries = context.app.get(Entries, { strict: false });
      const [, name] = await fields.ofDatasets([dataset.id]);
      await entries.describe(actor, [
        { asset: { kind: 'dataset', id: dataset.id }, businessName: '客户主档', tags: ['核心'] },
        { asset: { kind: 'field', id: name!.id }, definition: '姓名', securityLevel: 'L3' },
      ]);
      await database.run('ALTER TABLE public."客户" RENAME TO customer');
      await harvest(sourceId);
      const [found, ...more] = await renamesOf(sourceId, 'open');
      expect(more).toEqual([]);
      expect([plain(found!.fromName), plain(found!.toName)]).toEqual(['public.客户', 'public.customer']);

      await entries.describe(actor, [{ asset: { kind: 'dataset', id: found!.toDatasetId }, businessName: 'Customer' }]);
      const renames = context.app.get(Renames, { strict: false });
      expect(await renames.decide(actor, [found!.id], true)).toMatchObject([
        { state: 'accepted', decidedBy: actor.name },
      ]);
      expect(await entries.ofDatasets([found!.toDatasetId])).toMatchObject([
        { businessName: 'Customer', tags: ['核心'] },
      ]);
      const newFields = await fields.ofDatasets([found!.toDatasetId]);
      expect(await entries.ofFields(newFields.map(({ id }) => id))).toMatchObject([
        { definition: '姓名', securityLevel: 'L3' },
      ]);
      await expect(renames.decide(actor, [found!.id], false)).rejects.toThrow(/is accepted already/);
      const log = await context.app.get(AuditLog).list({ subjectId: found!.id }, { first: 5 });
      expect(log.items.map(({ action }) => action)).toEqual(['rename.accepted']);
    });

    it('of a column', async () => {
      const { sourceId, database } = await register('CREATE TABLE public.t (id int, bal int, nm text)');
      await harvest(sourceId);
      await database.run('ALTER TABLE public.t RENAME bal TO "余额"; ALTER TABLE public.t RENAME nm TO name');
      await harvest(sourceId);
      expect(
        (await renamesOf(sourceId)).map(({ fromName, toName }) => [plain(fromName), plain(toName)]).sort(),
      ).toEqual([
        ['public.t#bal', 'public.t#余额'],
        ['public.t#nm', 'public.t#name'],
      ]);
    });

    it('of a column whose place moved with its neighbours, and of two beside each other', async () => {
      const { sourceId, database } = await register(
        'CREATE TABLE public.t (gone date, id int, bal int, nm text, ct text)',
      );
      await harvest(sourceId);
      await database.run(`
        DROP TABLE public.t;
        CREATE TABLE public.t (more boolean, first date, id int, "余额" int, name text, city text);
      `);
      await harvest(sourceId);
      expect(
        (await renamesOf(sourceId)).map(({ fromName, toName }) => [plain(fromName), plain(toName)]).sort(),
      ).toEqual([
        ['public.t#bal', 'public.t#余额'],
        ['public.t#ct', 'public.t#city'],
        ['public.t#gone', 'public.t#first'],
        ['public.t#nm', 'public.t#name'],
      ]);
    });

    it('of a table whose new name came while its schema could only be read in part', async () => {
      const role = `reader_${randomUUID().replaceAll('-', '')}`;
      const { sourceId, database } = await register(
        `
        CREATE ROLE ${role} LOGIN PASSWORD 'x';
        CREATE TABLE public.card (id int, no text); CREATE TABLE public.shut (id int);
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
        `,
        { settings: { user: role, password: 'x' } },
      );
      expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 2 });
      await database.run(`ALTER TABLE public.card RENAME TO bank_card; REVOKE SELECT ON public.shut FROM ${role}`);
      expect(await harvest(sourceId)).toMatchObject({ state: 'partial', added: 1, vanished: 0 });
      expect(await renamesOf(sourceId)).toEqual([]);
      await database.run(`GRANT SELECT ON public.shut TO ${role}`);
      expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 0, vanished: 1 });
      expect((await renamesOf(sourceId)).map(({ fromName, toName }) => [plain(fromName), plain(toName)])).toEqual([
        ['public.card', 'public.bank_card'],
      ]);
      await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });

    it('but not where two could be meant, in another schema, or of another type', async () => {
      const { sourceId, database } = await register(`
        CREATE SCHEMA other;
        CREATE TABLE public.a (id int); CREATE TABLE public.b (id int);
        CREATE TABLE public.m (x int, y int); CREATE TABLE public.c (z int, w text);
      `);
      await harvest(sourceId);
      await database.run(`
        ALTER TABLE public.a RENAME TO a2; ALTER TABLE public.b RENAME TO b2; ALTER TABLE public.m SET SCHEMA other;
        ALTER TABLE public.c DROP z; ALTER TABLE public.c ADD v int;
      `);
      await harvest(sourceId);
      expect(told(await renamesOf(sourceId))).toEqual([]);
    });

    it('which are withdrawn when the old name is back, and stay rejected once they are', async () => {
      const { sourceId, database } = await register('CREATE TABLE public.a (id int, x int)');
      await harvest(sourceId);
      await database.run('ALTER TABLE public.a RENAME TO b');
      await harvest(sourceId);
      await database.run('CREATE TABLE public.a (id int, x int)');
      await harvest(sourceId);
      expect((await renamesOf(sourceId)).map(({ state }) => state)).toEqual(['withdrawn']);
      await database.run('ALTER TABLE public.b RENAME TO c');
      await harvest(sourceId);
      const [open] = await renamesOf(sourceId, 'open');
      await context.app.get(Renames, { strict: false }).decide(actor, [open!.id], false);
      await database.run('ALTER TABLE public.c RENAME TO b');
      await harvest(sourceId);
      await database.run('ALTER TABLE public.b RENAME TO c');
      await harvest(sourceId);
      expect((await renamesOf(sourceId, 'rejected')).map(({ id }) => id)).toEqual([open!.id]);
      expect(
        (await renamesOf(sourceId, 'open')).filter(({ toDatasetId }) => toDatasetId === open!.toDatasetId),
      ).toEqual([]);
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nobody listens', { port: 1 }, 'SOURCE_UNREACHABLE'],
    ['there is no such database', { database: 'no such "库"' }, 'SOURCE_DATABASE_UNKNOWN'],
    ['the password is wrong', { password: 'wrong' }, 'SOURCE_LOGIN_REFUSED'],
    ['there is no such user', { user: 'nobody_there' }, 'SOURCE_LOGIN_REFUSED'],
  ])('fails with a sentence when %s', async (_, settings, code) => {
    const { sourceId } = await register('', { settings });
    const runId = randomUUID();
    await expect(harvest(sourceId, { runId })).rejects.toBeInstanceOf(AppError);
    expect(await runs.get(runId)).toMatchObject({
      state: 'failed',
      errorCode: code,
      errorMessage: expect.stringMatching(/\.$/),
    });
  });

  it('goes on where a worker died, without reading the finished scopes again', async () => {
    const { sourceId, database } = await register(`
      CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA "c*";
      CREATE TABLE a.one (id int); CREATE TABLE b.two (id int); CREATE TABLE "c*".three (id int);
    `);
    const runId = randomUUID();
    const progress = (_: number, message: string) => {
      if (message.includes('"a"')) throw new Error('killed');
    };
    await expect(harvest(sourceId, { runId, progress })).rejects.toThrow('killed');
    expect((await runs.scopesOf([runId])).map(({ name }) => name)).toEqual(['a']);
    expect(await names(sourceId)).toEqual([]);

    // What the second try would see if it read "a" again.
    await database.run('DROP TABLE a.one');
    const read: string[] = [];
    const run = await harvest(sourceId, { runId, progress: (__, message) => void read.push(message) });
    expect(run).toMatchObject({ state: 'succeeded', added: 3 });
    expect(read.filter((message) => message.startsWith('Scope "a"'))).toEqual([]);
    expect(await names(sourceId)).toEqual(['a.one', 'b.two', 'c*.three']);
    // And a third try, of a worker that died before it could say so, finds it done.
    expect(await harvest(sourceId, { runId })).toEqual(run);
    expect(await stagedRows()).toBe(0);
  });

  it('that is stopped midway leaves the dictionary as it was, and what it had put aside is forgotten', async () => {
    const { sourceId, database } = await register('CREATE TABLE public.a (id int)');
    await harvest(sourceId);
    await database.run('CREATE TABLE public.b (id int); DROP TABLE public.a; CREATE SCHEMA z;');
    const controller = new AbortController();
    const progress = (_: number, message: string) => {
      if (message.startsWith('Comparing')) controller.abort();
    };
    await expect(harvest(sourceId, { signal: controller.signal, progress })).rejects.toThrow();
    expect(await names(sourceId)).toEqual(['public.a']);
    // The new table, and that the old one is missing.
    expect(await stagedRows()).toBe(2);
    expect(await harvest(sourceId)).toMatchObject({ added: 1, vanished: 1 });
    expect(await stagedRows()).toBe(0);
  });

  const stagedRows = async () =>
    (await rows(context.app.get(DataSource), 'SELECT 1 FROM dictionary.staged_dataset')).length;

  it('asked for twice is one, but not when the second may remove more', async () => {
    const { sourceId } = await register('');
    const harvests = context.app.get(Harvests);
    const first = await harvests.request(actor, sourceId, { confirmRemovals: false });
    expect(first).toMatchObject({ state: 'queued', startedAt: null });
    expect((await harvests.request(actor, sourceId, { confirmRemovals: false })).id).toBe(first.id);
    await expect(harvests.request(actor, sourceId, { confirmRemovals: true })).rejects.toBeInstanceOf(HarvestUnderWay);
    await expect(harvests.request(actor, sourceId, { dry: true })).rejects.toThrow(
      /asked for differently is under way/,
    );
    await expect(harvests.request(actor, randomUUID(), { confirmRemovals: false })).rejects.toBeInstanceOf(NotFound);
  });

  it('can be scheduled, one schedule a source', async () => {
    const { sourceId } = await register('');
    const harvests = context.app.get(Harvests);
    const nightly = { cron: '30 2 * * 1-5', timeZone: 'Asia/Shanghai', enabled: true };
    await harvests.schedule(actor, sourceId, nightly);
    await harvests.schedule(actor, sourceId, { ...nightly, enabled: false });
    const found: ScheduleEntity[] = await harvests.schedulesOf([sourceId]);
    expect(found).toMatchObject([{ ...nightly, enabled: false, payload: { sourceId }, jobName: 'harvest-source' }]);
    const wrong = harvests.schedule(actor, sourceId, { ...nightly, cron: 'every night' });
    await expect(wrong).rejects.toBeInstanceOf(InvalidInput);
    const nowhere = harvests.schedule(actor, sourceId, { ...nightly, timeZone: 'Mars/Olympus' });
    await expect(nowhere).rejects.toThrow(/no time zone "Mars\/Olympus"/);
  });
});
