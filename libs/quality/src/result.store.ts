import { Injectable } from '@nestjs/common';
import { type Severity, type Status } from '#core/rule-engine';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type FailingKeys, type SentStatement } from './measure-rule.js';

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
  readonly failingKeys: FailingKeys | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

const RESULT = `
  SELECT result.id, result.run_id AS "runId", result.rule_id AS "ruleId", result.version_id AS "versionId",
         version.number AS "versionNumber", version.severity, result.dataset_id AS "datasetId",
         dataset.qualified_name AS "datasetName", result.source_id AS "sourceId", result.status, result.rows,
         result.checked, result.violations, result.metrics, result.statements, result.sentence_en AS "sentenceEn",
         result.sentence_zh AS "sentenceZh", result.error_code AS "errorCode", result.failing_keys AS "failingKeys",
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

  /** Of one run, in the order in which they came; or of one rule, newest first. */
  async list(
    of: { readonly runId: string } | { readonly ruleId: string },
    statuses: readonly Status[] | undefined,
    { first, after }: PageRequest,
  ): Promise<Page<RuleResult>> {
    const [column, id, order, beyond] =
      'runId' in of ? ['run_id', of.runId, 'ASC', '>'] : ['rule_id', of.ruleId, 'DESC', '<'];
    const where = `result.${column} = $1 AND ($2::text[] IS NULL OR result.status = ANY ($2))`;
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM quality.result WHERE ${where}`,
      [id, statuses ?? null],
    );
    if (!counted?.total && 'ruleId' in of) await this.knownRule(of.ruleId);
    const [at = null, last = null] = after === undefined ? [] : decodeCursor('rule-results', after);
    const found = await rows<RuleResult>(
      this.db,
      `
      ${RESULT} WHERE ${where}
         AND ($3::timestamptz IS NULL OR (result.finished_at, result.id) ${beyond} ($3, $4::uuid))
       ORDER BY result.finished_at ${order}, result.id ${order} LIMIT $5
      `,
      [id, statuses ?? null, at, last, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  private async knownRule(id: string): Promise<void> {
    if (!(await row(this.db, `SELECT 1 FROM quality.rule WHERE id = $1`, [id]))) throw new NotFound('rule', id);
  }
}

export const resultCursor = (result: RuleResult): string =>
  encodeCursor('rule-results', [result.finishedAt.toISOString(), result.id]);
