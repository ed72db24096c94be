import { Injectable } from '@nestjs/common';
import { type ColumnProfile } from '#core/rule-engine';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { DEFAULT_LIMITS, type Profiled, type StatisticsLimits } from './profiler.js';
import { keptOf, type Secrecy, type Shown } from './secrecy.js';

export interface DatasetStatistics {
  readonly datasetId: string;
  readonly takenAt: Date | null;
  readonly rowCount: number | null;
  readonly sampledRows: number | null;
  readonly triedAt: Date;
  readonly problem: string | null;
}

export interface FieldStatistics {
  readonly fieldId: string;
  readonly takenAt: Date;
  /** Rows that the figures are of. */
  readonly rows: number;
  readonly sampled: boolean;
  readonly nulls: number;
  readonly distinct: number | null;
  readonly shortest: number | null;
  readonly longest: number | null;
  readonly mean: string | null;
  readonly deviation: string | null;
  readonly shown: Shown;
  readonly least: string | null;
  readonly greatest: string | null;
  readonly quantiles: Readonly<Record<string, string>>;
  readonly frequent: readonly { readonly value: string; readonly rows: number }[];
}

/** Fewer values than this give a mean away too much of. */
const FEW = 20;

@Injectable()
export class StatisticsStore {
  constructor(private readonly db: DataSource) {}

