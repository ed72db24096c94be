import { Injectable } from '@nestjs/common';
import { type HarvestedDataset, type HarvestedRoutine } from '#core/connector-kit';
import { row, rows, type Tx } from '#platform/database';

import { COMPARE_ROUTINES, KEEP_ROUTINES, ROUTINE_DIFFERENCE_TABLE } from './routine.sql.js';
import { COMPARE, DIFFERENCE_TABLE, KEEP } from './snapshot.sql.js';
import { INDEXED_AT_ONCE, SearchIndex } from './search-index.js';
import {
  type KeptSnapshot,
  type Snapshot,
  type SnapshotChange,
  type SnapshotDifference,
  type StagedDataset,
  type StagedRoutine,
} from './snapshot.js';
import { type KnownDataset, type KnownRoutine } from './snapshot-sieve.js';

/**
 * Brings what a harvest read into the dictionary: what a `SnapshotSieve` lets through is put aside with {@link stage},
 * then {@link compare} and {@link keep} follow in one transaction. How many statements those take does not depend on how
 * many datasets there are.
 */
@Injectable()
export class Snapshots {
  constructor(private readonly search: SearchIndex) {}

  /** The datasets that a source has now, by qualified name. */
  async known(on: Tx, sourceId: string): Promise<Map<string, KnownDataset>> {
    const found = await rows<KnownDataset & { readonly qualifiedName: string }>(
      on,
      `
      SELECT dataset.qualified_name AS "qualifiedName", dataset.scope, dataset.name, version.digest,
             size.row_estimate::float8 AS "rowEstimate", size.size_bytes::float8 AS "sizeBytes",
             size.partition_count AS partitions, size.altered_at AS "alteredAt",
             vouched.digest AS "constraintsDigest"
        FROM dictionary.dataset
        JOIN dictionary.schema_version AS version ON version.id = dataset.current_version_id
        LEFT JOIN dictionary.dataset_size AS size ON size.dataset_id = dataset.id
        LEFT JOIN dictionary.dataset_constraints AS vouched ON vouched.dataset_id = dataset.id
       WHERE dataset.source_id = $1
      `,
      [sourceId],
    );
    return new Map(found.map(({ qualifiedName, ...known }) => [qualifiedName, known]));
  }

  /** The routines that a source has now, by qualified name. */
  async knownRoutines(on: Tx, sourceId: string): Promise<Map<string, KnownRoutine>> {
    const found = await rows<KnownRoutine & { readonly qualifiedName: string }>(
      on,
      `
      SELECT routine.qualified_name AS "qualifiedName", routine.scope, routine.name, version.digest,
             routine.altered_at AS "alteredAt"
        FROM dictionary.routine
        JOIN dictionary.routine_version AS version ON version.id = routine.current_version_id
       WHERE routine.source_id = $1
      `,
      [sourceId],
    );
    return new Map(found.map(({ qualifiedName, ...known }) => [qualifiedName, known]));
  }

  /** Whether the dictionary would lose columns or the query of a view, were a dataset that was seen in part taken as it is. */
  async wouldLose(on: Tx, sourceId: string, { qualifiedName, fields, viewSql }: HarvestedDataset): Promise<boolean> {
    const lost = await rows(
      on,
      `
      SELECT 1
        FROM dictionary.dataset
        JOIN dictionary.schema_version AS version ON version.id = dataset.current_version_id
       WHERE dataset.source_id = $1
         AND dataset.qualified_name = $2
         AND ((version.view_sql IS NOT NULL AND NOT $3)
              OR EXISTS (SELECT 1
                           FROM dictionary.field_version AS kept
                           JOIN dictionary.field ON field.id = kept.field_id
                          WHERE kept.version_id = version.id AND field.name <> ALL ($4::text[])))
      `,
      [sourceId, qualifiedName, viewSql !== undefined, fields.map(({ name }) => name)],
    );
    return lost.length > 0;
  }

