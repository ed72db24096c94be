import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ConformanceSubject, quoteName } from '#core/connector-kit';
import { startEmbedded } from '#platform/embedded-postgres';
import pg from 'pg';

const PASSWORD = 'conformance "pass word" 密码';
const SCOPE = `suite "x".y 中 😀`;

/** Ten thousand partitions. */
const STOREY = 100;

const quoted = (...parts: string[]) => quoteName('postgres', ...parts);

/** An embedded PostgreSQL of its own, with a role that may only read. */
export async function makeSubject(): Promise<ConformanceSubject> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  // The server runs as another account when we are root.
  await chmod(folder, 0o755);
  const server = await startEmbedded({
    dataDir: folder,
    port: 0,
    settings: {
      ...{ fsync: 'off', synchronous_commit: 'off', shared_preload_libraries: 'pg_stat_statements' },
    },
  });
  const url = new URL(server.url('postgres'));
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  const run = (sql: string, values: unknown[] = []) => admin.query<Record<string, unknown>>(sql, values);
  await run(`
    CREATE EXTENSION pg_stat_statements;
    CREATE ROLE conformance_reader LOGIN PASSWORD '${PASSWORD}';
    GRANT pg_read_all_stats TO conformance_reader;
    CREATE SCHEMA ${quoted(SCOPE)};
    CREATE SCHEMA closed;
    CREATE TABLE closed.t (id int);
    CREATE TABLE ${quoted(SCOPE, 'odd')} (id int, wal pg_lsn);
    CREATE VIEW ${quoted(SCOPE, 'a view')} AS SELECT id FROM ${quoted(SCOPE, 'odd')};
    CREATE TABLE ${quoted(SCOPE, 'parts')} (id int) PARTITION BY RANGE (id);
    GRANT USAGE ON SCHEMA ${quoted(SCOPE)} TO conformance_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA ${quoted(SCOPE)} TO conformance_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${quoted(SCOPE)} GRANT SELECT ON TABLES TO conformance_reader;
  `);
  // In two storeys, and some at a time: making one takes as long as its parent has partitions.
  for (let at = 0; at < STOREY; at += 1)
    await run(`
      DO $$ BEGIN
        EXECUTE format('CREATE TABLE %I.%I PARTITION OF %I.parts FOR VALUES FROM (%s) TO (%s) PARTITION BY RANGE (id)',
                       '${SCOPE}', 'part_${at}', '${SCOPE}', ${at * STOREY}, ${(at + 1) * STOREY});
        FOR n IN 0..${STOREY - 1} LOOP
          EXECUTE format('CREATE TABLE %I.%I PARTITION OF %I.%I FOR VALUES FROM (%s) TO (%s)',
                         '${SCOPE}', 'part_${at}_' || n, '${SCOPE}', 'part_${at}', ${at * STOREY} + n, ${at * STOREY} + n + 1);
        END LOOP;
      END $$;
    `);
  const { rows: versions } = await run('SHOW server_version');
  const settings = {
    ...{ host: url.hostname, port: Number(url.port), database: 'postgres' },
    ...{ user: 'conformance_reader', tls: 'disable', connectTimeoutMs: 5_000 },
  };
  return {
    engine: `PostgreSQL ${String(versions[0]!['server_version'])}`,
    unverified: [
      'PostgreSQL 13 to 17, and products that speak its protocol, were not tried: only the embedded server is here.',
    ],
    settings,
    secrets: { password: PASSWORD },
    scope: SCOPE,
    names: [
      `quote " and ' and \` and $$`,
      'dots.in.it',
      'line\nend\ttab',
      ' blanks ',
      'percent %s $1 ? ; -- /* #',
      'back\\slash',
      '客户 表',
      'emoji 😀',
      `Robert'); DROP TABLE students; --`,
      'a'.repeat(63),
      '表'.repeat(21), // 63 bytes
    ],
    casePair: ['Case', 'cASE'],
    faults: [
      { title: 'an unknown host', settings: { host: 'no-such-host.invalid' }, code: 'SOURCE_UNREACHABLE' },
      { title: 'a wrong port', settings: { port: 1 }, code: 'SOURCE_UNREACHABLE' },
      { title: 'a wrong password', secrets: { password: 'wrong 密码' }, code: 'SOURCE_LOGIN_REFUSED' },
      { title: 'no password', secrets: {}, code: 'SOURCE_LOGIN_REFUSED' },
      { title: 'an unknown user', settings: { user: 'nobody "x"' }, code: 'SOURCE_LOGIN_REFUSED' },
      { title: 'an unknown database', settings: { database: '没有 "x"' }, code: 'SOURCE_DATABASE_UNKNOWN' },
      { title: 'encryption that the server has not', settings: { tls: 'require' }, code: 'SOURCE_UNREACHABLE' },
    ],
    endless: 'SELECT pg_sleep(600)',
    writes: (relation) => [
      `INSERT INTO ${relation} VALUES ('b')`,
      `DELETE FROM ${relation}`,
      `WITH gone AS (DELETE FROM ${relation} RETURNING 1) SELECT * FROM gone`,
      `SELECT 1; DROP TABLE ${relation}`,
      `SELECT 1) AS q; COMMIT; DROP TABLE ${relation}; SELECT * FROM (SELECT 1`,
      `SELECT set_config('transaction_read_only', 'off', false)`,
      `COPY (SELECT 1) TO PROGRAM 'true'`,
    ],
    closed: { scope: 'closed', word: 'USAGE' },
    oddType: { dataset: 'odd', field: 'wal' },
    partitioned: { dataset: 'parts', partitions: STOREY * STOREY },
    view: 'a view',
    async makeTable(name, column, values) {
      await run(`CREATE TABLE ${quoted(SCOPE, name)} (${quoted(column)} text)`);
      if (values.length > 0) await run(`INSERT INTO ${quoted(SCOPE, name)} SELECT unnest($1::text[])`, [[...values]]);
      return name;
    },
    async dropTable(name) {
      await run(`DROP TABLE IF EXISTS ${quoted(SCOPE, name)}`);
    },
    async valuesOf(name) {
      const { rows } = await run(`SELECT * FROM ${quoted(SCOPE, name)}`);
      return rows.map((row) => String(Object.values(row)[0]));
    },
    async running() {
      const { rows } = await run(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'conformance_reader' AND state = 'active'`,
      );
      return Number(rows[0]!['n']);
    },
    async statements() {
      const { rows } = await run(
        `SELECT coalesce(sum(calls), 0)::int AS n FROM pg_stat_statements WHERE userid = 'conformance_reader'::regrole`,
      );
      return Number(rows[0]!['n']);
    },
    async close() {
      await admin.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
