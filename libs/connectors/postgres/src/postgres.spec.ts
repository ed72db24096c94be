import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';

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
import { postgres } from '#connectors/postgres';
import { InvalidInput, qualifiedName } from '#kernel';

import { createTestDatabase, type TestDatabase } from '../../../../test/support/postgres-database.js';
import { selfSigned } from '../../../../test/support/self-signed.js';

const ODD = '客户 "表".a%b 😀';
const PASSWORD = 'a secret: 密码';

const call = (deadlineMs = 20_000): Call => ({ signal: new AbortController().signal, deadlineMs });

let database: TestDatabase;
let reader: string;
let connection: Connection;

const settingsOf = (more: object = {}) => ({
  host: database.host,
  port: database.port,
  database: database.name,
  user: reader,
  tls: 'disable',
  ...more,
});

beforeAll(async () => {
  database = await createTestDatabase();
  reader = `${database.name}_r`;
  await database.run(`
    CREATE ROLE ${reader} LOGIN PASSWORD '${PASSWORD}';
    CREATE EXTENSION postgres_fdw;

    CREATE SCHEMA risk;
    CREATE DOMAIN risk.amount AS numeric(18, 2);
    CREATE DOMAIN risk.positive_amount AS risk.amount CHECK (value > 0);
    CREATE TYPE risk.state AS ENUM ('open', 'closed');
    CREATE TABLE risk.branch (code char(4) PRIMARY KEY, city text NOT NULL UNIQUE);
    CREATE TABLE risk.loan (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      gone int,
      branch_code char(4),
      contract_no varchar(18) NOT NULL,
      balance risk.positive_amount DEFAULT 0.00,
      rate numeric(9, 6),
      doubled numeric GENERATED ALWAYS AS (rate * 2) STORED,
      score float8,
      active boolean,
      opened date,
      at_noon time(3),
      seen timestamp(0),
      changed timestamptz,
      scan bytea,
      extra jsonb,
      tags text[],
      uid uuid,
      state risk.state,
      "客户名" text
    );
    ALTER TABLE risk.loan DROP COLUMN gone;
    ALTER TABLE risk.loan ADD CONSTRAINT loan_branch FOREIGN KEY (branch_code) REFERENCES risk.branch (code) NOT VALID;
    CREATE UNIQUE INDEX loan_contract ON risk.loan (contract_no) INCLUDE (rate);
    CREATE UNIQUE INDEX loan_some ON risk.loan (uid) WHERE active;
    CREATE UNIQUE INDEX loan_lower ON risk.loan (lower(contract_no));
    ALTER TABLE risk.loan ADD CONSTRAINT loan_rate CHECK (rate < 1), ADD CONSTRAINT loan_score CHECK (score > 0) NOT VALID;
    COMMENT ON TABLE risk.loan IS '贷款';
    COMMENT ON COLUMN risk.loan.balance IS 'What is owed';
    CREATE VIEW risk.open_loan AS SELECT id, balance FROM risk.loan WHERE active;
    CREATE MATERIALIZED VIEW risk.by_branch AS SELECT branch_code, count(*) AS n FROM risk.loan GROUP BY branch_code;
    CREATE TABLE risk.entry (id int, booked date) PARTITION BY RANGE (booked);
    CREATE TABLE risk.entry_2026 PARTITION OF risk.entry FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE FUNCTION risk.interest(b numeric, r numeric DEFAULT 0.05) RETURNS numeric LANGUAGE sql RETURN b * r;
    CREATE FUNCTION risk.interest(b float8) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RETURN b; END $$;
    CREATE PROCEDURE risk."结算 ""x"""(day date) LANGUAGE sql AS 'DELETE FROM risk.entry WHERE booked < day';
    COMMENT ON PROCEDURE risk."结算 ""x""" IS '日终';
    CREATE SERVER core FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'Core.bank', port '5433', dbname 'core');
    CREATE FOREIGN TABLE risk.customer (id int, name text OPTIONS (column_name 'cust_nm'))
      SERVER core OPTIONS (schema_name 'ods', table_name 't_cust');
    CREATE SERVER nameless FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h');
    CREATE FOREIGN TABLE risk.somewhere (id int) SERVER nameless;

    CREATE SCHEMA closed;
    CREATE TABLE closed.hidden (id int);
    CREATE SCHEMA half;
    CREATE TABLE half.shown (id int);
    CREATE TABLE half.unshown (id int);
    CREATE SCHEMA bare;

    GRANT USAGE ON SCHEMA risk, half, bare TO ${reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA risk TO ${reader};
    GRANT SELECT ON half.shown TO ${reader};
  `);
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  await database.run(`
    CREATE SCHEMA ${quoted(ODD)};
    CREATE TABLE ${quoted(ODD)}.${quoted(ODD)} (${quoted(ODD)} text PRIMARY KEY);
    INSERT INTO ${quoted(ODD)}.${quoted(ODD)} VALUES ('汉字 ''quoted'' 😀');
    GRANT USAGE ON SCHEMA ${quoted(ODD)} TO ${reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA ${quoted(ODD)} TO ${reader};
  `);
  connection = await postgres.open(settingsOf(), { password: PASSWORD });
});

