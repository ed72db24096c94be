import { Injectable } from '@nestjs/common';
import { type Dimension } from '#core/rule-engine';
import { Clock } from '#kernel';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

/** A score is never shown without its coverage: what was measured, of what should have been. */
export interface Score {
  /** From 0 to 1; null when nothing has been measured. */
  readonly score: number | null;
  /** From 0 to 1; null when there are no rules. */
  readonly coverage: number | null;
  /** Rules that should be measured. */
  readonly planned: number;
  /** Rules whose latest run measured something. */
  readonly evaluated: number;
}

export interface QualityScore extends Score {
  readonly at: Date;
  readonly dimensions: readonly (Score & { readonly dimension: Dimension })[];
  readonly datasets: readonly (Score & { readonly datasetId: string; readonly datasetName: string })[];
}

interface Group extends Score {
  readonly dimension: Dimension | null;
  readonly datasetId: string | null;
  readonly datasetName: string | null;
}

/** How good data is, as far as its rules say, now or at any time before. */
@Injectable()
export class Scores {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  ofSource(sourceId: string, at: Date = this.clock.now()): Promise<QualityScore> {
    return this.score(sourceId, null, at);
  }

  ofDataset(datasetId: string, at: Date = this.clock.now()): Promise<QualityScore> {
    return this.score(null, datasetId, at);
  }

  private async score(sourceId: string | null, datasetId: string | null, at: Date): Promise<QualityScore> {
    const groups = await rows<Group>(this.db, SCORES, [sourceId, datasetId, at]);
    const none: Score = { score: null, coverage: null, planned: 0, evaluated: 0 };
    const whole = groups.find((group) => group.dimension === null && group.datasetId === null) ?? none;
    return {
      ...numbersOf(whole),
      at,
      dimensions: groups.flatMap((group) =>
        group.dimension === null ? [] : [{ ...numbersOf(group), dimension: group.dimension }],
      ),
      datasets: groups.flatMap((group) =>
        group.datasetId === null || group.datasetName === null
          ? []
          : [{ ...numbersOf(group), datasetId: group.datasetId, datasetName: group.datasetName }],
      ),
    };
  }
}

const numbersOf = ({ score, coverage, planned, evaluated }: Score): Score => ({ score, coverage, planned, evaluated });

/**
 * Each rule's score is the share of rows that obey it, 1 - violations / checked, and counts by its severity. A run that
 * could not ask (an error) says nothing about the data, so the verdict before it goes on counting, and only coverage
 * falls. Rules that were retired or switched off at that time are not planned.
 */
const SCORES = `
  WITH planned AS (
    SELECT rule.id, rule.dataset_id, dataset.qualified_name, version.dimension
      FROM quality.rule
      JOIN dictionary.dataset ON dataset.id = rule.dataset_id
     CROSS JOIN LATERAL (
            SELECT dimension, enabled FROM quality.rule_version
             WHERE rule_id = rule.id AND made_at <= $3 ORDER BY number DESC LIMIT 1
          ) AS version
     WHERE ($1::uuid IS NULL OR dataset.source_id = $1)
       AND ($2::uuid IS NULL OR rule.dataset_id = $2)
       AND rule.created_at <= $3 AND (rule.retired_at IS NULL OR rule.retired_at > $3)
       AND version.enabled
  ), judged AS (
    SELECT planned.*, coalesce(latest.status IN ('pass', 'warn', 'fail'), false) AS evaluated, verdict.score,
           CASE verdict.severity WHEN 'S1' THEN 5 WHEN 'S2' THEN 3 WHEN 'S3' THEN 2 WHEN 'S4' THEN 1 END AS weight
      FROM planned
      LEFT JOIN LATERAL (
             SELECT status FROM quality.result
              WHERE rule_id = planned.id AND finished_at <= $3 AND status <> 'skipped'
              ORDER BY finished_at DESC, id DESC LIMIT 1
           ) AS latest ON true
      LEFT JOIN LATERAL (
             SELECT version.severity,
                    CASE WHEN result.status = 'not_evaluated' THEN NULL
                         WHEN result.checked > 0 THEN 1 - result.violations::numeric / result.checked
                         WHEN result.status = 'fail' THEN 0
                         ELSE 1 END AS score
               FROM quality.result
               JOIN quality.rule_version AS version ON version.id = result.version_id
              WHERE result.rule_id = planned.id AND result.finished_at <= $3
                AND result.status NOT IN ('error', 'skipped')
              ORDER BY result.finished_at DESC, result.id DESC LIMIT 1
           ) AS verdict ON true
  )
  SELECT dimension, dataset_id AS "datasetId", min(qualified_name) AS "datasetName",
         (sum(weight * score) / nullif(sum(weight) FILTER (WHERE score IS NOT NULL), 0))::float8 AS score,
         (count(*) FILTER (WHERE evaluated) / nullif(count(*), 0)::numeric)::float8 AS coverage,
         count(*)::int AS planned, (count(*) FILTER (WHERE evaluated))::int AS evaluated
    FROM judged
   GROUP BY GROUPING SETS ((), (dimension), (dataset_id))
   ORDER BY dimension NULLS FIRST, "datasetName"`;
