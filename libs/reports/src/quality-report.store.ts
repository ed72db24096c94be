import { Injectable } from '@nestjs/common';
import { type Dimension, type Status } from '#core/rule-engine';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Period } from './period.js';
import {
  type Counts,
  type LastResult,
  type RegisteredRule,
  type ReportedIncident,
  type ReportedResult,
} from './quality-report.facts.js';

/** A period as two points of time: from `start`, before `end`. */
export interface Bounds {
  readonly start: Date;
  readonly end: Date;
}

const PAGE = 2_000;

/** Results of the period: `$1` the source, `$2` and `$3` the bounds. */
const IN_PERIOD = `result.source_id = $1 AND result.finished_at >= $2 AND result.finished_at < $3`;

const FIELD_NAMES = `
  ARRAY (
    SELECT field.name FROM unnest(version.field_ids) WITH ORDINALITY AS named (id, at)
      JOIN dictionary.field ON field.id = named.id ORDER BY named.at
  )`;

/** What stored runs say of a source and a period. */
@Injectable()
export class QualityReportStore {
  constructor(private readonly db: DataSource) {}

  /** From the first midnight to the one after the last day, in the period's time zone. */
  async boundsOf({ first, last, timeZone }: Period): Promise<Bounds> {
    const found = await row<Bounds>(
      this.db,
      `
      SELECT $1::date::timestamp AT TIME ZONE $3 AS start, ($2::date + 1)::timestamp AT TIME ZONE $3 AS "end"
      `,
      [first, last, timeZone],
    );
    if (!found) throw new Error('A period without bounds.');
    return found;
  }

  async totals(sourceId: string, { start, end }: Bounds): Promise<{ runs: number; results: number }> {
    const found = await row<{ runs: number; results: number }>(
      this.db,
      `SELECT count(DISTINCT run_id)::int AS runs, count(*)::int AS results FROM quality.result WHERE ${IN_PERIOD}`,
      [sourceId, start, end],
    );
    return found ?? { runs: 0, results: 0 };
  }

  /** Numbers of results by status: in all, by dimension of the rule as it ran, and by day. */
  async counts(sourceId: string, { start, end }: Bounds, timeZone: string) {
    const found = await rows<{ status: Status; dimension: Dimension | null; day: string | null; n: number }>(
      this.db,
      `
      WITH found AS (
        SELECT result.status, version.dimension, to_char(result.finished_at AT TIME ZONE $4, 'YYYY-MM-DD') AS day
          FROM quality.result JOIN quality.rule_version AS version ON version.id = result.version_id
         WHERE ${IN_PERIOD}
      )
      SELECT status, dimension, day, count(*)::int AS n FROM found
       GROUP BY GROUPING SETS ((status), (status, dimension), (status, day))
      `,
      [sourceId, start, end, timeZone],
    );
    const all: Partial<Record<Status, number>> = {};
    const dimensions: Partial<Record<Dimension, Partial<Record<Status, number>>>> = {};
    const days: Record<string, Partial<Record<Status, number>>> = {};
    for (const { status, dimension, day, n } of found)
      if (dimension !== null) (dimensions[dimension] ??= {})[status] = n;
      else if (day !== null) (days[day] ??= {})[status] = n;
      else all[status] = n;
    return { all: all as Counts, dimensions, days };
  }

  /** The rules there were in the period, each with its version at the end of it, gravest first. */
  async rules(sourceId: string, { start, end }: Bounds): Promise<RegisteredRule[]> {
    const found = await rows<
      Omit<RegisteredRule, 'last'> & { last: (Omit<LastResult, 'finishedAt'> & { finishedAt: string }) | null }
    >(
      this.db,
      `
      SELECT rule.id AS "ruleId", version.number AS version, version.name_en AS "nameEn", version.name_zh AS "nameZh",
             version.kind, version.dimension, version.severity, version.owner, version.enabled,
             coalesce(rule.retired_at < $3, false) AS retired, dataset.qualified_name AS "datasetName",
             ${FIELD_NAMES} AS "fieldNames", coalesce(found.counts, '{}') AS counts, last.result AS last
        FROM quality.rule
        JOIN dictionary.dataset ON dataset.id = rule.dataset_id AND dataset.source_id = $1
       CROSS JOIN LATERAL (
              SELECT * FROM quality.rule_version
               WHERE rule_id = rule.id AND made_at < $3 ORDER BY number DESC LIMIT 1
            ) AS version
        LEFT JOIN LATERAL (
               SELECT jsonb_object_agg(status, n) AS counts
                 FROM (
                   SELECT status, count(*) AS n FROM quality.result
                    WHERE result.rule_id = rule.id AND result.finished_at >= $2 AND result.finished_at < $3
                    GROUP BY status
                 ) AS counted
             ) AS found ON true
        LEFT JOIN LATERAL (
               SELECT jsonb_build_object(
                        'version', ran.number, 'status', result.status, 'rows', result.rows::text,
                        'checked', result.checked::text, 'violations', result.violations::text,
                        'sentenceEn', result.sentence_en, 'sentenceZh', result.sentence_zh,
                        'finishedAt', result.finished_at,
                        'statements', quality.statements_of(result.statement_ids)
                      ) AS result
                 FROM quality.result JOIN quality.rule_version AS ran ON ran.id = result.version_id
                WHERE result.rule_id = rule.id AND result.finished_at >= $2 AND result.finished_at < $3
                ORDER BY result.finished_at DESC, result.id DESC LIMIT 1
             ) AS last ON true
       WHERE rule.created_at < $3 AND (rule.retired_at IS NULL OR rule.retired_at >= $2)
       ORDER BY version.severity, dataset.qualified_name, rule.id
      `,
      [sourceId, start, end],
    );
    return found.map(({ last, ...rule }) => ({
      ...rule,
      last: last === null ? null : { ...last, finishedAt: new Date(last.finishedAt) },
    }));
  }

