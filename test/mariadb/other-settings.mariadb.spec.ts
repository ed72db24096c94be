import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Call, type Connection, type HarvestedDataset } from '#core/connector-kit';
import { mysql } from '#connectors/mysql';
import { createConnection, type Connection as Session } from 'mysql2/promise';

import { startMariaDb } from '../support/mariadb-server.mjs';
import { selfSigned } from '../support/self-signed.js';

const call = (): Call => ({ signal: new AbortController().signal, deadlineMs: 20_000 });

/** A server as on Windows, where names do not differ by case, and that counts statements itself. */
describe('a server that folds names and counts statements', () => {
  let server: Awaited<ReturnType<typeof startMariaDb>>;
  let admin: Session;
  let connection: Connection;

  beforeAll(async () => {
    server = await startMariaDb({ settings: { 'lower-case-table-names': '1', 'performance-schema': 'ON' } });
    admin = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
    for (const sql of [
      'CREATE DATABASE Risk',
      'CREATE TABLE Risk.Branch (Code char(4) PRIMARY KEY)',
      'CREATE TABLE Risk.Loan (id int PRIMARY KEY, Code char(4), FOREIGN KEY (Code) REFERENCES BRANCH (Code))',
    ])
      await admin.query(sql);
    connection = await mysql.open({
      host: '127.0.0.1',
      port: server.port,
      user: 'root',
      database: 'RISK',
      tls: 'disable',
    });
  });
  afterAll(async () => {
    await connection?.close();
    await admin?.end();
    await server?.stop();
  });

  it('is read whatever the letters of the setting are, and keys find their tables', async () => {
    const datasets: HarvestedDataset[] = [];
    for await (const part of connection.snapshot({}, call())) if (part.part === 'dataset') datasets.push(part.dataset);
    expect(datasets.map(({ qualifiedName }) => qualifiedName)).toEqual(['risk.branch', 'risk.loan']);
    expect(datasets[1]!.keys[1]).toMatchObject({ kind: 'foreign', refQualifiedName: 'risk.branch' });
    expect([...(await connection.scopeDigests!({}, call())).keys()]).toEqual(['risk']);
    const sample = await connection.sample({ scope: 'Risk', name: 'LOAN' }, { ...call(), maxRows: 1 });
    expect(sample.columns.map(({ name }) => name)).toEqual(['id', 'Code']);
  });

  it('tells how often its statements ran since the cursor', async () => {
    const log = (since?: string) =>
      connection.queryLog!({ ...call(), maxStatements: 1_000, ...(since !== undefined && { since }) });
    const ask = (code: string) => admin.query(`SELECT Code FROM Risk.Branch WHERE Code = '${code}'`);
    await ask('geheim1');
    const first = await log();
    const mine = ({ statements }: typeof first) =>
      statements.filter(({ sql }) => /FROM `?Risk`? *\. *`?Branch/i.test(sql));
    expect(mine(first)).toMatchObject([{ calls: 1 }]);
    expect(JSON.stringify(first.statements)).not.toContain('geheim');
    await ask('geheim2');
    await ask('geheim3');
    expect(mine(await log(first.cursor))).toMatchObject([{ calls: 2 }]);
  });
});

/** A server with a certificate of its own. */
describe('an encrypted server', () => {
  const own = selfSigned('localhost');
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-tls-'));
  let server: Awaited<ReturnType<typeof startMariaDb>>;

  beforeAll(async () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    writeFileSync(key, own.key);
    writeFileSync(certificate, own.certificate);
    server = await startMariaDb({ settings: { 'ssl-key': key, 'ssl-cert': certificate } });
    const admin = await createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
    await admin.query(`CREATE USER reader IDENTIFIED BY 'pw' REQUIRE SSL`);
    await admin.end();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const reportOf = async (settings: object) => {
    const connection = await mysql.open({ port: server.port, user: 'reader', ...settings }, { password: 'pw' });
    const report = await connection.test(call());
    await connection.close();
    return report;
  };

  it.each([
    ['preferred', { host: '127.0.0.1', tls: 'prefer' }],
    ['required, whoever answers', { host: '127.0.0.1', tls: 'require' }],
    ['checked, with the right authority and name', { host: 'localhost', tls: 'verify-full', tlsCa: own.certificate }],
  ])('is used when encryption is %s', async (_, settings) => {
    expect(await reportOf(settings)).toMatchObject({ ok: true, user: 'reader@%' });
  });

  it.each([
    ['an authority nobody knows', { host: 'localhost', tls: 'verify-full' }, /certificate/],
    ['another name', { host: '127.0.0.1', tls: 'verify-full', tlsCa: own.certificate }, /does not match/],
    ['no encryption, which it wants', { host: '127.0.0.1', tls: 'disable' }, /refuses the user reader/],
  ])('is refused for %s', async (_, settings, words) => {
    expect(await reportOf(settings)).toEqual({ ok: false, problems: [expect.stringMatching(words)] });
  });
});
