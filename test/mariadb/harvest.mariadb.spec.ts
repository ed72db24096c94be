import { randomUUID } from 'node:crypto';

import { Datasets, dictionaryEntities, Entries, Fields, Routines } from '#dictionary';
import { HarvestModule, type HarvestWish, Reader, Runs } from '#harvest';
import { systemActor } from '#kernel';
import { Sources, sourcesEntities, SourcesModule } from '#sources';
import { createConnection } from 'mysql2/promise';

import { grantsOf } from '../../libs/connectors/mysql/src/grants.js';
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
  const harvest = (sourceId: string, wish: HarvestWish = {}) =>
    context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId, actor, readAll: true, ...wish },
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

  it.each([
    ['of its own', (name: string) => [name], () => []],
    [
      'of a role',
      () => ['ra'],
      (name: string) => ['CREATE ROLE ra', `GRANT ra TO ${name}`, `SET DEFAULT ROLE ra FOR ${name}`],
    ],
    [
      'of a role of its role',
      () => ['ra'],
      (name: string) => [
        ...['CREATE ROLE ra', 'CREATE ROLE rb', 'GRANT ra TO rb'],
        ...[`GRANT rb TO ${name}`, `SET DEFAULT ROLE rb FOR ${name}`],
      ],
    ],
    ['of PUBLIC', () => ['PUBLIC'], () => []],
  ])('ends what was dropped and never what a right %s no longer shows', async (_, granteeOf, prepare) => {
    const [grantee] = granteeOf(reader);
    // A right of PUBLIC on a routine shows it to nobody.
    const caller = grantee === 'PUBLIC' ? reader : grantee;
    for (const sql of prepare(reader)) await database.run(sql);
    try {
      const tables = ['kept', '`dropped`', '`re``voked 表`', '`columns lost`', '`columns gone`'];
      for (const table of tables) {
        await database.run(`CREATE TABLE ${table} (id int, secret text)`);
        const right = table.includes('columns') ? 'SELECT (id)' : 'SELECT';
        await database.run(`GRANT ${right} ON ${table} TO ${grantee}`);
      }
      for (const name of ['p_revoked', 'p_kept']) {
        await database.run(`CREATE PROCEDURE ${name}() SELECT 1`);
        await database.run(`GRANT EXECUTE ON PROCEDURE ${name} TO ${caller}`);
      }
      // MariaDB lets nobody in to a database by a right of PUBLIC alone, and does not list it.
      await database.run(`GRANT LOCK TABLES ON ${quoted(database.name)}.* TO ${reader}`);
      const sourceId = await register();
      expect(await harvest(sourceId)).toMatchObject({ state: 'partial', added: tables.length });
      expect((await datasetsOf(sourceId)).map(({ name }) => name)).toHaveLength(tables.length);

      await database.run('DROP TABLE dropped, `columns gone`');
      await database.run(`REVOKE SELECT ON ${'`re``voked 表`'} FROM ${grantee}`);
      await database.run(`REVOKE SELECT (id) ON ${'`columns lost`'} FROM ${grantee}`);
      await database.run(`REVOKE EXECUTE ON PROCEDURE p_revoked FROM ${caller}`);
      const run = await harvest(sourceId);
      expect(run).toMatchObject({ state: 'partial', vanished: 2, changed: 0 });
      const left = (await datasetsOf(sourceId)).map(({ name }) => name);
      expect(left.sort()).toEqual(['kept', 're`voked 表', 'columns lost'].sort());
      const reasons = await reasonsOf(run.id);
      const unseen = reasons.filter((reason) => reason.includes('has none now on'));
      expect(unseen).toEqual([
        expect.stringMatching(
          /"t_\w+\.columns lost", "t_\w+\.re`voked 表"; what is known.*Grant SELECT.*confirmRemovals/,
        ),
        expect.stringMatching(/p_revoked.*Grant EXECUTE/),
      ]);
      const routines = await context.app.get(Routines, { strict: false }).list({ sourceId }, { first: 5 });
      expect(routines.items.map(({ name }) => name)).toEqual(['p_kept', 'p_revoked']);

      expect(await harvest(sourceId)).toMatchObject({ state: 'partial', vanished: 0, added: 0 });
      await database.run(`GRANT SELECT ON ${quoted(database.name)}.* TO ${reader}`);
      await database.run(`GRANT EXECUTE ON ${quoted(database.name)}.* TO ${reader}`);
      expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', vanished: 0, added: 0 });
      await database.run('DROP TABLE `re``voked 表`');
      expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', vanished: 1 });
    } finally {
      for (const role of ['ra', 'rb']) await database.run(`DROP ROLE IF EXISTS ${role}`);
    }
  });

  it('asks a person about a table whose right is gone, and ends it on their word', async () => {
    await database.run('CREATE TABLE a (id int)');
    await database.run('CREATE TABLE b (id int)');
    for (const table of ['a', 'b']) await database.run(`GRANT SELECT ON ${table} TO ${reader}`);
    const sourceId = await register();
    expect(await harvest(sourceId)).toMatchObject({ state: 'succeeded', added: 2 });
    await database.run(`REVOKE SELECT ON b FROM ${reader}`);
    await database.run('DROP TABLE b');
    expect(await harvest(sourceId)).toMatchObject({ state: 'partial', vanished: 0 });
    expect(await harvest(sourceId, { confirmRemovals: true })).toMatchObject({ state: 'succeeded', vanished: 1 });
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
      grants: grantsOf([], { literal: true }),
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
