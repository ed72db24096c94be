import { Injectable } from '@nestjs/common';
import { checkIdentifier, type IdentifierFault } from '#core/identifiers';
import { byteaArray, row, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type BuildPlan, type DatasetPlan } from './build-plan.js';
import { type ReadRow } from './row-reader.js';
import { type RowValue, Sealing } from './sealing.js';

/** A row as it is kept. */
export interface SealedRow {
  readonly rowHash: Buffer;
  readonly keyHash: Buffer | null;
  readonly reason: IdentifierFault | null;
  readonly content: Buffer;
  readonly contentHash: Buffer;
  readonly changedAt: Date | null;
}

/** Keeps what a build reads until it is applied, sealed from the first moment. */
@Injectable()
export class RowStaging {
  constructor(
    private readonly db: DataSource,
    private readonly sealing: Sealing,
  ) {}

  /** Begins a build; one of the same entity that was not finished becomes void, and its rows are dropped. */
  begin(entityId: string, at: Date): Promise<string> {
    return this.db.transaction(async (tx) => {
      await tx.query(`SELECT 1 FROM master_data.entity WHERE id = $1 FOR UPDATE`, [entityId]);
      await tx.query(
        `
        WITH ended AS (
          UPDATE master_data.build SET state = 'void', finished_at = $2
           WHERE entity_id = $1 AND state = 'reading' RETURNING id
        ) DELETE FROM master_data.staged_row WHERE build_id IN (SELECT id FROM ended)
        `,
        [entityId, at],
      );
      const build = await row<{ id: string }>(
        tx,
        `INSERT INTO master_data.build (entity_id, state, started_at) VALUES ($1, 'reading', $2) RETURNING id`,
        [entityId, at],
      );
      return build?.id ?? '';
    });
  }

  /** Seals a portion of rows for {@link add}. */
  seal(plan: BuildPlan, dataset: DatasetPlan, read: readonly ReadRow[]): SealedRow[] {
    return read.map((one) => this.sealOne(plan, dataset, one));
  }

  /** Keeps a portion of rows with one statement. */
  async add(buildId: string, datasetId: string, sealed: readonly SealedRow[]): Promise<void> {
    await this.db.query(
      `
      INSERT INTO master_data.staged_row (build_id, dataset_id, row_hash, key_hash, reason, content, content_hash, changed_at)
      SELECT $1, $2, * FROM unnest($3::bytea[], $4::bytea[], $5::text[], $6::bytea[], $7::bytea[], $8::timestamptz[])
      ON CONFLICT DO NOTHING
      `,
      [
        ...[buildId, datasetId, byteaArray(sealed.map(({ rowHash }) => rowHash))],
        ...[byteaArray(sealed.map(({ keyHash }) => keyHash)), sealed.map(({ reason }) => reason)],
        ...[byteaArray(sealed.map(({ content }) => content)), byteaArray(sealed.map(({ contentHash }) => contentHash))],
        sealed.map(({ changedAt }) => changedAt),
      ],
    );
  }

  /** Drops the rows of a dataset that could not be read to its end: half of it must not count as all of it. */
  async dropDataset(buildId: string, datasetId: string): Promise<void> {
    await this.db.query(`DELETE FROM master_data.staged_row WHERE build_id = $1 AND dataset_id = $2`, [
      buildId,
      datasetId,
    ]);
  }

  /**
   * Lets the planner know how much there is: what was just filled has no statistics, and joins of it would be planned
   * as if it were empty. Outside of the transaction, since the lock would last as long as that.
   */
  async measure(): Promise<void> {
    await this.db.query(`ANALYZE master_data.staged_row, master_data.source_record, master_data.golden_record`);
  }

  async end(tx: Tx | DataSource, buildId: string, state: 'applied' | 'void', at: Date): Promise<void> {
    await tx.query(`DELETE FROM master_data.staged_row WHERE build_id = $1`, [buildId]);
    await tx.query(`UPDATE master_data.build SET state = $2, finished_at = $3 WHERE id = $1 AND state = 'reading'`, [
      buildId,
      state,
      at,
    ]);
  }

  /** Makes a build void after it failed; without effect when it was applied. */
  abandon(buildId: string, at: Date): Promise<void> {
    return this.end(this.db, buildId, 'void', at);
  }

  private sealOne(
    { key, entityId }: BuildPlan,
    { datasetId, fields }: DatasetPlan,
    { key: rowKey, values, changedAt }: ReadRow,
  ): SealedRow {
    const kept = fields.flatMap(({ attributeId, fieldId }, at): RowValue[] => {
      const value = values[at] ?? null;
      return value === null ? [] : [[attributeId, fieldId, value]];
    });
    const content = JSON.stringify(kept);
    const contentHash = this.sealing.contentHash(`${changedAt}${content}`);
    // A row without a key is known by its content; two that are alike in all are one.
    const named = rowKey === null ? `#${contentHash.toString('hex').slice(0, 24)}` : JSON.stringify(rowKey);
    const rowHash = this.sealing.rowHash(datasetId, named);
    const identifier = kept.find(([attributeId]) => attributeId === key.id)?.[2];
    const check = checkIdentifier(key.identifierFormat ?? 'resident_id', identifier);
    return {
      rowHash,
      keyHash: check.valid ? this.sealing.keyHash(entityId, check.normalised) : null,
      reason: check.valid ? null : check.fault,
      content: this.sealing.sealRow(rowHash, { key: named, values: kept }),
      contentHash,
      changedAt: changedAt === null ? null : new Date(changedAt),
    };
  }
}
