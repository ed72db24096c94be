import { Injectable } from '@nestjs/common';
import { type Flow, type Named } from '#core/openlineage';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { runKey } from './event.store.js';
import { keyOfName } from './flows.js';
import { type Range, RUN, type RunRecord } from './marquez.store.js';

/** A run that wrote a dataset, with what it then said of it. */
export interface DatasetVersion {
  readonly version: string;
  readonly at: Date;
  readonly run: RunRecord;
  readonly facets: Readonly<Record<string, Record<string, unknown> | null>>;
}

/** What a job read and wrote for a while. */
export interface JobVersion {
  readonly version: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly flow: Flow;
}

export interface UpstreamInput extends Named {
  /** The version of the dataset that the run read: of the run that wrote it last. */
  readonly version: string | null;
  readonly producer: RunRecord | null;
}

export const PERIODS = { DAY: { step: '1 hour', steps: 24 }, WEEK: { step: '1 day', steps: 7 } } as const;
export type Period = keyof typeof PERIODS;

/** All names of a dataset, as producers spell them, by the key of one. */
const SPELLINGS = `
  SELECT other.namespace, other.name, other.name_key
    FROM open_lineage.dataset AS asked
    JOIN open_lineage.dataset_name AS of ON of.key = asked.name_key
    JOIN open_lineage.dataset_name AS same ON same.canonical = of.canonical
    JOIN open_lineage.dataset AS other ON other.name_key = same.key
`;

/** Runs that wrote the dataset with the key $1; the caller adds conditions, an order and a limit. */
const WRITERS = `
  WITH spelling AS (${SPELLINGS} WHERE asked.key = $1),
  flow AS (
    SELECT DISTINCT observation.flow AS digest
      FROM open_lineage.job_dataset
      JOIN open_lineage.job ON job.key = job_dataset.job_key
      JOIN open_lineage.observation ON observation.script_id = job.observed_script
     WHERE job_dataset.name_key IN (SELECT name_key FROM spelling)
  ), writing AS (
    SELECT flow.digest
      FROM flow
      JOIN open_lineage.flow AS said ON said.digest = flow.digest
     WHERE EXISTS (SELECT FROM json_array_elements(said.body -> 'outputs') AS output
                     JOIN spelling ON spelling.namespace = output ->> 'namespace' AND spelling.name = output ->> 'name')
  ), writer AS (
    SELECT observation.key AS version, observation.until AS at, ${RUN}
      FROM writing
      JOIN open_lineage.observation ON observation.flow = writing.digest
      JOIN open_lineage.run ON run.key = observation.key
      JOIN open_lineage.job ON job.key = run.job_key
  )
`;

type Writer = RunRecord & { readonly version: string; readonly at: Date };

/** What readers of Marquez's API ask about the past. Versions are not kept for themselves: runs tell them. */
@Injectable()
export class MarquezHistoryStore {
  constructor(private readonly db: DataSource) {}

  /** Runs that wrote a dataset under any of its names, newest first, or the one of a version. */
  async versionsOf(dataset: Named, version: string | null, { limit, offset }: Range): Promise<DatasetVersion[]> {
    const key = keyOfName(dataset);
    const writers = await rows<Writer>(
      this.db,
      `${WRITERS} SELECT * FROM writer WHERE $2::uuid IS NULL OR version = $2 ORDER BY at DESC, version LIMIT $3 OFFSET $4`,
      [key, version, limit, offset],
    );
    const facets = await this.facetsAt(
      key,
      writers.map((one) => one.version),
    );
    return writers.map(({ version: id, at, ...run }) => ({
      ...{ version: id, at, run },
      facets: facets.get(id) ?? {},
    }));
  }

  /** By run, the facets of a dataset as the run's events told them: of each name the latest. */
  private async facetsAt(key: string, runs: readonly string[]): Promise<Map<string, DatasetVersion['facets']>> {
    const said = await rows<{ run: string; facets: DatasetVersion['facets'] | null }>(
      this.db,
      `
      WITH spelling AS (${SPELLINGS} WHERE asked.key = $1)
      SELECT event.run_key AS run, output -> 'facets' AS facets
        FROM open_lineage.event
       CROSS JOIN LATERAL json_array_elements(
              CASE WHEN json_typeof(event.body -> 'outputs') = 'array' THEN event.body -> 'outputs' ELSE '[]' END) AS output
        JOIN spelling ON spelling.namespace = output ->> 'namespace' AND spelling.name = output ->> 'name'
       WHERE event.run_key = ANY($2::uuid[])
       ORDER BY event.event_time, event.id
      `,
      [key, runs],
    );
    const all = new Map<string, DatasetVersion['facets']>();
    for (const { run, facets } of said) all.set(run, { ...all.get(run), ...facets });
    return all;
  }

