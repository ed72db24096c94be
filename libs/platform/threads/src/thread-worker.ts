// Runs in each thread of the pool; piscina calls the default export with each task.
import type { MessagePort } from 'node:worker_threads';

interface Task {
  readonly module: string;
  readonly exportName: string;
  readonly value: unknown;
  readonly said?: MessagePort;
}

/** What a task that threw sends back; errors of its own classes would not survive the way. */
export type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error: { readonly name: string; readonly message: string; readonly stack?: string };
    };

/** A trap leaves a WebAssembly instance in a state nobody knows; a module may also say so itself. */
const breaksThread = (error: unknown): boolean =>
  // The name of WebAssembly.RuntimeError; an ordinary error does not have it.
  (error instanceof Error && error.name === 'RuntimeError') ||
  (typeof error === 'object' && error !== null && 'breaksThread' in error && error.breaksThread === true);

async function runTask({ module, exportName, value, said }: Task): Promise<unknown> {
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  const run = exports[exportName];
  if (typeof run !== 'function') throw new TypeError(`${module} exports no function ${exportName}.`);
  const say = (message: unknown) => said?.postMessage(message);
  return (run as (value: unknown, say: (message: unknown) => void) => unknown)(value, say);
}

export default async function worker(task: Task): Promise<Outcome> {
  try {
    return { ok: true, result: await runTask(task) };
  } catch (error) {
    if (breaksThread(error)) {
      // Thrown outside of any promise it ends the thread, and piscina starts another. The task gets this error.
      setImmediate(() => {
        throw error;
      });
      return new Promise(() => {});
    }
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, error: { name, message, ...(stack !== undefined && { stack }) } };
  }
}
