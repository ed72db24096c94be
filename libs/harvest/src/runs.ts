import { Injectable } from '@nestjs/common';
import { type SnapshotDifference } from '#dictionary';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { type JobState } from '#platform/queue';
import { DataSource } from 'typeorm';

import { type ReadScope } from './judge.js';

/** A reading of a source's metadata. */
export interface RunRow {
  /** Also the job's. */
  readonly id: string;
  readonly sourceId: string;
  readonly state: JobState;
  readonly confirmRemovals: boolean;
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly vanished: number;
  readonly reasons: readonly string[];
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export interface ScopeRow extends ReadScope {
  readonly runId: string;
  readonly datasets: number;
  readonly finishedAt: Date;
}

// A run whose job was cancelled or given up is never told so: the job's row says how it stands.
const RUN = `
  SELECT run.id, run.source_id AS "sourceId",
         CASE WHEN run.state <> 'open' THEN run.state ELSE coalesce(job.state, 'failed') END AS state,
         run.confirm_removals AS "confirmRemovals", run.requested_at AS "requestedAt", run.started_at AS "startedAt",
         coalesce(run.finished_at, job.finished_at) AS "finishedAt", run.added, run.changed, run.unchanged, run.vanished,
         run.reasons, coalesce(run.error_code, job.error_code) AS "errorCode",
         coalesce(run.error_message, job.error_message) AS "errorMessage"
    FROM harvest.run
    LEFT JOIN platform.job ON job.id = run.id
`;

/** Keeps the runs and their scopes. */
@Injectable()
export class Runs {
  constructor(private readonly db: DataSource) {}

  /** Notes that a run was asked for. Harmless when it is known. */
  async add(tx: Tx, run: { id: string; sourceId: string; confirmRemovals: boolean; at: Date }): Promise<void> {
    await tx.query(
      `
      INSERT INTO harvest.run (id, source_id, state, confirm_removals, requested_at)
      VALUES ($1, $2, 'open', $3, $4) ON CONFLICT (id) DO NOTHING
      `,
      [run.id, run.sourceId, run.confirmRemovals, run.at],
    );
  }

  async start(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(`UPDATE harvest.run SET started_at = coalesce(started_at, $2) WHERE id = $1`, [id, at]);
  }

  /** Notes that a scope was read; false when that was noted before. */
  async addScope(tx: Tx, runId: string, scope: ReadScope & { readonly datasets: number }, at: Date): Promise<boolean> {
    const added = await rows(
      tx,
      `
      INSERT INTO harvest.scope (run_id, name, complete, reasons, datasets, finished_at)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (run_id, name) DO NOTHING RETURNING name
      `,
      [runId, scope.name, scope.complete, scope.reasons, scope.datasets, at],
    );
    return added.length > 0;
  }

  /** Notes how a run ended, unless that was noted before; false then. */
  async finish(
    tx: Tx,
    id: string,
    at: Date,
    end: Pick<SnapshotDifference, 'added' | 'changed' | 'unchanged' | 'vanished'> & {
      readonly state: 'succeeded' | 'partial';
      readonly reasons: readonly string[];
    },
  ): Promise<boolean> {
    const finished = await rows<{ id: string }>(
      tx,
      `
      WITH finished AS (
        UPDATE harvest.run
           SET state = $2, finished_at = $3, added = $4, changed = $5, unchanged = $6, vanished = $7, reasons = $8
         WHERE id = $1 AND state = 'open'
        RETURNING id
      )
      SELECT id FROM finished
      `,
      [id, end.state, at, end.added, end.changed, end.unchanged, end.vanished, end.reasons],
    );
    return finished.length > 0;
  }

  async fail(tx: Tx, id: string, at: Date, code: string, message: string): Promise<void> {
    await tx.query(
      `
      UPDATE harvest.run SET state = 'failed', finished_at = $2, error_code = $3, error_message = $4
       WHERE id = $1 AND state = 'open'
      `,
      [id, at, code, message],
    );
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RunRow> {
    const found = await row<RunRow>(this.db, `${RUN} WHERE run.id = $1`, [id]);
    if (!found) throw new NotFound('harvest run', id);
    return found;
  }

  /** Newest first. @throws {NotFound} for a source that there never was. */
  async ofSource(sourceId: string, { first, after }: PageRequest): Promise<Page<RunRow>> {
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM harvest.run WHERE source_id = $1`,
      [sourceId],
    );
    const beyond = after === undefined ? [] : decodeCursor('harvest-runs', after);
    if (!counted?.total) await this.knownSource(sourceId);
    const found = await rows<RunRow>(
      this.db,
      `
      ${RUN}
       WHERE run.source_id = $1
         ${after === undefined ? '' : 'AND (run.requested_at, run.id) < ($2::timestamptz, $3::uuid)'}
       ORDER BY run.requested_at DESC, run.id DESC
       LIMIT ${first + 1}
      `,
      [sourceId, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  private async knownSource(id: string): Promise<void> {
    if (!(await row(this.db, `SELECT 1 FROM sources.source WHERE id = $1`, [id]))) throw new NotFound('source', id);
  }

  /** The latest run of each source, for a loader. */
  lastOf(sourceIds: readonly string[]): Promise<RunRow[]> {
    return rows(
      this.db,
      `
      ${RUN}
       WHERE run.id IN (
               SELECT (SELECT last.id FROM harvest.run AS last WHERE last.source_id = source.id
                        ORDER BY last.requested_at DESC, last.id DESC LIMIT 1)
                 FROM unnest($1::uuid[]) AS source (id)
             )
      `,
      [sourceIds],
    );
  }

  /** By name. */
  scopesOf(runIds: readonly string[]): Promise<ScopeRow[]> {
    return rows(
      this.db,
      `
      SELECT run_id AS "runId", name, complete, reasons, datasets, finished_at AS "finishedAt"
        FROM harvest.scope
       WHERE run_id = ANY($1)
       ORDER BY run_id, name
      `,
      [runIds],
    );
  }
}

/** The sort key of {@link Runs.ofSource}, as a cursor. */
export const runCursor = ({ requestedAt, id }: RunRow): string =>
  encodeCursor('harvest-runs', [requestedAt.toISOString(), id]);
