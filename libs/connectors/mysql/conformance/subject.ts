import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type ConformanceSubject, quoteName } from '#core/connector-kit';
import { projectRoot } from '#platform/config';
import { createConnection } from 'mysql2/promise';

import { type startMariaDb } from '../../../../test/support/mariadb-server.mjs';

const PASSWORD = 'conformance "pass word" 密码';
const READER = 'conformance_reader';
const SCOPE = `suite "x".y \`中\``;

const quoted = (...parts: string[]) => quoteName('mysql', ...parts);

/** A MariaDB server of its own, with an account that may only read. */
export async function makeSubject(): Promise<ConformanceSubject> {
  const support = pathToFileURL(join(projectRoot, 'test', 'support', 'mariadb-server.mjs')).href;
  const { startMariaDb: start } = (await import(support)) as { readonly startMariaDb: typeof startMariaDb };
  const server = await start();
  const admin = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root', charset: 'utf8mb4' });
  const run = async (sql: string, values: unknown[] = []) => {
    const [rows] = await admin.query(sql, values);
    return rows as Record<string, unknown>[];
  };
  for (const sql of [
    `CREATE DATABASE ${quoted(SCOPE)}`,
    'CREATE DATABASE closed',
    'CREATE TABLE closed.t (id int)',
    `CREATE USER ${READER} IDENTIFIED BY '${PASSWORD}'`,
    `GRANT SELECT, SHOW VIEW ON ${quoted(SCOPE)}.* TO ${READER}`,
    `GRANT INSERT ON closed.t TO ${READER}`,
    `GRANT SELECT ON mysql.general_log TO ${READER}`,
    `CREATE TABLE ${quoted(SCOPE, 'odd')} (id int, place point)`,
    `CREATE VIEW ${quoted(SCOPE, 'a view')} AS SELECT id FROM ${quoted(SCOPE, 'odd')}`,
    `CREATE TABLE ${quoted(SCOPE, 'parts')} (id int) PARTITION BY HASH (id) PARTITIONS 1024`,
    `SET GLOBAL log_output = 'TABLE'`,
    'SET GLOBAL general_log = ON',
  ])
    await run(sql);
  const [version] = await run('SELECT VERSION() AS version');
  const settings = {
    ...{ host: '127.0.0.1', port: server.port, user: READER },
    ...{ tls: 'disable', connectTimeoutMs: 5_000 },
  };
  return {
    engine: `MariaDB ${String(version!['version'])}`,
    unverified: ['MySQL itself was not tried, it is not installed here: where it differs is written after its manual.'],
    settings,
    secrets: { password: PASSWORD },
    scope: SCOPE,
    // A name has no characters beyond the three bytes of the server's own metadata, and does not end with a blank.
    names: [
      `quote " and ' and \` and $$`,
      'dots.in.it',
      'line\nend\ttab',
      ' blank before',
      'percent %s $1 ? ; -- /* #',
      'back\\slash',
      '客户 表',
      `Robert'); DROP TABLE students; --`,
      'a'.repeat(64),
      // Of the 64 characters that a name may have; each is five bytes in the name of a file of the server.
      '表'.repeat(45),
    ],
    casePair: ['Case', 'cASE'],
    faults: [
      { title: 'an unknown host', settings: { host: 'no-such-host.invalid' }, code: 'SOURCE_UNREACHABLE' },
      { title: 'a wrong port', settings: { port: 1 }, code: 'SOURCE_UNREACHABLE' },
      { title: 'a wrong password', secrets: { password: 'wrong 密码' }, code: 'SOURCE_LOGIN_REFUSED' },
      { title: 'no password', secrets: {}, code: 'SOURCE_LOGIN_REFUSED' },
      { title: 'an unknown user', settings: { user: 'nobody "x"' }, code: 'SOURCE_LOGIN_REFUSED' },
      {
        title: 'an unknown database, of which nothing may be known either',
        settings: { database: '没有 "x"' },
        code: 'SOURCE_PERMISSION_DENIED',
      },
      { title: 'encryption that the server has not', settings: { tls: 'require' }, code: 'SOURCE_UNREACHABLE' },
    ],
    endless: 'SELECT SLEEP(600)',
    writes: (relation) => [
      `INSERT INTO ${relation} VALUES ('b')`,
      `DELETE FROM ${relation}`,
      `SELECT 1; DROP TABLE ${relation}`,
      `SELECT 1); DROP TABLE ${relation}; (SELECT 1`,
      `SELECT 1 INTO OUTFILE '/tmp/plumbline-never'`,
      'SET SESSION TRANSACTION READ WRITE',
      `SELECT 1 /*! ) UNION DELETE FROM ${relation} */`,
    ],
    closed: { scope: 'closed', word: 'SELECT' },
    oddType: { dataset: 'odd', field: 'place' },
    partitioned: { dataset: 'parts', partitions: 1_024 },
    view: 'a view',
    async makeTable(name, column, values) {
      await run(`CREATE TABLE ${quoted(SCOPE, name)} (${quoted(column)} mediumtext CHARACTER SET utf8mb4)`);
      if (values.length > 0) await run(`INSERT INTO ${quoted(SCOPE, name)} VALUES ?`, [values.map((value) => [value])]);
      return name;
    },
    async dropTable(name) {
      await run(`DROP TABLE IF EXISTS ${quoted(SCOPE, name)}`);
    },
    async valuesOf(name) {
      return (await run(`SELECT * FROM ${quoted(SCOPE, name)}`)).map((row) => String(Object.values(row)[0]));
    },
    async running() {
      const [row] = await run(
        `SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE USER = ? AND COMMAND = 'Query'`,
        [READER],
      );
      return Number(row!['n']);
    },
    async statements() {
      const [row] = await run(
        `SELECT count(*) AS n FROM mysql.general_log WHERE command_type = 'Query' AND user_host LIKE '${READER}[%'`,
      );
      return Number(row!['n']);
    },
    async close() {
      await admin.end();
      await server.stop();
    },
  };
}
