import { Injectable } from '@nestjs/common';
import { type Flow, type Named } from '#core/openlineage';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { keyOfName } from './flows.js';
import { runKey } from './event.store.js';

export interface JobRecord extends Named {
  readonly id: string;
  readonly key: string;
  readonly facets: Readonly<Record<string, Record<string, unknown>>>;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  readonly latestRun: RunRecord | null;
}

export interface RunRecord {
  readonly runId: string;
  readonly jobKey: string;
  readonly namespace: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly startAt: Date | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly endAt: Date | null;
  readonly endType: string | null;
  readonly nominalStart: Date | null;
  readonly nominalEnd: Date | null;
  readonly error: string | null;
  readonly state: RunState;
}

export interface DatasetRecord extends Named {
  readonly id: string;
  readonly nameKey: string;
  readonly canonical: string;
  readonly facets: Readonly<Record<string, Record<string, unknown>>>;
  readonly lifecycle: Readonly<Record<string, number>>;
  /** The dataset that the catalog has under this name. */
  readonly datasetId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface EventsAsked {
  readonly before: Date | null;
  readonly after: Date | null;
  /** Of jobs. */
  readonly namespace: string | null;
  readonly newestFirst: boolean;
}

export interface DictionaryTags {
  readonly tags: readonly string[];
  readonly ofFields: Readonly<Record<string, readonly string[]>>;
}

export interface Range {
  readonly limit: number;
  readonly offset: number;
}

export const RUN_STATES = ['NEW', 'RUNNING', 'COMPLETED', 'FAILED', 'ABORTED'] as const;
export type RunState = (typeof RUN_STATES)[number];
const STATE = `
  CASE WHEN run.end_type = 'COMPLETE' THEN 'COMPLETED' WHEN run.end_type = 'FAIL' THEN 'FAILED'
       WHEN run.end_type = 'ABORT' THEN 'ABORTED' WHEN run.types && '{START,RUNNING}' THEN 'RUNNING' ELSE 'NEW' END
`;

/** Columns of `run` and `job` that make a {@link RunRecord}. */
export const RUN = `
  run.run_id AS "runId", run.job_key AS "jobKey", job.namespace, job.name, run.types, run.start_at AS "startAt",
  run.first_at AS "firstAt", run.last_at AS "lastAt", run.end_at AS "endAt", run.end_type AS "endType",
  run.nominal_start AS "nominalStart", run.nominal_end AS "nominalEnd", run.error, ${STATE} AS state
`;
const DATASET = `
  dataset.id, dataset.namespace, dataset.name, dataset.name_key AS "nameKey", dataset_name.canonical, dataset.facets,
  dataset.lifecycle, dataset.first_at AS "firstAt", dataset.last_at AS "lastAt",
  (SELECT canonical.dataset_id FROM open_lineage.dataset_name AS canonical
    WHERE canonical.key = dataset_name.canonical) AS "datasetId"
`;
const NAMED_DATASET = `open_lineage.dataset JOIN open_lineage.dataset_name ON dataset_name.key = dataset.name_key`;

/** What readers of Marquez's API ask. */
@Injectable()
export class MarquezStore {
  constructor(private readonly db: DataSource) {}

  readonly keyOf = keyOfName;

  namespaces({ limit, offset }: Range): Promise<{ name: string; firstAt: Date; lastAt: Date }[]> {
    return rows(
      this.db,
      `
      SELECT namespace AS name, min(first_at) AS "firstAt", max(last_at) AS "lastAt"
        FROM (SELECT namespace, first_at, last_at FROM open_lineage.job
               UNION ALL
              SELECT namespace, first_at, last_at FROM open_lineage.dataset WHERE is_named) AS named
       GROUP BY namespace
       ORDER BY namespace
       LIMIT $1 OFFSET $2
      `,
      [limit, offset],
    );
  }

  /** Namespaces that datasets are in; or one. */
  sources(name: string | null, { limit, offset }: Range): Promise<{ name: string; firstAt: Date; lastAt: Date }[]> {
    return rows(
      this.db,
      `
      SELECT namespace AS name, min(first_at) AS "firstAt", max(last_at) AS "lastAt"
        FROM open_lineage.dataset
       WHERE is_named AND ($1::text IS NULL OR namespace = $1)
       GROUP BY namespace
       ORDER BY namespace
       LIMIT $2 OFFSET $3
      `,
      [name, limit, offset],
    );
  }

