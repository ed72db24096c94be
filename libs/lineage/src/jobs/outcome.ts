import { type JobOutcome } from '#platform/queue';

import { type ReadingTotals } from '../lineage-reader.js';

/** Statements by status, and what became of the edges. Partial when something was not understood. */
export function outcomeOf(totals: ReadingTotals, statements: Readonly<Record<string, number>>): JobOutcome {
  const understood = Object.keys(statements).every((status) => status === 'ok' || status === 'fallback');
  return { state: understood ? 'succeeded' : 'partial', result: { ...totals, statements } };
}
