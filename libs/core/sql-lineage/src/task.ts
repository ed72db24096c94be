import { Catalog } from './catalog.js';
import { dialectOf } from './dialects.js';
import { withFallback } from './parse/fallback/fallback.js';
import { readScript } from './script.js';
import { type KnownTable, schemaOf } from './schema.js';
import { totalsOf } from './outcome.js';
import type { ExtractOptions, ScriptLineage, StatementLineage, ViewDefinition } from './types.js';
import { readView } from './view.js';
import { type Progress, ProgressWatch, showStarted, UNWATCHED } from './watch.js';

/** A script to read, as plain data that can be sent to a thread. */
export interface ExtractTask extends Omit<ExtractOptions, 'schema'> {
  readonly sql: string;
  readonly tables?: readonly KnownTable[];
}

/** What runs in the thread. Says finished statements now and then, and returns those it has not said. */
export async function extractTask(
  { sql, tables, progress, ...options }: ExtractTask & { readonly progress: Progress },
  say: (statements: readonly StatementLineage[]) => void,
): Promise<readonly StatementLineage[]> {
  const schema = tables && { schema: schemaOf(tables, options.dialect) };
  let { given } = progress;
  const count = (statements: readonly StatementLineage[]) => {
    given += statements.length;
    say(statements);
  };
  return withFallback(
    () => {
      const watch = new ProgressWatch({ ...progress, given }, count);
      readScript(sql, { ...options, ...schema }, watch);
      return watch.rest();
    },
    () => showStarted(progress),
  );
}

/** What runs in the thread for a script of CREATE TABLEs: the tables there are after it. */
export function tablesTask({ sql, tables: _, ...options }: ExtractTask): Promise<KnownTable[]> {
  return withFallback(() => {
    const catalog = new Catalog(dialectOf(options.dialect).names, options);
    readScript(sql, options, UNWATCHED, catalog);
    return catalog.tables();
  });
}

/** A view to read; `sql` is its text. */
export interface ViewTask extends ExtractTask {
  readonly view: Omit<ViewDefinition, 'sql'>;
}

/** What runs in the thread for a view: a script of one statement. */
export async function viewTask({ view, sql, tables, ...options }: ViewTask): Promise<ScriptLineage> {
  const schema = tables && { schema: schemaOf(tables, options.dialect) };
  const statements = [await withFallback(() => readView({ ...view, sql }, { ...options, ...schema }))];
  return { statements, totals: totalsOf(statements) };
}
