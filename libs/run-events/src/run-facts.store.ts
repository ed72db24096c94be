import { Injectable } from '@nestjs/common';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Assertion, type DatasetFacts, type FieldFacts, type RunFacts } from './run-event.js';
import { TOLD_JOBS, TOLD_KINDS, type ToldJob } from './told-jobs.js';

interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly title: string;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

interface ResultRow {
  readonly namespace: string;
  readonly dataset: string;
  readonly kind: string;
  readonly rule: string;
  readonly severity: string;
  readonly status: string;
  readonly fields: readonly string[];
  readonly rows: string | null;
  readonly violations: string | null;
  readonly description: string;
  /** Whether it looked at a part of the rows only. */
  readonly filtered: boolean;
  /** Whether a constraint of the source said so, and no rows were read. */
  readonly proven: boolean;
  readonly plain: boolean;
}

// An event is some megabytes at most; how many there were is counted beside it.
const MOST_DATASETS = 1_000;
const MOST_FIELDS = 20_000;
const MOST_ASSERTIONS = 10_000;

/** What is known of a run of ours, as OpenLineage tells of it: names and counts, no values. */
@Injectable()
export class RunFactsStore {
  constructor(private readonly db: DataSource) {}

  /** Undefined when there is no such job, or nobody is told of its kind. */
  async of(jobId: string): Promise<RunFacts | undefined> {
    const job = await this.job(jobId);
    const kind = TOLD_KINDS.find((each) => TOLD_JOBS[each] === job?.name);
    if (!job?.startedAt || kind === undefined) return undefined;
    const { dueAt, causeId } = job.payload;
    return {
      ...{ kind, jobId, title: job.title, startedAt: job.startedAt, finishedAt: job.finishedAt },
      of: await this.nameOf(kind, job.payload),
      dueAt: typeof dueAt === 'string' ? dueAt : await this.ruleSetDueAt(kind, job.payload),
      error: job.code === null ? null : { code: job.code, message: job.message ?? '' },
      parent: typeof causeId === 'string' ? await this.parent(causeId) : null,
      counts: countsIn(job.result),
      ...(await this.datasets(kind, job)),
    };
  }

  private job(id: string): Promise<JobRow | undefined> {
    return row<JobRow>(
      this.db,
      `
      SELECT id, name, payload, title_en AS title, result, error_code AS code, error_message AS message,
             started_at AS "startedAt", finished_at AS "finishedAt"
        FROM platform.job WHERE id = $1
      `,
      [id],
    );
  }

  /** The source, rule set or entity that a job is about. */
  private async nameOf(kind: ToldJob, payload: JobRow['payload']): Promise<string> {
    const [sql, id] =
      kind === 'quality'
        ? [
            `SELECT coalesce(rule_set.name, source.name, 'picked rules') AS name
               FROM quality.run
               LEFT JOIN quality.rule_set ON rule_set.id = run.rule_set_id
               LEFT JOIN sources.source ON source.id = run.source_id
              WHERE run.id = $1`,
            payload['runId'],
          ]
        : kind === 'master_data'
          ? [`SELECT code AS name FROM master_data.entity WHERE id = $1`, payload['entityId']]
          : [`SELECT name FROM sources.source WHERE id = $1`, payload['sourceId']];
    return (await row<{ name: string }>(this.db, sql, [id]))?.name ?? 'unknown';
  }

  private async ruleSetDueAt(kind: ToldJob, { runId }: JobRow['payload']): Promise<string | null> {
    if (kind !== 'quality') return null;
    const found = await row<{ dueAt: Date | null }>(
      this.db,
      `SELECT due_at AS "dueAt" FROM quality.run WHERE id = $1`,
      [runId],
    );
    return found?.dueAt?.toISOString() ?? null;
  }

  private async parent(causeId: string): Promise<RunFacts['parent']> {
    const job = await this.job(causeId);
    const kind = TOLD_KINDS.find((each) => TOLD_JOBS[each] === job?.name);
    return job && kind ? { runId: causeId, kind, of: await this.nameOf(kind, job.payload) } : null;
  }

  private async datasets(kind: ToldJob, job: JobRow): Promise<Pick<RunFacts, 'inputs' | 'outputs'>> {
    switch (kind) {
      case 'harvest':
        return { inputs: await this.harvested(job.id), outputs: [] };
      case 'quality':
        return { inputs: await this.judged(job.payload['runId']), outputs: [] };
      case 'master_data':
        return {
          inputs: await this.mapped(job.payload['entityId']),
          outputs: [{ namespace: 'plumbline', name: `master-data.${await this.nameOf(kind, job.payload)}` }],
        };
      case 'lineage':
        return { inputs: [], outputs: [] };
      default:
        return kind satisfies never;
    }
  }