  /** The datasets of a source to look at: those that were not tried for the longest first. */
  async wanted(sourceId: string, datasetId: string | undefined): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `
      SELECT dataset.id
        FROM dictionary.current_dataset AS dataset
        LEFT JOIN statistics.dataset_profile AS profile ON profile.dataset_id = dataset.id
       WHERE dataset.source_id = $1 AND ($2::uuid IS NULL OR dataset.id = $2)
       ORDER BY profile.tried_at NULLS FIRST, dataset.qualified_name
      `,
      [sourceId, datasetId ?? null],
    );
    return found.map(({ id }) => id);
  }

  /** Writes what was found of a dataset in place of what was known. After a failure what was known stays. */
  async keep(
    tx: Tx,
    datasetId: string,
    profiled: Profiled,
    fields: ReadonlyMap<string, { readonly id: string; readonly secrecy: Secrecy }>,
    at: Date,
  ): Promise<void> {
    if ('problem' in profiled) {
      await tx.query(
        `
        INSERT INTO statistics.dataset_profile (dataset_id, tried_at, problem) VALUES ($1, $2, $3)
        ON CONFLICT (dataset_id) DO UPDATE SET tried_at = excluded.tried_at, problem = excluded.problem
        `,
        [datasetId, at, profiled.problem],
      );
      return;
    }
    await tx.query(
      `
      INSERT INTO statistics.dataset_profile (dataset_id, taken_at, row_count, sampled_rows, tried_at)
      VALUES ($1, $2, $3, $4, $2)
      ON CONFLICT (dataset_id) DO UPDATE
        SET taken_at = excluded.taken_at, row_count = excluded.row_count, sampled_rows = excluded.sampled_rows,
            tried_at = excluded.tried_at, problem = NULL
      `,
      [datasetId, at, profiled.rowCount, profiled.sampledRows],
    );
    await tx.query(`DELETE FROM statistics.field_profile WHERE dataset_id = $1`, [datasetId]);
    const kept = profiled.columns.flatMap((column) => {
      const field = fields.get(column.column);
      return field ? [{ fieldId: field.id, ...keptOfColumn(column, field.secrecy) }] : [];
    });
    await tx.query(
      `
      INSERT INTO statistics.field_profile (field_id, dataset_id, null_count, distinct_count, shortest, longest, mean,
                                            deviation, shown, least, greatest, quantiles, frequent)
      SELECT kept."fieldId", $1::uuid, kept.nulls, kept."distinct", kept.shortest, kept.longest, kept.mean, kept.deviation,
             kept.shown, kept.least, kept.greatest, kept.quantiles, kept.frequent
        FROM jsonb_to_recordset($2) AS kept ("fieldId" uuid, nulls bigint, "distinct" bigint, shortest bigint,
             longest bigint, mean text, deviation text, shown text, least text, greatest text, quantiles jsonb,
             frequent jsonb)
      `,
      [datasetId, JSON.stringify(kept)],
    );
  }

  /** Forgets the values of fields that may be kept no more. */
  async forget(tx: Tx, fieldIds: readonly string[]): Promise<void> {
    await tx.query(
      `
      UPDATE statistics.field_profile
         SET shown = 'withheld', least = NULL, greatest = NULL, quantiles = '{}', frequent = '[]', mean = NULL,
             deviation = NULL
       WHERE field_id = ANY($1)
      `,
      [fieldIds],
    );
  }

  /** Fields of which values are kept, of these fields and datasets. */
  telling(tx: Tx, fieldIds: readonly string[], datasetIds: readonly string[]): Promise<{ id: string; shown: Shown }[]> {
    return rows(
      tx,
      `
      SELECT field_id AS id, shown
        FROM statistics.field_profile
       WHERE (field_id = ANY($1) OR dataset_id = ANY($2)) AND (shown <> 'withheld' OR mean IS NOT NULL)
      `,
      [fieldIds, datasetIds],
    );
  }

  ofDatasets(ids: readonly string[]): Promise<DatasetStatistics[]> {
    return rows(
      this.db,
      `
      SELECT dataset_id AS "datasetId", taken_at AS "takenAt", row_count::float8 AS "rowCount",
             sampled_rows::float8 AS "sampledRows", tried_at AS "triedAt", problem
        FROM statistics.dataset_profile
       WHERE dataset_id = ANY($1)
      `,
      [ids],
    );
  }

  ofFields(ids: readonly string[]): Promise<FieldStatistics[]> {
    return rows(
      this.db,
      `
      SELECT field.field_id AS "fieldId", dataset.taken_at AS "takenAt",
             coalesce(dataset.sampled_rows, dataset.row_count)::float8 AS rows, dataset.sampled_rows IS NOT NULL AS sampled,
             field.null_count::float8 AS nulls, field.distinct_count::float8 AS distinct, field.shortest, field.longest,
             field.mean, field.deviation, field.shown, field.least, field.greatest, field.quantiles, field.frequent
        FROM statistics.field_profile AS field
        JOIN statistics.dataset_profile AS dataset ON dataset.dataset_id = field.dataset_id
       WHERE field.field_id = ANY($1)
      `,
      [ids],
    );
  }

  /** What reading may cost a source. */
  async limitsOf(sourceId: string): Promise<StatisticsLimits> {
    const [found] = await this.limitsOfSources([sourceId]);
    return found ?? DEFAULT_LIMITS;
  }

  /** Only of those that have limits of their own. */
  limitsOfSources(ids: readonly string[]): Promise<(StatisticsLimits & { readonly sourceId: string })[]> {
    return rows(
      this.db,
      `
      SELECT source_id AS "sourceId", row_limit::float8 AS "rowLimit", seconds, read_rows::float8 AS "readRows"
        FROM statistics.source_limit
       WHERE source_id = ANY($1)
      `,
      [ids],
    );
  }

  async limit(tx: Tx, sourceId: string, { rowLimit, seconds, readRows }: StatisticsLimits): Promise<void> {
    await row(
      tx,
      `
      INSERT INTO statistics.source_limit (source_id, row_limit, seconds, read_rows) VALUES ($1, $2, $3, $4)
      ON CONFLICT (source_id) DO UPDATE
        SET row_limit = excluded.row_limit, seconds = excluded.seconds, read_rows = excluded.read_rows
      RETURNING source_id
      `,
      [sourceId, rowLimit, seconds, readRows],
    );
  }
}

/** What of a column's figures may be written down. */
function keptOfColumn(column: ColumnProfile, secrecy: Secrecy) {
  const present = Number(column.rows) - Number(column.nulls);
  const aggregates = secrecy.shown === 'values' || (secrecy.aggregates && present >= FEW);
  const whole = secrecy.shown === 'values';
  return {
    nulls: column.nulls,
    distinct: column.distinct ?? null,
    shortest: aggregates ? (column.shortest ?? null) : null,
    longest: aggregates ? (column.longest ?? null) : null,
    mean: aggregates ? (column.avg ?? null) : null,
    deviation: aggregates ? (column.stddev ?? null) : null,
    shown: secrecy.shown,
    least: keptOf(secrecy, column.min),
    greatest: keptOf(secrecy, column.max),
    quantiles: whole ? column.quantiles : {},
    frequent: column.top.flatMap(({ value, rows: count }) => {
      const kept = keptOf(secrecy, value);
      return kept === null ? [] : [{ value: kept, rows: Number(count) }];
    }),
  };
}
