import type { LateralView } from '../parse/tree.js';
import { generate, generatorName, makesOwnRows } from './generators.js';
import type { Reading } from './reading.js';
import type { Scope } from './scope.js';

/** `LATERAL VIEW explode(tags) t AS tag`: each sees the tables and the views before it. */
export function addLateralViews(
  views: readonly LateralView[] | null | undefined,
  scope: Scope,
  reading: Reading,
): void {
  for (const view of views ?? []) {
    const alias = view.table_alias ? reading.name(view.table_alias) : undefined;
    const { columns, others } = generate(view.this, undefined, reading.names(view.column_aliases), scope, reading);
    const name = generatorName(view.this);
    if (!makesOwnRows(name))
      reading.because(
        'table-function',
        `What the function ${name} reads is not known; only its arguments were followed.`,
      );
    scope.relations.push({
      ...(alias !== undefined && { alias }),
      rows: { columns, influences: [], ...(others && { rest: () => others }) },
      computed: true,
    });
  }
}
