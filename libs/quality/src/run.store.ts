import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type SentStatement } from './measure-rule.js';
import { type Finding, type RuleRun, type RunState } from './run.js';
import { LeaseLost } from './run-lease.js';
import { FailingSamples } from './samples/failing-samples.js';

export interface RunWish {
  readonly ruleSetId?: string;
  readonly sourceId?: string;
  readonly dueAt?: Date;
  /** What began it, and which run of that. */
  readonly begunBy?: { readonly triggerId: string; readonly run: string };
  readonly by: string;
}

/** A run in the hands of one worker. Those of later holders have higher numbers. */
export interface RunHold {
  readonly runId: string;
  readonly fence: string;
  /** How long a silent holder is waited for. */
  readonly seconds: number;
}

export interface RunFilter {
  readonly ruleSetId?: string;
  readonly sourceId?: string;
  readonly ruleId?: string;
  readonly states?: readonly RunState[];
}

const RUN = `
  SELECT run.id, run.rule_set_id AS "ruleSetId", rule_set.name AS "ruleSetName", run.source_id AS "sourceId",
         source.name AS "sourceName", run.due_at AS "dueAt", (SELECT trigger_run FROM quality.run AS held WHERE held.id = run.id) AS "triggerRun", run.job_id AS "jobId", run.state,
         run.requested_at AS "requestedAt", run.requested_by AS "requestedBy", run.started_at AS "startedAt",
         run.finished_at AS "finishedAt", run.error_message AS "errorMessage",
         (SELECT count(*)::int FROM quality.planned_rule WHERE run_id = run.id) AS planned,
         (SELECT coalesce(jsonb_object_agg(status, n), '{}')
            FROM (SELECT status, count(*) AS n FROM quality.result WHERE run_id = run.id GROUP BY status) AS found
         ) AS counts
    FROM quality.run_now AS run
    LEFT JOIN quality.rule_set ON rule_set.id = run.rule_set_id
    LEFT JOIN sources.source ON source.id = run.source_id`;

@Injectable()
export class RunStore {
  constructor(
    private readonly db: DataSource,
    private readonly samples: FailingSamples,
  ) {}

  /** Writes a run without its rules; undefined when there is one for this due time or by this trigger already. */
  async insert(tx: Tx, { ruleSetId, sourceId, dueAt, begunBy, by }: RunWish, at: Date): Promise<string | undefined> {
    const added = await row<{ id: string }>(
      tx,
      `
      INSERT INTO quality.run (rule_set_id, source_id, due_at, trigger_id, trigger_run, requested_at, requested_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING RETURNING id
      `,
      [
        ...[ruleSetId ?? null, sourceId ?? null, dueAt ?? null, begunBy?.triggerId ?? null, begunBy?.run ?? null],
        ...[at, by],
      ],
    );
    return added?.id;
  }

  /** Plans the rules with the versions they have now; retired ones and those of removed sources are left out. */
  async plan(tx: Tx, runId: string, of: { ruleSetId?: string; sourceId?: string; ruleIds?: readonly string[] }) {
    const planned = await rows(
      tx,
      `
      INSERT INTO quality.planned_rule (run_id, position, rule_id, version_id)
      SELECT $1, row_number() OVER (ORDER BY source.name, dataset.qualified_name, rule.id), rule.id, rule.version_id
        FROM quality.current_rule AS rule
        JOIN dictionary.dataset ON dataset.id = rule.dataset_id
        JOIN sources.source ON source.id = rule.source_id AND source.removed_at IS NULL
       WHERE rule.retired_at IS NULL
         AND ($2::uuid IS NULL OR rule.id IN (SELECT rule_id FROM quality.rule_set_rule WHERE rule_set_id = $2))
         AND ($3::uuid IS NULL OR rule.source_id = $3)
         AND ($4::uuid[] IS NULL OR rule.id = ANY ($4))
      RETURNING rule_id
      `,
      [runId, of.ruleSetId ?? null, of.sourceId ?? null, of.ruleIds ?? null],
    );
    return planned.length;
  }

  async setJob(tx: Tx, runId: string, jobId: string): Promise<void> {
    await tx.query(`UPDATE quality.run SET job_id = $2 WHERE id = $1`, [runId, jobId]);
  }

  /** Whether the run has ended by its own account. @throws {NotFound} */
  async hasEnded(runId: string): Promise<boolean> {
    const found = await row<{ ended: boolean }>(
      this.db,
      `SELECT state <> 'open' AS ended FROM quality.run WHERE id = $1`,
      [runId],
    );
    if (!found) throw new NotFound('rule run', runId);
    return found.ended;
  }

