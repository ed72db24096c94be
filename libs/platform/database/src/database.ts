import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';

import type { PoolClient } from 'pg';
import { DataSource, type EntityManager, type Logger } from 'typeorm';

/** One transaction; stores write through it: `tx.query(sql, params)` or `tx.getRepository(Entity)`. */
export type Tx = EntityManager;

/** Entity classes of a domain, exported by its door for the app to list. */
export type Entities = readonly (new () => object)[];

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections held at once. */
  readonly pool: number;
  readonly entities: Entities;
  /** Shown in pg_stat_activity: "plumbline api". */
  readonly applicationName: string;
}

/** The catalog's own database, opened. Nest closes it with the application. */
export async function openDatabase({ url, pool, entities, applicationName }: DatabaseOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName,
    poolSize: pool,
    // A connection broken by a restart of the server is replaced; the statement on it fails once.
    poolErrorHandler: () => undefined,
    connectTimeoutMS: 10_000,
    entities: [...entities],
    synchronize: false,
    logger: countingLogger,
    logging: ['query'],
    extra: { options: '-c timezone=UTC', keepAlive: true },
  });
  return dataSource.initialize();
}

const counted = new AsyncLocalStorage<string[]>();

/**
 * Runs some work and gives the SQL statements it sent through the catalog's DataSource, in order.
 * For tests and benchmarks of "statements per operation".
 */
export async function statementsOf<T>(work: () => Promise<T>): Promise<{ result: T; statements: readonly string[] }> {
  const statements: string[] = [];
  const result = await counted.run(statements, work);
  return { result, statements };
}

const nothing = () => undefined;
const countingLogger: Logger = {
  logQuery(sql) {
    counted.getStore()?.push(sql);
  },
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/** Rows of a statement, typed by the caller who wrote it. */
export function rows<T>(on: DataSource | Tx, sql: string, params: readonly unknown[] = []): Promise<T[]> {
  return on.query<T[]>(sql, [...params]);
}

/** The first row of a statement, if any. */
export async function row<T>(
  on: DataSource | Tx,
  sql: string,
  params: readonly unknown[] = [],
): Promise<T | undefined> {
  return (await rows<T>(on, sql, params))[0];
}

/**
 * Rows of a statement that its connection reads and plans only once. For statements that come many times a second, whatever
 * the parameters: others are planned better for what they get.
 */
export async function preparedRows<T>(tx: Tx, sql: string, params: readonly unknown[]): Promise<T[]> {
  if (!tx.queryRunner) throw new Error('Statements are prepared in transactions only.');
  counted.getStore()?.push(sql);
  let name = names.get(sql);
  if (name === undefined) names.set(sql, (name = hash('sha256', sql).slice(0, 32)));
  const client = (await tx.queryRunner.connect()) as PoolClient;
  return (await client.query<T & object>({ name, text: sql, values: [...params] })).rows;
}

const names = new Map<string, string>();
