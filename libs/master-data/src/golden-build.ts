import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Connection } from '#core/connector-kit';
import { type Actor, AppError, Clock } from '#kernel';
import { row, type Tx } from '#platform/database';
import { Sources } from '#sources';

import { type BuildPlan, BuildPlanner, type DatasetPlan, type DatasetProblem } from './build-plan.js';
import { grouped } from './grouped.js';
import { type GoldenCounts, GoldenWriter } from './golden-writer.js';
import { BuildOverrun } from './master-data.errors.js';
import { type ReadRow, readRows } from './row-reader.js';
import { RowStaging } from './row-staging.js';

export interface BuildSummary extends GoldenCounts {
  /** Rows that were read, and how many of them have no valid identifier. */
  readonly rows: number;
  readonly unmatched: number;
  /** Datasets that could not be read; what was known of them counts on. */
  readonly problems: readonly DatasetProblem[];
}

interface Signals {
  readonly signal: AbortSignal;
  progress(share: number, message?: string): void;
}

/** Builds golden records (黄金记录): reads the mapped datasets, then applies all that changed in one transaction. */
@Injectable()
export class GoldenBuild {
  constructor(
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly planner: BuildPlanner,
    private readonly staging: RowStaging,
    private readonly writer: GoldenWriter,
    private readonly clock: Clock,
  ) {}

  /**
   * A dataset that cannot be read is said and left as it was known; the others go on. Building again when nothing
   * changed writes nothing.
   * @throws {AppError} the first problem, when no dataset can be read. {@link BuildOverrun}
   */
  async run(actor: Actor, entityId: string, signals: Signals): Promise<BuildSummary> {
    const plan = await this.planner.plan(entityId);
    const buildId = await this.staging.begin(entityId, this.clock.now());
    try {
      const { read, problems } = await this.read(buildId, plan, signals);
      return await this.apply(actor, buildId, plan, read, problems, signals);
    } catch (error) {
      await this.staging.abandon(buildId, this.clock.now());
      throw error;
    }
  }

  private async read(buildId: string, plan: BuildPlan, { signal, progress }: Signals) {
    const problems = [...plan.problems];
    const read: DatasetPlan[] = [];
    let firstError: AppError | undefined;
    let done = 0;
    let rows = 0;
    for (const [sourceId, datasets] of grouped(plan.datasets, (dataset) => dataset.sourceId)) {
      let connection: Connection | undefined;
      try {
        for (const dataset of datasets) {
          try {
            connection ??= await this.sources.connect(sourceId);
            await this.stage(buildId, plan, dataset, readRows(connection, dataset, signal), (count) => {
              rows += count;
              // Applying is the other half.
              progress((done / plan.datasets.length) * 0.5, `${dataset.datasetName}: ${rows}`);
            });
            read.push(dataset);
          } catch (error) {
            if (signal.aborted || !(error instanceof AppError)) throw error;
            firstError ??= error;
            await this.staging.dropDataset(buildId, dataset.datasetId);
            problems.push({ dataset: dataset.datasetName, code: error.code, message: error.message });
          }
          done++;
        }
      } finally {
        await connection?.close();
      }
    }
    if (read.length === 0 && firstError) throw firstError;
    return { read, problems };
  }

  /** Each portion is written down while the next is read and sealed. */
  private async stage(
    buildId: string,
    plan: BuildPlan,
    dataset: DatasetPlan,
    portions: AsyncIterable<ReadRow[]>,
    onRows: (count: number) => void,
  ): Promise<void> {
    let written = Promise.resolve();
    try {
      for await (const portion of portions) {
        const sealed = this.staging.seal(plan, dataset, portion);
        await written;
        written = this.staging.add(buildId, dataset.datasetId, sealed);
        written.catch(() => undefined); // said when it is waited for
        onRows(portion.length);
      }
    } finally {
      await written;
    }
  }

