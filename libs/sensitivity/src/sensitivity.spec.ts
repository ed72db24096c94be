import { randomUUID } from 'node:crypto';

import { AuditLog } from '#audit';
import { Datasets, dictionaryEntities, Entries, Levels } from '#dictionary';
import { HarvestModule, Reader } from '#harvest';
import { Conflict, NotFound, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { Detection, type ProposalFilter, type ProposalRow, Proposals, SensitivityModule } from '#sensitivity';
import { SourcePaused, Sources, sourcesEntities, SourcesModule } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { residentId } from '../../../test/support/resident-ids.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';

const actor = systemActor('数据管家 "steward"');

describe('sensitive data', () => {
  let context: TestContext;
  let proposals: Proposals;
  const databases: SourceDatabase[] = [];

  beforeAll(async () => {
    context = await testContext(
      [SourcesModule, HarvestModule, SensitivityModule],
      [...sourcesEntities, ...dictionaryEntities],
    );
    proposals = context.app.get(Proposals);
  });
  afterAll(async () => {
    await context.stop();
    for (const database of databases) await database.drop();
  });

  const register = async (sql: string, wish: { sampleRows?: number; settings?: object } = {}) => {
    const database = await sourceDatabase(sql);
    databases.push(database);
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 "${randomUUID()}" 😀`, kind: 'postgres', settings: { ...database.settings, ...wish.settings } },
      ...{ include: null, exclude: [], description: '', owner: '', domain: '', environment: '' },
      ...(wish.sampleRows !== undefined && { sampleRows: wish.sampleRows }),
    });
    await harvest(id);
    return { database, sourceId: id };
  };
  const working = () => ({ actor, signal: new AbortController().signal, progress: () => undefined });
  const harvest = (sourceId: string) =>
    context.app.get(Reader).carryOut({ ...working(), runId: randomUUID(), sourceId });
  const detect = (sourceId: string, more: { runId?: string; datasetId?: string } = {}) =>
    context.app.get(Detection).run({ sourceId, ...more }, working());
  const open = async (filter: ProposalFilter) =>
    (await proposals.list({ state: 'open', ...filter }, { first: 100 })).items;
  const said = (found: readonly ProposalRow[]) =>
    found.map(({ fieldName, category, level }) => `${fieldName} ${category} ${level}`).sort();
  const entriesOf = (ids: string[]) => context.app.get(Entries, { strict: false }).ofFields(ids);
  const levelOf = async (sourceId: string) => {
    const [dataset] = (await context.app.get(Datasets, { strict: false }).list({ sourceId }, { first: 1 })).items;
    const [level] = await context.app.get(Levels, { strict: false }).ofDatasets([dataset!.id]);
    return level;
  };

  const IDS = Array.from({ length: 20 }, (_, n) => `'${residentId(n * 1000)}'`).join();
  const CUSTOMER = `
    CREATE TABLE public."客户" (id int PRIMARY KEY, sfzh varchar(18), c1 text, "状态" text);
    COMMENT ON TABLE public."客户" IS '客户信息';
    INSERT INTO public."客户"
    SELECT n, (ARRAY[${IDS}])[n], 'user' || n || '@example.com', '正常'
      FROM generate_series(1, 20) AS n;
  `;

  it('is proposed by what columns are called and by what their values look like', async () => {
    const { sourceId } = await register(CUSTOMER);
    expect(await detect(sourceId)).toMatchObject({ datasets: 1, sampled: 1, problems: {} });
    const found = await open({ sourceId });
    expect(said(found)).toEqual(['c1 email L3', 'sfzh resident_id L3']);
    const [first] = found;
    expect(first).toMatchObject({ fieldName: 'sfzh', template: 'jrt-0197', masked: false, state: 'open' });
    expect(first!.score).toBeGreaterThan(0.95);
    expect(first!.reasons.map(({ code }) => code)).toEqual(expect.arrayContaining(['name_says', 'check_digit_right']));
    expect(await open({ sourceId, category: 'email' })).toHaveLength(1);
    expect(await open({ sourceId, level: 'L4' })).toEqual([]);
    expect(await open({ sourceId, minScore: first!.score })).toEqual([first]);
  });

  it('leaves no value anywhere in the catalog, nor in what a job says', async () => {
    const planted = '11010519491231002X';
    // A view that fails makes the source quote the value in its error.
    const { sourceId } = await register(`
      CREATE TABLE public.person (id_card text, name text);
      INSERT INTO public.person VALUES ('${planted}', '独孤求败七');
      CREATE VIEW public.broken AS SELECT id_card::date AS birthday, name FROM public.person;
    `);
    const summary = await detect(sourceId);
    expect(summary).toMatchObject({ sampled: 1, problems: { SOURCE_QUERY_FAILED: 1 } });
    expect(JSON.stringify(summary)).not.toContain(planted);
    expect(said(await open({ sourceId }))).toEqual(expect.arrayContaining(['id_card resident_id L3']));
    const db = context.app.get(DataSource);
    const tables = await rows<{ name: string }>(
      db,
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'`,
      [],
    );
    expect(tables.length).toBeGreaterThan(30);
    const telling: string[] = [];
    for (const { name } of tables) {
      const hits = await rows(db, `SELECT 1 FROM ${name} AS t WHERE t::text ~ '110105194912|独孤求败' LIMIT 1`, []);
      if (hits.length > 0) telling.push(name);
    }
    expect(telling).toEqual([]);
  });

  it('looked at a second time is nothing new', async () => {
    const { sourceId, database } = await register(CUSTOMER);
    expect(await detect(sourceId, { runId: randomUUID() })).toMatchObject({ datasets: 1, proposed: 2 });
    const before = await open({ sourceId });
    const log = context.app.get(AuditLog);
    const recorded = async () => (await log.list({ subjectId: sourceId }, { first: 50 })).total;
    const entries = await recorded();
    expect(await detect(sourceId)).toMatchObject({ datasets: 1, proposed: 0, withdrawn: 0 });
    // After a harvest that changed nothing there is nothing to look at.
    expect(await detect(sourceId, { runId: randomUUID() })).toMatchObject({ datasets: 0 });
    expect(await open({ sourceId })).toEqual(before);
    expect(await recorded()).toBe(entries);
    await database.run(`ALTER TABLE public."客户" ADD mobile varchar(11); ALTER TABLE public."客户" DROP sfzh`);
    await harvest(sourceId);
    expect(await detect(sourceId, { runId: randomUUID() })).toMatchObject({ datasets: 1, proposed: 1, withdrawn: 1 });
    expect(said(await open({ sourceId }))).toEqual(['c1 email L3', 'mobile mobile L3']);
    await database.run(`DROP TABLE public."客户"`);
    await harvest(sourceId);
    expect(await detect(sourceId, { runId: randomUUID() })).toMatchObject({ datasets: 0, withdrawn: 2 });
  });

  it('accepted sets the level, and the dataset’s is its highest field’s', async () => {
    const { sourceId } = await register(CUSTOMER);
    await detect(sourceId);
    const [resident, email] = await open({ sourceId });
    const decided = await proposals.decide(actor, [resident!.id, email!.id], true);
    expect(decided).toMatchObject([{ state: 'accepted', decidedBy: actor.name }, { state: 'accepted' }]);
    const entries = await entriesOf([resident!.fieldId, email!.fieldId]);
    expect(entries.map(({ securityLevel, origin }) => [securityLevel, origin])).toEqual([
      ['L3', 'person'],
      ['L3', 'person'],
    ]);
    expect(await levelOf(sourceId)).toMatchObject({ level: 'L3', origin: 'proposal', setBy: actor.name });
    const datasets = context.app.get(Datasets, { strict: false });
    const at = async (securityLevel: 'L3' | 'L4') =>
      (await datasets.list({ sourceId, securityLevel }, { first: 5 })).total;
    expect([await at('L3'), await at('L4')]).toEqual([1, 0]);
    const log = await context.app.get(AuditLog).list({ action: 'sensitivity.accepted' }, { first: 1 });
    expect(log.items[0]).toMatchObject({ actorName: actor.name, subjectName: '2 proposals' });
    // And a person may think otherwise.
    const other = systemActor('other');
    const describe = context.app.get(Entries, { strict: false });
    await describe.describe(other, [{ asset: { kind: 'field', id: email!.fieldId }, securityLevel: 'L4' }]);
    expect(await levelOf(sourceId)).toMatchObject({ level: 'L4', origin: 'person', setBy: 'other' });
    await describe.describe(actor, [{ asset: { kind: 'field', id: email!.fieldId }, businessName: '邮箱' }]);
    expect(await levelOf(sourceId)).toMatchObject({ level: 'L4', origin: 'person', setBy: 'other' });
    expect([await at('L3'), await at('L4')]).toEqual([0, 1]);
  });

  it('accepted never lowers what a person has said', async () => {
    const { sourceId } = await register(CUSTOMER);
    await detect(sourceId);
    const [resident] = await open({ sourceId });
    const entries = context.app.get(Entries, { strict: false });
    await entries.describe(actor, [{ asset: { kind: 'field', id: resident!.fieldId }, securityLevel: 'L5' }]);
    await proposals.decide(actor, [resident!.id], true);
    expect(await entriesOf([resident!.fieldId])).toMatchObject([{ securityLevel: 'L5' }]);
  });

  it('rejected stays rejected, whatever is found and harvested', async () => {
    const { sourceId, database } = await register(CUSTOMER);
    await detect(sourceId);
    const [resident] = await open({ sourceId, category: 'resident_id' });
    await proposals.decide(actor, [resident!.id], false);
    expect(await entriesOf([resident!.fieldId])).toEqual([]);
    await database.run(`COMMENT ON COLUMN public."客户".sfzh IS '居民身份证号'`);
    await harvest(sourceId);
    await detect(sourceId);
    expect(said(await open({ sourceId }))).toEqual(['c1 email L3']);
    expect(await proposals.get(resident!.id)).toMatchObject({ state: 'rejected', decidedBy: actor.name });
    // Until somebody changes his mind.
    await proposals.decide(actor, [resident!.id], true);
    expect(await entriesOf([resident!.fieldId])).toMatchObject([{ securityLevel: 'L3' }]);
  });

  it('is decided all or nothing', async () => {
    const { sourceId } = await register(CUSTOMER);
    await detect(sourceId);
    const [resident, email] = await open({ sourceId });
    await expect(proposals.decide(actor, [resident!.id, randomUUID()], true)).rejects.toThrow(NotFound);
    await proposals.decide(actor, [email!.id], false);
    await expect(proposals.decide(actor, [resident!.id, email!.id], false)).rejects.toThrow(
      new Conflict(
        `The proposal that ${email!.qualifiedName}#c1 holds email is rejected already. Read the list again.`,
      ),
    );
    expect(await open({ sourceId })).toEqual([resident]);
    expect(await entriesOf([resident!.fieldId])).toEqual([]);
  });

  it('is looked for without values where sampling is off', async () => {
    const { sourceId } = await register(CUSTOMER, { sampleRows: 0 });
    expect(await detect(sourceId)).toMatchObject({ sampled: 0, problems: { SAMPLING_OFF: 1 } });
    const [only, ...others] = await open({ sourceId });
    expect([said([only!]), others]).toEqual([['sfzh resident_id L3'], []]);
    expect(only!.reasons.map(({ code }) => code)).toEqual(['name_says']);
  });

  it('keeps what values spoke for while the source is out of reach, and looks again', async () => {
    const { sourceId } = await register(CUSTOMER);
    await detect(sourceId);
    const before = said(await open({ sourceId }));
    const sources = context.app.get(Sources);
    const source = await sources.get(sourceId);
    const wish = { ...source, settings: { ...source.settings, connectTimeoutMs: 1_000 } };
    const password = (databases.at(-1)!.settings as { password?: string }).password;
    const moved = { host: '127.0.0.1', port: 1, ...(password !== undefined && { password }) };
    await sources.change(actor, sourceId, { ...wish, settings: { ...wish.settings, ...moved } });
    expect(await detect(sourceId)).toMatchObject({ problems: { SOURCE_UNREACHABLE: 1 }, withdrawn: 0 });
    expect(said(await open({ sourceId }))).toEqual(before);
    expect(await detect(sourceId, { runId: randomUUID() })).toMatchObject({ datasets: 1 });
    await sources.pause(actor, sourceId, true);
    await expect(detect(sourceId)).rejects.toThrow(SourcePaused);
  });

  it('counts by source', async () => {
    const { sourceId } = await register(CUSTOMER);
    await detect(sourceId);
    const [resident] = await open({ sourceId });
    await proposals.decide(actor, [resident!.id], false);
    const counts = await proposals.countsOf([sourceId]);
    expect(counts.map(({ state, proposals: count, fields }) => [state, count, fields]).sort()).toEqual([
      ['open', 1, 1],
      ['rejected', 1, 1],
    ]);
  });
});
