import { connect, isIP, type Socket } from 'node:net';

import { type FieldPacket, type PoolOptions } from 'mysql2';
import { type Connection, createConnection, createPool, type Pool, type PoolConnection } from 'mysql2/promise';

import { type Call, CallWatch, type SourceAddress } from '#core/connector-kit';

import { type Grants, readGrants } from './grants.js';
import { explainMysqlError, hasNoTls, isServerError } from './mysql-errors.js';
import { type MysqlSettings } from './settings.js';

// After KILL QUERY a healthy server ends the statement at once. One that does not gets its connection closed.
const GRACE_AFTER_CANCEL_MS = 2_000;

/** What rules and people may rely on, whatever the server's own settings are. Without the last, 1 - 2 of unsigned columns is an error. */
/** ER_TRUNCATED_WRONG_VALUE. */
const TRUNCATED = 1292;

/**
 * The server reads a text as the number or the date that it begins with, answers as if nothing were wrong, and only warns. Then the
 * column has another type than whoever asked took it for, and the answer is worth nothing.
 */
async function refuseGuesses(connection: PoolConnection): Promise<void> {
  const [warnings] = await connection.query('SHOW WARNINGS');
  const guess = (warnings as { Code: number; Message: string }[]).find(({ Code }) => Code === TRUNCATED);
  if (guess === undefined) return;
  // The message quotes the value: only what it was taken for may be told.
  const type = /^(?:Truncated incorrect|Incorrect) ([A-Za-z]+) value/.exec(guess.Message)?.[1]?.toUpperCase();
  throw Object.assign(new Error('a text was taken for a value of another type'), {
    ...{ errno: TRUNCATED, sqlState: '22007', takenFor: type ?? 'value of another type' },
  });
}

const MODES = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_UNSIGNED_SUBTRACTION';

/** One session during one call. */
export interface Session {
  readonly isMariaDb: boolean;
  /** When the session began: a right on a whole server or database that came later does not count in it. */
  readonly grants: Grants;
  /** Rows as objects, for questions to the catalog; 64-bit numbers are texts. */
  ask<T>(sql: string): Promise<T[]>;
  /** Rows as the server's bytes. */
  cells(
    sql: string,
  ): Promise<{ readonly rows: readonly (readonly (Buffer | null)[])[]; readonly fields: FieldPacket[] }>;
}

/** Sessions of one server: each call borrows one, inside a reading transaction that its signal and deadline can end. */
export class MysqlSessions {
  private pool?: Promise<Pool>;
  private readonly begun = new WeakMap<object, Pick<Session, 'isMariaDb' | 'grants'>>();

  constructor(
    private readonly settings: MysqlSettings,
    private readonly address: SourceAddress,
  ) {}

  /** Runs `work` in a transaction that only reads, all of it seeing the same data. Throws an `AppError`. */
  async read<T>(call: Call, work: (session: Session) => Promise<T>): Promise<T> {
    const watch = new CallWatch(call, this.address);
    try {
      const connection = await this.borrowUnless(watch);
      let lost = false;
      watch.onStop = () => {
        void this.cancel(connection.threadId);
      };
      try {
        return await watch.orDone(this.transaction(connection, watch.remainingMs, work), GRACE_AFTER_CANCEL_MS);
      } catch (error) {
        // A session that did not come to rest in time may still be busy, and a late KILL may meet its next statement: nobody else
        // may get it.
        lost = watch.reason !== undefined || !isServerError(error);
        throw error;
      } finally {
        if (lost || watch.reason !== undefined) connection.destroy();
        else connection.release();
      }
    } catch (error) {
      throw watch.reason ?? explainMysqlError(error, this.address);
    } finally {
      watch.clear();
    }
  }

  async close(): Promise<void> {
    const pool = this.pool;
    this.pool = undefined;
    await (await pool)?.end();
  }

  private async transaction<T>(
    connection: PoolConnection,
    limitMs: number,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const { isMariaDb, grants } = await this.begin(connection);
    const lockSeconds = Math.max(1, Math.ceil(this.settings.lockTimeoutMs / 1_000));
    // The two call it by other names and count in other units; MySQL's is for SELECT only, which is all we send.
    const limit = isMariaDb
      ? `max_statement_time = ${(Math.ceil(limitMs) / 1_000).toFixed(3)}, idle_readonly_transaction_timeout = 600`
      : `max_execution_time = ${Math.ceil(limitMs)}`;
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await connection.query(
      `
      SET SESSION sql_mode = '${MODES}',
                  time_zone = '+00:00',
                  innodb_lock_wait_timeout = ${lockSeconds},
                  lock_wait_timeout = ${lockSeconds},
                  ${limit}
      `,
    );
    await connection.query('SET NAMES utf8mb4');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    try {
      return await work({
        ...{ isMariaDb, grants },
        ask: <R>(sql: string) => ask<R>(connection, sql),
        cells: async (sql) => {
          const [rows, fields] = await connection.query({ sql, rowsAsArray: true, typeCast: false });
          await refuseGuesses(connection);
          return { rows: rows as unknown as (Buffer | null)[][], fields };
        },
      });
    } finally {
      await connection.query('ROLLBACK').catch(() => undefined);
    }
  }

