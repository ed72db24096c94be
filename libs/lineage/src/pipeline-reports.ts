import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { heldAt } from './graph/sql-walker.js';
import { type AsOf } from './graph/walker.js';

/** Something that shows data to people, as a pipeline's file says. */
export interface ReportRow {
  readonly id: string;
  readonly scriptId: string;
  readonly name: string;
  readonly label: string | null;
  readonly kind: string;
  readonly owner: string | null;
  readonly url: string | null;
  readonly description: string | null;
}

export interface TestRow {
  readonly scriptId: string;
  readonly datasetId: string;
  readonly name: string;
  readonly kind: string;
  readonly column: string | null;
  readonly severity: string | null;
  readonly status: string | null;
  readonly message: string | null;
  readonly finishedAt: Date | null;
}

const NOW: AsOf = { validAt: null, recordedAt: null };

/** What pipelines say beside lineage: reports and tests. */
@Injectable()
export class PipelineReports {
  constructor(private readonly db: DataSource) {}

  /** Reports that show one of some nodes (datasets, or columns of them), by name, each with the nodes that it shows of those. */
  showing(
    nodeIds: readonly (string | number)[],
    asOf: AsOf = NOW,
    on: DataSource | Tx = this.db,
  ): Promise<(ReportRow & { readonly nodeIds: string[] })[]> {
    const held = heldAt(asOf, 2);
    return rows<ReportRow & { nodeIds: string[] }>(
      on,
      `
      WITH asked AS MATERIALIZED (
        SELECT DISTINCT node.id, whole.id AS whole_id
          FROM lineage.node
          JOIN lineage.node AS whole
            ON whole.field_id IS NULL AND whole.column_name IS NULL AND NOT whole.is_job
           AND (whole.dataset_id = node.dataset_id
                OR (whole.namespace = node.namespace AND md5(whole.dataset_name) = md5(node.dataset_name)
                    AND whole.dataset_name = node.dataset_name))
         WHERE node.id = ANY($1::bigint[]) AND NOT node.is_job
      )
      SELECT ${REPORT}, array_agg(DISTINCT asked.id::text) AS "nodeIds"
        FROM lineage.report AS edge
        JOIN asked ON asked.whole_id = ANY(edge.node_ids)
       WHERE edge.node_ids && (SELECT array_agg(whole_id) FROM asked) AND ${held.sql}
       GROUP BY edge.id
       ORDER BY edge.name, edge.id
      `,
      [nodeIds, ...held.params],
    );
  }

  /** Reports that show some datasets themselves, as it is now. */
  async ofDatasets(datasetIds: readonly string[]): Promise<(ReportRow & { readonly datasetId: string })[]> {
    return rows<ReportRow & { datasetId: string }>(
      this.db,
      `
      SELECT node.dataset_id AS "datasetId", ${REPORT}
        FROM lineage.node
        JOIN lineage.report AS edge
          ON edge.node_ids @> ARRAY[node.id] AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'
       WHERE node.dataset_id = ANY($1::uuid[]) AND node.field_id IS NULL AND node.column_name IS NULL
       ORDER BY edge.name, edge.id
      `,
      [datasetIds],
    );
  }

  /** Tests of some datasets, as they went last. */
  tests(datasetIds: readonly string[]): Promise<TestRow[]> {
    return rows<TestRow>(
      this.db,
      `
      SELECT script_id AS "scriptId", dataset_id AS "datasetId", name, kind, column_name AS column, severity, status, message,
             finished_at AS "finishedAt"
        FROM lineage.pipeline_test
       WHERE dataset_id = ANY($1::uuid[])
       ORDER BY dataset_id, column_name NULLS FIRST, name, script_id, position
      `,
      [datasetIds],
    );
  }
}

// Named like an edge: it is held at times in the same way.
const REPORT = `
  edge.id, edge.script_id AS "scriptId", edge.name, edge.label, edge.kind, edge.owner, edge.url, edge.description
`;
