import pg from 'pg';

import { type Call, CallWatch, type SourceAddress } from '#core/connector-kit';
import { messageOf } from '#kernel';

import { explainPgError } from './pg-errors.js';
import { type PostgresSettings } from './settings.js';

// After a cancel request a healthy server ends the statement at once. One that does not gets its connection closed.
const GRACE_AFTER_CANCEL_MS = 2_000;

const NO_TLS_ON_SERVER = 'The server does not support SSL connections';

/** Sessions of one server: each call borrows one, inside a reading transaction that its signal and deadline can end. */
export class PgSessions {
  private pool?: Promise<pg.Pool>;
  private readonly prepared = new WeakSet<pg.PoolClient>();

  constructor(
    private readonly settings: PostgresSettings,
    private readonly address: SourceAddress,
  ) {}

  /** Runs `work` in a transaction that only reads, all of it seeing the same data. Throws an `AppError`. */
  async read<T>(call: Call, work: (client: pg.PoolClient, version: number) => Promise<T>): Promise<T> {
    const watch = new CallWatch(call, this.address);
    try {
      const client = await this.borrowUnless(watch);
      let lost = false;
      watch.onStop = () => {
        void this.cancel(client);
      };
      try {
        return await watch.orDone(this.transaction(client, watch.remainingMs, work), GRACE_AFTER_CANCEL_MS);
      } catch (error) {
        // A session that did not come to rest in time may still be busy: nobody else may get it.
        lost = watch.reason !== undefined || !(error instanceof pg.DatabaseError);
        throw error;
      } finally {
        client.release(lost);
      }
    } catch (error) {
      throw watch.reason ?? explainPgError(error, this.address);
    } finally {
      watch.clear();
    }
  }

  /** Like {@link read}, for what comes bit by bit. When its reader goes away, the statement ends in the server too. */
  async *stream<T>(
    call: Call,
    work: (client: pg.PoolClient, version: number) => AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T, void, undefined> {
    const watch = new CallWatch(call, this.address);
    let client: pg.PoolClient | undefined;
    let ended = false;
    try {
      const own = (client = await this.borrowUnless(watch));
      watch.onStop = () => {
        void this.cancel(own);
      };
      const items = work(own, await watch.orDone(this.begin(own, watch.remainingMs), GRACE_AFTER_CANCEL_MS));
      for (;;) {
        watch.throwIfStopped();
        const next = await watch.orDone(items.next(), GRACE_AFTER_CANCEL_MS);
        if (next.done === true) break;
        yield next.value;
      }
      await own.query('ROLLBACK');
      ended = true;
    } catch (error) {
      throw watch.reason ?? explainPgError(error, this.address);
    } finally {
      watch.clear();
      if (client !== undefined && !ended) await this.cancel(client);
      // A session with a statement that was not read to its end is of no use to others.
      client?.release(!ended);
    }
  }

  async close(): Promise<void> {
    const pool = this.pool;
    this.pool = undefined;
    await (await pool)?.end();
  }

  private async transaction<T>(
    client: pg.PoolClient,
    limitMs: number,
    work: (client: pg.PoolClient, version: number) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(client, await this.begin(client, limitMs));
    } finally {
      await client.query('ROLLBACK').catch(() => undefined);
    }
  }

  /** Begins a transaction that only reads; gives the server's version as a number. */
  private async begin(client: pg.PoolClient, limitMs: number): Promise<number> {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    // This statement also takes the snapshot, after which nothing can make the transaction a writing one.
    const { rows } = await client.query<{ version: number }>(
      `
      SELECT current_setting('server_version_num')::int AS version,
             set_config('statement_timeout', $1, true),
             set_config('lock_timeout', $2, true),
             -- A process of ours that stands still does not keep a transaction open in somebody's database.
             set_config('idle_in_transaction_session_timeout', '600000', true),
             set_config('timezone', 'UTC', true),
             set_config('datestyle', 'ISO, YMD', true),
             set_config('intervalstyle', 'iso_8601', true),
             set_config('bytea_output', 'hex', true),
             set_config('search_path', 'pg_catalog', true)
      `,
      [String(Math.ceil(limitMs)), String(this.settings.lockTimeoutMs)],
    );
    return rows[0]!.version;
  }

  private async borrowUnless(watch: CallWatch): Promise<pg.PoolClient> {
    watch.throwIfStopped();
    const borrowing = this.borrow();
    try {
      const client = await watch.orDone(borrowing);
      watch.throwIfStopped();
      return client;
    } catch (error) {
      // A session that arrives too late goes back unused.
      borrowing.then(
        (late) => late.release(),
        () => undefined,
      );
      throw error;
    }
  }

  private async borrow(): Promise<pg.PoolClient> {
    this.pool ??= this.openPool();
    const opening = this.pool;
    try {
      const client = await (await opening).connect();
      if (!this.prepared.has(client)) await this.prepare(client);
      return client;
    } catch (error) {
      // A server that was down may have TLS when it is up again: ask anew.
      if (this.settings.tls === 'prefer' && this.pool === opening) this.pool = undefined;
      throw error;
    }
  }

  private async prepare(client: pg.PoolClient): Promise<void> {
    // A connection that breaks between two statements of a call tells nobody else, and would end the process.
    client.on('error', () => undefined);
    try {
      await client.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
      this.prepared.add(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  private async openPool(): Promise<pg.Pool> {
    const pool = new pg.Pool({
      ...this.clientConfig(await this.tls()),
      max: this.settings.maxConnections,
      connectionTimeoutMillis: this.settings.connectTimeoutMs,
      idleTimeoutMillis: 10_000,
      allowExitOnIdle: true,
    });
    // An idle session that the server ends is no event for anybody: the next call gets a new one.
    pool.on('error', () => undefined);
    return pool;
  }

  private clientConfig(ssl: pg.ClientConfig['ssl']): pg.ClientConfig {
    const { host, port, database, user, password } = this.settings;
    return {
      host: host.replace(/^\[(.*)\]$/, '$1'),
      port,
      database,
      user,
      // As a function, because pg would otherwise fill an absent password from our own environment.
      password: () => password ?? '',
      ssl,
      application_name: 'plumbline',
      keepAlive: true,
    };
  }

  private async tls(): Promise<pg.ClientConfig['ssl']> {
    const { tls, tlsCa } = this.settings;
    switch (tls) {
      case 'disable':
        return false;
      case 'require':
        return { rejectUnauthorized: false };
      case 'verify-full':
        return { rejectUnauthorized: true, ...(tlsCa === undefined ? {} : { ca: tlsCa }) };
      case 'prefer':
        return (await this.hasTls()) ? { rejectUnauthorized: false } : false;
      default:
        return tls satisfies never;
    }
  }

  /** Asks the server; any other fault than "no TLS" is left for the real connection to meet. */
  private async hasTls(): Promise<boolean> {
    const client = new pg.Client({
      ...this.clientConfig({ rejectUnauthorized: false }),
      connectionTimeoutMillis: this.settings.connectTimeoutMs,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      return messageOf(error) !== NO_TLS_ON_SERVER;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Ends the statement in the server through a connection of its own; the busy one would not listen. */
  private async cancel(busy: pg.PoolClient): Promise<void> {
    const { processID } = busy as pg.PoolClient & { processID: number | null };
    if (processID === null) return;
    const client = new pg.Client({
      ...this.clientConfig(await this.tls()),
      connectionTimeoutMillis: GRACE_AFTER_CANCEL_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT pg_cancel_backend($1)', [processID]);
    } catch {
      // Then the busy connection is closed when its time of grace ends.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
