import { Injectable } from '@nestjs/common';
import { type KeysLooked, type Sent } from '#core/reconciliation';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { Vault } from '#platform/secrets';
import { DataSource } from 'typeorm';

import {
  type ReconciliationRun,
  type ReconciliationRunState,
  type RunVerdict,
  type StoredCheck,
} from './reconciliation-run.js';

export interface ReconciliationRunFilter {
  readonly reconciliationId?: string;
  readonly states?: readonly ReconciliationRunState[];
  readonly verdicts?: readonly RunVerdict[];
}

/** How a run ended, on its way into the catalog. */
export interface RunEnd {
  readonly verdict: RunVerdict;
  readonly asOf: Date;
  readonly cutoff?: Date;
  readonly leftRows?: string | null;
  readonly rightRows?: string | null;
  readonly keys?: KeysLooked;
  readonly error?: { readonly side?: 'left' | 'right'; readonly code: string; readonly message: string };
}

const RUN = `
  SELECT run.id, run.reconciliation_id AS "reconciliationId", reconciliation.name AS "reconciliationName",
         run.version_id AS "versionId", version.number AS "versionNumber", run.due_at AS "dueAt", run.job_id AS "jobId",
         run.state_now AS state, run.requested_at AS "requestedAt", run.requested_by AS "requestedBy",
         run.started_at AS "startedAt", run.ended_at AS "finishedAt", run.as_of AS "asOf", run.cutoff, run.verdict,
         run.left_rows AS "leftRows", run.right_rows AS "rightRows", run.keys, run.error_side AS "errorSide",
         run.error_code AS "errorCode", coalesce(run.error_message, run.job_error) AS "errorMessage",
         (SELECT count(*)::int FROM reconciliation.break_seen AS seen WHERE seen.run_id = run.id) AS breaks,
         coalesce(
           (SELECT CASE WHEN max(position) >= max(needed) THEN 'signed' ELSE 'awaiting_second' END
              FROM reconciliation.sign_off WHERE sign_off.run_id = run.id HAVING count(*) > 0),
           'unsigned'
         ) AS signed
    FROM reconciliation.run_now AS run
    JOIN reconciliation.reconciliation ON reconciliation.id = run.reconciliation_id
    JOIN reconciliation.version ON version.id = run.version_id`;

@Injectable()
export class ReconciliationRunStore {
  constructor(
    private readonly db: DataSource,
    private readonly vault: Vault,
  ) {}

  /** Undefined when the due time has its run already. */
  async insert(
    tx: Tx,
    wish: { readonly reconciliationId: string; readonly versionId: string; readonly dueAt?: Date; readonly by: string },
    at: Date,
  ): Promise<string | undefined> {
    const added = await row<{ id: string }>(
      tx,
      `
      INSERT INTO reconciliation.run (reconciliation_id, version_id, due_at, requested_at, requested_by)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT ON CONSTRAINT one_run_per_due_time DO NOTHING RETURNING id
      `,
      [wish.reconciliationId, wish.versionId, wish.dueAt ?? null, at, wish.by],
    );
    return added?.id;
  }

  async setJob(tx: Tx, runId: string, jobId: string): Promise<void> {
    await tx.query(`UPDATE reconciliation.run SET job_id = $2 WHERE id = $1`, [runId, jobId]);
  }

  /** Whether the run has ended by its own account. @throws {NotFound} */
  async hasEnded(runId: string): Promise<boolean> {
    const found = await row<{ ended: boolean }>(
      this.db,
      `SELECT state <> 'open' AS ended FROM reconciliation.run WHERE id = $1`,
      [runId],
    );
    if (!found) throw new NotFound('reconciliation run', runId);
    return found.ended;
  }

  /** Ends a run; false when it had ended before. */
  async end(tx: Tx, runId: string, end: RunEnd | 'cancelled', at: Date): Promise<boolean> {
    const given = end === 'cancelled' ? undefined : end;
    const ended = await rows(
      tx,
      `
      WITH ended AS (
        UPDATE reconciliation.run
           SET state = $2, finished_at = $3, verdict = $4, as_of = $5, cutoff = $6, left_rows = $7, right_rows = $8,
               keys = $9, error_side = $10, error_code = $11, error_message = $12
         WHERE id = $1 AND state = 'open' RETURNING id
      )
      SELECT id FROM ended
      `,
      [
        ...[runId, given === undefined ? 'cancelled' : 'succeeded', at, given?.verdict ?? null, given?.asOf ?? null],
        ...[given?.cutoff ?? null, given?.leftRows ?? null, given?.rightRows ?? null],
        ...[given?.keys === undefined ? null : JSON.stringify(given.keys)],
        ...[given?.error?.side ?? null, given?.error?.code ?? null, given?.error?.message ?? null],
      ],
    );
    return ended.length > 0;
  }

