import { type Dialect } from '#core/connector-kit';
import { type DatasetRow } from '#dictionary';

/** Where to read rows from, and whether that can be fewer than there are. */
export interface SampledRelation {
  /** For use after FROM. */
  readonly relation: string;
  /** Of all rows, by the source's own guess; undefined: the first rows, which may be all. */
  readonly guessed?: number;
}

/**
 * At most so many rows of a dataset. Of a table that is known to be larger, rows from all over it where the engine can; of
 * what nobody has counted (a view, a file), the first ones.
 */
export function sampledRelation(
  dialect: Dialect,
  relation: string,
  { kind, rowEstimate }: Pick<DatasetRow, 'kind' | 'rowEstimate'>,
  rowLimit: number,
): SampledRelation {
  const first = `(SELECT * FROM ${relation} LIMIT ${rowLimit})`;
  if (rowEstimate === null || rowEstimate <= rowLimit) return { relation: first };
  const guessed = rowEstimate;
  switch (dialect) {
    case 'postgres': {
      if (kind !== 'table' && kind !== 'materialized_view' && kind !== 'partitioned_table')
        return { relation: first, guessed };
      // A little more than wanted: pages are not equally full.
      const percent = Math.min(100, (110 * rowLimit) / rowEstimate);
      const pages = `${relation} TABLESAMPLE SYSTEM (${percent.toFixed(6)}) REPEATABLE (0)`;
      return { relation: `(SELECT * FROM ${pages} LIMIT ${rowLimit})`, guessed };
    }
    case 'duckdb':
      return {
        relation: `(SELECT * FROM ${relation} USING SAMPLE reservoir(${rowLimit} ROWS) REPEATABLE (0))`,
        guessed,
      };
    case 'mysql':
      return { relation: first, guessed };
    default:
      return dialect satisfies never;
  }
}
