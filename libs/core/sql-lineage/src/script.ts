import { totalsOf } from './outcome.js';
import { Run } from './procedures/run.js';
import type { ExtractOptions, ScriptLineage } from './types.js';
import { UNWATCHED, type Watch } from './watch.js';

/** Reads a script, statement by statement. {@link extractLineage} is the door to it. */
export function readScript(sql: string, options: ExtractOptions, watch: Watch = UNWATCHED): ScriptLineage {
  const statements = new Run(sql, options, watch).all();
  return { statements, totals: totalsOf(statements) };
}