  /** Takes an open run that nobody holds; gives the holder's number, or undefined. */
  async claim(runId: string, seconds: number): Promise<string | undefined> {
    const claimed = await row<{ fence: string }>(
      this.db,
      `
      WITH claimed AS (
        UPDATE quality.run SET fence = fence + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
         WHERE id = $1 AND state = 'open' AND (lease_until IS NULL OR lease_until <= clock_timestamp())
        RETURNING fence
      )
      SELECT fence FROM claimed
      `,
      [runId, seconds],
    );
    return claimed?.fence;
  }

  /** Holds on to a run; false when it has ended or is another's. */
  async renew({ runId, fence, seconds }: RunHold): Promise<boolean> {
    const renewed = await row(
      this.db,
      `
      WITH renewed AS (
        UPDATE quality.run SET lease_until = clock_timestamp() + make_interval(secs => $3)
         WHERE id = $1 AND fence = $2 AND state = 'open' RETURNING 1
      )
      SELECT 1 FROM renewed
      `,
      [runId, fence, seconds],
    );
    return renewed !== undefined;
  }

  async letGo({ runId, fence }: RunHold): Promise<void> {
    await this.db.query(`UPDATE quality.run SET lease_until = NULL WHERE id = $1 AND fence = $2`, [runId, fence]);
  }

  /** For the transaction of a write: nobody takes the run over before it ends. @throws {LeaseLost} */
  private async refuseUnlessHeld(tx: Tx, { runId, fence, seconds }: RunHold): Promise<void> {
    // A worker that stands still in the middle of a write would keep the run for ever.
    await tx.query(`SELECT set_config('idle_in_transaction_session_timeout', $1, true)`, [String(seconds * 1_000)]);
    const held = await row(tx, `SELECT 1 FROM quality.run WHERE id = $1 AND fence = $2 AND state = 'open' FOR SHARE`, [
      runId,
      fence,
    ]);
    if (!held) throw new LeaseLost();
  }

  /** Ids of the planned versions that have no result yet, in the plan's order. */
  async unfinished(runId: string): Promise<string[]> {
    const found = await rows<{ versionId: string }>(
      this.db,
      `
      SELECT planned.version_id AS "versionId"
        FROM quality.planned_rule AS planned
       WHERE planned.run_id = $1 AND planned.finished_at IS NULL
       ORDER BY planned.position
      `,
      [runId],
    );
    return found.map(({ versionId }) => versionId);
  }

  /** When these versions of rules last looked at the data, by version: for rules that look at what is new since then. */
  async lastLooked(versionIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const found = await rows<{ versionId: string; at: Date }>(
      this.db,
      `
      SELECT result.version_id AS "versionId", max(result.started_at) AS at
        FROM quality.result
       WHERE result.version_id = ANY ($1) AND result.status IN ('pass', 'warn', 'fail', 'not_evaluated')
       GROUP BY result.version_id
      `,
      [versionIds],
    );
    return new Map(found.map(({ versionId, at }) => [versionId, at]));
  }

  /** Keeps what rules found. What the run has for a rule already stays. @throws {LeaseLost} */
  async keep(hold: RunHold, findings: readonly Finding[]): Promise<void> {
    const records = findings.map((finding) => ({
      rule_id: finding.ruleId,
      version_id: finding.versionId,
      dataset_id: finding.datasetId,
      source_id: finding.sourceId,
      status: finding.verdict.status,
      rows: finding.verdict.rows,
      checked: finding.verdict.checked,
      violations: finding.verdict.violations,
      metrics: finding.verdict.metrics,
      statements: finding.statements,
      sentence_en: finding.verdict.sentence.en,
      sentence_zh: finding.verdict.sentence.zh,
      error_code: finding.errorCode,
      failed_source_id: finding.failedSourceId,
      started_at: finding.startedAt,
      finished_at: finding.finishedAt,
    }));
    await this.db.transaction(async (tx) => {
      await this.refuseUnlessHeld(tx, hold);
      const statements = new Map(findings.flatMap((finding) => finding.statements.map((each) => [keyOf(each), each])));
      const ids = await this.keepStatements(tx, statements);
      const kept = await rows<{ resultId: string; ruleId: string }>(
        tx,
        `
        WITH found AS (
          SELECT *
            FROM jsonb_to_recordset($2) AS found (
                   rule_id uuid, version_id uuid, dataset_id uuid, source_id uuid, status text, rows bigint,
                   checked bigint, violations bigint, metrics jsonb, statement_ids uuid[], sentence_en text,
                   sentence_zh text, error_code text, failed_source_id uuid, started_at timestamptz, finished_at timestamptz
                 )
        ), free AS (
          UPDATE quality.planned_rule AS planned SET finished_at = found.finished_at
            FROM found
           WHERE planned.run_id = $1 AND planned.rule_id = found.rule_id AND planned.finished_at IS NULL
          RETURNING planned.rule_id
        ), kept AS (
          INSERT INTO quality.result (run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations,
                                      metrics, statement_ids, sentence_en, sentence_zh, error_code, failed_source_id,
                                      started_at, finished_at)
          SELECT $1, found.* FROM found JOIN free USING (rule_id)
          RETURNING id, rule_id
        )
        SELECT id AS "resultId", rule_id AS "ruleId" FROM kept
        `,
        [
          hold.runId,
          JSON.stringify(
            records.map(({ statements: sent, ...record }) => ({
              ...record,
              statement_ids: sent.map((each) => ids.get(keyOf(each))),
            })),
          ),
        ],
      );
      const samples = new Map(findings.map(({ ruleId, sample }) => [ruleId, sample]));
      await this.samples.keep(
        tx,
        kept.flatMap(({ resultId, ruleId }) => {
          const sample = samples.get(ruleId);
          return sample ? [{ resultId, ruleId, sample }] : [];
        }),
      );
    });
  }

