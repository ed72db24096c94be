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
  type ReportedRun,
  type ReportedWaiver,
} from './quality-report.facts.js';

/** A period as two points of time: from `start`, before `end`. */
export interface Bounds {
  readonly start: Date;
  readonly end: Date;
}

/** What a report is about: null for all. */
export interface About {
  readonly sourceId: string | null;
  readonly datasetIds: readonly string[] | null;
  readonly owner: string | null;
}

/** Numbers of results by status: of each version of a rule, on each day, in each run. */
export interface CountedResults {
  readonly versions: Readonly<Record<string, Counts>>;
  readonly days: Readonly<Record<string, Counts>>;
  readonly runs: Readonly<Record<string, Counts>>;
}

const PAGE = 2_000;

/** Results of the period: `$1` the rules, `$2` and `$3` the bounds. */
const IN_PERIOD = `result.rule_id = ANY ($1::uuid[]) AND result.finished_at >= $2 AND result.finished_at < $3`;

const FIELD_NAMES = `
  ARRAY (
    SELECT field.name FROM unnest(version.field_ids) WITH ORDINALITY AS named (id, at)
      JOIN dictionary.field ON field.id = named.id ORDER BY named.at
  )`;

type RuleRow = Omit<RegisteredRule, 'last' | 'counts'> & {
  readonly last: (Omit<LastResult, 'finishedAt'> & { readonly finishedAt: string }) | null;
};

/** What stored runs say of some rules and a period. */
@Injectable()
export class QualityReportStore {
  constructor(private readonly db: DataSource) {}

  /** From the first midnight to the one after the last day, in the period's time zone, and no later than what is known. */
  async boundsOf({ first, last, timeZone }: Period, knownAt: Date): Promise<Bounds> {
    const found = await row<Bounds>(
      this.db,
      `
      SELECT $1::date::timestamp AT TIME ZONE $3 AS start,
             least(($2::date + 1)::timestamp AT TIME ZONE $3, $4::timestamptz + interval '1 millisecond') AS "end"
      `,
      [first, last, timeZone, knownAt],
    );
    if (!found) throw new Error('A period without bounds.');
    return found;
  }

  /** The rules there were in the period, each with its version at the end of it and its last result since `since`, gravest first. */
  async rules(about: About, { start, end }: Bounds, since: Date): Promise<Omit<RegisteredRule, 'counts'>[]> {
    const found = await rows<RuleRow>(
      this.db,
      `
      SELECT rule.id AS "ruleId", version.number AS version, version.name_en AS "nameEn", version.name_zh AS "nameZh",
             version.description, version.kind, version.dimension, version.severity, version.owner, version.enabled,
             rule.created_at AS "createdAt", version.made_at AS "effectiveFrom",
             CASE WHEN rule.retired_at < $3 THEN rule.retired_at END AS "retiredAt",
             coalesce(rule.retired_at < $3, false) AS retired, dataset.source_id AS "sourceId",
             dataset.id AS "datasetId", dataset.qualified_name AS "datasetName", ${FIELD_NAMES} AS "fieldNames",
             version.definition, last.result AS last
        FROM quality.rule
        JOIN dictionary.dataset ON dataset.id = rule.dataset_id
       CROSS JOIN LATERAL (
              SELECT * FROM quality.rule_version
               WHERE rule_id = rule.id AND made_at < $3 ORDER BY number DESC LIMIT 1
            ) AS version
        LEFT JOIN LATERAL (
               SELECT jsonb_build_object(
                        'resultId', result.id, 'runId', result.run_id,
                        'version', ran.number, 'status', result.status, 'rows', result.rows::text,
                        'checked', result.checked::text, 'violations', result.violations::text,
                        'sentenceEn', result.sentence_en, 'sentenceZh', result.sentence_zh,
                        'finishedAt', result.finished_at,
                        'statements', quality.statements_of(result.statement_ids)
                      ) AS result
                 FROM quality.result JOIN quality.rule_version AS ran ON ran.id = result.version_id
                WHERE result.rule_id = rule.id AND result.finished_at >= $6 AND result.finished_at < $3
                ORDER BY result.finished_at DESC, result.id DESC LIMIT 1
             ) AS last ON true
       WHERE rule.created_at < $3 AND (rule.retired_at IS NULL OR rule.retired_at >= $2)
         AND ($1::uuid IS NULL OR dataset.source_id = $1)
         AND ($4::uuid[] IS NULL OR dataset.id = ANY ($4))
         AND ($5::text IS NULL OR version.owner = $5)
       ORDER BY version.severity, dataset.qualified_name, rule.id
      `,
      [about.sourceId, start, end, about.datasetIds, about.owner, since],
    );
    return found.map(({ last, ...rule }) => ({
      ...rule,
      last: last === null ? null : { ...last, finishedAt: new Date(last.finishedAt) },
    }));
  }

  /** One pass over the results of the period. */
  async counts(ruleIds: readonly string[], { start, end }: Bounds, timeZone: string): Promise<CountedResults> {
    const found = await rows<{
      status: Status;
      version: string | null;
      day: string | null;
      run: string | null;
      n: number;
    }>(
      this.db,
      `
      SELECT status, version_id AS version, to_char(day, 'YYYY-MM-DD') AS day, run_id AS run, n
        FROM (SELECT status, version_id, (finished_at AT TIME ZONE $4)::date AS day, run_id, count(*)::int AS n
                FROM quality.result WHERE ${IN_PERIOD}
               GROUP BY GROUPING SETS ((status, version_id), (status, day), (status, run_id))
             ) AS counted (status, version_id, day, run_id, n)
      `,
      [ruleIds, start, end, timeZone],
    );
    const versions: Record<string, Partial<Record<Status, number>>> = {};
    const days: Record<string, Partial<Record<Status, number>>> = {};
    const runs: Record<string, Partial<Record<Status, number>>> = {};
    for (const { status, version, day, run, n } of found)
      if (version !== null) (versions[version] ??= {})[status] = n;
      else if (day !== null) (days[day] ??= {})[status] = n;
      else if (run !== null) (runs[run] ??= {})[status] = n;
    return { versions, days, runs };
  }