  async counted<T>(
    count: string,
    params: readonly unknown[],
    page: Promise<T[]>,
  ): Promise<{ total: number; page: T[] }> {
    const [found] = await rows<{ total: number }>(this.db, `SELECT count(*)::int AS total FROM ${count}`, params);
    return { total: found?.total ?? 0, page: await page };
  }

  /** Jobs with what they read and wrote last, and their latest run. */
  async jobs(
    where: { namespace?: string; keys?: readonly string[]; states?: readonly RunState[] },
    { limit, offset }: Range,
  ) {
    const filter = `
      ($1::text IS NULL OR job.namespace = $1) AND ($2::uuid[] IS NULL OR job.key = ANY($2))
      AND ($3::text[] IS NULL OR (SELECT ${STATE} FROM open_lineage.run WHERE run.job_key = job.key
                                   ORDER BY run.first_at DESC, run.id DESC LIMIT 1) = ANY($3))
    `;
    const params = [where.namespace ?? null, where.keys ?? null, where.states ?? null];
    const { total, page } = await this.counted(
      `open_lineage.job WHERE ${filter}`,
      params,
      rows<Omit<JobRecord, 'inputs' | 'outputs' | 'latestRun'> & { flows: Flow[] | null }>(
        this.db,
        `
        SELECT job.id, job.key, job.namespace, job.name, job.facets, job.first_at AS "firstAt", job.last_at AS "lastAt",
               (SELECT json_agg(flow.body)
                  FROM unnest(ARRAY[job.observed_script, job.declared_script]) AS script (id)
                 CROSS JOIN LATERAL (
                        SELECT observation.flow FROM open_lineage.observation WHERE observation.script_id = script.id
                         ORDER BY observation.complete DESC, observation.at DESC
                         LIMIT 1
                       ) AS last
                  JOIN open_lineage.flow ON flow.digest = last.flow) AS flows
          FROM open_lineage.job
         WHERE ${filter}
         ORDER BY job.namespace, job.name
         LIMIT $4 OFFSET $5
        `,
        [...params, limit, offset],
      ),
    );
    const runs = await rows<RunRecord>(
      this.db,
      `
      SELECT ${RUN}
        FROM unnest($1::uuid[]) AS asked (key)
        JOIN open_lineage.job ON job.key = asked.key
       CROSS JOIN LATERAL (SELECT * FROM open_lineage.run WHERE run.job_key = asked.key ORDER BY first_at DESC, run.id DESC LIMIT 1) AS run
      `,
      [page.map(({ key }) => key)],
    );
    const latest = new Map(runs.map((run) => [run.jobKey, run]));
    const jobs = page.map(({ flows, ...job }): JobRecord => ({
      ...job,
      inputs: distinct((flows ?? []).flatMap(({ inputs }) => inputs)),
      outputs: distinct((flows ?? []).flatMap(({ outputs }) => outputs)),
      latestRun: latest.get(job.key) ?? null,
    }));
    return { total, jobs };
  }

  async datasets(where: { namespace?: string; named?: readonly Named[] }, { limit, offset }: Range) {
    const filter = `dataset.is_named AND ($1::text IS NULL OR dataset.namespace = $1) AND ($2::uuid[] IS NULL OR dataset.key = ANY($2))`;
    const params = [where.namespace ?? null, where.named?.map(keyOfName) ?? null];
    const { total, page } = await this.counted(
      `open_lineage.dataset WHERE ${filter}`,
      params,
      rows<DatasetRecord>(
        this.db,
        `SELECT ${DATASET} FROM ${NAMED_DATASET} WHERE ${filter} ORDER BY dataset.namespace, dataset.name LIMIT $3 OFFSET $4`,
        [...params, limit, offset],
      ),
    );
    return { total, datasets: page };
  }

  async runs(job: Named, { limit, offset }: Range): Promise<{ total: number; page: RunRecord[] }> {
    const key = keyOfName(job);
    return this.counted(
      `open_lineage.run WHERE job_key = $1`,
      [key],
      rows<RunRecord>(
        this.db,
        `SELECT ${RUN} FROM open_lineage.run JOIN open_lineage.job ON job.key = run.job_key WHERE run.job_key = $1
          ORDER BY run.first_at DESC, run.id DESC LIMIT $2 OFFSET $3`,
        [key, limit, offset],
      ),
    );
  }