  /** Keeps statements that are not there yet, and gives the ids of all. */
  private async keepStatements(
    tx: Tx,
    statements: ReadonlyMap<string, SentStatement>,
  ): Promise<ReadonlyMap<string, string>> {
    if (statements.size === 0) return new Map();
    const given = JSON.stringify([...statements.values()]);
    // In one order, so that two runs that keep the same ones do not wait for each other.
    await tx.query(
      `
      INSERT INTO quality.statement (digest, purpose, sent_to, sql, params)
      SELECT quality.statement_digest(sent) AS digest, sent->>'purpose', sent->>'on', sent->>'sql', sent->'params'
        FROM jsonb_array_elements($1) AS sent
       ORDER BY digest
      ON CONFLICT ON CONSTRAINT one_statement_per_digest DO NOTHING
      `,
      [given],
    );
    // A statement of its own, which sees what another run has kept by now.
    const found = await rows<{ id: string }>(
      tx,
      `
      SELECT statement.id
        FROM jsonb_array_elements($1) WITH ORDINALITY AS each (sent, at)
        JOIN quality.statement ON statement.digest = quality.statement_digest(each.sent)
       ORDER BY each.at
      `,
      [given],
    );
    return new Map([...statements.keys()].map((key, at) => [key, found[at]!.id]));
  }

  /** Ends a run. @throws {LeaseLost} also when it has ended */
  async end(tx: Tx, hold: RunHold, state: 'succeeded' | 'partial' | 'cancelled', at: Date): Promise<void> {
    await this.refuseUnlessHeld(tx, hold);
    await tx.query(`UPDATE quality.run SET state = $2, finished_at = $3, lease_until = NULL WHERE id = $1`, [
      ...[hold.runId, state, at],
    ]);
  }

  /** @throws {NotFound} */
  async get(runId: string): Promise<RuleRun> {
    const [found] = await this.ofIds([runId]);
    if (!found) throw new NotFound('rule run', runId);
    return found;
  }

  ofIds(runIds: readonly string[]): Promise<RuleRun[]> {
    return rows(this.db, `${RUN} WHERE run.id = ANY ($1)`, [runIds]);
  }

  /** Newest first. */
  async list(filter: RunFilter, { first, after }: PageRequest): Promise<Page<RuleRun>> {
    const where = `
      ($1::uuid IS NULL OR run.rule_set_id = $1)
      AND ($2::uuid IS NULL OR EXISTS (
            SELECT 1 FROM quality.planned_rule AS planned
              JOIN quality.rule ON rule.id = planned.rule_id
              JOIN dictionary.dataset ON dataset.id = rule.dataset_id
             WHERE planned.run_id = run.id AND dataset.source_id = $2
          ))
      AND ($3::uuid IS NULL OR EXISTS (
            SELECT 1 FROM quality.planned_rule AS planned WHERE planned.run_id = run.id AND planned.rule_id = $3
          ))
      AND ($4::text[] IS NULL OR run.state = ANY ($4))`;
    const { ruleSetId = null, sourceId = null, ruleId = null, states = null } = filter;
    const params = [ruleSetId, sourceId, ruleId, states];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM quality.run_now AS run WHERE ${where}`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('rule-runs', after);
    const found = await rows<RuleRun>(
      this.db,
      `
      ${RUN} WHERE ${where}
         AND ($5::timestamptz IS NULL OR (run.requested_at, run.id) < ($5, $6::uuid))
       ORDER BY run.requested_at DESC, run.id DESC LIMIT $7
      `,
      [...params, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

const keyOf = ({ purpose, on, sql, params }: SentStatement): string => JSON.stringify([purpose, on, sql, params]);

export const runCursor = (run: RuleRun): string => encodeCursor('rule-runs', [run.requestedAt.toISOString(), run.id]);
