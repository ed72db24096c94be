export { collapseTemporaries } from './collapse.js';
export { extractLineage, extractView, lineageRecord } from './extract.js';
export { extractOffThread, type OffThreadOptions, type TaskThreads } from './off-thread.js';
export { failedScript } from './outcome.js';
export type { LineageRecord, ScriptRecord } from './records.js';
export { type KnownTable, schemaOf } from './schema.js';
export type { ExtractTask } from './task.js';
export * from './types.js';
