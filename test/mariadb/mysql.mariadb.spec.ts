import { createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import {
  type Call,
  type Connection,
  type HarvestedDataset,
  type SnapshotOptions,
  type SnapshotPart,
  SourceCallCancelled,
  SourceDatabaseUnknown,
  SourceLoginRefused,
  SourcePermissionDenied,
  SourceQueryFailed,
  SourceTimedOut,
  SourceUnreachable,
} from '#core/connector-kit';
import { mysql } from '#connectors/mysql';
import { InvalidInput, qualifiedName } from '#kernel';

import { createMariaDatabase, type MariaDatabase } from '../support/mariadb.js';

// A name of MariaDB has no characters beyond the three bytes of its own metadata.
const ODD = '客户 "表".a%b `c`';
const PASSWORD = 'a secret: 密码';

const call = (deadlineMs = 20_000): Call => ({ signal: new AbortController().signal, deadlineMs });
const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

let database: MariaDatabase;
let risk: string;
let half: string;
let odd: string;
let reader: string;
let connection: Connection;

const settingsOf = (more: object = {}) => ({
  host: database.host,
  port: database.port,
  user: reader,
  tls: 'disable',
  ...more,
});

const asAdmin = () => mysql.open(settingsOf({ user: database.user }));

beforeAll(async () => {
  database = await createMariaDatabase();
  [risk, half, odd] = [`${database.name}_risk`, `${database.name}_half`, `${ODD} ${database.name.slice(-8)}`];
  reader = `r_${database.name.slice(-12)}`;
  const run = (sql: string, params?: readonly unknown[]) => database.run(sql, params);
  for (const name of [risk, half, odd]) await run(`CREATE DATABASE ${quoted(name)}`);
  await run(`CREATE USER ${reader} IDENTIFIED BY '${PASSWORD}'`);
  await run(`CREATE TABLE ${risk}.branch (code char(4) PRIMARY KEY, city varchar(50) NOT NULL UNIQUE)`);
  await run(`
    CREATE TABLE ${risk}.loan (
      id bigint unsigned AUTO_INCREMENT PRIMARY KEY COMMENT 'the number',
      branch_code char(4),
      contract_no varchar(18) NOT NULL,
      balance decimal(18, 2) DEFAULT 0.00 COMMENT '余额',
      rate float,
      doubled double GENERATED ALWAYS AS (rate * 2) STORED,
      active boolean,
      small tinyint,
      opened date,
      at_noon time(3),
      seen datetime,
      changed timestamp(6) NULL,
      scan blob,
      extra json,
      uid uuid,
      state enum('open', 'closed') DEFAULT 'open',
      born year,
      flags bit(3),
      place point,
      客户名 text,
      UNIQUE KEY loan_contract (contract_no),
      UNIQUE KEY loan_two (born, small),
      CONSTRAINT loan_branch FOREIGN KEY (branch_code) REFERENCES branch (code)
    ) COMMENT '贷款'
  `);
  await run(
    `ALTER TABLE ${risk}.loan ADD CONSTRAINT loan_rate CHECK (rate < 1), ADD INDEX loan_name (客户名(10)), ADD FULLTEXT loan_text (客户名)`,
  );
  await run(
    `CREATE PROCEDURE ${risk}.settle(IN day date, OUT n int) COMMENT '日终' BEGIN DELETE FROM entry WHERE booked < day; SET n = 1; END`,
  );
  await run(`CREATE FUNCTION ${risk}.settle(b decimal(18,2)) RETURNS decimal(18,2) DETERMINISTIC RETURN b * 2`);
  await run(`CREATE VIEW ${risk}.open_loan AS SELECT id, balance FROM ${risk}.loan WHERE active`);
  await run(`CREATE TABLE ${risk}.entry (id int, booked date) PARTITION BY HASH (id) PARTITIONS 2`);
  await run(`CREATE TABLE ${risk}.history (id int) WITH SYSTEM VERSIONING`);
  await run(`CREATE SEQUENCE ${risk}.counter`);
  await run(`CREATE TABLE ${half}.shown (id int)`);
  await run(`CREATE PROCEDURE ${half}.veiled() SELECT 1`);
  await run(`CREATE TABLE ${half}.unshown (id int)`);
  await run(`CREATE TABLE ${half}.some (id int, secret int)`);
  await run(`CREATE VIEW ${half}.veiled AS SELECT 1 AS one`);
  await run(`CREATE TABLE ${quoted(odd)}.${quoted(ODD)} (${quoted(ODD)} varchar(50) PRIMARY KEY)`);
  await run(`INSERT INTO ${quoted(odd)}.${quoted(ODD)} VALUES (?)`, [`汉字 'quoted' \\ 😀`]);
  for (const name of [risk, quoted(odd)]) await run(`GRANT SELECT, SHOW VIEW ON ${name}.* TO ${reader}`);
  await run(`GRANT SELECT ON ${half}.shown TO ${reader}`);
  await run(`GRANT INSERT ON ${half}.unshown TO ${reader}`);
  await run(`GRANT SELECT (id) ON ${half}.some TO ${reader}`);
  await run(`GRANT SELECT ON ${half}.veiled TO ${reader}`);
  await run(`GRANT EXECUTE ON ${risk}.* TO ${reader}`);
  await run(`GRANT SELECT ON mysql.proc TO ${reader}`);
  connection = await mysql.open(settingsOf(), { password: PASSWORD });
});

afterAll(async () => {
  await connection?.close();
  await database?.drop({ databases: [risk, half, odd], users: [reader] });
});

async function read(options: SnapshotOptions = {}, from = connection): Promise<SnapshotPart[]> {
  const parts: SnapshotPart[] = [];
  for await (const part of from.snapshot(options, call())) parts.push(part);
  return parts;
}

const datasetsIn = (parts: readonly SnapshotPart[]): HarvestedDataset[] =>
  parts.flatMap((part) => (part.part === 'dataset' ? [part.dataset] : []));

async function datasetOf(name: string): Promise<HarvestedDataset> {
  const found = datasetsIn(await read({ include: [risk] })).find((dataset) => dataset.name === name);
  if (found === undefined) throw new Error(`${name} was not read`);
  return found;
}

describe('settings', () => {
  it('give the namespace', () => {
    expect(mysql.namespace({ host: 'DWH.bank', user: 'u' })).toBe('mysql://dwh.bank:3306');
    expect(mysql.namespace({ host: '::1', port: 6000, user: 'u' })).toBe('mysql://[::1]:6000');
  });

  it('are refused with every fault', () => {
    expect(() => mysql.checkSettings({ host: '', port: 0, user: 'u', colour: 'red' })).toThrow(InvalidInput);
  });

  it('keep secrets apart', () => {
    expect(mysql.secretSettings).toEqual(['password']);
    expect(mysql.checkSettings({ host: 'h', user: 'u', password: 'p' })).not.toHaveProperty('password');
  });
});

describe('a snapshot', () => {
  it('closes every scope and says what it could not read', async () => {
    const parts = await read();
    const scopes = parts.flatMap((part) => (part.part === 'scope' ? [part] : []));
    expect(scopes).toHaveLength(3);
    expect(scopes.find(({ scope }) => scope === risk)).toMatchObject({ complete: true, reasons: [] });
    expect(scopes.find(({ scope }) => scope === odd)).toMatchObject({ complete: true, reasons: [] });
    expect(scopes.find(({ scope }) => scope === half)).toMatchObject({
      complete: false,
      reasons: [
        `The user ${reader} has no SELECT right in the database "${half}" on "unshown".`,
        `The user ${reader} sees only the granted columns in the database "${half}" of "some".`,
        `The user ${reader} has no SHOW VIEW right in the database "${half}" on "veiled".`,
      ],
    });
    expect(datasetsIn(parts).map(({ scope, name, kind }) => `${scope}.${name} ${kind}`)).toEqual(
      expect.arrayContaining([
        ...[`${risk}.branch table`, `${risk}.entry partitioned_table`, `${risk}.history table`],
        ...[`${risk}.loan table`, `${risk}.open_loan view`, `${half}.unshown table`, `${odd}.${ODD} table`],
      ]),
    );
    expect(datasetsIn(parts).map(({ name }) => name)).not.toContain('counter');
  });

  it('reads only the databases asked for', async () => {
    const scopes = (parts: SnapshotPart[]) => [...new Set(parts.map(({ scope }) => scope))];
    expect(scopes(await read({ include: ['*_r?sk'] }))).toEqual([risk]);
    expect(scopes(await read({ exclude: ['*_risk', '客*'] }))).toEqual([half]);
    const one = await mysql.open(settingsOf({ database: risk }), { password: PASSWORD });
    expect(scopes(await read({}, one))).toEqual([risk]);
    await one.close();
  });

  it('describes columns', async () => {
    const { fields } = await datasetOf('loan');
    const inWords = fields.map(
      ({ ordinal, name, nativeType, typeFamily, length, precision, scale, nullable }) =>
        `${ordinal} ${name}: ${nativeType} = ${typeFamily}(${[length, precision, scale].filter((n) => n != null).join()})` +
        (nullable ? '' : ' not null'),
    );
    expect(inWords).toEqual([
      '1 id: bigint(20) unsigned = integer() not null',
      '2 branch_code: char(4) = text(4)',
      '3 contract_no: varchar(18) = text(18) not null',
      '4 balance: decimal(18,2) = decimal(18,2)',
      '5 rate: float = float()',
      '6 doubled: double = float()',
      '7 active: tinyint(1) = boolean()',
      '8 small: tinyint(4) = integer()',
      '9 opened: date = date()',
      '10 at_noon: time(3) = time(3)',
      '11 seen: datetime = timestamp(0)',
      '12 changed: timestamp(6) = timestamptz(6)',
      '13 scan: blob = binary()',
      '14 extra: longtext = json()',
      '15 uid: uuid = uuid()',
      "16 state: enum('open','closed') = text()",
      '17 born: year(4) = integer()',
      '18 flags: bit(3) = integer()',
      '19 place: point = other()',
      '20 客户名: text = text()',
    ]);
    expect(fields[0]).toMatchObject({ generated: 'identity', comment: 'the number' });
    expect(fields[1]).not.toHaveProperty('defaultExpression');
    expect(fields[3]).toMatchObject({ comment: '余额', defaultExpression: '0.00' });
    expect(fields[5]).toMatchObject({ generated: '`rate` * 2' });
    expect(fields[15]).toMatchObject({ defaultExpression: "'open'" });
  });

  it('describes tables and views', async () => {
    expect(await datasetOf('loan')).toMatchObject({ qualifiedName: `${risk}.loan`, comment: '贷款', rowEstimate: 0 });
    expect(await datasetOf('branch')).not.toHaveProperty('comment');
    const view = await datasetOf('open_loan');
    expect(view.viewSql).toContain('`loan`');
    expect(view).not.toHaveProperty('comment');
    expect(view.owner).toBe('root@127.0.0.1');
  });

  it('knows keys, and that nobody vouches for a foreign one', async () => {
    expect((await datasetOf('loan')).keys).toEqual([
      { kind: 'unique', name: 'loan_contract', fields: ['contract_no'], validated: true },
      { kind: 'unique', name: 'loan_two', fields: ['born', 'small'], validated: true },
      { kind: 'primary', name: 'PRIMARY', fields: ['id'], validated: true },
      {
        kind: 'foreign',
        name: 'loan_branch',
        fields: ['branch_code'],
        refQualifiedName: `${risk}.branch`,
        refFields: ['code'],
        validated: false,
      },
    ]);
  });

  it('knows checks, indexes, partitions and sizes', async () => {
    const { checks, indexes, sizeBytes, alteredAt } = await datasetOf('loan');
    expect(checks).toEqual([{ name: 'loan_rate', expression: '`rate` < 1', validated: false }]);
    const index = (name: string, unique: boolean, kind: string, ...fields: string[]) => ({
      ...{ name, kind, unique },
      parts: fields.map((field) => ({ field })),
    });
    expect(indexes).toEqual([
      index('loan_branch', false, 'btree', 'branch_code'),
      index('loan_contract', true, 'btree', 'contract_no'),
      index('loan_name', false, 'btree', '客户名'),
      index('loan_text', false, 'fulltext', '客户名'),
      index('loan_two', true, 'btree', 'born', 'small'),
      index('PRIMARY', true, 'btree', 'id'),
    ]);
    expect(sizeBytes).toBeGreaterThan(16_384);
    expect(Date.parse(alteredAt!)).toBeGreaterThan(Date.now() - 600_000);
    expect(Date.parse(alteredAt!)).toBeLessThan(Date.now() + 60_000);
    expect((await datasetOf('entry')).partitions).toEqual({ key: 'HASH (`id`)', count: 2 });
    expect(await datasetOf('open_loan')).not.toHaveProperty('indexes');
    expect(await datasetOf('open_loan')).not.toHaveProperty('alteredAt');
  });

  it('has the routines, a procedure and a function of one name apart', async () => {
    const routines = (await read({ include: [risk] })).flatMap((part) =>
      part.part === 'routine' ? [part.routine] : [],
    );
    const common = {
      scope: risk,
      name: 'settle',
      language: 'sql',
      owner: 'root@127.0.0.1',
      alteredAt: expect.any(String),
    };
    expect(routines).toEqual([
      {
        ...{ ...common, kind: 'function', qualifiedName: `${risk}.settle(function)`, returns: 'decimal(18,2)' },
        ...{ arguments: 'IN b decimal(18,2)', body: 'RETURN b * 2' },
      },
      {
        ...{ ...common, kind: 'procedure', qualifiedName: `${risk}.settle(procedure)`, comment: '日终' },
        ...{ arguments: 'IN day date, OUT n int(11)', body: expect.stringContaining('DELETE FROM entry') },
      },
    ]);
  });

  it('says which texts of routines it may not see, and the database is complete all the same', async () => {
    await database.run(`CREATE DATABASE ${risk}_hidden`);
    await database.run(`CREATE PROCEDURE ${risk}_hidden.veiled() SELECT 1`);
    await database.run(`GRANT EXECUTE ON ${risk}_hidden.* TO ${reader}`);
    await database.run(`REVOKE SELECT ON mysql.proc FROM ${reader}`);
    const parts = await read({ include: ['*_hidden'] });
    await database.run(`GRANT SELECT ON mysql.proc TO ${reader}`);
    await database.run(`DROP DATABASE ${risk}_hidden`);
    expect(parts).toEqual([
      { part: 'routine', scope: `${risk}_hidden`, routine: expect.not.objectContaining({ body: expect.anything() }) },
      {
        ...{ part: 'scope', scope: `${risk}_hidden`, complete: true },
        absentDatasets: expect.objectContaining({ gone: [] }),
        reasons: [expect.stringMatching(/may not see the text of these routines .*"veiled"\.$/)],
      },
    ]);
  });

  it('knows columns that never lack a value, of tables whose rows are its own', async () => {
    const constraints = async (name: string) => (await datasetOf(name)).constraints;
    const notNull = (...fields: string[]) => fields.map((field) => ({ kind: 'not_null', field }));
    expect(await constraints('loan')).toEqual(notNull('id', 'contract_no'));
    expect(await constraints('branch')).toEqual(notNull('code', 'city'));
    expect(await constraints('open_loan')).toEqual([]);
  });

  it('keeps odd names whole', async () => {
    const [dataset] = datasetsIn(await read({ include: [odd] }));
    expect(dataset).toMatchObject({
      name: ODD,
      qualifiedName: qualifiedName(odd, ODD),
      fields: [{ name: ODD }],
      keys: [{ fields: [ODD] }],
    });
  });

  it('tells databases apart whose names differ only by case or accent', async () => {
    const names = [`${database.name}_Éa`, `${database.name}_ea`];
    for (const name of names) {
      await database.run(`CREATE DATABASE ${quoted(name)}`);
      await database.run(`CREATE TABLE ${quoted(name)}.${quoted(`of ${name}`)} (id int)`);
    }
    const admin = await asAdmin();
    const found = datasetsIn(await read({ include: [`${database.name}_?a`] }, admin));
    await admin.close();
    for (const name of names) await database.run(`DROP DATABASE ${quoted(name)}`);
    expect(found.map(({ scope, name }) => [scope, name]).sort()).toEqual(
      names.map((name) => [name, `of ${name}`]).sort(),
    );
  });

  it('does not take more statements for more tables', async () => {
    // The server's log tells whose a statement is; other test files run on the same server.
    const statements = async () => {
      await database.run('TRUNCATE TABLE mysql.general_log');
      await read({ include: [risk] });
      const [row] = await database.run(
        `SELECT count(*) AS n FROM mysql.general_log WHERE command_type = 'Query' AND user_host LIKE ?`,
        [`${reader}[%`],
      );
      return Number(row!['n']);
    };
    await database.run(`SET GLOBAL log_output = 'TABLE'`);
    await database.run('SET GLOBAL general_log = ON');
    const few = await statements();
    for (let n = 0; n < 30; n += 1) await database.run(`CREATE TABLE ${risk}.many_${n} (id int PRIMARY KEY)`);
    const many = await statements();
    for (let n = 0; n < 30; n += 1) await database.run(`DROP TABLE ${risk}.many_${n}`);
    await database.run('SET GLOBAL general_log = OFF');
    expect(few).toBeGreaterThan(5);
    expect(many).toBe(few);
  });
});

describe('the digest of a scope', () => {
  const digest = async (scope: string) => (await connection.scopeDigests!({ include: [scope] }, call())).get(scope);

  it('is there for each scope that can be read wholly', async () => {
    const all = await connection.scopeDigests!({}, call());
    expect([...all.keys()].sort()).toEqual([risk, odd].sort());
    expect(all.get(risk)).toBe(await digest(risk));
  });

  it.each([
    ['a column', 'ALTER TABLE RISK.branch ADD x int', 'ALTER TABLE RISK.branch DROP x'],
    ['a comment', `ALTER TABLE RISK.branch COMMENT 'x'`, `ALTER TABLE RISK.branch COMMENT ''`],
    [
      'NULL as a default',
      "ALTER TABLE RISK.branch ALTER city SET DEFAULT ''",
      'ALTER TABLE RISK.branch ALTER city DROP DEFAULT',
    ],
    ['an index', 'CREATE INDEX i ON RISK.branch (city, code)', 'DROP INDEX i ON RISK.branch'],
    [
      'a check',
      'ALTER TABLE RISK.branch ADD CONSTRAINT c CHECK (city > 0)',
      'ALTER TABLE RISK.branch DROP CONSTRAINT c',
    ],
    ['a routine', 'CREATE PROCEDURE RISK.p() SELECT 1', 'DROP PROCEDURE RISK.p'],
  ])('changes with %s, and back', async (_, change, back) => {
    const before = await digest(risk);
    await database.run(change.replaceAll('RISK', risk));
    expect(await digest(risk)).not.toBe(before);
    await database.run(back.replaceAll('RISK', risk));
    expect(await digest(risk)).toBe(before);
  });

  it('stays when only rows come', async () => {
    const before = await digest(risk);
    await database.run(`INSERT INTO ${risk}.entry VALUES (1, '2026-01-01')`);
    await database.run(`ANALYZE TABLE ${risk}.entry`);
    expect(await digest(risk)).toBe(before);
    await database.run(`DELETE FROM ${risk}.entry`);
  });
});

describe('a sample', () => {
  it('is bounded in rows and in length, and of texts', async () => {
    await database.run(
      `CREATE TABLE ${risk}.wide (n int, doc longtext, raw varbinary(99), at timestamp(6) NULL, g point, b bit(9), d json)`,
    );
    await database.run(
      `INSERT INTO ${risk}.wide SELECT seq, REPEAT('汉', 10000), REPEAT(X'ff', 50), '2026-01-01 08:00:00', POINT(1, 2), b'100000001', '{"a": [1]}'
         FROM seq_1_to_9`,
    );
    const sample = await connection.sample({ scope: risk, name: 'wide' }, { ...call(), maxRows: 2, maxCharacters: 10 });
    expect(sample.columns.slice(0, 3)).toEqual([
      { name: 'n', nativeType: 'int(11)' },
      { name: 'doc', nativeType: 'longtext' },
      { name: 'raw', nativeType: 'varbinary(99)' },
    ]);
    expect(sample.rows).toHaveLength(2);
    expect(sample.rows[0]).toEqual([
      '1',
      '汉'.repeat(10),
      '\\xffffffffff',
      '2026-01-01',
      'POINT(1 2)',
      '257',
      '{"a": [1]}',
    ]);
    const one = await connection.sample({ scope: risk, name: 'wide' }, { ...call(), maxRows: 9, fields: ['n'] });
    expect(one.rows).toHaveLength(9);
    await database.run(`DROP TABLE ${risk}.wide`);
  });

  it('of what is not there, or may not be read, is refused', async () => {
    const of = (name: string) => connection.sample({ scope: half, name }, { ...call(), maxRows: 1 });
    await expect(of('no `such`')).rejects.toThrow(SourceQueryFailed);
    await expect(of('unshown')).rejects.toThrow(SourcePermissionDenied);
  });
});

describe('what a source tells besides', () => {
  it('the query of a view', async () => {
    const sqlOf = (name: string) => connection.viewSql!({ scope: risk, name }, call());
    expect(await sqlOf('open_loan')).toContain('`loan`');
    expect(await sqlOf('loan')).toBeUndefined();
  });

  it('what it expects of a statement, without running it', async () => {
    await database.run(`INSERT INTO ${risk}.entry SELECT seq, '2026-01-01' FROM seq_1_to_100`);
    await database.run(`ANALYZE TABLE ${risk}.entry`);
    const { rows } = await connection.explain!(`SELECT SLEEP(60) FROM ${risk}.entry WHERE id > $1`, [0], call(5_000));
    expect(rows).toBeGreaterThan(10);
    await expect(connection.explain!(`DELETE FROM ${risk}.entry`, [], call())).rejects.toThrow(SourceQueryFailed);
    await database.run(`DELETE FROM ${risk}.entry`);
  });

  it('the statements of its log, without values, from the cursor on', async () => {
    const admin = await asAdmin();
    const log = (since?: string) =>
      admin.queryLog!({ ...call(), maxStatements: 100, ...(since !== undefined && { since }) });
    await database.run(`SET GLOBAL log_output = 'TABLE'`);
    await database.run('TRUNCATE TABLE mysql.general_log');
    await database.run('SET GLOBAL general_log = ON');
    await connection.query(`SELECT city FROM ${risk}.branch WHERE code = '0001' -- '0002'`, [], call());
    await connection.query(`SELECT city FROM ${risk}.branch WHERE code = '0003'`, [], call());
    await database.run(`CREATE USER IF NOT EXISTS ${reader}x IDENTIFIED BY 'geheim'`);
    const mine = ({ statements }: Awaited<ReturnType<typeof log>>) =>
      statements.filter(({ user }) => user === reader).filter(({ sql }) => sql.includes('branch'));
    const first = await log();
    expect(mine(first)).toEqual([
      {
        ...{ sql: `( SELECT city FROM ${risk}.branch WHERE code = ? ) LIMIT ?`, user: reader, calls: 2, totalMs: 0 },
        lastAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(JSON.stringify(first.statements)).not.toMatch(/geheim|000[123]/);
    expect(mine(await log(first.cursor))).toEqual([]);
    await connection.query(`SELECT 1 FROM ${risk}.branch`, [], call());
    expect(mine(await log(first.cursor))).toMatchObject([{ calls: 1 }]);
    await database.run('SET GLOBAL general_log = OFF');
    expect(await log(first.cursor)).toMatchObject({
      statements: [],
      problems: [expect.stringContaining('log_output')],
    });
    await database.run(`DROP USER ${reader}x`);
    await admin.close();
  });
});

describe('a query', () => {
  it('gives exact values', async () => {
    await database.run(
      `CREATE TABLE ${risk}.odd_values (yes boolean, small tinyint, big bigint unsigned, amount decimal(65, 30), half double,
         single float, day date, at timestamp(6), seen datetime, span time, doc json, raw varbinary(9), bits bit(9), no text)`,
    );
    await database.run(`SET sql_mode = ''`);
    await database.run(
      `INSERT INTO ${risk}.odd_values VALUES (true, 5, 18446744073709551615, 0.1, 0.5, 0.1, '0000-00-00', '2026-01-01 00:00:00.000001',
         '0000-00-00 00:00:00', '-838:59:59', '{"a": [1]}', X'00ff', b'100000001', NULL)`,
    );
    const { columns, rows, truncated } = await connection.query(`SELECT * FROM ${risk}.odd_values;  `, [], call());
    await database.run(`DROP TABLE ${risk}.odd_values`);
    expect(truncated).toBe(false);
    expect(columns.slice(0, 4)).toEqual([
      { name: 'yes', nativeType: 'tinyint' },
      { name: 'small', nativeType: 'tinyint' },
      { name: 'big', nativeType: 'bigint' },
      { name: 'amount', nativeType: 'decimal' },
    ]);
    expect(rows).toEqual([
      [
        ...[true, 5, '18446744073709551615', '0.100000000000000000000000000000', 0.5, 0.1, '0000-00-00'],
        ...['2026-01-01 00:00:00.000001+00', '0000-00-00 00:00:00', '-838:59:59', '{"a": [1]}', '\\x00ff', '257', null],
      ],
    ]);
  });

  it('binds parameters, and addresses tables by odd names', async () => {
    const text = `汉字 'quoted' \\ 😀`;
    const { rows } = await connection.query(
      `SELECT count(*), $2, '$1', "$1" AS \`$1\`, $3 + 1, $4 /* $9 */ FROM ${connection.relation(odd, ODD)} WHERE ${quoted(ODD)} = $1 -- $9`,
      [text, text, 41, null],
      call(),
    );
    expect(rows).toEqual([['1', text, '$1', '$1', 42, null]]);
    await expect(connection.query('SELECT $2', ['one'], call())).rejects.toThrow(InvalidInput);
  });

  it('brings no more rows than asked for, in their order', async () => {
    const five = 'SELECT 1 AS n UNION ALL SELECT 5 UNION ALL SELECT 4 UNION ALL SELECT 2 UNION ALL SELECT 3';
    const sorted = `SELECT n FROM (${five}) AS f ORDER BY n DESC`;
    const result = await connection.query(sorted, [], { ...call(), maxRows: 3 });
    expect(result).toMatchObject({ rows: [[5], [4], [3]], truncated: true });
    const whole = await connection.query(`${sorted} LIMIT 2`, [], { ...call(), maxRows: 3 });
    expect(whole.rows).toHaveLength(2);
    expect(whole.truncated).toBe(false);
    const common = await connection.query(`-- a comment\nWITH f AS (${five}) SELECT n FROM f`, [], {
      ...call(),
      maxRows: 5,
    });
    expect(common).toMatchObject({ truncated: false });
    expect(common.rows).toHaveLength(5);
  });

  it('has the session that rules rely on', async () => {
    const { rows } = await connection.query(
      `SELECT @@session.time_zone, @@session.sql_mode LIKE '%ANSI_QUOTES%', @@session.character_set_results, @@tx_read_only`,
      [],
      call(),
    );
    expect(rows[0]!.map(String)).toEqual(['+00:00', '0', 'utf8mb4', '1']);
  });

  it.each([
    ['an insert', `INSERT INTO RISK.branch VALUES ('x', 'y')`],
    ['a second statement', 'SELECT 1; DROP TABLE RISK.branch'],
    ['breaking out of the parentheses', 'SELECT 1); DROP TABLE RISK.branch; (SELECT 1'],
    ['breaking out of a WITH', 'WITH a AS (SELECT 1) SELECT 1) AS q; DROP TABLE RISK.branch; SELECT * FROM (SELECT 1'],
    ['writing a file', `SELECT 1 INTO OUTFILE '/tmp/plumbline-never'`],
    ['writing a file at the end', `SELECT 1) INTO OUTFILE '/tmp/plumbline-never' -- `],
    ['turning writing on', `SET SESSION TRANSACTION READ WRITE`],
    ['a statement in a special comment', `SELECT 1 /*! ) UNION DELETE FROM RISK.branch */`],
  ])('refuses %s', async (_, sql) => {
    const owner = await asAdmin();
    await expect(owner.query(sql.replaceAll('RISK', risk), [], call())).rejects.toThrow(SourceQueryFailed);
    await owner.close();
    expect(await database.run(`SELECT count(*) AS n FROM ${risk}.branch`)).toEqual([{ n: '0' }]);
  });

  it('cannot write through a function either', async () => {
    await database.run(
      `CREATE FUNCTION ${risk}.sly() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO ${risk}.branch VALUES ('x', 'y'); RETURN 1; END`,
    );
    const owner = await asAdmin();
    await expect(owner.query(`SELECT ${risk}.sly()`, [], call())).rejects.toThrow(SourcePermissionDenied);
    await owner.close();
    await database.run(`DROP FUNCTION ${risk}.sly`);
  });
});

describe('stopping', () => {
  const running = async () => {
    const [row] = await database.run(
      `SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE USER = ? AND COMMAND = 'Query'`,
      [reader],
    );
    return Number(row!['n']);
  };

  it('ends the statement in the server when the caller aborts', async () => {
    const controller = new AbortController();
    const query = connection.query('SELECT SLEEP(60)', [], { signal: controller.signal, deadlineMs: 60_000 });
    const refused = expect(query).rejects.toThrow(SourceCallCancelled);
    while ((await running()) === 0) await wait(5);
    controller.abort();
    await refused;
    while ((await running()) !== 0) await wait(5);
    await expect(connection.query('SELECT 1', [], call())).resolves.toMatchObject({ truncated: false });
  });

  it('ends the statement in the server at the deadline', async () => {
    await expect(connection.query('SELECT SLEEP(60)', [], call(300))).rejects.toThrow(SourceTimedOut);
    while ((await running()) !== 0) await wait(5);
  });

  it('all at once, in the server too', async () => {
    const own = await mysql.open(settingsOf(), { password: PASSWORD });
    const queries = [1, 2].map(() => own.query('SELECT SLEEP(60)', [], call(60_000)));
    const refused = queries.map((query) => expect(query).rejects.toThrow(SourceCallCancelled));
    while ((await running()) !== 2) await wait(5);
    await own.cancel();
    await Promise.all(refused);
    while ((await running()) !== 0) await wait(5);
    await own.close();
    await own.close();
  });

  it('lets the server itself end what runs too long', async () => {
    const busy =
      'SELECT count(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b, information_schema.COLUMNS c';
    await expect(connection.query(busy, [], call(500))).rejects.toThrow(SourceTimedOut);
    while ((await running()) !== 0) await wait(5);
  });

  it('does not start when it was aborted before', async () => {
    const query = connection.query('SELECT 1', [], { signal: AbortSignal.abort(), deadlineMs: 1_000 });
    await expect(query).rejects.toThrow(SourceCallCancelled);
  });

  it('does not wait for a lock for long', async () => {
    const impatient = await mysql.open(settingsOf({ lockTimeoutMs: 1_000 }), { password: PASSWORD });
    await database.run(`LOCK TABLES ${risk}.branch WRITE`);
    await expect(impatient.query(`SELECT * FROM ${risk}.branch`, [], call())).rejects.toThrow(SourceTimedOut);
    await database.run('UNLOCK TABLES');
    await impatient.close();
  });

  it('leaves no session behind', async () => {
    const mine = await mysql.open(settingsOf(), { password: PASSWORD });
    await mine.query('SELECT 1', [], call());
    await mine.close();
    await connection.close();
    for (;;) {
      const [row] = await database.run('SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE USER = ?', [
        reader,
      ]);
      if (Number(row!['n']) === 0) break;
      await wait(5);
    }
    await expect(connection.query('SELECT 1', [], call())).resolves.toMatchObject({ truncated: false });
  });
});

describe('what can be wrong', () => {
  const tryOut = async (more: object, secrets: Record<string, string> = { password: PASSWORD }) => {
    const tried = await mysql.open(settingsOf(more), secrets);
    const error = await tried.query('SELECT 1', [], call()).then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    const report = await tried.test(call());
    await tried.close();
    expect(report).toEqual({ ok: false, problems: [(error as Error).message] });
    expect((error as Error).message).not.toContain(PASSWORD);
    return error as Error;
  };

  it('nothing listens', async () => {
    const error = await tryOut({ port: 1 });
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect(error.message).toContain(`${database.host}:1 cannot be reached: nothing listens there`);
  });

  it('the host is unknown', async () => {
    expect(await tryOut({ host: 'no-such-host.invalid' })).toBeInstanceOf(SourceUnreachable);
  });

  it('the database is unknown', async () => {
    const error = await tryOut({ database: '没有', user: database.user }, {});
    expect(error).toBeInstanceOf(SourceDatabaseUnknown);
    expect(error.message).toContain('no database "没有"');
  });

  it('the database is unknown to one who may not know', async () => {
    expect(await tryOut({ database: '没有' })).toBeInstanceOf(SourcePermissionDenied);
  });

  it('the password is wrong', async () => {
    const error = await tryOut({}, { password: 'another' });
    expect(error).toBeInstanceOf(SourceLoginRefused);
    expect(error.message).toContain(reader);
    expect(error.message).not.toContain('another');
  });

  it('encryption is asked for and the server has none', async () => {
    const error = await tryOut({ tls: 'require' });
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect(error.message).toContain('does not support TLS');
  });

  it('encryption is preferred only, so the same server is fine', async () => {
    const easy = await mysql.open(settingsOf({ tls: 'prefer' }), { password: PASSWORD });
    expect(await easy.test(call())).toMatchObject({ ok: true });
    await easy.close();
  });

  it('somebody answers who is no MariaDB', async () => {
    const server = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await tryOut({ port: portOf(server) })).toBeInstanceOf(SourceUnreachable);
    server.close();
  });

  it('somebody accepts and stays silent', async () => {
    const server = await listening(() => undefined);
    expect(await tryOut({ port: portOf(server), connectTimeoutMs: 100 })).toBeInstanceOf(SourceUnreachable);
    server.close();
  });

  it('a table may not be read', async () => {
    const query = connection.query(`SELECT * FROM ${half}.unshown`, [], call());
    await expect(query).rejects.toThrow(SourcePermissionDenied);
    await expect(query).rejects.toThrow(/unshown/);
  });

  it('a column may not be read', async () => {
    await expect(connection.query(`SELECT secret FROM ${half}.some`, [], call())).rejects.toThrow(
      SourcePermissionDenied,
    );
  });

  it('a value is bad; the sentence does not quote it', async () => {
    const query = connection.query(
      `SELECT JSON_VALUE('{"a": 1}', 'geheim['), EXP(9999), ~0 + CAST('1' AS UNSIGNED)`,
      [],
      call(),
    );
    await expect(query).rejects.toThrow(SourceQueryFailed);
    await expect(query).rejects.not.toThrow(/geheim/);
  });

  it('nothing: the report says who we are and what may be read', async () => {
    const report = await connection.test(call());
    expect(report).toMatchObject({ ok: true, user: `${reader}@%`, scopes: 3, datasets: 10, readableDatasets: 9 });
    expect(report.server).toMatch(/^MariaDB \d+/);
    expect(report.problems).toEqual([
      `The user ${reader}@% may read 9 of 10 tables and views. Grant SELECT on the rest.`,
    ]);
    const admin = await asAdmin();
    expect((await admin.test(call())).problems).toEqual([expect.stringContaining('may do more than read')]);
    await admin.close();
  });
});

function listening(onSocket: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(onSocket);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;
