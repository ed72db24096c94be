import { failedScript, totalsOf } from './outcome.js';
import { answerTo, type LineageRecord, type ScriptRecord, taskOf } from './records.js';
import type { KnownTable } from './schema.js';
import type { ExtractTask, ViewTask } from './task.js';
import type { ScriptLineage, StatementLineage } from './types.js';
import { NOT_STARTED, type Progress, STARTED } from './watch.js';

/** Runs an exported function of a module in another thread. `ThreadPool` of `#platform/threads` is one. */
export interface TaskThreads {
  run(
    module: URL,
    exportName: string,
    value: unknown,
    options: {
      readonly timeoutMs: number;
      readonly signal?: AbortSignal;
      readonly onSaid?: (message: unknown) => void;
    },
  ): Promise<unknown>;
}

export interface OffThreadOptions {
  /** How long one statement may take; 5 seconds when not given. */
  readonly statementMs?: number;
  /** How long a script may take; 5 minutes when not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const STATEMENT_MS = 5_000;
const SCRIPT_MS = 300_000;
const TASKS = new URL('./task.js', import.meta.url);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Reads a script in another thread: a parser is a stranger's code fed with a stranger's text. A statement that takes too long or breaks the
 * thread is `failed` with the reason `not-finished`; the others are read, in a fresh thread when need be. When the whole script takes too long, what
 * was read until then is kept and the rest is `not-finished`. Throws only when `signal` says stop.
 *
 * @example
 * const lineage = await extractOffThread(pool, { sql, dialect: 'postgres', tables });
 */
export async function extractOffThread(
  threads: TaskThreads,
  task: ExtractTask,
  { statementMs = STATEMENT_MS, timeoutMs = SCRIPT_MS, signal }: OffThreadOptions = {},
): Promise<ScriptLineage> {
  const statements: StatementLineage[] = [];
  const skip: [number, string][] = [];
  const keep = (said: unknown) => {
    for (const statement of said as readonly StatementLineage[]) statements.push(statement);
  };
  for (let left = timeoutMs; ;) {
    const clock = new StatementClock(statementMs);
    const stop = signal ? AbortSignal.any([signal, clock.signal]) : clock.signal;
    const progress: Progress = { at: clock.cell, given: statements.length, skip };
    try {
      keep(
        await threads.run(TASKS, 'extractTask', { ...task, progress }, { timeoutMs: left, signal: stop, onSaid: keep }),
      );
      return { statements, totals: totalsOf(statements) };
    } catch (error) {
      if (signal?.aborted) throw error;
      left -= clock.ranMs;
      // A statement that is skipped and still slow: reading does not get past it.
      const again = skip.some(([number]) => number === clock.statement);
      if (clock.statement < 0 || again || left <= 0) return withRest(task, statements, messageOf(error));
      // What is left out already takes no time: then it was the next one, and each try leaves out one more.
      let slow = clock.statement;
      while (skip.some(([number]) => number === slow)) slow++;
      skip.push([slow, messageOf(error)]);
    } finally {
      clock.stop();
    }
  }
}

/** Answers one line of `plumbline lineage extract --jsonl` in another thread. Otherwise like {@link extractOffThread}. */
export async function recordOffThread(
  threads: TaskThreads,
  record: ScriptRecord,
  options: OffThreadOptions = {},
): Promise<LineageRecord> {
  return answerTo(record, await extractOffThread(threads, taskOf(record), options));
}

/** Reads a view in another thread, as a script of one statement. Otherwise like {@link extractOffThread}. */
export async function extractViewOffThread(
  threads: TaskThreads,
  task: ViewTask,
  { timeoutMs = STATEMENT_MS * 4, signal }: OffThreadOptions = {},
): Promise<ScriptLineage> {
  try {
    return (await threads.run(TASKS, 'viewTask', task, { timeoutMs, ...(signal && { signal }) })) as ScriptLineage;
  } catch (error) {
    if (signal?.aborted) throw error;
    return failedScript(task.sql, task, 'not-finished', messageOf(error));
  }
}

/**
 * The tables and views that a script of CREATE statements leaves behind, with their columns, read in another thread: a schema from a dump.
 * Throws when the script cannot be read to its end.
 */
export async function tablesOffThread(
  threads: TaskThreads,
  task: ExtractTask,
  { timeoutMs = SCRIPT_MS, signal }: OffThreadOptions = {},
): Promise<readonly KnownTable[]> {
  const tables = await threads.run(TASKS, 'tablesTask', task, { timeoutMs, ...(signal && { signal }) });
  return tables as readonly KnownTable[];
}

/** What was read, and the statements after it as not finished. */
function withRest(task: ExtractTask, read: readonly StatementLineage[], message: string): ScriptLineage {
  const from = Math.max(0, ...read.slice(-1).map(({ end }) => end));
  const rest = failedScript(task.sql, task, 'not-finished', message).statements.filter(({ start }) => start >= from);
  const statements = [...read, ...rest].map((statement, index) => ({ ...statement, index }));
  return { statements, totals: totalsOf(statements) };
}

const LOOK_EVERY_MS = 50;

/** Looks now and then which statement the thread is at, and stops it when it has been at the same one too long. */
class StatementClock {
  readonly cell = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  private readonly at = new Int32Array(this.cell);
  private readonly stopped = new AbortController();
  private readonly timer: ReturnType<typeof setInterval>;
  private seen = NOT_STARTED;
  private since = 0;
  private began: number | undefined;

  constructor(private readonly limitMs: number) {
    this.at[0] = NOT_STARTED;
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  get signal(): AbortSignal {
    return this.stopped.signal;
  }

  /** The statement the thread was at last; below 0 when it was at none yet. */
  get statement(): number {
    return Atomics.load(this.at, 0);
  }

  get ranMs(): number {
    return this.began === undefined ? 0 : Date.now() - this.began;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = this.statement;
    if (now === NOT_STARTED) return;
    this.began ??= Date.now();
    if (now !== this.seen) {
      this.seen = now;
      this.since = Date.now();
    } else if (now > STARTED && Date.now() - this.since > this.limitMs)
      this.stopped.abort(
        new Error(`Reading this statement took longer than ${this.limitMs / 1000} s and was stopped.`),
      );
  }
}
