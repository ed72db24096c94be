import { Injectable } from '@nestjs/common';
import { type Definition } from '#core/reconciliation';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Reconciliation, type ReconciliationWish } from './reconciliation.js';

export interface ReconciliationFilter {
  /** Of either side. */
  readonly datasetId?: string;
  readonly sourceId?: string;
  readonly retired?: boolean;
}

const CURRENT = `
  SELECT reconciliation.id, reconciliation.name, version.description, version.owner, version.id AS "versionId",
         version.number, version.definition, version.made_at AS "madeAt", version.made_by AS "madeBy",
         reconciliation.created_at AS "createdAt", reconciliation.retired_at AS "retiredAt",
         lefts.id AS "leftDatasetId", lefts.qualified_name AS "leftName", left_source.name AS "leftSourceName",
         rights.id AS "rightDatasetId", rights.qualified_name AS "rightName", right_source.name AS "rightSourceName"
    FROM reconciliation.reconciliation
    JOIN reconciliation.version ON version.reconciliation_id = reconciliation.id
    JOIN dictionary.dataset AS lefts ON lefts.id = version.left_dataset_id
    JOIN sources.source AS left_source ON left_source.id = lefts.source_id
    JOIN dictionary.dataset AS rights ON rights.id = version.right_dataset_id
    JOIN sources.source AS right_source ON right_source.id = rights.source_id`;

const NOW = 'version.number = reconciliation.version_number';

@Injectable()
export class ReconciliationStore {
  constructor(private readonly db: DataSource) {}

  async insert(tx: Tx, name: string, at: Date): Promise<string> {
    const added = await row<{ id: string }>(
      tx,
      `INSERT INTO reconciliation.reconciliation (name, created_at) VALUES ($1, $2) RETURNING id`,
      [name, at],
    );
    return added!.id;
  }

  async putVersion(
    tx: Tx,
    id: string,
    number: number,
    { description, owner, leftDatasetId, rightDatasetId }: Omit<ReconciliationWish, 'name' | 'definition'>,
    definition: Definition,
    made: { readonly at: Date; readonly by: string },
  ): Promise<void> {
    await tx.query(
      `
      INSERT INTO reconciliation.version (reconciliation_id, number, description, owner, left_dataset_id,
                                          right_dataset_id, definition, made_at, made_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      `,
      [
        ...[id, number, description, owner, leftDatasetId, rightDatasetId, JSON.stringify(definition)],
        ...[made.at, made.by],
      ],
    );
  }

  /** Takes the next version number. Whoever changes the same one waits here. */
  async nextNumber(tx: Tx, id: string, name: string): Promise<number> {
    const [next] = await rows<{ number: number }>(
      tx,
      `
      WITH next AS (
        UPDATE reconciliation.reconciliation SET version_number = version_number + 1, name = $2 WHERE id = $1
        RETURNING version_number
      )
      SELECT version_number AS number FROM next
      `,
      [id, name],
    );
    return next!.number;
  }

  async retire(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(`UPDATE reconciliation.reconciliation SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL`, [
      id,
      at,
    ]);
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<Reconciliation> {
    const [found] = await this.ofIds([id]);
    if (!found) throw new NotFound('reconciliation', id);
    return found;
  }

  ofIds(ids: readonly string[]): Promise<Reconciliation[]> {
    return rows(this.db, `${CURRENT} WHERE ${NOW} AND reconciliation.id = ANY ($1)`, [ids]);
  }

  /** A reconciliation as it was in a version. */
  async ofVersion(versionId: string): Promise<Reconciliation> {
    const found = await row<Reconciliation>(this.db, `${CURRENT} WHERE version.id = $1`, [versionId]);
    if (!found) throw new NotFound('version of a reconciliation', versionId);
    return found;
  }

  /** By name. */
  async list(
    { datasetId, sourceId, retired = false }: ReconciliationFilter,
    { first, after }: PageRequest,
  ): Promise<Page<Reconciliation>> {
    const where = `${NOW}
      AND ($1::uuid IS NULL OR $1 IN (lefts.id, rights.id))
      AND ($2::uuid IS NULL OR $2 IN (lefts.source_id, rights.source_id))
      AND (reconciliation.retired_at IS NOT NULL) = $3`;
    const params = [datasetId ?? null, sourceId ?? null, retired];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM (${CURRENT} WHERE ${where}) AS found`,
      params,
    );
    const [name = null, id = null] = after === undefined ? [] : decodeCursor('reconciliations', after);
    const found = await rows<Reconciliation>(
      this.db,
      `
      ${CURRENT} WHERE ${where}
         AND ($4::text IS NULL OR (lower(reconciliation.name), reconciliation.id) > (lower($4), $5::uuid))
       ORDER BY lower(reconciliation.name), reconciliation.id LIMIT $6
      `,
      [...params, name, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

export const reconciliationCursor = ({ name, id }: Reconciliation): string =>
  encodeCursor('reconciliations', [name, id]);
