import { type Call } from './call.js';

/**
 * The calls that are under way on one connection, so that one word can end them all.
 *
 * @example
 * query(sql, params, call) {
 *   return this.calls.run(call, (own) => this.sessions.read(own, …));
 * }
 * cancel() {
 *   return this.calls.stopAll();
 * }
 */
export class CallGroup {
  private stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();

  /** Carries a call out. What it is given ends with the caller's call, and when all are stopped. */
  async run<C extends Call, T>(call: C, work: (own: C) => Promise<T>): Promise<T> {
    const { own, end } = this.begin(call);
    try {
      return await work(own);
    } finally {
      end();
    }
  }

  /** The same for a call that gives one thing after the other. */
  async *stream<C extends Call, T>(call: C, work: (own: C) => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const { own, end } = this.begin(call);
    try {
      yield* work(own);
    } finally {
      end();
    }
  }

  /**
   * Stops what is under way, and waits until it has come to rest. A stream rests when its reader comes back to it, so it is
   * not waited for longer than the time of grace.
   */
  async stopAll(graceMs = 5_000): Promise<void> {
    const running = [...this.running];
    this.stopping.abort();
    this.stopping = new AbortController();
    let patience: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      Promise.all(running),
      new Promise((resolve) => {
        patience = setTimeout(resolve, graceMs);
      }),
    ]);
    clearTimeout(patience);
  }

  private begin<C extends Call>(call: C): { own: C; end: () => void } {
    let rest: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      rest = resolve;
    });
    this.running.add(running);
    return {
      own: { ...call, signal: AbortSignal.any([call.signal, this.stopping.signal]) },
      end: () => {
        this.running.delete(running);
        rest();
      },
    };
  }
}

/** The time that is left of a call, for its parts one after the other. */
export function remainderOf(call: Call): () => Call {
  const until = Date.now() + call.deadlineMs;
  return () => ({ signal: call.signal, deadlineMs: Math.max(0, until - Date.now()) });
}
