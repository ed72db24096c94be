import { mentionsOf } from '../sql/mentions.js';
import { type Ask } from '../rule-kind.js';

/** What a question costs, in kind: the plan puts questions of some lanes together and others apart. */
export const LANES = ['count', 'scan', 'regex', 'unique', 'foreign_key', 'window', 'groups', 'metadata'] as const;
export type Lane = (typeof LANES)[number];

/** Lanes whose questions can share one scan. */
export const SCANS = ['count', 'scan', 'regex', 'unique'] as const satisfies readonly Lane[];
export type ScanLane = (typeof SCANS)[number];

/** The lane of a question that a scan answers. */
export function scanLaneOf(ask: Extract<Ask, { is: 'rows' | 'values' }>): ScanLane {
  const found =
    ask.is === 'rows'
      ? mentionsOf({ tests: [ask.checked, ask.violation] })
      : mentionsOf({ terms: Object.values(ask.values) });
  if (found.distinct) return 'unique';
  if (found.patterns) return 'regex';
  return found.columns ? 'scan' : 'count';
}

export function laneOf(ask: Ask): Lane {
  switch (ask.is) {
    case 'rows':
    case 'values':
      return scanLaneOf(ask);
    case 'known':
      return 'metadata';
    case 'sql':
      return 'groups';
    case 'query': {
      const found = mentionsOf({ selects: [ask.select] });
      if (found.windows) return 'window';
      if (found.partners) return 'foreign_key';
      if (found.groups) return 'groups';
      return ask.select.limit === undefined ? 'groups' : 'metadata';
    }
    default:
      return ask satisfies never;
  }
}
