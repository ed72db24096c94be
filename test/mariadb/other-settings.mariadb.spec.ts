import { type Call, type Connection, type HarvestedDataset } from '#core/connector-kit';
import { mysql } from '#connectors/mysql';
import { createConnection, type Connection as Session } from 'mysql2/promise';

import { startMariaDb } from '../support/mariadb-server.mjs';

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