  /** What a job read and wrote, newest first: a version for each that differs. */
  jobVersions(job: Named, version: string | null, { limit, offset }: Range): Promise<JobVersion[]> {
    return rows<JobVersion>(
      this.db,
      `
      SELECT flow.digest AS version, said.first AS "firstAt", said.last AS "lastAt", flow.body AS flow
        FROM (SELECT observation.flow, min(observation.at) AS first, max(observation.until) AS last
                FROM open_lineage.job
                JOIN open_lineage.observation
                  ON observation.script_id IN (job.observed_script, job.declared_script)
               WHERE job.key = $1 AND ($2::uuid IS NULL OR observation.flow = $2)
               GROUP BY observation.flow) AS said
        JOIN open_lineage.flow ON flow.digest = said.flow
       ORDER BY said.last DESC, flow.digest
       LIMIT $3 OFFSET $4
      `,
      [keyOfName(job), version, limit, offset],
    );
  }

  /** What a run read, each with the run that had written it last when this one began. */
  async inputsOf(run: RunRecord): Promise<UpstreamInput[]> {
    const flows = await rows<{ body: Flow }>(
      this.db,
      `
      SELECT flow.body
        FROM open_lineage.observation
        JOIN open_lineage.flow ON flow.digest = observation.flow
       WHERE observation.key = $1
      `,
      [runKey(run.runId)],
    );
    const inputs = new Map(flows.flatMap(({ body }) => body.inputs).map((one) => [keyOfName(one), one]));
    const found: UpstreamInput[] = [];
    for (const [key, { namespace, name }] of inputs) {
      const [writer] = await rows<Writer>(
        this.db,
        `${WRITERS} SELECT * FROM writer WHERE at <= $2 AND "endType" = 'COMPLETE' AND version <> $3 ORDER BY at DESC, version LIMIT 1`,
        [key, run.startAt ?? run.firstAt, runKey(run.runId)],
      );
      found.push({ namespace, name, version: writer?.version ?? null, producer: writer ?? null });
    }
    return found;
  }

  /** Events by hour or by day, by their own times. */
  events(period: Period, timezone: string, now: Date) {
    return rows<Interval & { start: number; complete: number; fail: number; abort: number }>(
      this.db,
      `
      ${INTERVALS}
      SELECT span.low AS "startInterval", span.high AS "endInterval",
             count(*) FILTER (WHERE event.type = 'START')::int AS start,
             count(*) FILTER (WHERE event.type = 'COMPLETE')::int AS complete,
             count(*) FILTER (WHERE event.type = 'FAIL')::int AS fail,
             count(*) FILTER (WHERE event.type = 'ABORT')::int AS abort
        FROM span
        LEFT JOIN open_lineage.event ON event.event_time >= span.low AND event.event_time < span.high
       GROUP BY span.low, span.high
       ORDER BY span.low
      `,
      intervals(period, timezone, now),
    );
  }

  /** How many there were at the end of each hour or day. */
  counts(of: 'jobs' | 'datasets' | 'sources', period: Period, timezone: string, now: Date) {
    return rows<Interval & { count: number }>(
      this.db,
      `
      ${INTERVALS}
      SELECT span.low AS "startInterval", span.high AS "endInterval",
             (SELECT count(*)::int FROM (${FIRST[of]}) AS one WHERE one.first_at < span.high) AS count
        FROM span
       ORDER BY span.low
      `,
      intervals(period, timezone, now),
    );
  }
}

interface Interval {
  readonly startInterval: Date;
  readonly endInterval: Date;
}

const FIRST = {
  jobs: 'SELECT first_at FROM open_lineage.job',
  datasets: 'SELECT first_at FROM open_lineage.dataset WHERE is_named',
  sources: 'SELECT min(first_at) AS first_at FROM open_lineage.dataset WHERE is_named GROUP BY namespace',
} as const;

/** The last hours or days, whole ones of a time zone; the last has only begun. */
const INTERVALS = `
  WITH span AS (
    SELECT low AT TIME ZONE $4 AS low, (low + $1::interval) AT TIME ZONE $4 AS high
      FROM generate_series(date_trunc($2, $3::timestamptz AT TIME ZONE $4) - $1::interval * ($5::int - 1),
                           date_trunc($2, $3::timestamptz AT TIME ZONE $4), $1::interval) AS low
  )
`;

function intervals(period: Period, timezone: string, now: Date): unknown[] {
  const { step, steps } = PERIODS[period];
  return [step, step.slice(2), now, timezone, steps];
}