  private async begin(connection: PoolConnection): Promise<Pick<Session, 'isMariaDb' | 'grants'>> {
    // What is lent again has another wrapper around the same session.
    const session = connection.connection;
    const begun = this.begun.get(session) ?? (await this.firstLook(connection));
    this.begun.set(session, begun);
    return begun;
  }

  private async firstLook(connection: PoolConnection): Promise<Pick<Session, 'isMariaDb' | 'grants'>> {
    // Names in SHOW GRANTS are then always in backticks.
    await connection.query(`SET SESSION sql_mode = '${MODES}', sql_quote_show_create = 1`);
    const [row] = await ask<{ version: string }>(connection, 'SELECT VERSION() AS version');
    const isMariaDb = /mariadb/i.test(row!.version);
    const grants = await readGrants({ isMariaDb, ask: <R>(sql: string) => ask<R>(connection, sql) });
    return { isMariaDb, grants };
  }

  private async borrowUnless(watch: CallWatch): Promise<PoolConnection> {
    watch.throwIfStopped();
    const borrowing = this.borrow();
    try {
      const connection = await watch.orDone(borrowing);
      watch.throwIfStopped();
      return connection;
    } catch (error) {
      // A session that arrives too late goes back unused.
      borrowing.then(
        (late) => late.release(),
        () => undefined,
      );
      throw error;
    }
  }

  private async borrow(): Promise<PoolConnection> {
    this.pool ??= this.openPool();
    const opening = this.pool;
    try {
      return await (await opening).getConnection();
    } catch (error) {
      // A server that was down may have TLS when it is up again: ask anew.
      if (this.settings.tls === 'prefer' && this.pool === opening) this.pool = undefined;
      throw error;
    }
  }

  private async openPool(): Promise<Pool> {
    const { maxConnections } = this.settings;
    return createPool({
      ...this.options(await this.tls()),
      connectionLimit: maxConnections,
      maxIdle: maxConnections,
      idleTimeout: 10_000,
      waitForConnections: true,
    });
  }

  private options(ssl: PoolOptions['ssl']): PoolOptions {
    const { host, port, database, user, password, connectTimeoutMs } = this.settings;
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    return {
      host: bare,
      port,
      user,
      ...(database === undefined ? {} : { database }),
      ...(password === undefined ? {} : { password }),
      ...(ssl === undefined ? {} : { ssl }),
      ...(this.settings.tls === 'verify-full' && isIP(bare) ? { stream: () => addressed(bare, port) } : {}),
      connectTimeout: connectTimeoutMs,
      charset: 'utf8mb4',
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      multipleStatements: false,
      // A server may ask a client for any of its files; ours gives none.
      flags: ['-LOCAL_FILES'],
      enableKeepAlive: true,
    };
  }

  private async tls(): Promise<PoolOptions['ssl']> {
    const { tls, tlsCa } = this.settings;
    switch (tls) {
      case 'disable':
        return undefined;
      case 'require':
        return { rejectUnauthorized: false };
      case 'verify-full':
        return { rejectUnauthorized: true, verifyIdentity: true, ...(tlsCa === undefined ? {} : { ca: tlsCa }) };
      case 'prefer':
        return (await this.hasTls()) ? { rejectUnauthorized: false } : undefined;
      default:
        return tls satisfies never;
    }
  }

  /** Asks the server; any other fault than "no TLS" is left for the real connection to meet. */
  private async hasTls(): Promise<boolean> {
    let connection: Connection | undefined;
    try {
      connection = await createConnection(this.options({ rejectUnauthorized: false }));
      return true;
    } catch (error) {
      return !hasNoTls(error);
    } finally {
      connection?.destroy();
    }
  }

  /** Ends the statement in the server through a connection of its own; the busy one would not listen. */
  private async cancel(threadId: number): Promise<void> {
    let connection: Connection | undefined;
    try {
      connection = await createConnection({
        ...this.options(await this.tls()),
        connectTimeout: GRACE_AFTER_CANCEL_MS,
      });
      await connection.query(`KILL QUERY ${Math.trunc(threadId)}`);
    } catch {
      // Then the busy connection is closed when its time of grace ends.
    } finally {
      connection?.destroy();
    }
  }
}

async function ask<T>(connection: PoolConnection, sql: string): Promise<T[]> {
  const [rows] = await connection.query(sql);
  return rows as T[];
}

/** mysql2 names no server where the host is an address, and Node then checks the certificate for "localhost". */
const addressed = (host: string, port: number): Socket =>
  Object.assign(connect(port, host).setKeepAlive(true), { _host: host });
