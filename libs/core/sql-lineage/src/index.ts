export { collapseTemporaries, expandViews } from './collapse.js';
export { extractLineage, extractView, lineageRecord } from './extract.js';
export { dialectNamed } from './dialect-names.js';
export { nameKey, writtenName } from './dialects.js';
export {
  extractOffThread,
  extractViewOffThread,
  tablesOffThread,
  recordOffThread,
  type OffThreadOptions,
  type TaskThreads,
} from './off-thread.js';
export { masks } from './masking.js';
export { failedScript } from './outcome.js';
export { nameOf } from './resolve/names.js';
export type { LineageRecord, ScriptRecord } from './records.js';
export { type KnownTable, schemaOf } from './schema.js';
export type { ExtractTask, ViewTask } from './task.js';
export * from './types.js';
export { atOrigin, fill, type Filled } from './variables.js';
