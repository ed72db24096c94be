import {
  collapseTemporaries,
  type ScriptLineage,
  type StatementLineage,
  type StatementStatus,
} from '#core/sql-lineage';

import { fillColumn, fillWhole } from '../flow.js';
import type { JobDraft } from '../job-draft.js';
import { datasetIn, type Store } from '../naming/store.js';
import type { Reading } from '../reading.js';
import { movedReason } from './read-select.js';

/** Reads statements that a job runs on a store, and gives the job their edges. */
export async function runStatements(
  reading: Reading,
  draft: JobDraft,
  sql: string,
  store: Store,
  at: (offset: number) => number,
): Promise<ScriptLineage> {
  const tables = reading.known.tablesFor(store, sql);
  const script = await reading.readSql({
    sql,
    dialect: store.dialect,
    ...(store.schema !== undefined && { defaultSchema: store.schema }),
    ...(store.system.parts === 'database' && store.database !== undefined && { defaultCatalog: store.database }),
    ...(tables.length > 0 && { tables }),
  });
  for (const statement of script.statements)
    draft.take(
      statement.reasons.map((reason) => movedReason(reading, reason, at)),
      'ok',
    );
  draft.take([], statusOf(script.statements));
  for (const statement of collapseTemporaries(script).statements) addEdges(draft, statement, store);
  return script;
}

/** A job is as its statements are, when all of them are alike; otherwise a part of it was not understood. */
function statusOf(statements: readonly StatementLineage[]): StatementStatus {
  const all = new Set(statements.map(({ status }) => status));
  if (all.size <= 1) return [...all][0] ?? 'ok';
  return all.size === 2 && all.has('ok') && all.has('fallback') ? 'fallback' : 'partial';
}

function addEdges(draft: JobDraft, statement: StatementLineage, store: Store): void {
  const dataset = (table: Parameters<typeof datasetIn>[1]) => datasetIn(store, table);
  for (const source of statement.sources) if (!source.temporary) draft.source(dataset(source));
  for (const { action, ...table } of statement.targets)
    if (!table.temporary && (action === 'write' || action === 'create')) draft.target(dataset(table));
  for (const { from, to } of [...statement.tableEdges, ...statement.renames])
    if (!from.temporary && !to.temporary) draft.tableEdge(dataset(from), dataset(to));
  for (const { from, to, type, subtype, confidence, expression } of statement.columnEdges) {
    if (to.table === undefined || to.table.temporary) continue;
    const target = dataset(to.table);
    const origins = (from.table ? [from.table] : (from.candidates ?? []))
      .filter(({ temporary }) => !temporary)
      .map((table) => ({ dataset: dataset(table), column: from.column, type, subtype, confidence }));
    if (origins.length === 0) continue;
    if (to.column === undefined) fillWhole(draft, { sources: [], columns: [], open: false, rows: origins }, target);
    else
      for (const origin of origins) {
        // A conditional edge has a DIRECT one beside it, or stands for itself: it makes no constant of the column.
        const only = { origins: [origin], ...(expression !== undefined && { expression }) };
        if (type === 'DIRECT') fillColumn(draft, only, target, to.column, to.ordinal ?? 0);
        else
          draft.columnEdge({
            from: { dataset: origin.dataset, column: origin.column },
            to: { dataset: target, column: to.column, ordinal: to.ordinal ?? 0 },
            type,
            subtype,
            confidence,
            ...(expression !== undefined && { expression }),
          });
      }
  }
  for (const { to, expression } of statement.generated)
    if (to.table !== undefined && !to.table.temporary && to.column !== undefined)
      draft.generate({
        to: { dataset: dataset(to.table), column: to.column, ...(to.ordinal !== undefined && { ordinal: to.ordinal }) },
        ...(expression !== undefined && { expression }),
      });
}