  async run(runId: string): Promise<RunRecord | undefined> {
    const [found] = await rows<RunRecord>(
      this.db,
      `SELECT ${RUN} FROM open_lineage.run JOIN open_lineage.job ON job.key = run.job_key WHERE run.key = $1`,
      [runKey(runId)],
    );
    return found;
  }

  /** A run's facets, or its job's as the run's events told them: of each name the latest. */
  async facetsOf(runId: string, of: 'run' | 'job'): Promise<Record<string, unknown>> {
    const found = await rows<{ facets: Record<string, { _deleted?: boolean }> | null }>(
      this.db,
      `SELECT event.body #> ARRAY[$2::text, 'facets'] AS facets FROM open_lineage.event WHERE event.run_key = $1 ORDER BY event_time, id`,
      [runKey(runId), of],
    );
    const all: Record<string, { _deleted?: boolean }> = Object.assign({}, ...found.map(({ facets }) => facets ?? {}));
    return Object.fromEntries(Object.entries(all).filter(([, facet]) => facet?._deleted !== true));
  }

  async events({ before, after, namespace, newestFirst }: EventsAsked, { limit, offset }: Range) {
    const filter = `
      ($1::timestamptz IS NULL OR event_time < $1) AND ($2::timestamptz IS NULL OR event_time >= $2)
      AND ($3::text IS NULL OR job_key IN (SELECT key FROM open_lineage.job WHERE job.namespace = $3))
    `;
    const order = newestFirst ? 'DESC' : 'ASC';
    return this.counted(
      `open_lineage.event WHERE ${filter}`,
      [before, after, namespace],
      rows<{ body: unknown }>(
        this.db,
        `SELECT body FROM open_lineage.event WHERE ${filter} ORDER BY event_time ${order}, id ${order} LIMIT $4 OFFSET $5`,
        [before, after, namespace, limit, offset],
      ),
    );
  }

  async search(text: string, kind: 'JOB' | 'DATASET' | null, limit: number) {
    const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    return rows<Named & { type: 'JOB' | 'DATASET'; lastAt: Date }>(
      this.db,
      `
      SELECT *
        FROM (SELECT 'JOB' AS type, namespace, name, last_at AS "lastAt" FROM open_lineage.job WHERE name ILIKE $1
               UNION ALL
              SELECT 'DATASET', namespace, name, last_at FROM open_lineage.dataset WHERE is_named AND name ILIKE $1) AS found
       WHERE $2::text IS NULL OR type = $2
       ORDER BY name, namespace, type
       LIMIT $3
      `,
      [like, kind, limit],
    );
  }

  /** Canonical keys of names, by {@link keyOfName} of the name as it is spelled. */
  async canonical(names: readonly Named[]): Promise<Map<string, string>> {
    const found = await rows<{ key: string; canonical: string }>(
      this.db,
      `SELECT dataset.key, dataset_name.canonical FROM ${NAMED_DATASET} WHERE dataset.key = ANY($1::uuid[])`,
      [names.map(keyOfName)],
    );
    return new Map(found.map(({ key, canonical }) => [key, canonical]));
  }

  /** Jobs that ever touched one of some datasets, under any of its names. */
  async jobsAt(canonical: readonly string[]): Promise<string[]> {
    const found = await rows<{ key: string }>(
      this.db,
      `
      SELECT DISTINCT job_dataset.job_key AS key
        FROM open_lineage.dataset_name
        JOIN open_lineage.job_dataset ON job_dataset.name_key = dataset_name.key
       WHERE dataset_name.canonical = ANY($1::uuid[])
      `,
      [canonical],
    );
    return found.map(({ key }) => key);
  }

  /** Tags that producers give and those that stand in the dictionary. */
  tags({ limit, offset }: Range): Promise<{ name: string }[]> {
    return rows(
      this.db,
      `
      SELECT name
        FROM (SELECT tag ->> 'key' AS name
                FROM (SELECT facets FROM open_lineage.job UNION ALL SELECT facets FROM open_lineage.dataset) AS subject
               CROSS JOIN LATERAL jsonb_array_elements(
                      CASE WHEN jsonb_typeof(facets #> '{tags,tags}') = 'array' THEN facets #> '{tags,tags}' ELSE '[]' END) AS tag
               UNION
              SELECT unnest(tags) FROM dictionary.entry) AS tag
       WHERE name IS NOT NULL
       ORDER BY name
       LIMIT $1 OFFSET $2
      `,
      [limit, offset],
    );
  }

