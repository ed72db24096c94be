import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '#platform/config';
import pg from 'pg';

/** How long a lane that another process holds is waited for before it is looked for again; one of our own tells when it is free. */
const LOOK_AGAIN_MS = 200;

/** Who waits says so by sharing this lane, which nobody takes. */
const WAITING = 1_000;

interface Lanes {
  /** Those that this process holds. */
  readonly held: Set<number>;
  /** Those who wait here come one after the other. */
  turn: Promise<void>;
  /** Somebody waits in another process. */
  othersWait: boolean;
  /** How often this process has let a lane go, and who of it wants to hear of the next time. */
  releases: number;
  wake: () => void;
}

/**
 * Keeps the load on each source small: a few statements at once, over all processes. A lane is an advisory lock in the
 * catalog's database, held by a connection of its own: when a process dies, its lanes are free; while it stands still with a
 * statement in the source, they are not.
 */
@Injectable()
export class SourceLanes implements OnApplicationShutdown {
  private readonly ofSource = new Map<string, Lanes>();
  private client: Promise<pg.Client> | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Does the work as soon as the source has room. Throws the signal's reason when it aborts before that. */
  async through<T>(sourceId: string, atOnce: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lanes = this.lanesOf(sourceId);
    const lane = await this.inTurn(lanes, signal, () => this.enter(sourceId, lanes, atOnce, signal));
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      lanes.held.delete(lane);
      await this.leave(sourceId, lanes, lane);
      lanes.releases++;
      lanes.wake();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await (await client)?.end();
  }

  private lanesOf(sourceId: string): Lanes {
    const known = this.ofSource.get(sourceId);
    if (known) return known;
    const lanes: Lanes = {
      held: new Set(),
      turn: Promise.resolve(),
      othersWait: false,
      releases: 0,
      wake: () => undefined,
    };
    this.ofSource.set(sourceId, lanes);
    return lanes;
  }

  /** One after the other: a session may take an advisory lock twice, so two must not try for one lane at once. */
  private async inTurn<T>(lanes: Lanes, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = lanes.turn;
    let done: () => void = () => undefined;
    lanes.turn = new Promise((resolve) => (done = resolve));
    try {
      await before;
      signal.throwIfAborted();
      return await work();
    } finally {
      done();
    }
  }

  private async enter(sourceId: string, lanes: Lanes, atOnce: number, signal: AbortSignal): Promise<number> {
    let waits = false;
    try {
      for (;;) {
        signal.throwIfAborted();
        // A process with much to do would have every lane again before others look.
        if (lanes.othersWait) await pause(LOOK_AGAIN_MS * 2, signal);
        const client = await this.open();
        const { releases } = lanes;
        const free = Array.from({ length: atOnce }, (_, lane) => lane).filter((lane) => !lanes.held.has(lane));
        const { rows } = await client.query<{ lane: number }>(
          `SELECT lane FROM unnest($2::int[]) AS lane WHERE pg_try_advisory_lock(hashtext($1), lane) LIMIT 1`,
          [sourceId, free],
        );
        const lane = rows[0]?.lane;
        if (lane !== undefined) {
          lanes.held.add(lane);
          lanes.othersWait = false;
          return lane;
        }
        if (!waits) {
          waits = true;
          await client.query(`SELECT pg_advisory_lock_shared(hashtext($1), $2)`, [sourceId, WAITING]);
        }
        if (lanes.releases === releases) await untilFree(lanes, LOOK_AGAIN_MS * (0.5 + Math.random() / 2), signal);
      }
    } finally {
      if (waits) await this.tell(`SELECT pg_advisory_unlock_shared(hashtext($1), $2)`, [sourceId, WAITING]);
    }
  }

  private async leave(sourceId: string, lanes: Lanes, lane: number): Promise<void> {
    const answer = await this.tell<{ others: boolean }>(
      `
      SELECT pg_advisory_unlock(hashtext($1), $2),
             EXISTS (SELECT FROM pg_locks
                      WHERE locktype = 'advisory' AND classid::bigint = hashtext($1)::bigint & 4294967295
                        AND objid = $3 AND pid <> pg_backend_pid()
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS others
      `,
      [sourceId, lane, WAITING],
    );
    lanes.othersWait = answer?.others === true;
  }

  /** When the connection is gone, its locks are too. */
  private async tell<T extends object>(sql: string, params: readonly unknown[]): Promise<T | undefined> {
    try {
      const client = await this.client;
      return (await client?.query<T>(sql, [...params]))?.rows[0];
    } catch {
      return undefined;
    }
  }

  private open(): Promise<pg.Client> {
    this.client ??= this.connect().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...{ connectionString: this.settings.databaseUrl, application_name: 'plumbline lanes', keepAlive: true },
    });
    client.on('error', () => undefined);
    client.once('end', () => (this.client = undefined));
    await client.connect();
    return client;
  }
}

/** Waits until this process lets a lane go, at most so long. */
async function untilFree(lanes: Lanes, ms: number, signal: AbortSignal): Promise<void> {
  const free = new AbortController();
  lanes.wake = () => free.abort();
  await sleep(ms, undefined, { signal: AbortSignal.any([signal, free.signal]) }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Ends early, with the signal's own reason. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
