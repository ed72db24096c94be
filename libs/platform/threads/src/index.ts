export { builtFile } from './built-file.js';
export { type RunOptions, ThreadPool, type ThreadPoolOptions } from './thread-pool.js';
export { NotBuilt, PoolClosed, TaskCrashed, TaskTimedOut } from './threads.errors.js';
