import { AppError } from '#kernel';

/** A task did not finish in its time. Its thread was ended. */
export class TaskTimedOut extends AppError {
  readonly code = 'TASK_TIMED_OUT';

  constructor(task: string, timeoutMs: number) {
    super(`${task} did not finish within ${timeoutMs / 1000} s and was stopped. Give it more time, or less to do.`, {
      task,
      timeoutMs,
    });
  }
}

/** A task's thread ended under it: out of memory, a trap in WebAssembly, an exit. A new thread takes its place. */
export class TaskCrashed extends AppError {
  readonly code = 'TASK_CRASHED';

  constructor(task: string, cause: string) {
    super(`The thread of ${task} broke: ${cause}`, { task, cause });
  }
}

/** The pool is closed, or is closed while the task runs. */
export class PoolClosed extends AppError {
  readonly code = 'POOL_CLOSED';

  constructor(task: string) {
    super(`${task} was not run: the thread pool is closed.`, { task });
  }
}

/** The module has no JavaScript file. */
export class NotBuilt extends AppError {
  readonly code = 'NOT_BUILT';

  constructor(path: string) {
    super(`${path} has no built file. Run "npm run build" first.`, { path });
  }
}
