import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { messageOf } from '#kernel';
import { builtFile } from './built-file.js';
import type { Outcome } from './thread-worker.js';
import { PoolClosed, TaskCrashed, TaskTimedOut } from './threads.errors.js';

export interface ThreadPoolOptions {
  /** Threads at most; one less than the machine has cores when not given. They start when there is work. */
  readonly threads?: number;
  /** Memory of one thread's JavaScript heap. */
  readonly memoryMb?: number;
}

export interface RunOptions {
  /** How long the task may run. Waiting for a free thread does not count. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /**
   * Given what the task has said (it gets a function `say` after its value), in order, when the task has ended: also when it failed, was
   * stopped or broke its thread. So what it had done until then is not lost.
   */
  readonly onSaid?: (message: unknown) => void;
}

const IDLE_MS = 60_000;

/**
 * Runs exported functions of modules in threads. What goes in and out is copied, so it must be plain data. A task that takes too long
 * or breaks its thread fails alone: the thread is replaced, and the other tasks go on.
 *
 * @example
 * const pool = new ThreadPool();
 * await pool.run(new URL('./task.js', import.meta.url), 'countWords', 'to be or not', { timeoutMs: 5_000 });
 * await pool.close();
 */
export class ThreadPool {
  private readonly piscina: Piscina;
  private readonly closing = new AbortController();
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor({ threads = Math.max(1, availableParallelism() - 1), memoryMb }: ThreadPoolOptions = {}) {
    this.free = threads;
    this.piscina = new Piscina({
      filename: builtFile(new URL('./thread-worker.js', import.meta.url)).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      ...(memoryMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
    });
  }

  /**
   * Calls `exportName` of `module` with `value` in a thread. Throws {@link TaskTimedOut}, {@link TaskCrashed} or {@link PoolClosed},
   * the signal's reason when it says stop, or the error the function threw (its name and message).
   */
  async run(
    module: URL,
    exportName: string,
    value: unknown,
    { timeoutMs, signal, onSaid }: RunOptions,
  ): Promise<unknown> {
    const said = onSaid && new MessageChannel();
    const task = { module: builtFile(module).href, exportName, value, said: said?.port2 };
    const transferList = said ? [said.port2] : [];
    const stop = AbortSignal.any([this.closing.signal, ...(signal ? [signal] : [])]);
    await this.enter(stop, exportName, signal);
    const time = AbortSignal.timeout(timeoutMs);
    try {
      // Piscina ends the thread of a task whose signal fires.
      return resultOf(
        (await this.piscina.run(task, { signal: AbortSignal.any([stop, time]), transferList })) as Outcome,
      );
    } catch (error) {
      signal?.throwIfAborted();
      if (this.closing.signal.aborted) throw new PoolClosed(exportName);
      if (error instanceof ThrownInTask) throw error.asThrown();
      if (time.aborted) throw new TaskTimedOut(exportName, timeoutMs);
      throw new TaskCrashed(exportName, messageOf(error));
    } finally {
      this.leave();
      if (said) hear(said.port1, onSaid);
    }
  }

  /** Stops what runs and ends all threads. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.piscina.destroy();
  }

  /** Waits for a free thread, so that a task's time begins when it does. */
  private async enter(stop: AbortSignal, exportName: string, signal: AbortSignal | undefined): Promise<void> {
    if (!stop.aborted && this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((go, refuse) => {
      const turn = () => {
        stop.removeEventListener('abort', giveUp);
        go();
      };
      const giveUp = () => {
        const at = this.waiting.indexOf(turn);
        if (at !== -1) this.waiting.splice(at, 1);
        refuse(signal?.aborted ? (signal.reason as Error) : new PoolClosed(exportName));
      };
      if (stop.aborted) return giveUp();
      this.waiting.push(turn);
      stop.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Hands the thread to who waits longest. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}

/** Takes what waits in a port, which outlives the thread at its other end. */
function hear(port: MessagePort, onSaid: (message: unknown) => void): void {
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) onSaid(next.message);
  port.close();
}

/** An error of the task itself, as it came over from the thread. */
class ThrownInTask extends Error {
  constructor(private readonly thrown: { readonly name: string; readonly message: string; readonly stack?: string }) {
    super(thrown.message);
  }

  asThrown(): Error {
    const error = new Error(this.thrown.message);
    error.name = this.thrown.name;
    if (this.thrown.stack !== undefined) error.stack = this.thrown.stack;
    return error;
  }
}

function resultOf(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.result;
  throw new ThrownInTask(outcome.error);
}
