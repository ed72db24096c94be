import { type Dialect } from '#core/connector-kit';

import { bindExpression, columnOf, termOf } from '../bind-expression.js';
import { type Condition } from '../expression.js';
import { type DatasetFacts } from '../facts.js';
import { SQL_DIALECTS } from '../sql/dialects/index.js';
import { renderTest, type Rendered } from '../sql/render.js';
import { all, compared, typeOf, value } from '../sql/term.js';
import { typedValue } from '../typed-values.js';

/** Which rows of a dataset are meant. */
export interface RowFilter {
  readonly where?: Condition;
  /** Only rows whose column is before this; one without a value is none of them. */
  readonly before?: { readonly column: string; readonly value: string };
}

/**
 * A filter as SQL over rows called `t`, for statements that are no rules. Throws `InvalidInput` with the place when it does not fit
 * the dataset.
 */
export function writeFilter(
  dataset: DatasetFacts,
  { where, before }: RowFilter,
  { dialect, now }: { readonly dialect: Dialect; readonly now: Date },
): Rendered {
  const tests = where === undefined ? [] : [bindExpression(where, dataset, ['where'], 't', now)];
  if (before !== undefined) {
    const column = columnOf(dataset, before.column, ['cutoff']);
    tests.push(compared(termOf(column), 'lt', value(typedValue(before.value, column, ['cutoff']))));
  }
  return renderTest(all(...tests), SQL_DIALECTS[dialect]);
}

/** The sum of a column's values, exact where the column is. */
export function writeSum(dialect: Dialect, sql: string, { name, typeFamily }: DatasetFacts['columns'][number]): string {
  return SQL_DIALECTS[dialect].aggregate('sum', { sql, type: typeOf(termOf({ name, typeFamily })) });
}

/** A text without blanks at its ends: the same blanks in every dialect. */
export const writeTrim = (dialect: Dialect, sql: string): string =>
  SQL_DIALECTS[dialect].functions.trim([{ sql, type: { family: 'text' } }]);