  /** The same for the text of a routine. */
  async wouldLoseBody(on: Tx, sourceId: string, { qualifiedName }: HarvestedRoutine): Promise<boolean> {
    const lost = await rows(
      on,
      `
      SELECT 1
        FROM dictionary.routine
        JOIN dictionary.routine_version AS version ON version.id = routine.current_version_id
       WHERE routine.source_id = $1 AND routine.qualified_name = $2 AND version.body IS NOT NULL
      `,
      [sourceId, qualifiedName],
    );
    return lost.length > 0;
  }

  /** Puts datasets of a scope aside: some hundred at once. */
  stage(tx: Tx, snapshot: Snapshot, scope: string, datasets: readonly StagedDataset[]): Promise<void> {
    return this.putAside(tx, 'staged_dataset', snapshot, scope, datasets);
  }

  /** The same for routines. */
  stageRoutines(tx: Tx, snapshot: Snapshot, scope: string, routines: readonly StagedRoutine[]): Promise<void> {
    return this.putAside(tx, 'staged_routine', snapshot, scope, routines);
  }

  private async putAside(
    tx: Tx,
    table: 'staged_dataset' | 'staged_routine',
    snapshot: Snapshot,
    scope: string,
    things: readonly (StagedDataset | StagedRoutine)[],
  ): Promise<void> {
    if (things.length === 0) return;
    await tx.query(
      `
      INSERT INTO dictionary.${table} (snapshot_id, source_id, scope, name, qualified_name, digest, content)
      SELECT $1::uuid, $2::uuid, $3::text, staged.name, staged."qualifiedName", staged.digest, staged.content
        FROM jsonb_to_recordset($4) AS staged (name text, "qualifiedName" text, digest text, content jsonb)
      ON CONFLICT (snapshot_id, qualified_name) DO UPDATE
        SET scope = excluded.scope, name = excluded.name, digest = excluded.digest, content = excluded.content
      `,
      [snapshot.id, snapshot.sourceId, scope, JSON.stringify(things)],
    );
  }

  /** Notes which datasets are missing in a scope that was read to its end. */
  stageMissing(tx: Tx, snapshot: Snapshot, scope: string, qualifiedNames: readonly string[]): Promise<void> {
    return this.noteMissing(tx, 'staged_dataset', snapshot, scope, qualifiedNames);
  }

  /** The same for routines. */
  stageMissingRoutines(tx: Tx, snapshot: Snapshot, scope: string, qualifiedNames: readonly string[]): Promise<void> {
    return this.noteMissing(tx, 'staged_routine', snapshot, scope, qualifiedNames);
  }

  private async noteMissing(
    tx: Tx,
    table: 'staged_dataset' | 'staged_routine',
    snapshot: Snapshot,
    scope: string,
    qualifiedNames: readonly string[],
  ): Promise<void> {
    if (qualifiedNames.length === 0) return;
    await tx.query(
      `
      INSERT INTO dictionary.${table} (snapshot_id, source_id, scope, name, qualified_name)
      SELECT $1::uuid, $2::uuid, $3::text, '', name FROM unnest($4::text[]) AS missing (name)
      ON CONFLICT (snapshot_id, qualified_name) DO NOTHING
      `,
      [snapshot.id, snapshot.sourceId, scope, qualifiedNames],
    );
  }

  /** Forgets what was put aside for a source, but for the scopes of a snapshot that were read to their end. */
  async forgetStaged(tx: Tx, sourceId: string, but?: { snapshotId: string; scopes: readonly string[] }): Promise<void> {
    for (const table of ['staged_dataset', 'staged_routine'])
      await tx.query(
        `
        DELETE FROM dictionary.${table}
         WHERE source_id = $1 AND NOT (snapshot_id IS NOT DISTINCT FROM $2::uuid AND scope = ANY($3::text[]))
        `,
        [sourceId, but?.snapshotId ?? null, but?.scopes ?? []],
      );
  }