  /** Datasets whose schema a harvest found to be new or another one. */
  private async harvested(runId: string): Promise<DatasetFacts[]> {
    const found = await rows<DatasetFacts & { fields: FieldFacts[] }>(
      this.db,
      `
      SELECT source.namespace, dataset.qualified_name AS name,
             (SELECT coalesce(json_agg(json_strip_nulls(json_build_object('name', field.name, 'type', version.native_type,
                                                                          'description', version.comment))
                                       ORDER BY version.ordinal), '[]')
                FROM dictionary.field_version AS version
                JOIN dictionary.field ON field.id = version.field_id
               WHERE version.version_id = seen.version_id) AS fields
        FROM (SELECT DISTINCT dataset_id, version_id FROM dictionary.schema_validity
               WHERE run_id = $1 AND valid_to = 'infinity') AS seen
        JOIN dictionary.dataset ON dataset.id = seen.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
       ORDER BY dataset.qualified_name
       LIMIT ${MOST_DATASETS}
      `,
      [runId],
    );
    let fields = 0;
    return found.filter((dataset) => (fields += dataset.fields.length) <= MOST_FIELDS);
  }

  /** Datasets that rules looked at, with what they found: an error of a rule is no failure of the data, and is left out. */
  private async judged(runId: unknown): Promise<DatasetFacts[]> {
    const results = await rows<ResultRow>(
      this.db,
      `
      SELECT source.namespace, dataset.qualified_name AS dataset, version.kind, version.severity, result.status,
             coalesce(nullif(version.name_en, ''), version.name_zh) AS rule, result.rows::text, result.violations::text,
             version.description, jsonb_exists_any(version.definition, ARRAY['where', 'scope']) AS filtered,
             jsonb_exists(result.metrics, 'provenBy') AS proven, NOT jsonb_exists(version.definition, 'threshold') AS plain,
             ARRAY(SELECT field.name FROM unnest(version.field_ids) WITH ORDINALITY AS asked (id, at)
                     JOIN dictionary.field ON field.id = asked.id ORDER BY asked.at) AS fields
        FROM quality.result
        JOIN quality.rule_version AS version ON version.id = result.version_id
        JOIN dictionary.dataset ON dataset.id = result.dataset_id
        JOIN sources.source ON source.id = result.source_id
       WHERE result.run_id = $1 AND result.status IN ('pass', 'warn', 'fail')
       ORDER BY source.namespace, dataset.qualified_name, result.rule_id
       LIMIT ${MOST_ASSERTIONS}
      `,
      [runId],
    );
    const byDataset = Map.groupBy(results, ({ namespace, dataset }) => JSON.stringify([namespace, dataset]));
    return [...byDataset.values()].map((found) => {
      const { namespace, dataset } = found[0] ?? { namespace: '', dataset: '' };
      const counted = found
        .filter((result) => !result.filtered && !result.proven && result.rows !== null)
        .map(({ rows: count }) => Number(count));
      const nulls = found.filter(
        ({ kind, filtered, violations }) => kind === 'not_null' && !filtered && violations !== null,
      );
      return {
        ...{ namespace, name: dataset, assertions: found.map(assertionOf) },
        metrics: {
          ...(counted.length > 0 && { rowCount: Math.max(...counted) }),
          nullCounts: Object.fromEntries(
            nulls.flatMap(({ fields, violations }) => (fields.length === 1 ? [[fields[0], Number(violations)]] : [])),
          ),
        },
      };
    });
  }

  private mapped(entityId: unknown): Promise<DatasetFacts[]> {
    return rows<DatasetFacts>(
      this.db,
      `
      SELECT source.namespace, dataset.qualified_name AS name
        FROM master_data.dataset_mapping AS mapping
        JOIN dictionary.dataset ON dataset.id = mapping.dataset_id
        JOIN sources.source ON source.id = dataset.source_id
       WHERE mapping.entity_id = $1
       ORDER BY mapping.priority, dataset.qualified_name
      `,
      [entityId],
    );
  }
}

/** A warning found issues that hinder nobody. Of what was found, only how many rows break the rule is told. */
const assertionOf = ({
  kind,
  rule,
  status,
  severity,
  fields,
  description,
  violations,
  plain,
}: ResultRow): Assertion => ({
  ...{
    assertion: kind,
    name: rule,
    success: status === 'pass',
    severity: status !== 'warn' && (severity === 'S1' || severity === 'S2') ? 'error' : 'warn',
  },
  ...(fields.length === 1 && fields[0] !== undefined && { column: fields[0] }),
  ...(description !== '' && { description }),
  ...(plain && violations !== null && { expected: '0', actual: violations }),
});

const countsIn = (result: JobRow['result']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(result ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
