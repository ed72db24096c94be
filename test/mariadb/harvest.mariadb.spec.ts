import { randomUUID } from 'node:crypto';

import { Datasets, dictionaryEntities, Entries, Fields, Routines } from '#dictionary';
import { HarvestModule, Reader, Runs } from '#harvest';
import { systemActor } from '#kernel';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { createConnection } from 'mysql2/promise';

import { readSchema } from '../../libs/connectors/mysql/src/read-schema.js';
import { type Session } from '../../libs/connectors/mysql/src/mysql-sessions.js';
import { testContext, type TestContext } from '../support/context.js';
import { createMariaDatabase, type MariaDatabase } from '../support/mariadb.js';

const actor = systemActor('steward');
const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

describe('a harvest of MariaDB', () => {
  let context: TestContext;
  let database: MariaDatabase;
  let reader: string;
  const readers: string[] = [];

  beforeAll(async () => {
    context = await testContext([SourcesModule, HarvestModule], [...sourcesEntities, ...dictionaryEntities]);
  });
  beforeEach(async () => {
    database = await createMariaDatabase();
    reader = `r_${randomUUID().slice(0, 8)}`;
    readers.push(reader);
    await database.run(`CREATE USER ${reader} IDENTIFIED BY 'pw'`);
  });
  afterEach(() => database.drop({ users: readers.splice(0) }));
  afterAll(() => context.stop());

  const register = async (settings: object = {}) => {
    const { host, port, name } = database;
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: `源 ${randomUUID()}`, kind: 'mysql', include: null, exclude: [], description: '', owner: '' },
      ...{ domain: '', environment: '', removalShare: 1 },
      settings: { host, port, database: name, user: reader, password: 'pw', tls: 'disable', ...settings },
    });
    return id;
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
  const columnsOf = async (sourceId: string, name: string) => {
    const dataset = (await datasetsOf(sourceId)).find((each) => each.name === name)!;
    return (await context.app.get(Fields, { strict: false }).ofDatasets([dataset.id])).map((field) => field.name);
  };

  it('takes no column, no query and no text away because the account lost a right', async () => {
    const all = `GRANT SELECT, SHOW VIEW, EXECUTE ON ${quoted(database.name)}.* TO ${reader}`;
    const proc = `GRANT SELECT ON mysql.proc TO ${reader}`;
    await database.run('CREATE TABLE client (id int, mobile varchar(20), address text)');
    await database.run('CREATE TABLE deleted_from (id int)');
    await database.run('CREATE VIEW v AS SELECT id, mobile FROM client');
    await database.run('CREATE PROCEDURE p() SELECT 1');
    for (const grant of [all, proc]) await database.run(grant);
    const sourceId = await register();
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 3 });
    const client = (await datasetsOf(sourceId)).find(({ name }) => name === 'client')!;
    const [, mobile] = await context.app.get(Fields, { strict: false }).ofDatasets([client.id]);
    const entries = context.app.get(Entries, { strict: false });
    await entries.describe(actor, [{ asset: { kind: 'field', id: mobile!.id }, businessName: '手机号' }]);

    await database.run(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${reader}`);
    for (const right of [
      'SELECT (id), DELETE ON client',
      'SELECT ON v',
      'DELETE ON deleted_from',
      'EXECUTE ON PROCEDURE p',
    ])
      await database.run(`GRANT ${right} TO ${reader}`);
    const partial = await harvest(sourceId);
    expect(partial).toMatchObject({ state: 'partial', added: 0, changed: 0, vanished: 0 });
    const reasons = (await reasonsOf(partial.id)).join('\n');
    for (const name of ['client', 'v', 'deleted_from', 'p']) expect(reasons).toContain(`"${name}"`);
    expect(reasons).toContain(database.name);
    expect(await columnsOf(sourceId, 'client')).toEqual(['id', 'mobile', 'address']);
    expect(await columnsOf(sourceId, 'deleted_from')).toEqual(['id']);
    expect(await entries.ofFields([mobile!.id])).toMatchObject([{ businessName: '手机号' }]);
    const routines = await context.app.get(Routines, { strict: false }).list({ sourceId }, { first: 5 });
    expect(routines.items).toMatchObject([{ name: 'p', body: 'SELECT 1' }]);

    for (const grant of [all, proc]) await database.run(grant);
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', unchanged: 3, changed: 0, vanished: 0 });
  });

  it('follows the columns that an account may see which never saw the others', async () => {
    await database.run('CREATE TABLE client (id int, secret text)');
    await database.run(`GRANT SELECT (id) ON client TO ${reader}`);
    const sourceId = await register();
    expect(await harvest(sourceId)).toMatchObject({ state: 'partial', added: 1 });
    await database.run('ALTER TABLE client MODIFY id bigint, ADD open int');
    await database.run(`GRANT SELECT (id, open) ON client TO ${reader}`);
    expect(await harvest(sourceId)).toMatchObject({ state: 'partial', changed: 1, vanished: 0 });
    expect(await columnsOf(sourceId, 'client')).toEqual(['id', 'open']);
  });

  it('holds a table for unread that is dropped between listing and reading', async () => {
    await database.run('CREATE TABLE stays (id int)');
    await database.run('CREATE TABLE dropped (id int)');
    const { host, port, user, name } = database;
    const connection = await createConnection({ host, port, user, dateStrings: true });
    const session = {
      isMariaDb: true,
      ask: async (sql: string) => {
        if (/information_schema\.columns/i.test(sql)) await database.run('DROP TABLE IF EXISTS dropped');
        return (await connection.query(sql))[0];
      },
    } as unknown as Session;
    const reading = await readSchema(session, { name, folded: false });
    await connection.end();
    expect(reading.datasets.map((dataset) => dataset.name)).toEqual(['stays']);
    expect(reading.withoutColumns).toEqual(['dropped']);
  });

  it('keeps names whole, also two that differ only by case, and ends only the one that is gone', async () => {
    // A file of the server has the name, each character as five, and 255 bytes at most.
    const names = ['客户 表', 'Case', 'cASE', 'a.b', `quote " ' and \``, 'line\nend', 'x'.repeat(64), '表'.repeat(48)];
    for (const name of names) await database.run(`CREATE TABLE ${quoted(name)} (${quoted(name)} int)`);
    await database.run(`GRANT SELECT ON ${quoted(database.name)}.* TO ${reader}`);
    const sourceId = await register();
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: names.length });
    expect((await datasetsOf(sourceId)).map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const name of names) expect(await columnsOf(sourceId, name)).toEqual([name]);
    await database.run('DROP TABLE `cASE`');
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', unchanged: names.length - 1, vanished: 1 });
    expect((await datasetsOf(sourceId)).map(({ name }) => name)).toContain('Case');
  });

  it('folds as many partitions as the server can have into their table', async () => {
    const count = 8192;
    await database.run(`CREATE TABLE parts (id int) ENGINE = MEMORY PARTITION BY HASH (id) PARTITIONS ${count}`);
    await database.run(`GRANT SELECT ON ${quoted(database.name)}.* TO ${reader}`);
    const sourceId = await register();
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 1 });
    expect(await datasetsOf(sourceId)).toMatchObject([
      { name: 'parts', kind: 'partitioned_table', partitionCount: count },
    ]);
  });

  it.each<[string, object, string, RegExp]>([
    ['nobody listens', { port: 1 }, 'SOURCE_UNREACHABLE', /127\.0\.0\.1:1 cannot be reached.*Check host, port/],
    ['the host is unknown', { host: 'nowhere.invalid' }, 'SOURCE_UNREACHABLE', /nowhere\.invalid.*Check host/],
    [
      'the password is wrong',
      { password: 'wrong' },
      'SOURCE_LOGIN_REFUSED',
      /refuses the user r_.*Check user and password/,
    ],
    ['the database is another', { database: 'no_such' }, 'SOURCE_PERMISSION_DENIED', /no_such/],
    ['encryption is asked for', { tls: 'require' }, 'SOURCE_UNREACHABLE', /TLS/],
  ])('says what to do when %s', async (_, settings, code, sentence) => {
    const sourceId = await register(settings);
    const error: unknown = await harvest(sourceId).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) });
    const [last] = await context.app.get(Runs).lastOf([sourceId]);
    expect(last).toMatchObject({ state: 'failed', errorCode: code });
  });
});