afterAll(async () => {
  await connection?.close();
  await database?.run(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
  await database?.drop();
});

async function read(options: SnapshotOptions = {}, from = connection): Promise<SnapshotPart[]> {
  const parts: SnapshotPart[] = [];
  for await (const part of from.snapshot(options, call())) parts.push(part);
  return parts;
}

const datasetsIn = (parts: readonly SnapshotPart[]): HarvestedDataset[] =>
  parts.flatMap((part) => (part.part === 'dataset' ? [part.dataset] : []));

async function datasetOf(name: string): Promise<HarvestedDataset> {
  const found = datasetsIn(await read({ include: ['risk'] })).find((dataset) => dataset.name === name);
  if (found === undefined) throw new Error(`${name} was not read`);
  return found;
}

describe('settings', () => {
  it('give the namespace', () => {
    expect(postgres.namespace({ host: 'DWH.bank', database: 'd', user: 'u' })).toBe('postgres://dwh.bank:5432');
    expect(postgres.namespace({ host: '::1', port: 6000, database: 'd', user: 'u' })).toBe('postgres://[::1]:6000');
  });

  it('are refused with every fault', () => {
    expect(() => postgres.checkSettings({ host: '', port: 0, user: 'u', colour: 'red' })).toThrow(InvalidInput);
  });

  it('keep secrets apart', () => {
    expect(postgres.secretSettings).toEqual(['password']);
    expect(postgres.checkSettings({ host: 'h', database: 'd', user: 'u', password: 'p' })).not.toHaveProperty(
      'password',
    );
  });
});

describe('a snapshot', () => {
  it('closes every scope and says what it could not read', async () => {
    const parts = await read();
    expect(parts.filter((part) => part.part === 'scope')).toEqual([
      {
        part: 'scope',
        scope: 'closed',
        complete: false,
        reasons: [`The user ${reader} has no USAGE right on the schema "closed".`],
      },
      { part: 'scope', scope: 'bare', complete: true, reasons: [] },
      {
        part: 'scope',
        scope: 'half',
        complete: false,
        reasons: [`The user ${reader} has no SELECT right in the schema "half" on "unshown".`],
      },
      { part: 'scope', scope: 'public', complete: true, reasons: [] },
      { part: 'scope', scope: 'risk', complete: true, reasons: [] },
      { part: 'scope', scope: ODD, complete: true, reasons: [] },
    ]);
    expect(datasetsIn(parts).map(({ scope, name, kind }) => `${scope}.${name} ${kind}`)).toEqual([
      'half.shown table',
      'half.unshown table',
      'risk.branch table',
      'risk.by_branch materialized_view',
      'risk.customer foreign_table',
      'risk.entry partitioned_table',
      'risk.loan table',
      'risk.open_loan view',
      'risk.somewhere foreign_table',
      `${ODD}.${ODD} table`,
    ]);
  });

  it('reads only the schemas asked for', async () => {
    const scopes = (parts: SnapshotPart[]) => [...new Set(parts.map(({ scope }) => scope))];
    expect(scopes(await read({ include: ['r?sk', 'ha*'] }))).toEqual(['half', 'risk']);
    expect(scopes(await read({ exclude: ['*a*', 'p*', 'closed'] }))).toEqual(['risk']);
  });

  it('lists partitions when asked to', async () => {
    const other = await postgres.open(settingsOf({ partitions: true }), { password: PASSWORD });
    const names = datasetsIn(await read({ include: ['risk'] }, other)).map(({ name }) => name);
    await other.close();
    expect(names).toContain('entry_2026');
  });

  it('describes columns', async () => {
    const { fields } = await datasetOf('loan');
    const inWords = fields.map(
      ({ ordinal, name, nativeType, typeFamily, length, precision, scale, nullable }) =>
        `${ordinal} ${name}: ${nativeType} = ${typeFamily}(${[length, precision, scale].filter((n) => n != null).join()})` +
        (nullable ? '' : ' not null'),
    );
    expect(inWords).toEqual([
      '1 id: bigint = integer() not null',
      '2 branch_code: character(4) = text(4)',
      '3 contract_no: character varying(18) = text(18) not null',
      '4 balance: risk.positive_amount = decimal(18,2)',
      '5 rate: numeric(9,6) = decimal(9,6)',
      '6 doubled: numeric = decimal()',
      '7 score: double precision = float()',
      '8 active: boolean = boolean()',
      '9 opened: date = date()',
      '10 at_noon: time(3) without time zone = time(3)',
      '11 seen: timestamp(0) without time zone = timestamp(0)',
      '12 changed: timestamp with time zone = timestamptz()',
      '13 scan: bytea = binary()',
      '14 extra: jsonb = json()',
      '15 tags: text[] = array()',
      '16 uid: uuid = uuid()',
      '17 state: risk.state = other()',
      '18 客户名: text = text()',
    ]);
    expect(fields[0]).toMatchObject({ generated: 'identity' });
    expect(fields[3]).toMatchObject({ comment: 'What is owed', defaultExpression: '0.00' });
    expect(fields[5]).toMatchObject({ generated: '(rate * (2)::numeric)' });
    expect(fields[5]).not.toHaveProperty('defaultExpression');
  });

  it('describes tables and views', async () => {
    expect(await datasetOf('loan')).toMatchObject({
      qualifiedName: `${database.name}.risk.loan`,
      comment: '贷款',
      owner: database.user,
    });
    expect(await datasetOf('branch')).not.toHaveProperty('comment');
    expect((await datasetOf('open_loan')).viewSql).toContain('FROM risk.loan');
    expect((await datasetOf('by_branch')).viewSql).toContain('GROUP BY');
  });

  it('knows keys, and that a NOT VALID one vouches for nothing', async () => {
    expect((await datasetOf('loan')).keys).toEqual([
      {
        kind: 'foreign',
        name: 'loan_branch',
        fields: ['branch_code'],
        refQualifiedName: `${database.name}.risk.branch`,
        refFields: ['code'],
        validated: false,
      },
      { kind: 'primary', name: 'loan_pkey', fields: ['id'], validated: true },
      { kind: 'unique', name: 'loan_contract', fields: ['contract_no'], validated: true },
    ]);
  });

  it('knows checks and indexes', async () => {
    const { checks, indexes } = await datasetOf('loan');
    expect(checks).toEqual([
      { name: 'loan_rate', expression: '(rate < (1)::numeric)', validated: true },
      { name: 'loan_score', expression: '(score > (0)::double precision)', validated: false },
    ]);
    const index = (name: string, parts: object[], condition?: string) => ({
      ...{ name, kind: 'btree', unique: true, parts },
      ...(condition !== undefined && { condition }),
    });
    expect(indexes).toEqual([
      index('loan_contract', [{ field: 'contract_no' }]),
      index('loan_lower', [{ expression: 'lower((contract_no)::text)' }]),
      index('loan_pkey', [{ field: 'id' }]),
      index('loan_some', [{ field: 'uid' }], 'active'),
    ]);
    expect(await datasetOf('open_loan')).not.toHaveProperty('indexes');
  });

  it('folds partitions into their parent', async () => {
    expect((await datasetOf('entry')).partitions).toEqual({ key: 'RANGE (booked)', count: 1 });
  });

  it('knows sizes once the server has counted', async () => {
    await database.run('CREATE TABLE half.sized AS SELECT n FROM generate_series(1, 1000) AS n');
    const sized = async () => datasetsIn(await read({ include: ['half'] })).find(({ name }) => name === 'sized')!;
    expect(await sized()).not.toHaveProperty('rowEstimate');
    expect(await sized()).not.toHaveProperty('sizeBytes');
    await database.run('ANALYZE half.sized');
    const { rowEstimate, sizeBytes } = await sized();
    expect(rowEstimate).toBe(1000);
    // 5 pages are full; the server makes some more at a time.
    expect(sizeBytes).toBeGreaterThanOrEqual(5 * 8192);
    await database.run('DROP TABLE half.sized');
  });

  it('has the routines, each under a name of its own', async () => {
    const routines = (await read({ include: ['risk'] })).flatMap((part) =>
      part.part === 'routine' ? [part.routine] : [],
    );
    const common = { scope: 'risk', owner: database.user };
    expect(routines).toEqual([
      {
        ...{ ...common, name: 'interest', kind: 'function', language: 'sql', returns: 'numeric' },
        qualifiedName: `${database.name}.risk.interest(b numeric, r numeric)`,
        ...{ arguments: 'b numeric, r numeric DEFAULT 0.05', body: 'RETURN (b * r)' },
      },
      {
        ...{ ...common, name: 'interest', kind: 'function', language: 'plpgsql', returns: 'double precision' },
        qualifiedName: `${database.name}.risk.interest(b double precision)`,
        ...{ arguments: 'b double precision', body: ' BEGIN RETURN b; END ' },
      },
      {
        ...{ ...common, name: '结算 "x"', kind: 'procedure', language: 'sql', comment: '日终' },
        qualifiedName: `${database.name}.risk.结算 "x"(IN day date)`,
        ...{ arguments: 'IN day date', body: 'DELETE FROM risk.entry WHERE booked < day' },
      },
    ]);
  });

  it('reads very many views, some at a time, each once', async () => {
    await database.run(`
      CREATE SCHEMA views;
      CREATE TABLE views.base (id int);
      GRANT USAGE ON SCHEMA views TO ${reader};
      ALTER DEFAULT PRIVILEGES IN SCHEMA views GRANT SELECT ON TABLES TO ${reader};
      GRANT SELECT ON views.base TO ${reader};
      DO $$ BEGIN
        FOR i IN 1..1100 LOOP EXECUTE format('CREATE VIEW views.v%s AS SELECT id AS c%s FROM views.base', i, i); END LOOP;
      END $$;
    `);
    const parts = await read({ include: ['views', 'watched*'] });
    await database.run('DROP SCHEMA views CASCADE');
    const views = datasetsIn(parts).filter(({ kind }) => kind === 'view');
    expect(new Set(views.map(({ name }) => name)).size).toBe(1100);
    expect(views).toHaveLength(1100);
    expect(views.every(({ viewSql, fields }) => viewSql?.includes(fields[0]!.name) === true)).toBe(true);
    expect(parts.filter((part) => part.part === 'scope')).toMatchObject([{ scope: 'views', complete: true }]);
  });

  it('goes on where its connection was cut', async () => {
    const parts: SnapshotPart[] = [];
    let cuts = 0;
    for await (const part of connection.snapshot({}, call())) {
      parts.push(part);
      if (cuts >= 2) continue;
      cuts += 1;
      await database.run('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND datname = $2', [
        reader,
        database.name,
      ]);
    }
    expect(parts).toEqual(await read());
  });

  it('knows what is enforced for every row, and leaves out what is only declared', async () => {
    await database.run(`
      CREATE SCHEMA kept;
      CREATE DOMAIN kept.word AS text NOT NULL;
      CREATE TABLE kept.rate (
        id int PRIMARY KEY,
        "Wert '1'" numeric NOT NULL CHECK ("Wert '1'" >= 0 AND "Wert '1'" < 1.50),
        late int,
        word kept.word,
        state varchar(9) CHECK (state IN ('a', 'it''s', 'b AND c')),
        kind text CHECK (kind IN ('x') OR kind = 'y'),
        day date CHECK (day > '2000-01-01' AND day < now()::date),
        rounded int CHECK (rounded <= 1.6::int),
        odd numeric CHECK (odd <> 3),
        old int
      );
      ALTER TABLE kept.rate ADD CONSTRAINT old_positive CHECK (old > 0) NOT VALID;
      CREATE TABLE kept.parent (id int PRIMARY KEY, a int NOT NULL, b int, CONSTRAINT b_here CHECK (b > 0) NO INHERIT);
      CREATE TABLE kept.child () INHERITS (kept.parent);
      CREATE TABLE kept.pieces (id int NOT NULL, on_day date) PARTITION BY RANGE (on_day);
      CREATE TABLE kept.piece PARTITION OF kept.pieces FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      CREATE UNIQUE INDEX pieces_only ON ONLY kept.pieces (id, on_day);
      CREATE TABLE kept.far (id int NOT NULL, on_day date) PARTITION BY RANGE (on_day);
      CREATE FOREIGN TABLE kept.far_1 PARTITION OF kept.far FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') SERVER nameless;
      CREATE TABLE kept.branch (code int PRIMARY KEY);
      CREATE TABLE kept.loan (branch int CONSTRAINT watched REFERENCES kept.branch, other int CONSTRAINT unwatched REFERENCES kept.branch);
      DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'kept.loan'::regclass AND tgconstraint IN (SELECT oid FROM pg_constraint WHERE conname = 'unwatched')
        LOOP EXECUTE format('ALTER TABLE kept.loan DISABLE TRIGGER %I', name); END LOOP;
      END $$;
      GRANT USAGE ON SCHEMA kept TO ${reader};
      GRANT SELECT ON ALL TABLES IN SCHEMA kept TO ${reader};
    `);
    // A NOT NULL that old rows were not checked for, which PostgreSQL 18 brought.
    await database.run(`ALTER TABLE kept.rate ADD CONSTRAINT late_there NOT NULL late NOT VALID`);
    const datasets = new Map(datasetsIn(await read({ include: ['kept'] })).map((each) => [each.name, each]));
    await database.run('DROP SCHEMA kept CASCADE');
    const constraints = (name: string) => datasets.get(name)?.constraints;
    expect(constraints('rate')).toEqual([
      {
        ...{ kind: 'check', field: "Wert '1'", name: "rate_Wert '1'_check" },
        ...{ min: { value: '0', strict: false }, max: { value: '1.50', strict: true } },
      },
      { kind: 'check', field: 'day', name: 'rate_day_check', min: { value: '2000-01-01', strict: true } },
      { kind: 'check', field: 'state', name: 'rate_state_check', values: ['a', "it's", 'b AND c'] },
      { kind: 'not_null', field: "Wert '1'", name: "rate_Wert '1'_not_null" },
      { kind: 'not_null', field: 'id', name: 'rate_id_not_null' },
    ]);
    expect(constraints('parent')).toMatchObject([
      { kind: 'not_null', field: 'a' },
      { kind: 'not_null', field: 'id' },
    ]);
    expect(constraints('pieces')).toMatchObject([{ kind: 'not_null', field: 'id' }]);
    expect(constraints('far')).toEqual([]);
    const vouched = [...datasets.values()].flatMap(({ keys }) => keys.map(({ name, validated }) => [name, validated]));
    expect(Object.fromEntries(vouched)).toEqual({
      ...{ rate_pkey: true, parent_pkey: false, branch_pkey: true, watched: true, unwatched: false },
    });
  });

  it('sees through a foreign table to the table behind it', async () => {
    expect((await datasetOf('customer')).foreignOf).toEqual({
      namespace: 'postgres://core.bank:5433',
      name: 'core.ods.t_cust',
      columns: { id: 'id', name: 'cust_nm' },
    });
    expect(await datasetOf('somewhere')).not.toHaveProperty('foreignOf');
  });

  it('keeps odd names whole', async () => {
    const [dataset] = datasetsIn(await read({ include: [ODD] }));
    expect(dataset).toMatchObject({
      name: ODD,
      qualifiedName: qualifiedName(database.name, ODD, ODD),
      fields: [{ name: ODD }],
      keys: [{ fields: [ODD] }],
    });
  });

  it('does not take more statements for more tables', async () => {
    const statements = async () => {
      const seen: string[] = [];
      const { default: pg } = await import('pg');
      const original = pg.Client.prototype.query;
      pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
        seen.push(typeof args[0] === 'string' ? args[0] : '');
        return (original as (...all: unknown[]) => unknown).apply(this, args);
      } as typeof original;
      try {
        await read({ include: ['half', 'risk'] });
      } finally {
        pg.Client.prototype.query = original;
      }
      return seen.length;
    };
    const before = await statements();
    await database.run(
      `DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('CREATE TABLE half.many_%s (id int PRIMARY KEY)', i); END LOOP; END $$`,
    );
    const after = await statements();
    await database.run(
      `DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('DROP TABLE half.many_%s', i); END LOOP; END $$`,
    );
    expect(before).toBeGreaterThan(4);
    expect(after).toBe(before);
  });
});

