import { readScript } from './script.js';
import type { EdgeTarget, ExtractOptions, StatementLineage, ViewDefinition } from './types.js';
import { nameOf } from './resolve/names.js';

/** A bare SELECT as the definition of a view. {@link extractView} is the door to it. */
export function readView(view: ViewDefinition, options: ExtractOptions): StatementLineage {
  const { statements } = readScript(view.sql, options);
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
    columnEdges: statement.columnEdges.map((edge) => ({ ...edge, to: ofView(view, edge.to) })),
    generated: statement.generated.map((column) => ({ ...column, to: ofView(view, column.to) })),
  };
}

function ofView(view: ViewDefinition, to: EdgeTarget): EdgeTarget {
  const named = to.column === '*' ? undefined : view.columns?.[to.ordinal ?? -1];
  return { ...to, table: view.name, ...(named !== undefined && { column: named }) };
}
