import { readScript } from './script.js';
import { type KnownTable, schemaOf } from './schema.js';
import type { ExtractOptions, ScriptLineage } from './types.js';

/** A script to read, as plain data that can be sent to a thread. */
export interface ExtractTask extends Omit<ExtractOptions, 'schema'> {
  readonly sql: string;
  readonly tables?: readonly KnownTable[];
}

/** What runs in the thread. */
export function extractTask({ sql, tables, ...options }: ExtractTask): ScriptLineage {
  return readScript(sql, { ...options, ...(tables && { schema: schemaOf(tables, options.dialect) }) });
}
