import { schemaOf } from './schema.js';
import type { LineageRecord, ScriptRecord } from './records.js';
import type { ExtractOptions, ScriptLineage, StatementLineage, ViewDefinition } from './types.js';

// The parser is 22 MB of WebAssembly (160 MB of memory once loaded): it comes with the first script, not with the import.

/**
 * Reads a SQL script: its statements, the tables they touch, and the edges between columns. No statement is left out: what
 * is not understood says so.
 *
 * @example
 * const { statements } = await extractLineage('insert into b (y) select x from a', { dialect: 'postgres' });
 * statements[0].status           // 'ok'
 * statements[0].columnEdges[0]   // { from: { table: { name: 'a' }, column: 'x' }, to: { table: { name: 'b' }, column: 'y', ordinal: 0 },
 *                                //   type: 'DIRECT', subtype: 'IDENTITY', confidence: 'single-source' }
 */
export async function extractLineage(sql: string, options: ExtractOptions): Promise<ScriptLineage> {
  const { readScript } = await import('./script.js');
  const { withFallback } = await import('./parse/fallback/fallback.js');
  return withFallback(() => readScript(sql, options));
}

/**
 * The lineage of a view whose text the database gives as a bare SELECT. Throws a RangeError when the text is not one statement.
 *
 * @example
 * await extractView({ name: { schema: 'risk', name: 'v' }, columns: ['id'], sql: ' SELECT a.x FROM a;' }, { dialect: 'postgres' })
 * // a.x -> risk.v.id
 */
export async function extractView(view: ViewDefinition, options: ExtractOptions): Promise<StatementLineage> {
  const { readView } = await import('./view.js');
  const { withFallback } = await import('./parse/fallback/fallback.js');
  return withFallback(() => readView(view, options));
}

/** Answers one line of `plumbline lineage extract --jsonl`. */
export async function lineageRecord(record: ScriptRecord): Promise<LineageRecord> {
  const { answerTo, taskOf } = await import('./records.js');
  const { tables, ...options } = taskOf(record);
  const schema = tables && { schema: schemaOf(tables, options.dialect) };
  return answerTo(record, await extractLineage(options.sql, { ...options, ...schema }));
}