  async keepChecks(tx: Tx, runId: string, checks: readonly StoredCheck[]): Promise<void> {
    const records = checks.map(({ groups, ...check }, position) => ({
      ...{ position, kind: check.kind, of_what: check.of, absolute: check.absolute, relative: check.relative },
      ...{ status: check.status, left_figure: check.left, right_figure: check.right, difference: check.difference },
      groups: groups && {
        ...{ all: groups.all, differing: groups.differing, withheld: groups.withheld },
        sealed: this.vault.seal(JSON.stringify(groups.found), ownerOf(runId, position)).toString('base64'),
      },
    }));
    await tx.query(
      `
      INSERT INTO reconciliation.check_found (run_id, position, kind, of_what, absolute, relative, status, left_figure,
                                              right_figure, difference, groups)
      SELECT $1, found.*
        FROM jsonb_to_recordset($2) AS found (position integer, kind text, of_what text, absolute text, relative text,
               status text, left_figure text, right_figure text, difference text, groups jsonb)
      `,
      [runId, JSON.stringify(records)],
    );
  }

  async keepStatements(tx: Tx, runId: string, statements: readonly Sent[]): Promise<void> {
    await tx.query(
      `
      INSERT INTO reconciliation.statement (run_id, position, side, purpose, sql, params, started_at, ms, rows)
      SELECT $1, (row_number() OVER ()) - 1, sent->>'side', sent->>'purpose', sent->>'sql', sent->'params',
             (sent->>'startedAt')::timestamptz, (sent->>'ms')::int, (sent->>'rows')::int
        FROM jsonb_array_elements($2) AS sent
      `,
      [runId, JSON.stringify(statements)],
    );
  }

  /** The checks of some runs, in the order of the definition. */
  async checksOf(runIds: readonly string[]): Promise<(StoredCheck & { readonly runId: string })[]> {
    const found = await rows<StoredCheck & { runId: string; position: number; kept: KeptGroups | null }>(
      this.db,
      `
      SELECT run_id AS "runId", position, kind, of_what AS "of", absolute, relative, status, left_figure AS left,
             right_figure AS right, difference, groups AS kept
        FROM reconciliation.check_found WHERE run_id = ANY ($1) ORDER BY run_id, position
      `,
      [runIds],
    );
    return found.map(({ kept, position, ...check }) => ({
      ...check,
      groups: kept && {
        ...{ all: kept.all, differing: kept.differing, withheld: kept.withheld },
        found: JSON.parse(
          this.vault.open(Buffer.from(kept.sealed, 'base64'), ownerOf(check.runId, position), 'a check of groups'),
        ) as NonNullable<StoredCheck['groups']>['found'],
      },
    }));
  }

  statementsOf(runIds: readonly string[]): Promise<(Sent & { readonly runId: string })[]> {
    return rows(
      this.db,
      `
      SELECT run_id AS "runId", side, purpose, sql, params, started_at AS "startedAt", ms, rows
        FROM reconciliation.statement WHERE run_id = ANY ($1) ORDER BY run_id, position
      `,
      [runIds],
    );
  }

  /** @throws {NotFound} */
  async get(runId: string): Promise<ReconciliationRun> {
    const [found] = await this.ofIds([runId]);
    if (!found) throw new NotFound('reconciliation run', runId);
    return found;
  }

  ofIds(runIds: readonly string[]): Promise<ReconciliationRun[]> {
    return rows(this.db, `${RUN} WHERE run.id = ANY ($1)`, [runIds]);
  }

  /** The latest run of each of some reconciliations. */
  latestOf(reconciliationIds: readonly string[]): Promise<ReconciliationRun[]> {
    return rows(
      this.db,
      `
      ${RUN}
       WHERE run.id IN (
         SELECT last.id FROM unnest($1::uuid[]) AS wanted (id)
          CROSS JOIN LATERAL (
                 SELECT id FROM reconciliation.run WHERE run.reconciliation_id = wanted.id
                  ORDER BY requested_at DESC, id DESC LIMIT 1
               ) AS last
       )
      `,
      [reconciliationIds],
    );
  }

  /** Newest first. */
  async list(filter: ReconciliationRunFilter, { first, after }: PageRequest): Promise<Page<ReconciliationRun>> {
    const where = `
      ($1::uuid IS NULL OR run.reconciliation_id = $1)
      AND ($2::text[] IS NULL OR run.state_now = ANY ($2))
      AND ($3::text[] IS NULL OR run.verdict = ANY ($3))`;
    const params = [filter.reconciliationId ?? null, filter.states ?? null, filter.verdicts ?? null];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM reconciliation.run_now AS run WHERE ${where}`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('reconciliation-runs', after);
    const found = await rows<ReconciliationRun>(
      this.db,
      `
      ${RUN} WHERE ${where}
         AND ($4::timestamptz IS NULL OR (run.requested_at, run.id) < ($4, $5::uuid))
       ORDER BY run.requested_at DESC, run.id DESC LIMIT $6
      `,
      [...params, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

interface KeptGroups {
  readonly all: number;
  readonly differing: number;
  readonly withheld: readonly string[];
  readonly sealed: string;
}

const ownerOf = (runId: string, position: number): string => `reconciliation-check:${runId}:${position}`;

export const reconciliationRunCursor = (run: ReconciliationRun): string =>
  encodeCursor('reconciliation-runs', [run.requestedAt.toISOString(), run.id]);
