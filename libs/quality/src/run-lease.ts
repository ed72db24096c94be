import { setTimeout as sleep } from 'node:timers/promises';

import { type RunHold, type RunStore } from './run.store.js';

/** Somebody else holds the run now: what this one still had to write is not written. */
export class LeaseLost extends Error {
  constructor() {
    super('Another worker has taken the run over.');
  }
}

const LOOK_AGAIN_MS = 500;

/**
 * A run while one worker does it. It is held for some seconds and held on to by a heartbeat; a worker that is killed
 * or stands still loses it, and whoever takes it then has a higher number. Every write asks for that number, so that the
 * one who stood still writes nothing when it goes on.
 */
export class RunLease {
  /** Aborts with {@link LeaseLost}, or with what aborts the job. */
  readonly signal: AbortSignal;
  private readonly lost = new AbortController();
  private readonly heart: NodeJS.Timeout;
  private heardAt = performance.now();

  private constructor(
    private readonly store: RunStore,
    readonly hold: RunHold,
    private readonly seconds: number,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.lost.signal]);
    this.heart = setInterval(() => void this.beat(), (seconds * 1_000) / 3);
  }

  /** Waits while another worker holds the run; undefined when it has ended by then. */
  static async take(
    store: RunStore,
    runId: string,
    seconds: number,
    signal: AbortSignal,
  ): Promise<RunLease | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const fence = await store.claim(runId, seconds);
      if (fence !== undefined) return new RunLease(store, { runId, fence, seconds }, seconds, signal);
      if (await store.hasEnded(runId)) return undefined;
      // The beginning of the loop throws the signal's own reason.
      await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Lets the next one have it at once. */
  async letGo(): Promise<void> {
    clearInterval(this.heart);
    await this.store.letGo(this.hold);
  }

  private async beat(): Promise<void> {
    try {
      if (!(await this.store.renew(this.hold))) this.lost.abort(new LeaseLost());
      else this.heardAt = performance.now();
    } catch {
      // The catalog is away. Its next answer tells; without one for as long as the lease lasts, the run may be another's.
      if (performance.now() - this.heardAt > this.seconds * 1_000) this.lost.abort(new LeaseLost());
    }
  }
}
