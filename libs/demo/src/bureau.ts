import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isoDay, TODAY } from './calendar.js';
import { type Cell, yuan } from './core-tables.js';
import type { Lender } from './lender.js';
import { misheard, type Person } from './people.js';

/** The bureau's files by the table name they have in SQL (`bureau.credit_report`). */
export const bureauFiles = {
  credit_report: 'credit_report.parquet',
  credit_score: 'credit_score.csv',
  overdue_record: 'overdue_record.csv',
} as const;

export type BureauTable = keyof typeof bureauFiles;

const COLUMNS: Readonly<Record<BureauTable, string>> = {
  credit_report: `report_no VARCHAR, resident_id VARCHAR, name VARCHAR, gender VARCHAR, birth_date DATE, mobile VARCHAR,
                  address VARCHAR, open_loans INTEGER, total_debt DECIMAL(18,2), query_date DATE`,
  credit_score: 'resident_id VARCHAR, score INTEGER, model_version VARCHAR, scored_on DATE',
  overdue_record: `"记录编号" VARCHAR, "证件号码" VARCHAR, "姓名" VARCHAR, "授信机构" VARCHAR, "逾期金额" DECIMAL(18,2),
                   "逾期天数" INTEGER, "逾期状态" VARCHAR, "记录日期" DATE`,
};

const ORDER: Readonly<Record<BureauTable, string>> = {
  credit_report: 'report_no',
  credit_score: 'resident_id, scored_on',
  overdue_record: '"记录编号"',
};

const LENDERS = ['招商银行', '平安普惠', '微众银行', '网商银行', '马上消费金融', 'Demo Finance Ltd.'];

export interface BureauEntry {
  readonly report: readonly Cell[];
  readonly score: readonly Cell[];
  readonly overdues: readonly (readonly Cell[])[];
}

export const reportNo = (number: number): string => `ZX${String(number).padStart(9, '0')}`;
export const overdueNo = (number: number, at: number): string => `YQ${String(number).padStart(9, '0')}${at}`;

/** Does the bureau know this customer? */
export const isKnown = (lender: Lender, index: number): boolean => lender.random.split('bureau', index).chance(0.85);

/** What the bureau holds on one person; a known customer may be spelled differently there. */
export function bureauEntry(lender: Lender, number: number, person: Person): BureauEntry {
  const random = lender.random.split('bureau entry', number);
  const name = random.chance(0.04) ? misheard(person.name, random) : person.name;
  const mobile = random.chance(0.08) ? `199${random.digits(8)}` : person.mobile;
  const gender = person.genderCode === '1' ? 'M' : person.genderCode === '2' ? 'F' : 'U';
  const queried = isoDay(TODAY - random.int(1, 300));
  const address = random.chance(0.1) ? person.address.replace(/\d+栋/, '') : person.address;
  const overdues = random.chance(0.12) ? random.int(1, 2) : 0;
  return {
    report: [
      reportNo(number),
      person.residentId,
      name,
      gender,
      isoDay(person.birthDay),
      mobile,
      address,
      random.int(0, 9),
      yuan(random.int(0, 90_000_000)),
      queried,
    ],
    score: [
      person.residentId,
      Math.round((random.int(380, 900) + random.int(380, 900) + random.int(380, 900)) / 3),
      random.chance(0.8) ? 'V3.2' : 'V3.1',
      queried,
    ],
    overdues: Array.from({ length: overdues }, (_, at) => [
      overdueNo(number, at + 1),
      person.residentId,
      name,
      random.pick(LENDERS),
      yuan(random.int(1_000, 8_000_000)),
      random.int(1, 720),
      random.pick(['1', '2', '2', '3']),
      isoDay(TODAY - random.int(1, 900)),
    ]),
  };
}

export function* bureauEntries(lender: Lender): Iterable<BureauEntry> {
  for (let index = 0; index < lender.customers; index++)
    if (isKnown(lender, index)) yield bureauEntry(lender, index, lender.person(index));
  const strangers = Math.ceil(lender.customers / 20);
  for (let at = 0; at < strangers; at++) yield bureauEntry(lender, lender.customers + at, lender.stranger(at));
}

/** A change planted in the bureau's tables before they become files. */
export interface BureauChange {
  readonly sql: string;
  readonly values: readonly Cell[];
}

/** Writes the bureau's folder. */
export async function writeBureau(
  folder: string,
  lender: Lender,
  changes: readonly BureauChange[],
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  await mkdir(folder, { recursive: true });
  return withDuckDb(async (connection) => {
    // One thread: the same rows become the same bytes.
    await connection.run('SET threads = 1');
    for (const table of bureauTables) await connection.run(`CREATE TABLE ${table} (${COLUMNS[table]})`);
    await fill(connection, lender, signal);
    for (const { sql, values } of changes) await connection.run(sql, [...values]);
    const counts: Record<string, number> = {};
    for (const table of bureauTables) {
      const file = bureauFiles[table];
      const format = file.endsWith('.parquet') ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv, HEADER';
      const path = join(folder, file).replaceAll("'", "''");
      await connection.run(`COPY (SELECT * FROM ${table} ORDER BY ${ORDER[table]}) TO '${path}' (${format})`);
      const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
      counts[`bureau.${table}`] = Number(counted.getRowsJS()[0]?.[0]);
    }
    return counts;
  });
}

const bureauTables = Object.keys(bureauFiles) as BureauTable[];
const BATCH = 2_000;

/** Rows go in as text through a staging table, so that each column is cast by its declaration. */
async function fill(connection: DuckDBConnection, lender: Lender, signal?: AbortSignal): Promise<void> {
  for (const table of bureauTables)
    await connection.run(
      `CREATE TABLE staged_${table} (${COLUMNS[table].replace(/ (VARCHAR|DATE|INTEGER|DECIMAL\(18,2\))/g, ' VARCHAR')})`,
    );
  const appenders = new Map<BureauTable, Awaited<ReturnType<DuckDBConnection['createAppender']>>>();
  for (const table of bureauTables) appenders.set(table, await connection.createAppender(`staged_${table}`));
  const append = (table: BureauTable, row: readonly Cell[]) => {
    const appender = appenders.get(table);
    for (const cell of row) {
      if (cell === null) appender?.appendNull();
      else appender?.appendVarchar(String(cell));
    }
    appender?.endRow();
  };
  let entries = 0;
  for (const { report, score, overdues } of bureauEntries(lender)) {
    append('credit_report', report);
    append('credit_score', score);
    for (const overdue of overdues) append('overdue_record', overdue);
    if (++entries % BATCH === 0) {
      signal?.throwIfAborted();
      await new Promise(setImmediate);
    }
  }
  for (const appender of appenders.values()) appender.closeSync();
  for (const table of bureauTables) {
    await connection.run(`INSERT INTO ${table} SELECT * FROM staged_${table}`);
    await connection.run(`DROP TABLE staged_${table}`);
  }
}

/** Opens DuckDB with the bureau's files as `bureau.<table>`; text columns of a CSV are cast by the SQL that reads them. */
export async function withBureau<T>(folder: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return withDuckDb(async (connection) => {
    await connection.run('CREATE SCHEMA bureau');
    for (const table of bureauTables) {
      const file = bureauFiles[table];
      const path = join(folder, file).replaceAll("'", "''");
      const reader = file.endsWith('.parquet') ? `read_parquet('${path}')` : `read_csv('${path}', all_varchar = true)`;
      await connection.run(`CREATE VIEW bureau.${table} AS SELECT * FROM ${reader}`);
    }
    return work(connection);
  });
}

async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