  /** Incidents that were open at some time of the period, told from what happened to them before its end. */
  incidents(sourceId: string, { start, end }: Bounds): Promise<ReportedIncident[]> {
    return rows(
      this.db,
      `
      SELECT incident.kind, incident.severity, dataset.qualified_name AS "datasetName", version.name_en AS "ruleNameEn",
             version.name_zh AS "ruleNameZh", coalesce(happened.assignee, '') AS assignee,
             incident.opened_at AS "openedAt", happened.acknowledged_at AS "acknowledgedAt",
             happened.last_failed_at AS "lastFailedAt", happened.failing_runs AS "failingRuns",
             CASE WHEN happened.resolved_at > happened.last_failed_at THEN happened.resolved_at END AS "resolvedAt"
        FROM quality.incident
        LEFT JOIN dictionary.dataset ON dataset.id = incident.dataset_id
        LEFT JOIN LATERAL (
               SELECT name_en, name_zh FROM quality.rule_version
                WHERE rule_id = incident.rule_id AND made_at < $3 ORDER BY number DESC LIMIT 1
             ) AS version ON true
       CROSS JOIN LATERAL (
              SELECT max(at) FILTER (WHERE kind IN ('opened', 'failed_again', 'reopened')) AS last_failed_at,
                     count(*) FILTER (WHERE kind IN ('opened', 'failed_again', 'reopened'))::int AS failing_runs,
                     max(at) FILTER (WHERE kind = 'resolved') AS resolved_at,
                     max(at) FILTER (WHERE kind = 'acknowledged') AS acknowledged_at,
                     (array_agg(text ORDER BY at DESC, id DESC) FILTER (WHERE kind = 'assigned'))[1] AS assignee
                FROM quality.incident_event WHERE incident_id = incident.id AND at < $3
            ) AS happened
       WHERE incident.source_id = $1 AND incident.opened_at < $3
         AND (happened.resolved_at IS NULL OR happened.resolved_at >= $2
              OR happened.last_failed_at > happened.resolved_at)
       ORDER BY incident.opened_at, incident.id
      `,
      [sourceId, start, end],
    );
  }

  /** Every result of the period, oldest first, a few thousand at a time. */
  async *results(sourceId: string, { start, end }: Bounds): AsyncIterable<ReportedResult> {
    let after: Pick<ReportedResult, 'finishedAt' | 'resultId'> | undefined;
    for (;;) {
      const page: ReportedResult[] = await rows<ReportedResult>(
        this.db,
        `
        SELECT result.id AS "resultId", result.run_id AS "runId", result.rule_id AS "ruleId", version.number AS version,
               version.name_en AS "nameEn", version.name_zh AS "nameZh", version.kind, version.dimension,
               version.severity, dataset.qualified_name AS "datasetName", ${FIELD_NAMES} AS "fieldNames",
               result.status, result.rows, result.checked, result.violations, result.metrics->>'ratio' AS ratio,
               result.sentence_en AS "sentenceEn", result.sentence_zh AS "sentenceZh",
               result.started_at AS "startedAt", result.finished_at AS "finishedAt",
               quality.statements_of(result.statement_ids) AS statements
          FROM quality.result
          JOIN quality.rule_version AS version ON version.id = result.version_id
          JOIN dictionary.dataset ON dataset.id = result.dataset_id
         WHERE ${IN_PERIOD} AND ($4::timestamptz IS NULL OR (result.finished_at, result.id) > ($4, $5::uuid))
         ORDER BY result.finished_at, result.id LIMIT ${PAGE}
        `,
        [sourceId, start, end, after?.finishedAt ?? null, after?.resultId ?? null],
      );
      yield* page;
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }
}