  /**
   * What the staged datasets would change. Others that compare the same source wait until the transaction ends.
   * @param goneScopes scopes that are gone with all that was in them.
   */
  async compare(tx: Tx, snapshot: Snapshot, goneScopes: readonly string[] = []): Promise<SnapshotDifference> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('dictionary ' || $1, 0))`, [snapshot.sourceId]);
    await tx.query(DIFFERENCE_TABLE);
    await tx.query(COMPARE, [snapshot.id, snapshot.sourceId, goneScopes]);
    await tx.query('ANALYZE snapshot_difference');
    await tx.query(ROUTINE_DIFFERENCE_TABLE);
    await tx.query(COMPARE_ROUTINES, [snapshot.id, snapshot.sourceId, goneScopes]);
    const difference = await row<SnapshotDifference>(
      tx,
      `
      SELECT count(*) FILTER (WHERE outcome = 'added')::int AS added,
             count(*) FILTER (WHERE outcome = 'changed')::int AS changed,
             count(*) FILTER (WHERE outcome = 'vanished')::int AS vanished,
             (SELECT count(*)::int FROM dictionary.dataset
               WHERE source_id = $1 AND current_version_id IS NOT NULL) AS known
        FROM snapshot_difference
      `,
      [snapshot.sourceId],
    );
    if (!difference) throw new Error('The difference has no counts.');
    return difference;
  }

  /** What {@link compare} found in this transaction, by qualified name. */
  changesOf(tx: Tx): Promise<SnapshotChange[]> {
    return rows(
      tx,
      `
      SELECT qualified_name AS "qualifiedName", outcome
        FROM snapshot_difference
       WHERE outcome <> 'unchanged'
       ORDER BY qualified_name
      `,
      [],
    );
  }

  /** Writes what {@link compare} found in this transaction, and forgets what was staged. */
  async keep(tx: Tx, snapshot: Snapshot, at: Date): Promise<KeptSnapshot> {
    // Times of one dataset only go forward, even when the clock is put back.
    const [moment] = await rows<{ at: Date }>(
      tx,
      `
      SELECT greatest($2::timestamptz,
                      (SELECT max(validity.recorded_from)
                         FROM dictionary.dataset
                         JOIN dictionary.schema_validity AS validity ON validity.dataset_id = dataset.id
                        WHERE dataset.source_id = $1) + interval '1 millisecond',
                      (SELECT max(validity.recorded_from)
                         FROM dictionary.routine
                         JOIN dictionary.routine_validity AS validity ON validity.routine_id = routine.id
                        WHERE routine.source_id = $1) + interval '1 millisecond') AS at
      `,
      [snapshot.sourceId, at],
    );
    const written = moment?.at ?? at;
    const values = { snapshot: snapshot.id, source: snapshot.sourceId, at: written };
    for (const { sql, params } of [...KEEP, ...KEEP_ROUTINES])
      await tx.query(
        sql,
        params.map((name) => values[name]),
      );
    await this.forgetStaged(tx, snapshot.sourceId);
    return { at: written, searchable: await this.makeSearchable(tx) };
  }

  /** A few are searchable with the transaction that brings them; many would hold it up. */
  private async makeSearchable(tx: Tx): Promise<boolean> {
    const touched = await rows<{ id: string }>(
      tx,
      `SELECT dataset_id AS id FROM snapshot_difference WHERE outcome <> 'unchanged' LIMIT $1`,
      [INDEXED_AT_ONCE + 1],
    );
    if (touched.length > INDEXED_AT_ONCE) return false;
    await this.search.bring(
      tx,
      touched.map(({ id }) => id),
    );
    return true;
  }

  /** The datasets that a harvest run added, changed or ended, for whoever hears that it is completed. */
  async datasetsOfRun(runId: string, on: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(
      on,
      `SELECT DISTINCT dataset_id AS id FROM dictionary.schema_validity WHERE run_id = $1`,
      [runId],
    );
    return found.map(({ id }) => id);
  }
}