  private async apply(
    actor: Actor,
    buildId: string,
    plan: BuildPlan,
    read: readonly DatasetPlan[],
    problems: readonly DatasetProblem[],
    { signal, progress }: Signals,
  ): Promise<BuildSummary> {
    progress(0.5, 'golden records');
    await this.staging.measure();
    const summary = await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      const build = await row<{ digest: string | null }>(
        tx,
        `
        SELECT entity.built_digest AS digest
          FROM master_data.build JOIN master_data.entity ON entity.id = build.entity_id
         WHERE build.id = $1 AND build.state = 'reading' FOR UPDATE
        `,
        [buildId],
      );
      if (!build) throw new BuildOverrun();
      await tx.query(`CREATE TEMP TABLE affected (key_hash bytea PRIMARY KEY) ON COMMIT DROP`);
      await this.mergeRows(tx, buildId, plan, read, at);
      if (build.digest !== plan.digest) await this.affectAll(tx, plan.entityId);
      await tx.query(`ANALYZE affected`);
      const golden = await this.writer.write(tx, plan, at, signal);
      const counted = await row<{ rows: number; unmatched: number }>(
        tx,
        `
        SELECT count(*)::int AS rows, count(reason)::int AS unmatched FROM master_data.staged_row WHERE build_id = $1
        `,
        [buildId],
      );
      await tx.query(`UPDATE master_data.entity SET built_digest = $2, built_at = $3 WHERE id = $1`, [
        plan.entityId,
        plan.digest,
        at,
      ]);
      await this.staging.end(tx, buildId, 'applied', at);
      const result = { rows: counted?.rows ?? 0, unmatched: counted?.unmatched ?? 0, ...golden, problems };
      await change.record('golden-records.built', plan.subject, {
        ...result,
        problems: problems.map(({ dataset, code }) => ({ dataset, code })),
      });
      return result;
    });
    return summary;
  }

  /** Brings the source records of the datasets that were read to what was read, and notes whose keys that affects. */
  private async mergeRows(tx: Tx, buildId: string, plan: BuildPlan, read: readonly DatasetPlan[], at: Date) {
    const noted = `INSERT INTO affected SELECT DISTINCT key_hash FROM done WHERE key_hash IS NOT NULL ON CONFLICT DO NOTHING`;
    // Of datasets that are not mapped any more.
    await tx.query(
      `
      WITH done AS (
        UPDATE master_data.source_record SET recorded_to = $2
         WHERE entity_id = $1 AND recorded_to = 'infinity' AND dataset_id <> ALL($3)
        RETURNING key_hash
      ) ${noted}
      `,
      [plan.entityId, at, [...plan.priorities.keys()]],
    );
    // Changed or gone in a dataset that was read. (One statement for both would hide the anti-join behind an OR.)
    await tx.query(
      `
      WITH done AS (
        UPDATE master_data.source_record AS record SET recorded_to = $3
         WHERE record.entity_id = $1 AND record.recorded_to = 'infinity' AND record.dataset_id = ANY($4)
           AND NOT EXISTS (
             SELECT 1 FROM master_data.staged_row AS staged
              WHERE staged.build_id = $2 AND staged.dataset_id = record.dataset_id AND staged.row_hash = record.row_hash
                AND staged.content_hash = record.content_hash)
        RETURNING record.key_hash
      ) ${noted}
      `,
      [plan.entityId, buildId, at, read.map(({ datasetId }) => datasetId)],
    );
    await tx.query(
      `
      WITH done AS (
        INSERT INTO master_data.source_record (entity_id, dataset_id, row_hash, key_hash, reason, content,
                                               content_hash, changed_at, recorded_from)
        SELECT $1, dataset_id, row_hash, key_hash, reason, content, content_hash, changed_at, $3
          FROM master_data.staged_row
         WHERE build_id = $2
        -- By the index, not by a join: a plan made for an empty table would look through what is being filled.
        ON CONFLICT (entity_id, dataset_id, row_hash) WHERE recorded_to = 'infinity' DO NOTHING
        RETURNING key_hash
      ) ${noted}
      `,
      [plan.entityId, buildId, at],
    );
  }

  private async affectAll(tx: Tx, entityId: string): Promise<void> {
    await tx.query(
      `
      INSERT INTO affected
      SELECT DISTINCT key_hash FROM master_data.source_record
       WHERE entity_id = $1 AND recorded_to = 'infinity' AND key_hash IS NOT NULL
      ON CONFLICT DO NOTHING
      `,
      [entityId],
    );
  }
}