describe('the digest of a scope', () => {
  const digest = async (scope: string, from = connection) =>
    (await from.scopeDigests!({ include: [scope] }, call())).get(scope);

  beforeAll(() =>
    database.run(`
      CREATE SCHEMA watched;
      GRANT USAGE ON SCHEMA watched TO ${reader};
      ALTER DEFAULT PRIVILEGES IN SCHEMA watched GRANT SELECT ON TABLES TO ${reader};
      CREATE TABLE watched.shown (id int);
      CREATE TABLE watched.unshown (id int);
    `),
  );
  afterAll(() => database.run('DROP SCHEMA watched CASCADE'));

  it('is there for each scope that can be read wholly, by any number of scopes', async () => {
    const all = await connection.scopeDigests!({}, call());
    expect([...all.keys()].sort()).toEqual(['bare', 'public', 'risk', 'watched', ODD].sort());
    expect(all.get('risk')).toBe(await digest('risk'));
    expect(await digest('no such "schema"')).toBeUndefined();
  });

  it.each([
    ['a column', 'ALTER TABLE watched.shown ADD x int', 'ALTER TABLE watched.shown DROP x'],
    ['a comment', `COMMENT ON COLUMN watched.shown.id IS 'x'`, 'COMMENT ON COLUMN watched.shown.id IS NULL'],
    [
      'a default',
      'ALTER TABLE watched.shown ALTER id SET DEFAULT 1',
      'ALTER TABLE watched.shown ALTER id DROP DEFAULT',
    ],
    ['an index', 'CREATE INDEX shown_i ON watched.shown (id)', 'DROP INDEX watched.shown_i'],
    [
      'a check',
      'ALTER TABLE watched.shown ADD CONSTRAINT c CHECK (id > 0)',
      'ALTER TABLE watched.shown DROP CONSTRAINT c',
    ],
    ['a routine', 'CREATE FUNCTION watched.f() RETURNS int LANGUAGE sql RETURN 1', 'DROP FUNCTION watched.f'],
    ['a right', 'REVOKE SELECT ON watched.unshown FROM READER', 'GRANT SELECT ON watched.unshown TO READER'],
    [
      'what a view of another schema is called',
      'CREATE VIEW watched.v AS SELECT id FROM bare.t; ALTER TABLE bare.t RENAME TO u',
      'ALTER TABLE bare.u RENAME TO t; DROP VIEW watched.v',
    ],
  ])('changes with %s, and back', async (_, change, back) => {
    await database.run('CREATE TABLE IF NOT EXISTS bare.t (id int)');
    const before = await digest('watched');
    await database.run(change.replaceAll('READER', reader));
    const changed = await digest('watched');
    await database.run(back.replaceAll('READER', reader));
    expect(changed).not.toBe(before);
    expect(await digest('watched')).toBe(before);
    await database.run('DROP TABLE bare.t');
  });

  it('stays when only rows come', async () => {
    const before = await digest('watched');
    await database.run('INSERT INTO watched.shown SELECT generate_series(1, 1000); ANALYZE watched.shown');
    expect(await digest('watched')).toBe(before);
    await database.run('DELETE FROM watched.shown');
  });

  it('is another one for a connection that reads otherwise', async () => {
    const other = await postgres.open(settingsOf({ partitions: true }), { password: PASSWORD });
    expect(await digest('watched', other)).not.toBe(await digest('watched'));
    await other.close();
  });
});

