import { Injectable } from '@nestjs/common';
import { type Severity, type Status } from '#core/rule-engine';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type SentStatement } from './measure-rule.js';

/** What a rule found in a run. Counts are texts, since a table can have more rows than a number is exact for. */
export interface RuleResult {
  readonly id: string;
  readonly runId: string;
  readonly ruleId: string;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly severity: Severity;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly sourceId: string;
  readonly status: Status;
  readonly rows: string | null;
  readonly checked: string | null;
  readonly violations: string | null;
  readonly metrics: Readonly<Record<string, string>>;
  readonly statements: readonly SentStatement[];
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly errorCode: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

const RESULT = `
  SELECT result.id, result.run_id AS "runId", result.rule_id AS "ruleId", result.version_id AS "versionId",
         version.number AS "versionNumber", version.severity, result.dataset_id AS "datasetId",
         dataset.qualified_name AS "datasetName", result.source_id AS "sourceId", result.status, result.rows,
         result.checked, result.violations, result.metrics,
         quality.statements_of(result.statement_ids) AS statements, result.sentence_en AS "sentenceEn",
         result.sentence_zh AS "sentenceZh", result.error_code AS "errorCode",
         result.started_at AS "startedAt", result.finished_at AS "finishedAt"
    FROM quality.result
    JOIN quality.rule_version AS version ON version.id = result.version_id
    JOIN dictionary.dataset ON dataset.id = result.dataset_id`;

@Injectable()
export class ResultStore {
  constructor(private readonly db: DataSource) {}

  /** @throws {NotFound} */
  async get(id: string): Promise<RuleResult> {
    const found = await row<RuleResult>(this.db, `${RESULT} WHERE result.id = $1`, [id]);
    if (!found) throw new NotFound('rule result', id);
    return found;
  }

  /** The latest result of each of some rules. */
  latestOf(ruleIds: readonly string[]): Promise<RuleResult[]> {
    return rows(
      this.db,
      `
      ${RESULT}
       WHERE result.id IN (
         SELECT last.id FROM unnest($1::uuid[]) AS wanted (rule_id)
          CROSS JOIN LATERAL (
                 SELECT id FROM quality.result WHERE result.rule_id = wanted.rule_id
                  ORDER BY finished_at DESC, id DESC LIMIT 1
               ) AS last
       )
      `,
      [ruleIds],
    );
  }

  /** A page of each of some runs, in the order in which the results came. Two statements, however many runs. */
  async pagesOfRuns(
    runIds: readonly string[],
    statuses: readonly Status[] | undefined,
    { first, after }: PageRequest,
  ): Promise<Map<string, Page<RuleResult>>> {
    const counted = await rows<{ runId: string; total: number }>(
      this.db,
      `
      SELECT run_id AS "runId", count(*)::int AS total FROM quality.result
       WHERE run_id = ANY ($1) AND ($2::text[] IS NULL OR status = ANY ($2)) GROUP BY run_id
      `,
      [runIds, statuses ?? null],
    );
    const totals = new Map(counted.map(({ runId, total }) => [runId, total]));
    const [at = null, last = null] = after === undefined ? [] : decodeCursor('rule-results', after);
    const found = await rows<RuleResult>(
      this.db,
      `
      SELECT page.* FROM unnest($1::uuid[]) AS wanted (run_id)
       CROSS JOIN LATERAL (
              ${RESULT}
               WHERE result.run_id = wanted.run_id AND ($2::text[] IS NULL OR result.status = ANY ($2))
                 AND ($3::timestamptz IS NULL OR (result.finished_at, result.id) > ($3, $4::uuid))
               ORDER BY result.finished_at, result.id LIMIT $5
            ) AS page
       ORDER BY page."finishedAt", page.id
      `,
      [runIds, statuses ?? null, at, last, first + 1],
    );
    const ofRun = Map.groupBy(found, ({ runId }) => runId);
    return new Map(
      runIds.map((runId) => {
        const items = ofRun.get(runId) ?? [];
        return [runId, { items: items.slice(0, first), hasNext: items.length > first, total: totals.get(runId) ?? 0 }];
      }),
    );
  }

  /** Of one rule, newest first. @throws {NotFound} */
  async listOfRule(
    ruleId: string,
    statuses: readonly Status[] | undefined,
    { first, after }: PageRequest,
  ): Promise<Page<RuleResult>> {
    const where = `result.rule_id = $1 AND ($2::text[] IS NULL OR result.status = ANY ($2))`;
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM quality.result WHERE ${where}`,
      [ruleId, statuses ?? null],
    );
    if (!counted?.total) await this.knownRule(ruleId);
    const [at = null, last = null] = after === undefined ? [] : decodeCursor('rule-results', after);
    const found = await rows<RuleResult>(
      this.db,
      `
      ${RESULT} WHERE ${where}
         AND ($3::timestamptz IS NULL OR (result.finished_at, result.id) < ($3, $4::uuid))
       ORDER BY result.finished_at DESC, result.id DESC LIMIT $5
      `,
      [ruleId, statuses ?? null, at, last, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  private async knownRule(id: string): Promise<void> {
    if (!(await row(this.db, `SELECT 1 FROM quality.rule WHERE id = $1`, [id]))) throw new NotFound('rule', id);
  }
}

export const resultCursor = (result: RuleResult): string =>
  encodeCursor('rule-results', [result.finishedAt.toISOString(), result.id]);
