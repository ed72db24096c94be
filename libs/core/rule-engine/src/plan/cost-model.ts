import { type Dialect } from '#core/connector-kit';

import { type ScanLane } from './lanes.js';

/** Whether questions share one scan, or each has a query of its own; those are sent together where the engine can. */
export type Form = 'together' | 'apart';

/** What an engine takes, in microseconds a row. */
export interface Costs {
  /** Each statement, for a row as such. */
  readonly read: number;
  /** Each statement, for taking a row's columns apart. */
  readonly columns: number;
  /** Milliseconds of one unit in which the engine's planner counts, where it has one. */
  readonly unit?: number;
  /** Each question, in a scan with others. */
  readonly together: Readonly<Record<ScanLane, number>>;
  /** Each question, in a query of its own. */
  readonly apart: Readonly<Record<ScanLane, number>>;
}

/**
 * Measured on five million rows of 22 columns; `fitCosts` makes better ones of what a source really took. A row store pays for every
 * statement that takes rows apart. A column store pays for the columns that a query names, and a query with nothing but a WHERE is
 * spared what the statistics of a file rule out, which a question in a scan with others is not.
 */
export const COSTS: Readonly<Record<Dialect, Costs>> = {
  postgres: {
    ...{ read: 0.04, columns: 0.2, unit: 0.01 },
    together: { count: 0.001, scan: 0.05, regex: 0.45, unique: 0.35 },
    apart: { count: 0.001, scan: 0.05, regex: 0.45, unique: 0.35 },
  },
  mysql: {
    ...{ read: 0.11, columns: 0.02 },
    together: { count: 0.001, scan: 0.08, regex: 0.15, unique: 1.5 },
    apart: { count: 0.001, scan: 0.08, regex: 0.15, unique: 1.5 },
  },
  duckdb: {
    ...{ read: 0, columns: 0 },
    together: { count: 0.001, scan: 0.025, regex: 0.09, unique: 0.12 },
    apart: { count: 0.0001, scan: 0.006, regex: 0.08, unique: 0.12 },
  },
};

/** Questions of a statement, by lane. */
export type Load = Readonly<Partial<Record<ScanLane, number>>>;

export const loadOf = (lanes: readonly ScanLane[]): Load => {
  const load: Partial<Record<ScanLane, number>> = {};
  for (const lane of lanes) load[lane] = (load[lane] ?? 0) + 1;
  return load;
};

const entries = (load: Load) => Object.entries(load) as [ScanLane, number][];

/** Microseconds a row. */
export function costOf({ read, columns, ...by }: Costs, load: Load, form: Form): number {
  const questions = entries(load).reduce((sum, [lane, count]) => sum + count * by[form][lane], 0);
  const reading = (count: boolean) => read + (count ? 0 : columns);
  if (form === 'together') return reading(entries(load).every(([lane]) => lane === 'count')) + questions;
  return entries(load).reduce((sum, [lane, count]) => sum + count * reading(lane === 'count'), questions);
}

/** The cheaper form; together when they cost the same. */
export const cheaperForm = (costs: Costs, load: Load): Form =>
  costOf(costs, load, 'apart') < costOf(costs, load, 'together') ? 'apart' : 'together';
