import { FixedClock } from '#kernel';

import { QueryLogs } from '#lineage';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { lineageCatalog, type LineageCatalog } from '../support/lineage-of-source.js';
import { createMariaDatabase, type MariaDatabase } from '../support/mariadb.js';

const day = (text: string) => new Date(`2026-${text}T00:00:00Z`);
const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

describe('lineage of MariaDB', () => {
  const clock = new FixedClock(day('01-01'));
  let catalog: LineageCatalog;
  let database: MariaDatabase;
  const users: string[] = [];

  beforeAll(async () => {
    catalog = await lineageCatalog(clock);
  });
  beforeEach(async () => {
    clock.set(day('01-01'));
    database = await createMariaDatabase();
    await database.run('CREATE TABLE a (x int, y int, day date)');
    await database.run('CREATE TABLE b (x int, y int)');
  });
  afterEach(() => database.drop({ users: users.splice(0), databases: [`${database.name}_2`] }));
  afterAll(() => catalog.stop());

  const register = async (grants: readonly string[], settings: object = {}) => {
    const { host, port, name } = database;
    const user = `r_${name.slice(2, 12)}`;
    users.push(user);
    await database.run(`CREATE USER ${user} IDENTIFIED BY 'pw'`);
    for (const grant of grants) await database.run(`GRANT ${grant} TO ${user}`);
    return catalog.register('mysql', { host, port, database: name, user, password: 'pw', tls: 'disable', ...settings });
  };
  const all = () => [
    `SELECT, SHOW VIEW, EXECUTE, TRIGGER, EVENT ON ${quoted(database.name)}.*`,
    'SELECT ON mysql.proc',
  ];
  const said = async (id: string) => {
    const statements = await catalog.statements(id, 'routine');
    return statements.map((each) => each.slice(each.lastIndexOf(': ') + 2));
  };

  it.each([
    [
      'a procedure',
      'CREATE PROCEDURE `装 载`(IN `日 期` date) BEGIN INSERT INTO b (x) SELECT x FROM a WHERE day = `日 期`; END',
      ['a.x -> b.x'],
      ['ok', 'ok'],
    ],
    [
      'a function',
      `CREATE FUNCTION f(n int) RETURNS varchar(10) DETERMINISTIC COMMENT 'it''s' BEGIN UPDATE b SET y = (SELECT max(y) FROM a); RETURN 'x'; END`,
      ['a.y -> b.y'],
      ['ok', 'ok'],
    ],
    ['one statement', 'CREATE PROCEDURE p() INSERT INTO b (x) SELECT y FROM a', ['a.y -> b.x'], ['ok', 'ok']],
    [
      'SQL that is put together when it runs',
      `CREATE PROCEDURE p(t varchar(9)) BEGIN SET @s = CONCAT('insert into b select * from ', t); PREPARE q FROM @s; EXECUTE q; END`,
      [],
      ['partial dynamic-sql', 'opaque dynamic-sql'],
    ],
  ])('%s', async (_, sql, flows, statuses) => {
    await database.run(sql);
    const id = await register(all());
    await catalog.follow(id);
    expect(await catalog.flows(id, 'routine')).toEqual(flows);
    expect(await said(id)).toEqual(statuses);
  });

  it('what was made in the mode of Oracle', async () => {
    await database.run(`SET sql_mode = 'ORACLE'`);
    await database.run(
      `CREATE PROCEDURE o(d IN date) AS v int; BEGIN SELECT x INTO v FROM a WHERE day = d; INSERT INTO b (x) VALUES (v); END`,
    );
    await database.run(`CREATE PACKAGE k AS PROCEDURE p; END`);
    await database.run(`CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN INSERT INTO b SELECT y, x FROM a; END; END`);
    const id = await register(all());
    await catalog.follow(id);
    expect(new Set(await said(id))).toEqual(new Set(['ok']));
    expect(await catalog.flows(id, 'routine')).toEqual(['a.x -> b.x', 'a.x -> b.y', 'a.y -> b.x']);
  });

  it('what another source of the server has is found by its database, and what none has keeps its name', async () => {
    await database.run(
      `CREATE PROCEDURE p() BEGIN INSERT INTO b (x) SELECT o.k FROM ${quoted(`${database.name}_2`)}.other o; INSERT INTO b (y) SELECT z FROM missing; END`,
    );
    await database.run(`CREATE DATABASE ${quoted(`${database.name}_2`)}`);
    await database.run(`CREATE TABLE ${quoted(`${database.name}_2`)}.other (k int)`);
    const id = await register([...all(), `SELECT ON ${quoted(`${database.name}_2`)}.*`]);
    await catalog.follow(id);
    const missing = `${database.name}.missing?.z? -> b.y`;
    expect(await catalog.flows(id, 'routine')).toEqual([missing, `${database.name}_2.other?.k? -> b.x`].sort());
    const { host, port } = database;
    const settings = { host, port, database: `${database.name}_2`, user: users[0], password: 'pw', tls: 'disable' };
    await catalog.follow(await catalog.register('mysql', settings));
    await catalog.follow(id);
    expect(await catalog.flows(id, 'routine')).toEqual([missing, 'other.k -> b.x'].sort());
  });

  it('a text that may not be seen is opaque', async () => {
    await database.run('CREATE PROCEDURE p() INSERT INTO b (x) SELECT y FROM a');
    const id = await register([`SELECT, EXECUTE ON ${quoted(database.name)}.*`]);
    await catalog.follow(id);
    expect(await said(id)).toEqual(['opaque runs-code']);
  });

  it('change and vanish on both time axes', async () => {
    await database.run('CREATE PROCEDURE p() INSERT INTO b (x) SELECT x FROM a');
    const id = await register(all());
    await catalog.follow(id);
    clock.set(day('02-01'));
    await database.run('CREATE OR REPLACE PROCEDURE p() INSERT INTO b (x) SELECT y FROM a');
    await catalog.follow(id);
    clock.set(day('03-01'));
    await database.run('DROP PROCEDURE p');
    await catalog.follow(id);
    const at = (validAt: Date, recordedAt?: Date) =>
      catalog.flows(id, 'routine', { validAt, ...(recordedAt && { recordedAt }) });
    expect(await catalog.flows(id, 'routine')).toEqual([]);
    expect(await at(day('01-20'))).toEqual(['a.x -> b.x']);
    expect(await at(day('02-20'))).toEqual(['a.y -> b.x']);
    expect(await at(day('03-20'), day('02-20'))).toEqual(['a.y -> b.x']);
  });

  describe('from its logs', () => {
    const logs = () => catalog.context.app.get(QueryLogs);
    const before: Record<string, unknown> = {};
    beforeEach(async () => {
      const [found] = await database.run(
        'SELECT @@log_output AS output, @@general_log AS general, @@slow_query_log AS slow',
      );
      Object.assign(before, found);
      clock.set(new Date());
    });
    afterEach(async () => {
      await database.run(
        `SET GLOBAL general_log = ${String(before['general'])}, GLOBAL slow_query_log = ${String(before['slow'])}, GLOBAL log_output = '${String(before['output'])}'`,
      );
      await database.run('SET SESSION long_query_time = DEFAULT');
    });
    const followed = async (log: string, grants: readonly string[] = [`SELECT ON mysql.${log}`]) => {
      const id = await register([...all(), ...grants], { queryLog: log });
      await catalog.follow(id);
      return id;
    };
    const here = (name: string) => `${quoted(database.name)}.${name}`;

    it.each([
      ['general_log', `SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1`],
      [
        'slow_log',
        `SET GLOBAL log_output = 'TABLE', GLOBAL slow_query_log = 1, SESSION slow_query_log = 1, SESSION long_query_time = 0`,
      ],
    ])('%s says where data went, without a value', async (log, on) => {
      const id = await followed(log);
      await database.run(on);
      const first = await logs().read(id, catalog.work);
      expect(first.problems).toEqual([]);
      await database.run(
        `INSERT INTO ${here('b')} (x) SELECT x FROM ${here('a')} WHERE concat(day) = '2026-01-01' -- planted`,
      );
      await database.run(
        `INSERT INTO ${here('b')} (x)\n SELECT x FROM ${here('a')} WHERE concat(day) = "planted 张三"`,
      );
      await database.run(`UPDATE ${here('b')} t JOIN ${here('a')} s ON s.x = t.x SET t.y = s.y WHERE s.x IN (1, 2, 3)`);
      await database.run(`INSERT INTO ${here('b')} (x) VALUES (4242)`);
      await database.run(`INSERT INTO ${here('b')} (x) SELECT x FROM ${here('a')} WHERE 'it\\'s' = 'planted'`);
      await database.run(`SELECT x FROM ${here('a')}`);
      const { problems } = await logs().read(id, catalog.work);
      expect(problems).toEqual([expect.stringContaining('statements were left out')]);
      // The server is not ours alone: others run statements, too.
      const flows = await catalog.flows(id, 'query_log');
      expect(flows.filter((flow) => !flow.includes('?'))).toEqual(['a.x -> b.x', 'a.y -> b.y']);
      const statements = (await catalog.statements(id, 'query_log')).filter((each) => each.includes(database.name));
      expect(statements).toEqual(Array(2).fill(expect.stringMatching(/: ok$/)));
      const kept = JSON.stringify(
        await rows(
          catalog.context.app.get(DataSource),
          `SELECT to_jsonb(script) AS row FROM lineage.script UNION ALL SELECT to_jsonb(version) FROM lineage.script_version AS version
           UNION ALL SELECT to_jsonb(edge) FROM lineage.edge UNION ALL SELECT to_jsonb(statement) FROM lineage.statement`,
        ),
      );
      expect(kept).not.toContain('planted');
      expect(kept).toContain('WHERE concat(day) = ?');
    });

    it.each([
      [
        'the server writes files',
        `SET GLOBAL log_output = 'FILE', GLOBAL general_log = 1`,
        ['SELECT ON mysql.general_log'],
        'out of reach',
      ],
      [
        'the log is off',
        `SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 0`,
        ['SELECT ON mysql.general_log'],
        'SET GLOBAL general_log = ON',
      ],
      [
        'there is no right',
        `SET GLOBAL log_output = 'TABLE', GLOBAL general_log = 1`,
        [],
        'GRANT SELECT ON mysql.general_log',
      ],
    ])('%s: it says what to do', async (_, on, grants, problem) => {
      const id = await followed('general_log', grants);
      await database.run(on);
      expect(await logs().read(id, catalog.work)).toMatchObject({
        problems: expect.arrayContaining([expect.stringContaining(problem)]),
      });
    });
  });
});
