import { Injectable } from '@nestjs/common';
import { type SnapshotChange, type SnapshotDifference } from '#dictionary';
import { type AppError, decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { JOB_STATES } from '#platform/queue';
import { DataSource } from 'typeorm';

import { type ReadScope } from './judge.js';
import { type HarvestWish } from './reading.js';

/** How a run stands: as its job, or stopped to ask a person. */
export const RUN_STATES = [...JOB_STATES, 'needs_confirmation'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** A reading of a source's metadata. */
export interface RunRow {
  /** Also the job's. */
  readonly id: string;
  readonly sourceId: string;
  readonly state: RunState;
  readonly confirmRemovals: boolean;
  /** The run that stopped to ask and whose removals this one may make. */
  readonly confirms: string | null;
  /** Globs of the scopes that were asked for; null: all. */
  readonly scopes: readonly string[] | null;
  readonly readAll: boolean;
  readonly dry: boolean;
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
  /** The source said that it is as it was, so it was not read again. */
  readonly skipped: boolean;
  readonly finishedAt: Date;
}

/** How a run ended that was carried out. */
export interface RunEnd extends Pick<SnapshotDifference, 'added' | 'changed' | 'vanished'> {
  readonly state: 'succeeded' | 'partial';
  readonly unchanged: number;
  readonly reasons: readonly string[];
}

// A run whose job was cancelled or given up is never told so: the job's row says how it stands.
const RUN = `
  SELECT run.id, run.source_id AS "sourceId",
         CASE WHEN run.state <> 'open' THEN run.state ELSE coalesce(job.state, 'failed') END AS state,
         run.confirm_removals AS "confirmRemovals", run.confirms, run.scopes, run.read_all AS "readAll", run.dry, run.requested_at AS "requestedAt", run.started_at AS "startedAt",
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
  async add(tx: Tx, run: HarvestWish & { id: string; sourceId: string; at: Date }): Promise<void> {
    await tx.query(
      `
      INSERT INTO harvest.run (id, source_id, state, confirm_removals, confirms, scopes, read_all, dry, requested_at)
      VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING
      `,
      [
        ...[run.id, run.sourceId, run.confirmRemovals ?? false, run.confirms ?? null, run.scopes ?? null],
        ...[run.readAll ?? false, run.dry ?? false, run.at],
      ],
    );
  }

  async start(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(`UPDATE harvest.run SET started_at = coalesce(started_at, $2) WHERE id = $1`, [id, at]);
  }

  /** Notes that a scope was read. Harmless when that was noted before. */
  async addScope(
    tx: Tx,
    runId: string,
    scope: ReadScope & { readonly datasets: number; readonly digest: string | null; readonly skipped: boolean },
    at: Date,
  ): Promise<void> {
    await tx.query(
      `
      INSERT INTO harvest.scope (run_id, name, complete, reasons, datasets, digest, skipped, finished_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (run_id, name) DO NOTHING
      `,
      [runId, scope.name, scope.complete, scope.reasons, scope.datasets, scope.digest, scope.skipped, at],
    );
  }

  /** Notes how a run ended, unless that was noted before; false then. */
  async finish(tx: Tx, id: string, at: Date, end: RunEnd): Promise<boolean> {
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

  /** Notes what stopped a run. */
  async fail(
    tx: Tx,
    id: string,
    at: Date,
    state: 'failed' | 'needs_confirmation',
    { code, message }: AppError,
  ): Promise<void> {
    await tx.query(
      `
      UPDATE harvest.run SET state = $2, finished_at = $3, error_code = $4, error_message = $5
       WHERE id = $1 AND state = 'open'
      `,
      [id, state, at, code, message],
    );
  }

  /** Keeps what a run would have changed. */
  async keepDifference(tx: Tx, runId: string, changes: readonly SnapshotChange[]): Promise<void> {
    await tx.query(
      `
      INSERT INTO harvest.difference (run_id, qualified_name, outcome)
      SELECT $1::uuid, name, outcome FROM unnest($2::text[], $3::text[]) AS change (name, outcome)
      ON CONFLICT (run_id, qualified_name) DO NOTHING
      `,
      [runId, changes.map(({ qualifiedName }) => qualifiedName), changes.map(({ outcome }) => outcome)],
    );
  }

  /** What a run would have changed that was dry or stopped to ask, by qualified name. */
  differenceOf(runId: string): Promise<SnapshotChange[]> {
    return rows(
      this.db,
      `
      SELECT qualified_name AS "qualifiedName", outcome
        FROM harvest.difference WHERE run_id = $1 ORDER BY qualified_name
      `,
      [runId],
    );
  }

  /** What {@link differenceOf} gives, page by page. */
  async changesOf(runId: string, { first, after }: PageRequest): Promise<Page<SnapshotChange>> {
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM harvest.difference WHERE run_id = $1`,
      [runId],
    );
    const beyond = after === undefined ? [] : decodeCursor('harvest-changes', after);
    const found = await rows<SnapshotChange>(
      this.db,
      `
      SELECT qualified_name AS "qualifiedName", outcome
        FROM harvest.difference
       WHERE run_id = $1 ${after === undefined ? '' : 'AND qualified_name > $2'}
       ORDER BY qualified_name
       LIMIT ${first + 1}
      `,
      [runId, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** The digests of a source's scopes as they were read the last time, if that was since then. */
  async digestsOf(sourceId: string, since: Date): Promise<ReadonlyMap<string, string>> {
    const found = await rows<{ scope: string; digest: string }>(
      this.db,
      `SELECT scope, digest FROM harvest.scope_digest WHERE source_id = $1 AND read_at > $2`,
      [sourceId, since],
    );
    return new Map(found.map(({ scope, digest }) => [scope, digest]));
  }

  /** Makes the digests that a run has found those of the source. A scope that is gone or was read in part has none. */
  async keepDigests(tx: Tx, { id, sourceId }: RunRow, goneScopes: readonly string[]): Promise<void> {
    await tx.query(
      `
      DELETE FROM harvest.scope_digest AS kept
       WHERE kept.source_id = $2
         AND (kept.scope = ANY($3)
              OR EXISTS (SELECT 1 FROM harvest.scope
                          WHERE run_id = $1 AND name = kept.scope AND (NOT complete OR digest IS NULL)))
      `,
      [id, sourceId, goneScopes],
    );
    await tx.query(
      `
      INSERT INTO harvest.scope_digest AS kept (source_id, scope, digest, read_at)
      SELECT $2::uuid, name, digest, finished_at
        FROM harvest.scope
       WHERE run_id = $1 AND complete AND digest IS NOT NULL AND NOT skipped
      ON CONFLICT (source_id, scope) DO UPDATE SET digest = excluded.digest, read_at = excluded.read_at
      `,
      [id, sourceId],
    );
  }

  /** The harvests of a run's source in which a scope was read in part, since the last one in which it was read to the end. */
  partialSince(tx: Tx, { id, sourceId }: RunRow): Promise<{ scope: string; runId: string }[]> {
    return rows(
      tx,
      `
      WITH reading AS (
        SELECT scope.name AS scope, scope.complete, run.id AS run_id, run.finished_at
          FROM harvest.run
          JOIN harvest.scope ON scope.run_id = run.id
         WHERE run.source_id = $1 AND run.id <> $2 AND run.state IN ('succeeded', 'partial') AND NOT run.dry
      )
      SELECT reading.scope, reading.run_id AS "runId"
        FROM reading
       WHERE NOT reading.complete
         AND NOT EXISTS (SELECT 1 FROM reading AS later
                          WHERE later.scope = reading.scope AND later.complete AND later.finished_at > reading.finished_at)
      `,
      [sourceId, id],
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
      SELECT run_id AS "runId", name, complete, reasons, datasets, skipped, finished_at AS "finishedAt"
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

/** The sort key of {@link Runs.changesOf}, as a cursor. */
export const changeCursor = ({ qualifiedName }: SnapshotChange): string =>
  encodeCursor('harvest-changes', [qualifiedName]);
