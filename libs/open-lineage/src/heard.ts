import { Injectable } from '@nestjs/common';
import { type Flow, type Named } from '#core/openlineage';
import { KIND } from '#lineage';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { readFlow } from './flows.js';

export interface HeardJob extends Named {
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  readonly runs: number;
}

export interface HeardRun {
  readonly runId: string;
  readonly job: Named;
  readonly types: readonly string[];
  /** How it ended, or what was last heard of it. */
  readonly final: string | null;
}

export interface HeardDataset extends Named {
  /** How many columns its schemas had, in any event. */
  readonly fieldCounts: readonly number[];
  readonly lifecycle: readonly string[];
}

/** A column edge of the graph, under the names that the producer used. */
export interface HeardColumnEdge {
  readonly from: Named & { readonly field: string };
  /** Without a field: it decides about all rows. */
  readonly to: Named & { readonly field?: string };
  readonly type: string;
  readonly subtype: string;
}

export interface Heard {
  readonly jobs: readonly HeardJob[];
  readonly runs: readonly HeardRun[];
  readonly datasets: readonly HeardDataset[];
  readonly columnEdges: readonly HeardColumnEdge[];
}

/** Everything that the events so far amount to, whenever it held. For checks of a small catalog: it reads all at once. */
@Injectable()
export class EverythingHeard {
  constructor(private readonly db: DataSource) {}

  async all(): Promise<Heard> {
    return {
      jobs: await this.jobs(),
      runs: await this.runs(),
      datasets: await this.datasets(),
      columnEdges: await this.columnEdges(),
    };
  }

  private async jobs(): Promise<HeardJob[]> {
    const found = await rows<Named & { flows: (Flow | null)[]; runs: number }>(
      this.db,
      `
      SELECT job.namespace, job.name, array_agg(flow.body) AS flows,
             (SELECT count(*)::int FROM open_lineage.run WHERE run.job_key = job.key) AS runs
        FROM open_lineage.job
        LEFT JOIN LATERAL (
               SELECT DISTINCT observation.flow FROM open_lineage.observation
                WHERE observation.script_id IN (job.observed_script, job.declared_script)
             ) AS said ON true
        LEFT JOIN open_lineage.flow ON flow.digest = said.flow
       GROUP BY job.id
       ORDER BY job.id
      `,
    );
    return found.map(({ namespace, name, flows, runs }) => {
      const known = flows.filter((flow) => flow !== null);
      return {
        ...{ namespace, name, runs },
        inputs: known.flatMap(({ inputs }) => inputs),
        outputs: known.flatMap(({ outputs }) => outputs),
      };
    });
  }

  private async runs(): Promise<HeardRun[]> {
    const found = await rows<Named & { runId: string; types: string[]; final: string | null }>(
      this.db,
      `
      SELECT run.run_id AS "runId", job.namespace, job.name, run.types,
             coalesce(run.end_type,
                      (SELECT event.type FROM open_lineage.event
                        WHERE event.run_key = run.key AND event.type IS NOT NULL
                        ORDER BY event.event_time DESC, event.id DESC
                        LIMIT 1)) AS final
        FROM open_lineage.run
        JOIN open_lineage.job ON job.key = run.job_key
       ORDER BY run.id
      `,
    );
    return found.map(({ runId, namespace, name, types, final }) => ({ runId, job: { namespace, name }, types, final }));
  }

  private datasets(): Promise<HeardDataset[]> {
    return rows<HeardDataset>(
      this.db,
      `
      WITH mention AS (
        SELECT dataset ->> 'namespace' AS namespace, dataset ->> 'name' AS name,
               CASE WHEN json_typeof(dataset #> '{facets,schema,fields}') = 'array'
                    THEN json_array_length(dataset #> '{facets,schema,fields}') END AS fields
          FROM open_lineage.event
         CROSS JOIN LATERAL (
                SELECT event.body -> 'dataset' AS dataset WHERE event.kind = 'dataset'
                 UNION ALL
                SELECT json_array_elements(event.body -> 'inputs') WHERE json_typeof(event.body -> 'inputs') = 'array'
                 UNION ALL
                SELECT json_array_elements(event.body -> 'outputs') WHERE json_typeof(event.body -> 'outputs') = 'array'
              ) AS named
      )
      SELECT dataset.namespace, dataset.name,
             coalesce((SELECT array_agg(DISTINCT mention.fields) FROM mention
                        WHERE mention.namespace = dataset.namespace AND mention.name = dataset.name
                          AND mention.fields IS NOT NULL), '{}') AS "fieldCounts",
             ARRAY (SELECT jsonb_object_keys(dataset.lifecycle)) AS lifecycle
        FROM open_lineage.dataset
       WHERE dataset.is_named
       ORDER BY dataset.id
      `,
    );
  }

  /** Read from the flows, and told only where the graph has the edge. */
  private async columnEdges(): Promise<HeardColumnEdge[]> {
    const held = await rows<{ scriptId: string; digest: string }>(
      this.db,
      `
      SELECT DISTINCT script_id AS "scriptId", digest
        FROM lineage.edge
       WHERE recorded_to = 'infinity' AND kind = ANY($1::smallint[])
         AND script_id IN (SELECT id FROM lineage.script WHERE origin IN ('declared', 'observed'))
      `,
      [[KIND.direct, KIND.indirect, KIND.rows]],
    );
    const inGraph = new Set(held.map(({ scriptId, digest }) => `${scriptId} ${digest}`));
    const flows = await rows<{ scriptId: string; body: Flow }>(
      this.db,
      `
      SELECT said.script_id AS "scriptId", flow.body
        FROM (SELECT DISTINCT script_id, flow FROM open_lineage.observation) AS said
        JOIN open_lineage.flow ON flow.digest = said.flow
      `,
    );
    const found = new Map<string, HeardColumnEdge>();
    for (const { scriptId, body } of flows)
      for (const { digest, link, kind } of readFlow(body).edges.values()) {
        const { from, to } = link;
        if (kind === KIND.dataset || from.field === undefined || !inGraph.has(`${scriptId} ${digest}`)) continue;
        found.set(`${scriptId} ${digest}`, {
          from: { ...from, field: from.field },
          to,
          ...{ type: link.type ?? '', subtype: link.subtype ?? '' },
        });
      }
    return [...found.values()];
  }
}
