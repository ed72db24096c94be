import { extractLineage } from './extract.js';
import type { ExtractOptions, StatementLineage, TableName } from './types.js';
import { nameOf } from './resolve/names.js';

export interface ViewDefinition {
  readonly name: TableName;
  /** The view's columns in order, where they are known. They may differ from the names in the query. */
  readonly columns?: readonly string[];
  /** A bare SELECT, as `pg_get_viewdef` gives it; a whole CREATE VIEW is taken too. */
  readonly sql: string;
}

/**
 * The lineage of a view whose text the database gives as a bare SELECT.
 *
 * @example
 * extractView({ name: { schema: 'risk', name: 'v' }, columns: ['id'], sql: ' SELECT a.x FROM a;' }, { dialect: 'postgres' }).columnEdges
 * // a.x -> risk.v.id
 */
export function extractView(view: ViewDefinition, options: ExtractOptions): StatementLineage {
  const { statements } = extractLineage(view.sql, options);
  const [statement, ...more] = statements;
  if (!statement || more.length > 0)
    throw new RangeError(
      `The text of the view ${nameOf(view.name)} holds ${statements.length} statements instead of one.`,
    );
  if (statement.kind !== 'select') return statement;
  const to = view.name;
  return {
    ...statement,
    kind: 'create_view',
    targets: [{ ...to, action: 'write' }],
    tableEdges: statement.sources.map((from) => ({ from, to })),
    columnEdges: statement.columnEdges.map((edge) => {
      const named = edge.to.column === '*' ? undefined : view.columns?.[edge.to.ordinal ?? -1];
      return { ...edge, to: { ...edge.to, table: to, ...(named !== undefined && { column: named }) } };
    }),
  };
}
