import { Injectable } from '@nestjs/common';
import { NotFound } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type ColumnOrigin, GraphStore } from './graph.store.js';
import { KIND } from './planned-edge.js';
import { SCRIPT_ORIGINS, type ScriptOrigin } from './script.entity.js';

/** How many columns of a dataset have a known origin. */
export interface Coverage {
  readonly datasetId: string;
  readonly columns: number;
  /** Columns with at least one DIRECT origin. */
  readonly direct: number;
  /** Columns that are filled with a constant, a sequence or a count and have no DIRECT origin. */
  readonly generated: number;
  readonly origins: readonly ColumnOrigin[];
}

/** How many of a kind of thing have lineage. */
export interface Share {
  readonly total: number;
  readonly withLineage: number;
}

/** How much of a source's lineage is known. */
export interface SourceCoverage {
  readonly sourceId: string;
  readonly views: Share;
  /** Stored procedures and functions. */
  readonly routines: Share;
  /** Tables that anything feeds; many, of a source system, are fed by nothing that a catalog could see. */
  readonly tables: Share;
  readonly columns: Share;
  /** By what its scripts are, and by how far statements were understood. */
  readonly statements: readonly {
    readonly origin: ScriptOrigin;
    readonly status: string;
    readonly count: number;
  }[];
  /** Scripts whose present text has not been read yet. */
  readonly unread: number;
}

/** How complete the lineage is that the catalog holds. */
@Injectable()
export class LineageCoverage {
  constructor(
    private readonly db: DataSource,
    private readonly graph: GraphStore,
  ) {}

  /** How many columns of a dataset have a known origin. @throws {NotFound} */
  async ofDataset(datasetId: string): Promise<Coverage> {
    const coverage = (await this.ofDatasets([datasetId])).get(datasetId);
    if (coverage && coverage.columns > 0) return coverage;
    if (!(await row(this.db, `SELECT FROM dictionary.dataset WHERE id = $1`, [datasetId])))
      throw new NotFound('dataset', datasetId);
    return { datasetId, columns: 0, direct: 0, generated: 0, origins: [] };
  }

  async ofDatasets(datasetIds: readonly string[]): Promise<Map<string, Coverage>> {
    const origins = Map.groupBy(await this.graph.origins(datasetIds), ({ datasetId }) => datasetId);
    return new Map(
      datasetIds.map((datasetId) => {
        const own = origins.get(datasetId) ?? [];
        const direct = own.filter((origin) => origin.direct > 0).length;
        const generated = own.filter((origin) => origin.direct === 0 && origin.generated !== null).length;
        return [datasetId, { datasetId, columns: own.length, direct, generated, origins: own }];
      }),
    );
  }

  /** @throws {NotFound} */
  async ofSource(sourceId: string): Promise<SourceCoverage> {
    const found = await row<{ counts: Omit<SourceCoverage, 'sourceId' | 'statements'> }>(
      this.db,
      `
      WITH dataset AS MATERIALIZED (
        SELECT id, kind IN ('view', 'materialized_view') AS is_view FROM dictionary.current_dataset WHERE source_id = $1
      ),
      target AS MATERIALIZED (
        SELECT DISTINCT node.dataset_id, node.field_id
          FROM dataset
          JOIN lineage.node ON node.dataset_id = dataset.id
          JOIN lineage.edge ON edge.dst = node.id
         WHERE edge.kind <> ${KIND.part} AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'
      ),
      fed AS (
        SELECT dataset.is_view, EXISTS (SELECT FROM target WHERE target.dataset_id = dataset.id) AS is_fed FROM dataset
      ),
      routine AS (
        SELECT EXISTS (SELECT FROM lineage.edge WHERE edge.script_id = script.id AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity') AS is_read
          FROM lineage.script
         WHERE script.source_id = $1 AND script.origin = 'routine'
           AND EXISTS (SELECT FROM lineage.script_version AS version
                        WHERE version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity')
      )
      SELECT jsonb_build_object(
               'views', (SELECT jsonb_build_object('total', count(*), 'withLineage', count(*) FILTER (WHERE is_fed)) FROM fed WHERE is_view),
               'tables', (SELECT jsonb_build_object('total', count(*), 'withLineage', count(*) FILTER (WHERE is_fed)) FROM fed WHERE NOT is_view),
               'routines', (SELECT jsonb_build_object('total', count(*), 'withLineage', count(*) FILTER (WHERE is_read)) FROM routine),
               'columns', jsonb_build_object(
                 'total', (SELECT count(*) FROM dataset JOIN dictionary.current_field AS field ON field.dataset_id = dataset.id),
                 'withLineage', (SELECT count(*) FROM target JOIN dictionary.current_field AS field ON field.id = target.field_id)),
               'unread', (SELECT count(*) FROM lineage.script JOIN lineage.script_version AS version
                            ON version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
                           WHERE script.source_id = $1 AND version.id IS DISTINCT FROM script.read_version_id)) AS counts
        FROM sources.source
       WHERE source.id = $1
      `,
      [sourceId],
    );
    if (!found) throw new NotFound('source', sourceId);
    return { sourceId, ...found.counts, statements: await this.statements(sourceId) };
  }

  private async statements(sourceId: string): Promise<SourceCoverage['statements']> {
    return rows(
      this.db,
      `
      SELECT script.origin, statement.status, count(*)::int AS count
        FROM lineage.script
        JOIN lineage.statement ON statement.script_id = script.id
       WHERE script.source_id = $1 AND statement.recorded_to = 'infinity' AND statement.valid_to = 'infinity'
       GROUP BY script.origin, statement.status
       ORDER BY array_position($2::text[], script.origin), statement.status
      `,
      [sourceId, SCRIPT_ORIGINS],
    );
  }
}
