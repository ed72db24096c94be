export { extractLineage, failedScript } from './extract.js';
export { dialectNamed, type LineageRecord, lineageRecord, type ScriptRecord } from './records.js';
export { type KnownTable, schemaOf } from './schema.js';
export * from './types.js';
export { extractView, type ViewDefinition } from './view.js';
