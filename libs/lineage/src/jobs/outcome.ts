import { type JobOutcome } from '#platform/queue';

import { type ReadingReport } from '../lineage-reader.js';

/** Partial when a statement was not understood. */
export function outcomeOf(report: ReadingReport): JobOutcome {
  const understood = Object.keys(report.statements).every((status) => status === 'ok' || status === 'fallback');
  return { state: understood ? 'succeeded' : 'partial', result: { ...report } };
}