describe('a sample', () => {
  it('is bounded in rows and in length, and of texts', async () => {
    await database.run(`
      CREATE TABLE half.wide (n int, doc text, bytes bytea, "at ""x""" timestamptz, gone int);
      ALTER TABLE half.wide DROP gone;
      INSERT INTO half.wide SELECT n, repeat('汉', 100000), decode(repeat('ff', 1000), 'hex'), '2026-01-01T08:00+08' FROM generate_series(1, 50) AS n;
      GRANT SELECT ON half.wide TO ${reader};
    `);
    const sample = await connection.sample(
      { scope: 'half', name: 'wide' },
      { ...call(), maxRows: 3, maxCharacters: 8 },
    );
    expect(sample.columns).toEqual([
      { name: 'n', nativeType: 'integer' },
      { name: 'doc', nativeType: 'text' },
      { name: 'bytes', nativeType: 'bytea' },
      { name: 'at "x"', nativeType: 'timestamp with time zone' },
    ]);
    expect(sample.rows).toHaveLength(3);
    expect(sample.rows[0]).toEqual(['1', '汉'.repeat(8), '\\xffffffff', '2026-01-']);
    const one = await connection.sample({ scope: 'half', name: 'wide' }, { ...call(), maxRows: 3, fields: ['n'] });
    expect(one.rows).toEqual([['1'], ['2'], ['3']]);
    await database.run('DROP TABLE half.wide');
  });

  it('of many rows comes from all over the table', async () => {
    await database.run(`
      CREATE TABLE half.long AS SELECT n FROM generate_series(1, 100000) AS n;
      ANALYZE half.long; GRANT SELECT ON half.long TO ${reader};
    `);
    const ask = () => connection.sample({ scope: 'half', name: 'long' }, { ...call(), maxRows: 1000 });
    const { rows } = await ask();
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.length).toBeLessThanOrEqual(1000);
    expect(Math.max(...rows.map(([n]) => Number(n)))).toBeGreaterThan(50_000);
    expect((await ask()).rows).toEqual(rows);
    await database.run('DROP TABLE half.long');
  });

  it('of what is not there, or may not be read, is refused', async () => {
    const of = (name: string) => connection.sample({ scope: 'half', name }, { ...call(), maxRows: 1 });
    await expect(of('no "such"')).rejects.toThrow(SourceQueryFailed);
    await expect(of('unshown')).rejects.toThrow(SourcePermissionDenied);
  });
});

