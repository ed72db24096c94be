import { Catalog } from './catalog.js';
import { type Dialect, dialectOf } from './dialects.js';
import { blank, reasonFor, totalsOf } from './outcome.js';
import { Run } from './procedures/run.js';
import { unfinishedComment } from './split/unfinished.js';
import type { ExtractOptions, ScriptLineage, StatementLineage } from './types.js';
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
  const read = new Run(sql, dialect, catalog, watch).all();
  const hidden = hiddenByComment(sql, dialect, read);
  watch.ends(hidden);
  const statements = [...read, ...hidden];
  return { statements, totals: totalsOf(statements) };
}

/** What an unfinished comment hides is a statement that failed: nobody knows what is in it. */
function hiddenByComment(sql: string, dialect: Dialect, read: readonly StatementLineage[]): StatementLineage[] {
  const end = read.reduce((last, statement) => Math.max(last, statement.end), 0);
  const comment = unfinishedComment(sql, dialect.lex, end);
  if (!comment) return [];
  const why = 'This comment has no end; what stands after it is not read.';
  return [blank(comment, read.length, 'other', 'failed', [reasonFor(comment, 'unfinished-comment', why)])];
}
