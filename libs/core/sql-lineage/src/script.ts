import { Catalog } from './catalog.js';
import { dialectOf } from './dialects.js';
import { totalsOf } from './outcome.js';
import { Run } from './procedures/run.js';
import type { ExtractOptions, ScriptLineage } from './types.js';
import { UNWATCHED, type Watch } from './watch.js';

/** Reads a script, statement by statement. {@link extractLineage} is the door to it. */
export function readScript(
  sql: string,
  options: ExtractOptions,
  watch: Watch = UNWATCHED,
  catalog = new Catalog(dialectOf(options.dialect).names, options),
): ScriptLineage {
  const { lateralAliases } = options;
  const dialect = { ...dialectOf(options.dialect), ...(lateralAliases !== undefined && { lateralAliases }) };
  const statements = new Run(sql, dialect, catalog, watch).all();
  return { statements, totals: totalsOf(statements) };
}