  /** What the dictionary has of datasets: their tags, and those of their fields by name. */
  async dictionaryTags(ids: readonly string[]): Promise<Map<string, DictionaryTags>> {
    const found = await rows<DictionaryTags & { datasetId: string }>(
      this.db,
      `
      SELECT asked.id AS "datasetId", coalesce(entry.tags, '{}') AS tags,
             coalesce((SELECT json_object_agg(field.name, said.tags)
                         FROM dictionary.field
                         JOIN dictionary.entry AS said ON said.field_id = field.id
                        WHERE field.dataset_id = asked.id AND said.tags <> '{}'), '{}') AS "ofFields"
        FROM unnest($1::uuid[]) AS asked (id)
        LEFT JOIN dictionary.entry ON entry.dataset_id = asked.id
      `,
      [ids],
    );
    return new Map(found.map(({ datasetId, ...tags }) => [datasetId, tags]));
  }

  async fieldId(datasetId: string, name: string): Promise<string | undefined> {
    const [field] = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM dictionary.field WHERE dataset_id = $1 AND name = $2`,
      [datasetId, name],
    );
    return field?.id;
  }

  /** Column edges that hold now, into (or out of) columns of one dataset. */
  columnEdges(canonical: readonly string[], downstream: boolean) {
    const [from, to] = downstream ? ['near', 'far'] : ['far', 'near'];
    return rows<{
      fromNamespace: string;
      fromName: string;
      fromField: string;
      toNamespace: string;
      toName: string;
      toField: string;
      kind: number;
      subtype: string | null;
      expression: string | null;
      thereKey: string | null;
    }>(
      this.db,
      `
      SELECT ${from}_name.namespace AS "fromNamespace", ${from}_name.name AS "fromName", ${from}_name.field AS "fromField",
             ${to}_name.namespace AS "toNamespace", ${to}_name.name AS "toName", ${to}_name.field AS "toField", edge.kind,
             edge.subtype, edge.expression,
             (SELECT key FROM open_lineage.dataset_name
               WHERE dataset_name.key = far_name.key OR dataset_name.dataset_id = far.dataset_id LIMIT 1) AS "thereKey"
        FROM open_lineage.dataset_name AS named
        JOIN lineage.node AS near
          ON near.dataset_id = named.dataset_id
          OR (named.dataset_id IS NULL AND near.namespace = named.namespace
              AND md5(near.dataset_name) = md5(named.name) AND near.dataset_name = named.name)
        JOIN lineage.edge ON edge.${downstream ? 'src' : 'dst'} = near.id
        JOIN lineage.node AS far ON far.id = edge.${downstream ? 'dst' : 'src'}
       CROSS JOIN LATERAL (${namesOfNode('near')}) AS near_name
       CROSS JOIN LATERAL (${namesOfNode('far')}) AS far_name
       WHERE named.key = ANY($1::uuid[]) AND edge.kind IN (1, 2)
         AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'
       ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
      `,
      [canonical],
    );
  }
}

/** The names of a column's node; the key of its dataset's name, where it has no row in the dictionary. */
const namesOfNode = (node: string): string => `
  SELECT coalesce(source.namespace, ${node}.namespace) AS namespace,
         coalesce(dataset.qualified_name, ${node}.dataset_name) AS name, coalesce(field.name, ${node}.column_name) AS field,
         (SELECT named.key FROM open_lineage.dataset_name AS named
           WHERE named.namespace = ${node}.namespace AND md5(named.name) = md5(${node}.dataset_name) LIMIT 1) AS key
    FROM (SELECT) AS one
    LEFT JOIN dictionary.dataset ON dataset.id = ${node}.dataset_id
    LEFT JOIN dictionary.field ON field.id = ${node}.field_id
    LEFT JOIN sources.source ON source.id = dataset.source_id
`;

const distinct = (names: readonly Named[]): Named[] => [
  ...new Map(names.map((name) => [keyOfName(name), name])).values(),
];