describe('what a source tells besides', () => {
  it('the query of a view', async () => {
    const sqlOf = (name: string) => connection.viewSql!({ scope: 'risk', name }, call());
    expect(await sqlOf('open_loan')).toContain('FROM risk.loan');
    expect(await sqlOf('loan')).toBeUndefined();
    expect(await sqlOf('nothing')).toBeUndefined();
  });

  it('what it expects of a statement, without running it', async () => {
    const { rows, cost } = await connection.explain!('SELECT pg_sleep(60) WHERE 1 = $1', [1], call(5_000));
    expect(rows).toBe(1);
    expect(cost).toBeGreaterThan(0);
    await expect(connection.explain!('DELETE FROM risk.branch', [], call())).rejects.toThrow(SourceQueryFailed);
  });

  it('that nobody counts its statements', async () => {
    const log = await connection.queryLog!({ ...call(), maxStatements: 10 });
    expect(log).toMatchObject({
      statements: [],
      problems: [expect.stringContaining('CREATE EXTENSION pg_stat_statements')],
    });
  });
});

describe('a query', () => {
  it('gives exact values', async () => {
    const { columns, rows, truncated } = await connection.query(
      `
      SELECT 9007199254740993 AS big, 1.10::numeric AS amount, 3 AS small, 0.5::float8 AS half, true AS yes, NULL AS nothing,
             'NaN'::float8 AS nan, date '2026-02-28' AS day, timestamptz '2026-01-01 08:00+08' AS at, '{"a":[1]}'::jsonb AS doc
      ;
      `,
      [],
      call(),
    );
    expect(truncated).toBe(false);
    expect(columns[0]).toEqual({ name: 'big', nativeType: 'int8' });
    expect(rows).toEqual([
      ['9007199254740993', '1.10', 3, 0.5, true, null, 'NaN', '2026-02-28', '2026-01-01 00:00:00+00', '{"a": [1]}'],
    ]);
  });

  it('binds parameters, and addresses tables by odd names', async () => {
    const { rows } = await connection.query(
      `SELECT count(*) FROM ${connection.relation(ODD, ODD)} WHERE "${ODD.replaceAll('"', '""')}" = $1`,
      ["汉字 'quoted' 😀"],
      call(),
    );
    expect(rows).toEqual([['1']]);
  });

  it('brings no more rows than asked for', async () => {
    const result = await connection.query('SELECT * FROM generate_series(1, 10)', [], { ...call(), maxRows: 4 });
    expect(result).toMatchObject({ rows: [[1], [2], [3], [4]], truncated: true });
    const whole = await connection.query('SELECT * FROM generate_series(1, 4)', [], { ...call(), maxRows: 4 });
    expect(whole.truncated).toBe(false);
  });

  it.each([
    ['an insert', `INSERT INTO risk.branch VALUES ('x', 'y')`],
    ['an insert in a WITH', `WITH w AS (INSERT INTO risk.branch VALUES ('x', 'y') RETURNING 1) SELECT * FROM w`],
    ['a second statement', 'SELECT 1; DROP TABLE risk.branch'],
    ['breaking out of the subquery', 'SELECT 1) AS q; DROP TABLE risk.branch; SELECT * FROM (SELECT 1'],
    ['ending our transaction first', 'SELECT 1) AS q; COMMIT; DROP TABLE risk.branch; SELECT * FROM (SELECT 1'],
    ['turning writing on', `SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE`],
    ['turning writing on by a function', `SELECT set_config('transaction_read_only', 'off', false)`],
  ])('refuses %s', async (_, sql) => {
    const owner = await postgres.open(settingsOf({ user: database.user }), passwordOfAdmin());
    await expect(owner.query(sql, [], call())).rejects.toThrow(SourceQueryFailed);
    await owner.close();
    expect(await database.run('SELECT count(*)::int AS n FROM risk.branch')).toEqual([{ n: 0 }]);
  });

  it('cannot write through a function either', async () => {
    await database.run(`
      CREATE FUNCTION risk.sly() RETURNS int LANGUAGE sql AS $$ INSERT INTO risk.branch VALUES ('x', 'y'); SELECT 1 $$
    `);
    const owner = await postgres.open(settingsOf({ user: database.user }), passwordOfAdmin());
    await expect(owner.query('SELECT risk.sly()', [], call())).rejects.toThrow(SourcePermissionDenied);
    await owner.close();
    await database.run('DROP FUNCTION risk.sly()');
  });
});

