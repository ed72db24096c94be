import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { type Actor, FixedClock } from '#kernel';
import {
  Breaks,
  CarryOutReconciliation,
  ReconciliationModule,
  ReconciliationRuns,
  Reconciliations,
} from '#reconciliation';
import { HarvestModule, Reader } from '#harvest';
import { rows } from '#platform/database';
import { Sources, sourcesEntities } from '#sources';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';

import { reconcileSuite } from '../suites/reconcile.suite.js';
import { testContext, type TestContext } from '../support/context.js';
import { createMariaDatabase, type MariaDatabase } from '../support/mariadb.js';
import { fileSamples, mysqlSamples } from '../support/sample-tables.js';
import { sourceDatabase, type SourceDatabase } from '../support/source.js';

describe('MariaDB and Parquet', () => reconcileSuite(mysqlSamples, fileSamples));
describe('MariaDB and MariaDB', () => reconcileSuite(mysqlSamples, mysqlSamples));

const actor: Actor = { kind: 'user', id: 'anna', name: 'Anna', roles: ['steward'] };

/** From core banking over an export into the warehouse, each with names and types of its own. */
describe('MariaDB → Parquet → PostgreSQL', () => {
  const clock = new FixedClock(new Date('2026-06-01T02:00:00Z'));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reconcile-')));
  let context: TestContext;
  let core: MariaDatabase;
  let warehouse: SourceDatabase;
  const datasets = new Map<string, string>();

  beforeAll(async () => {
    context = await testContext(
      [DictionaryModule, HarvestModule, ReconciliationModule],
      [...sourcesEntities, ...dictionaryEntities],
      clock,
      { trustedFolders: [folder] },
    );
    core = await createMariaDatabase();
    await core.run(`
      CREATE TABLE loan (
        no char(10) PRIMARY KEY, \`客户\` varchar(40), balance decimal(18,2), rate double, overdue tinyint(1),
        opened date, updated datetime
      ) CHARACTER SET utf8mb4
    `);
    await core.run(`
      INSERT INTO loan VALUES
        ('A1', '王小明 ', 100.50, 0.045, 0, '2024-02-29', '2026-05-31 10:00:00'),
        ('A2', 'O''Brien',  0.00, 0.1,   1, '2020-01-01', '2026-05-31 23:59:59'),
        ('A3', '😀',       NULL, NULL,  NULL, NULL,       '2026-05-01 00:00:00'),
        ('B9', 'tomorrow',  1.00, 1,     0, '2026-06-01', '2026-06-01 00:00:00')
    `);
    // The export keeps moments in UTC, the warehouse as points in time; neither has what came after midnight in Shanghai.
    await exported(`
      SELECT * FROM (VALUES
        ('A1', '王小明 ', 100.5::DECIMAL(20,4), 0.045::DOUBLE, false, DATE '2024-02-29', TIMESTAMP '2026-05-31 02:00:00'),
        ('A2', 'O''Brien', 0, 0.1, true, DATE '2020-01-01', TIMESTAMP '2026-05-31 15:59:59'),
        ('A3', '😀', NULL, NULL, NULL, NULL, TIMESTAMP '2026-04-30 16:00:00')
      ) AS t ("NO", name, bal, rate, is_overdue, open_date, upd)
    `);
    warehouse = await sourceDatabase(`
      CREATE TABLE dwd_loan (loan_no text, customer text, balance numeric, rate double precision, overdue boolean, opened date,
                             updated_at timestamptz);
      INSERT INTO dwd_loan VALUES
        ('A1', '王小明 ', 100.5, 0.045, false, '2024-02-29', '2026-05-31T10:00:00+08:00'),
        ('A2', 'O''Brien', 0, 0.1, true, '2020-01-01', '2026-05-31T23:59:59+08:00'),
        ('A3', '😀', NULL, NULL, NULL, NULL, '2026-05-01T00:00:00+08:00');
    `);
    const { host, port, name, user } = core;
    await known('mysql', { host, port, database: name, user, tls: 'disable' });
    await known('files', { folder, alias: 'lake' });
    await known('postgres', warehouse.settings);
  });
  afterAll(async () => {
    await context.stop();
    await core.drop();
    await warehouse.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function exported(sql: string): Promise<void> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run(`COPY (${sql}) TO '${join(folder, 'loan.parquet')}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
  }

  async function known(kind: string, settings: object): Promise<void> {
    const { id } = await context.app.get(Sources).register(actor, {
      ...{ name: kind, kind, include: null, exclude: [], description: '', owner: '', domain: '', environment: '' },
      settings,
    });
    await context.app.get(Reader).carryOut({
      ...{ runId: randomUUID(), sourceId: id, actor, readAll: true },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    });
    const found = await rows<{ id: string }>(
      context.app.get(DataSource),
      `SELECT id FROM dictionary.dataset WHERE source_id = $1 AND name LIKE '%loan%'`,
      [id],
    );
    datasets.set(kind, found[0]!.id);
  }

  const LAKE = { NO: 'no', name: '客户', bal: 'balance', rate: 'rate', is_overdue: 'overdue', open_date: 'opened' };
  const DWH = {
    loan_no: 'no',
    customer: '客户',
    balance: 'balance',
    rate: 'rate',
    overdue: 'overdue',
    opened: 'opened',
  };
  const mapped = (of: Readonly<Record<string, string>>) => Object.entries(of).map(([right, left]) => ({ left, right }));

  const compared = async (left: string, right: string, definition: object) => {
    const { id } = await context.app.get(Reconciliations).add(actor, {
      ...{ name: `${left} → ${right} ${randomUUID()}`, description: '', owner: '', definition },
      ...{ leftDatasetId: datasets.get(left)!, rightDatasetId: datasets.get(right)! },
    });
    const runs = context.app.get(ReconciliationRuns);
    const run = await runs.ask(actor, id);
    await context.app.get(CarryOutReconciliation).run(run.id, {
      ...{ jobId: run.jobId ?? '', actor, signal: new AbortController().signal, progress: () => undefined },
    });
    const { items } = await context.app.get(Breaks).list({ reconciliationId: id }, { first: 100 });
    return { run: await runs.get(run.id), checks: await runs.checksOf([run.id]), breaks: items };
  };

  const definition = (of: Readonly<Record<string, string>>, updated: string, zones: object, key: string) => {
    const [first, ...rest] = mapped(of);
    return {
      keys: [first],
      columns: [...rest, { left: 'updated', right: updated }],
      cutoff: { left: 'updated', right: updated, until: { daysBack: 1, timeZone: 'Asia/Shanghai' } },
      checks: [
        { kind: 'row_count' },
        { kind: 'sum', column: 'balance' },
        { kind: 'groups', by: [key] },
        { kind: 'keys' },
      ],
      ...zones,
    };
  };
  const SHANGHAI = { left: { timeZone: 'Asia/Shanghai' } };

  it.each([
    ['files', definition(LAKE, 'upd', SHANGHAI, 'overdue')],
    ['postgres', definition(DWH, 'updated_at', SHANGHAI, '客户')],
  ])('core banking agrees with %s, whatever names, types and clocks', async (right, given) => {
    const { run, breaks, checks } = await compared('mysql', right, given);
    expect(run.errorMessage).toBeNull();
    expect(breaks).toEqual([]);
    expect(run).toMatchObject({ verdict: 'agrees', leftRows: '3', rightRows: '3', keys: { differingBuckets: 0 } });
    expect(run.cutoff).toEqual(new Date('2026-05-31T16:00:00Z'));
    expect(checks.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('finds what was lost and changed on the way', async () => {
    await warehouse.run(`
      UPDATE dwd_loan SET customer = '王小明' WHERE loan_no = 'A1';
      UPDATE dwd_loan SET updated_at = updated_at - interval '8 hours' WHERE loan_no = 'A2';
      DELETE FROM dwd_loan WHERE loan_no = 'A3';
    `);
    const { run, breaks } = await compared('mysql', 'postgres', definition(DWH, 'updated_at', SHANGHAI, '客户'));
    expect(run).toMatchObject({ verdict: 'breaks', leftRows: '3', rightRows: '2' });
    expect(breaks.map(({ key, kind, columns }) => [key[0], kind, columns]).toSorted()).toEqual([
      ['A1', 'value_differs', ['客户']],
      ['A2', 'value_differs', ['updated']],
      ['A3', 'missing_right', []],
    ]);
  });

  it('is an error when the server goes away in the middle, and says of which side', async () => {
    await core.run(`CREATE TABLE loan_gone (no char(10) PRIMARY KEY, x int)`);
    await core.run(`RENAME TABLE loan TO loan_away`);
    const { run, breaks } = await compared('mysql', 'postgres', definition(DWH, 'updated_at', SHANGHAI, '客户'));
    await core.run(`RENAME TABLE loan_away TO loan`);
    expect(run).toMatchObject({ verdict: 'error', errorSide: 'left' });
    expect(breaks).toEqual([]);
  });
});
