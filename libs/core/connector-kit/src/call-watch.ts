import { type Call } from './call.js';
import { type SourceAddress, SourceCallCancelled, SourceTimedOut } from './source-errors.js';

// A longer time makes setTimeout fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Watches over one call for a connector: tells when its signal says stop or its time is over.
 *
 * @example
 * const watch = new CallWatch(call, address);
 * watch.onStop = () => session.interrupt();
 * try {
 *   return await watch.orDone(session.run(sql), 2_000);
 * } catch (error) {
 *   throw watch.reason ?? explain(error);
 * } finally {
 *   watch.clear();
 * }
 */
export class CallWatch {
  /** Why the call was stopped, once it was. */
  reason?: SourceCallCancelled | SourceTimedOut;
  /** Called once, when the call is stopped. */
  onStop?: () => void;
  private readonly until: number;
  private readonly stopping = new Set<() => void>();
  private readonly timer: ReturnType<typeof setTimeout>;
  private readonly listener: () => void;

  constructor(
    private readonly call: Call,
    address: SourceAddress,
  ) {
    this.until = Date.now() + call.deadlineMs;
    const end = (reason: SourceCallCancelled | SourceTimedOut) => {
      if (this.reason !== undefined) return;
      this.reason = reason;
      this.onStop?.();
      for (const each of this.stopping) each();
    };
    this.listener = () => end(new SourceCallCancelled(address, 'caller'));
    this.timer = setTimeout(
      () => end(new SourceTimedOut(address, `the call's ${call.deadlineMs} ms are over`)),
      Math.min(Math.max(0, call.deadlineMs), LONGEST_TIMER_MS),
    );
    call.signal.addEventListener('abort', this.listener, { once: true });
    if (call.signal.aborted) this.listener();
  }

  /** The work's result, or an error once the call was stopped and the work had its time of grace to end. */
  orDone<T>(work: Promise<T>, graceMs = 0): Promise<T> {
    // Not by Promise.race: the loser, which lives as long as the call, would keep every result of a long stream.
    return new Promise<T>((resolve, reject) => {
      let patience: ReturnType<typeof setTimeout> | undefined;
      const stopping = () => {
        patience = setTimeout(() => reject(this.reason), graceMs);
      };
      const over = () => {
        clearTimeout(patience);
        this.stopping.delete(stopping);
      };
      work.then(
        (result) => {
          over();
          resolve(result);
        },
        (error: unknown) => {
          over();
          reject(error);
        },
      );
      if (this.reason === undefined) this.stopping.add(stopping);
      else stopping();
    });
  }

  /** At least one millisecond, since a limit of 0 means "no limit" to most engines. */
  get remainingMs(): number {
    return Math.max(1, this.until - Date.now());
  }

  throwIfStopped(): void {
    if (this.reason !== undefined) throw this.reason;
  }

  clear(): void {
    clearTimeout(this.timer);
    this.call.signal.removeEventListener('abort', this.listener);
  }
}
