import { Injectable } from '@nestjs/common';
import { type HarvestedDataset } from '#core/connector-kit';
import { row, rows, type Tx } from '#platform/database';

import { COMPARE, DIFFERENCE_TABLE, KEEP } from './snapshot.sql.js';
import { type Snapshot, type SnapshotDifference, toStaged } from './snapshot.js';

/** Datasets in one statement when staging. */
const BATCH = 500;

/**
 * Brings what a harvest read into the dictionary: {@link stage} scope by scope, then {@link compare} and {@link keep}
 * in one transaction. How many statements that takes does not depend on how many datasets there are.
 */
@Injectable()
export class Snapshots {
  /** Puts the datasets of a scope aside. */
  async stage(tx: Tx, snapshot: Snapshot, scope: string, datasets: readonly HarvestedDataset[]): Promise<void> {
    for (let from = 0; from < datasets.length; from += BATCH)
      await tx.query(
        `
        INSERT INTO dictionary.staged_dataset (snapshot_id, source_id, scope, name, qualified_name, digest, content)
        SELECT $1::uuid, $2::uuid, $3::text, staged.name, staged."qualifiedName", staged.digest, staged.content
          FROM jsonb_to_recordset($4) AS staged (name text, "qualifiedName" text, digest text, content jsonb)
        `,
        [snapshot.id, snapshot.sourceId, scope, JSON.stringify(datasets.slice(from, from + BATCH).map(toStaged))],
      );
  }

  /** Forgets what was staged for the source, but for one snapshot. */
  async forgetStaged(tx: Tx, sourceId: string, butFor: string | null): Promise<void> {
    await tx.query(
      `DELETE FROM dictionary.staged_dataset WHERE source_id = $1 AND snapshot_id IS DISTINCT FROM $2::uuid`,
      [sourceId, butFor],
    );
  }

  /**
   * What the staged datasets would change. Others that compare the same source wait until the transaction ends.
   * @param completeScopes only in these does "not seen" mean "gone".
   */
  async compare(tx: Tx, snapshot: Snapshot, completeScopes: readonly string[]): Promise<SnapshotDifference> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('dictionary ' || $1, 0))`, [snapshot.sourceId]);
    await tx.query(DIFFERENCE_TABLE);
    await tx.query(COMPARE, [snapshot.id, snapshot.sourceId, completeScopes]);
    await tx.query('ANALYZE snapshot_difference');
    const difference = await row<SnapshotDifference>(
      tx,
      `
      SELECT count(*) FILTER (WHERE outcome = 'added')::int AS added,
             count(*) FILTER (WHERE outcome = 'changed')::int AS changed,
             count(*) FILTER (WHERE outcome = 'unchanged')::int AS unchanged,
             count(*) FILTER (WHERE outcome = 'vanished')::int AS vanished,
             (SELECT count(*)::int FROM dictionary.dataset
               WHERE source_id = $1 AND current_version_id IS NOT NULL) AS known,
             ARRAY(SELECT qualified_name FROM snapshot_difference
                    WHERE outcome = 'vanished' ORDER BY qualified_name LIMIT 20) AS vanishing
        FROM snapshot_difference
      `,
      [snapshot.sourceId],
    );
    if (!difference) throw new Error('The difference has no counts.');
    return difference;
  }

  /** Writes what {@link compare} found in this transaction, and forgets what was staged. */
  async keep(tx: Tx, snapshot: Snapshot, at: Date): Promise<void> {
    // Times of one dataset only go forward, even when the clock is put back.
    const [moment] = await rows<{ at: Date }>(
      tx,
      `
      SELECT greatest($2::timestamptz, max(validity.recorded_from) + interval '1 millisecond') AS at
        FROM dictionary.dataset
        JOIN dictionary.schema_validity AS validity ON validity.dataset_id = dataset.id
       WHERE dataset.source_id = $1
      `,
      [snapshot.sourceId, at],
    );
    const values = { snapshot: snapshot.id, source: snapshot.sourceId, at: moment?.at ?? at };
    for (const { sql, params } of KEEP)
      await tx.query(
        sql,
        params.map((name) => values[name]),
      );
    await this.forgetStaged(tx, snapshot.sourceId, null);
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