const passwordOfAdmin = (): Record<string, string> =>
  database.password === undefined ? {} : { password: database.password };

describe('stopping', () => {
  const running = async () => {
    const rows = await database.run(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND usename = $2 AND state = 'active'`,
      [database.name, reader],
    );
    return rows[0]!['n'];
  };

  it('ends the statement in the server when the caller aborts', async () => {
    const controller = new AbortController();
    const query = connection.query('SELECT pg_sleep(60)', [], { signal: controller.signal, deadlineMs: 60_000 });
    const refused = expect(query).rejects.toThrow(SourceCallCancelled);
    while ((await running()) === 0) await wait(5);
    controller.abort();
    await refused;
    // The rollback of the refused statement is a moment of work for the server, too.
    while ((await running()) !== 0) await wait(5);
    await expect(connection.query('SELECT 1', [], call())).resolves.toMatchObject({ rows: [[1]] });
  });

  it('ends the statement in the server at the deadline', async () => {
    await expect(connection.query('SELECT pg_sleep(60)', [], call(100))).rejects.toThrow(SourceTimedOut);
    expect(await running()).toBe(0);
  });

  it('does not start when it was aborted before', async () => {
    const query = connection.query('SELECT 1', [], { signal: AbortSignal.abort(), deadlineMs: 1_000 });
    await expect(query).rejects.toThrow(SourceCallCancelled);
  });

  it('all at once, in the server too', async () => {
    const own = await postgres.open(settingsOf(), { password: PASSWORD });
    const queries = [1, 2].map(() => own.query('SELECT pg_sleep(60)', [], call(60_000)));
    const refused = queries.map((query) => expect(query).rejects.toThrow(SourceCallCancelled));
    while ((await running()) !== 2) await wait(5);
    await own.cancel();
    await Promise.all(refused);
    while ((await running()) !== 0) await wait(5);
    await expect(own.query('SELECT 1', [], call())).resolves.toMatchObject({ rows: [[1]] });
    await own.close();
    await own.close();
  });

  it('a snapshot whose reader goes away', async () => {
    for await (const part of connection.snapshot({}, call())) if (part.part === 'dataset') break;
    while ((await running()) !== 0) await wait(5);
  });

  it('does not wait for a lock for long', async () => {
    const patient = await postgres.open(settingsOf({ lockTimeoutMs: 50 }), { password: PASSWORD });
    await database.run('BEGIN; LOCK TABLE risk.branch IN ACCESS EXCLUSIVE MODE');
    await expect(patient.query('SELECT * FROM risk.branch', [], call())).rejects.toThrow(SourceTimedOut);
    await database.run('ROLLBACK');
    await patient.close();
  });

  it('leaves out what it could not read in time, says so, and keeps the rest', async () => {
    const patient = await postgres.open(settingsOf({ lockTimeoutMs: 50 }), { password: PASSWORD });
    await database.run('BEGIN; LOCK TABLE risk.loan IN ACCESS EXCLUSIVE MODE');
    const parts = await read({ include: ['risk', 'bare', ODD] }, patient);
    await database.run('ROLLBACK');
    await patient.close();
    expect(parts.filter((part) => part.part === 'scope')).toMatchObject([
      { scope: 'bare', complete: true },
      {
        scope: 'risk',
        complete: false,
        reasons: ['by_branch', 'loan', 'open_loan'].map(
          (name) => `"${name}" cannot be read: another session holds a lock on it.`,
        ),
      },
      { scope: ODD, complete: true },
    ]);
    expect(datasetsIn(parts).map(({ name }) => name)).toEqual(['branch', 'customer', 'entry', 'somewhere', ODD]);
  });
});

describe('what can be wrong', () => {
  const tryOut = async (more: object, secrets = { password: PASSWORD }) => {
    const tried = await postgres.open(settingsOf(more), secrets);
    const error = await tried.query('SELECT 1', [], call()).then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    const report = await tried.test(call());
    await tried.close();
    expect(report).toEqual({ ok: false, problems: [(error as Error).message] });
    return error as Error;
  };

  it('nothing listens', async () => {
    const error = await tryOut({ port: 1 });
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect(error.message).toContain(`${database.host}:1 cannot be reached: nothing listens there`);
  });

  it('the host is unknown', async () => {
    const error = await tryOut({ host: 'no-such-host.invalid' });
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect(error.message).toContain('no-such-host.invalid');
  });

  it('the database is unknown', async () => {
    const error = await tryOut({ database: '没有' });
    expect(error).toBeInstanceOf(SourceDatabaseUnknown);
    expect(error.message).toContain('no database "没有"');
  });

  it('somebody answers who is no PostgreSQL', async () => {
    const server = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await tryOut({ host: '127.0.0.1', port: portOf(server) })).toBeInstanceOf(SourceUnreachable);
    server.close();
  });

  it('somebody accepts and stays silent', async () => {
    const server = await listening(() => undefined);
    const error = await tryOut({ host: '127.0.0.1', port: portOf(server), connectTimeoutMs: 100 });
    expect(error).toBeInstanceOf(SourceUnreachable);
    server.close();
  });

  it.each([
    ['a wrong password', '28P01', 'password authentication failed', SourceLoginRefused],
    ['a machine that is not allowed', '28000', 'no pg_hba.conf entry', SourceLoginRefused],
    ['no connection left', '53300', 'too many clients already', SourceUnreachable],
    ['a server that is starting up', '57P03', 'the database system is starting up', SourceUnreachable],
  ])('%s', async (_, state, message, expected) => {
    const server = await listening((socket) => {
      socket.on('data', () => socket.end(errorResponse({ S: 'FATAL', C: state, M: message })));
    });
    const error = await tryOut({ host: '127.0.0.1', port: portOf(server) });
    server.close();
    expect(error).toBeInstanceOf(expected);
    expect(error.message).not.toContain(PASSWORD);
  });

  it('encryption is asked for and the server has none', async () => {
    const error = await tryOut({ tls: 'require' });
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect(error.message).toContain('SSL');
  });

  it('encryption is preferred only, so the same server is fine', async () => {
    const easy = await postgres.open(settingsOf({ tls: 'prefer' }), { password: PASSWORD });
    expect(await easy.test(call())).toMatchObject({ ok: true });
    await easy.close();
  });

  it('a table may not be read', async () => {
    const query = connection.query('SELECT * FROM half.unshown', [], call());
    await expect(query).rejects.toThrow(SourcePermissionDenied);
    await expect(query).rejects.toThrow(/unshown/);
  });

  it('a value is bad; the sentence does not quote it', async () => {
    const query = connection.query(`SELECT 'geheim'::int`, [], call());
    await expect(query).rejects.toThrow(SourceQueryFailed);
    await expect(query).rejects.not.toThrow(/geheim/);
  });

  it('the login is refused; the sentence names the user and not the password', async () => {
    const role = `${database.name}_n`;
    await database.run(`CREATE ROLE ${role} NOLOGIN`);
    const error = await tryOut({ user: role });
    await database.run(`DROP ROLE ${role}`);
    expect(error).toBeInstanceOf(SourceLoginRefused);
    expect(error.message).toContain(role);
    expect(JSON.stringify([error, error.message])).not.toContain(PASSWORD);
  });

  it('nothing: the report says who we are and what may be read', async () => {
    const report = await connection.test(call());
    expect(report).toMatchObject({ ok: true, user: reader, scopes: 6, datasets: 11, readableDatasets: 9 });
    expect(report.server).toMatch(/^PostgreSQL \d+/);
    expect(report.problems).toEqual([
      `The user ${reader} may read 9 of 11 tables and views. Grant SELECT on the rest.`,
    ]);
  });
});

/** The server's message for a refusal, byte by byte: https://www.postgresql.org/docs/current/protocol.html. */
function errorResponse(fields: Record<string, string>): Buffer {
  const body = Buffer.from(
    Object.entries(fields)
      .map(([key, value]) => `${key}${value}\0`)
      .join('') + '\0',
  );
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

describe('an encrypted server', () => {
  const own = selfSigned('localhost');
  let server: Server;
  let encrypted: number;

  /** Does what PostgreSQL does with a request for TLS, and hands the rest to the real one. */
  const asTlsServer = (socket: Socket) => {
    socket.once('data', () => {
      socket.write('S');
      encrypted += 1;
      const inside = new TLSSocket(socket, { isServer: true, key: own.key, cert: own.certificate });
      const behind = connect(database.port, database.host);
      inside.on('error', () => behind.destroy()).pipe(behind);
      behind.on('error', () => inside.destroy()).pipe(inside);
    });
    socket.on('error', () => undefined);
  };

  beforeAll(async () => {
    server = await listening(asTlsServer);
  });

  beforeEach(() => {
    encrypted = 0;
  });

  afterAll(() => server?.close());

  const reportOf = async (more: object) => {
    const tried = await postgres.open(settingsOf({ port: portOf(server), ...more }), { password: PASSWORD });
    const report = await tried.test(call());
    await tried.close();
    return report;
  };

  it.each([
    ['preferred', { host: '127.0.0.1', tls: 'prefer' }],
    ['required, whoever answers', { host: '127.0.0.1', tls: 'require' }],
    ['checked, with the right authority and name', { host: 'localhost', tls: 'verify-full', tlsCa: own.certificate }],
  ])('is used when encryption is %s', async (_, more) => {
    expect(await reportOf(more)).toMatchObject({ ok: true, user: reader });
    expect(encrypted).toBeGreaterThan(0);
  });

  it.each([
    ['an authority nobody knows', { host: 'localhost', tls: 'verify-full' }, /self-signed certificate/],
    ['another name', { host: '127.0.0.1', tls: 'verify-full', tlsCa: own.certificate }, /does not match/],
  ])('is refused for %s', async (_, more, words) => {
    expect(await reportOf(more)).toEqual({ ok: false, problems: [expect.stringMatching(words)] });
  });
});

function listening(onSocket: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(onSocket);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;