  /** The rule and the dimension of versions. */
  versionsOf(ids: readonly string[]): Promise<{ id: string; ruleId: string; dimension: Dimension }[]> {
    return rows(
      this.db,
      `SELECT id, rule_id AS "ruleId", dimension FROM quality.rule_version WHERE id = ANY ($1) ORDER BY id`,
      [ids],
    );
  }

  /** Runs with what the audit's chain says of their results, oldest first. */
  runs(ids: readonly string[], end: Date): Promise<Omit<ReportedRun, 'counts'>[]> {
    return rows(
      this.db,
      `
      SELECT run.id AS "runId", rule_set.name AS "ruleSetName", run.requested_at AS "requestedAt",
             run.requested_by AS "requestedBy", CASE WHEN run.finished_at < $2 THEN run.finished_at END AS "finishedAt",
             entry.digest
        FROM quality.run
        LEFT JOIN quality.rule_set ON rule_set.id = run.rule_set_id
        LEFT JOIN LATERAL (
               SELECT details->>'resultsDigest' AS digest FROM audit.entry
                WHERE subject_kind = 'rule-run' AND subject_id = run.id::text AND action = 'rule-run.finished'
                  AND recorded_at < $2
                ORDER BY number LIMIT 1
             ) AS entry ON true
       WHERE run.id = ANY ($1)
       ORDER BY run.requested_at, run.id
      `,
      [ids, end],
    );
  }

  /** Incidents that were open at some time of the period, told from what happened to them before its end. */
  incidents(
    ruleIds: readonly string[],
    sourceIds: readonly string[],
    { start, end }: Bounds,
  ): Promise<ReportedIncident[]> {
    return rows(
      this.db,
      `
      SELECT incident.id AS "incidentId", incident.kind, incident.severity, incident.source_id AS "sourceId",
             dataset.qualified_name AS "datasetName", incident.rule_id AS "ruleId",
             version.name_en AS "ruleNameEn", version.name_zh AS "ruleNameZh", coalesce(happened.assignee, '') AS assignee,
             incident.opened_at AS "openedAt", happened.acknowledged_at AS "acknowledgedAt",
             happened.last_failed_at AS "lastFailedAt", happened.failing_runs AS "failingRuns",
             happened.overdue, CASE WHEN happened.cause_set THEN incident.cause END AS cause,
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
                     coalesce(bool_or(kind = 'escalated'), false) AS overdue,
                     coalesce(bool_or(kind = 'cause_set'), false) AS cause_set,
                     max(at) FILTER (WHERE kind IN ('resolved', 'false_positive')) AS resolved_at,
                     max(at) FILTER (WHERE kind = 'acknowledged') AS acknowledged_at,
                     (array_agg(text ORDER BY at DESC, id DESC) FILTER (WHERE kind = 'assigned'))[1] AS assignee
                FROM quality.incident_event WHERE incident_id = incident.id AND at < $3
            ) AS happened
       WHERE (incident.rule_id = ANY ($1) OR (incident.rule_id IS NULL AND incident.source_id = ANY ($4)))
         AND incident.opened_at < $3
         AND (happened.resolved_at IS NULL OR happened.resolved_at >= $2
              OR happened.last_failed_at > happened.resolved_at)
       ORDER BY incident.opened_at, incident.id
      `,
      [ruleIds, start, end, sourceIds],
    );
  }

  /** Waivers that were in force at some time of the period, as they stood at the end of it. */
  waivers(ruleIds: readonly string[], { start, end }: Bounds): Promise<ReportedWaiver[]> {
    return rows(
      this.db,
      `
      SELECT waiver.id AS "waiverId", waiver.rule_id AS "ruleId", version.name_en AS "nameEn", version.name_zh AS "nameZh",
             waiver.reason, waiver.requested_by AS "requestedBy", waiver.decided_by AS "decidedBy",
             waiver.decided_at AS "decidedAt", waiver.until,
             CASE WHEN waiver.ended_at < $3 THEN waiver.ended_at END AS "endedAt"
        FROM quality.waiver
       CROSS JOIN LATERAL (
              SELECT name_en, name_zh FROM quality.rule_version
               WHERE rule_id = waiver.rule_id AND made_at < $3 ORDER BY number DESC LIMIT 1
            ) AS version
       WHERE waiver.rule_id = ANY ($1) AND waiver.state IN ('approved', 'expired', 'revoked') AND waiver.decided_at < $3
         AND least(waiver.until, waiver.ended_at) >= $2
       ORDER BY waiver.decided_at, waiver.id
      `,
      [ruleIds, start, end],
    );
  }

  /** Every result of the period, oldest first, a few thousand at a time. */
  async *results(ruleIds: readonly string[], { start, end }: Bounds): AsyncIterable<ReportedResult> {
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
        [ruleIds, start, end, after?.finishedAt ?? null, after?.resultId ?? null],
      );
      yield* page;
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }
}
