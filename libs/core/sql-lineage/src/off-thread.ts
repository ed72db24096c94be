import { failedScript } from './outcome.js';
import type { ScriptLineage } from './types.js';
import type { ExtractTask, ViewTask } from './task.js';

/** Runs an exported function of a module in another thread. `ThreadPool` of `#platform/threads` is one. */
export interface TaskThreads {
  run(
    module: URL,
    exportName: string,
    value: unknown,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<unknown>;
}

export interface OffThreadOptions {
  /** How long one script may take; 20 seconds when not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const TIME_LIMIT_MS = 20_000;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Reads a script in another thread: a parser is a stranger's code fed with a stranger's text. When it does not come back,
 * every statement of that script is `failed` with the reason `not-finished`; other scripts are not touched. Throws only when `signal` says stop.
 *
 * @example
 * const lineage = await extractOffThread(pool, { sql, dialect: 'postgres', tables });
 */
export function extractOffThread(
  threads: TaskThreads,
  task: ExtractTask,
  options: OffThreadOptions = {},
): Promise<ScriptLineage> {
  return inThread(threads, 'extractTask', task, options);
}

/** Reads a view in another thread, as a script of one statement. Otherwise like {@link extractOffThread}. */
export function extractViewOffThread(
  threads: TaskThreads,
  task: ViewTask,
  options: OffThreadOptions = {},
): Promise<ScriptLineage> {
  return inThread(threads, 'viewTask', task, options);
}

async function inThread(
  threads: TaskThreads,
  exportName: string,
  task: ExtractTask,
  { timeoutMs = TIME_LIMIT_MS, signal }: OffThreadOptions,
): Promise<ScriptLineage> {
  try {
    const result = await threads.run(new URL('./task.js', import.meta.url), exportName, task, {
      timeoutMs,
      ...(signal && { signal }),
    });
    return result as ScriptLineage;
  } catch (error) {
    if (signal?.aborted) throw error;
    return failedScript(task.sql, task, 'not-finished', messageOf(error));
  }
}
