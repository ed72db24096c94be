import { Injectable } from '@nestjs/common';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { ENTRY_ORIGINS, type SecurityLevel } from './entry.entity.js';

/** Who a level comes from. Proposal: a person accepted what a detector proposed. */
export const LEVEL_ORIGINS = [...ENTRY_ORIGINS, 'proposal'] as const;
export type LevelOrigin = (typeof LEVEL_ORIGINS)[number];

/** The security level that counts for a dataset or a field, and who set it. */
export interface EffectiveLevel {
  /** Of the dataset or field that was asked for. */
  readonly assetId: string;
  readonly level: SecurityLevel;
  readonly origin: LevelOrigin;
  readonly setBy: string;
  readonly setAt: Date;
  /** The field of which it is said; null: it is said of the dataset as a whole. */
  readonly fieldId: string | null;
}

const LEVEL = `said.level, said.origin, said.set_by AS "setBy", said.set_at AS "setAt", said.field_id AS "fieldId"`;

/** Which security level counts where. */
@Injectable()
export class Levels {
  constructor(private readonly db: DataSource) {}

  /** A dataset's level is the highest of its own and its fields'. Those without any are left out. */
  ofDatasets(ids: readonly string[]): Promise<EffectiveLevel[]> {
    return rows(
      this.db,
      `
      SELECT DISTINCT ON (said.dataset_id) said.dataset_id AS "assetId", ${LEVEL}
        FROM dictionary.stated_level AS said
       WHERE said.dataset_id = ANY($1)
       ORDER BY said.dataset_id, said.level DESC, said.field_id NULLS FIRST
      `,
      [ids],
    );
  }

  /** A field's level is its own, or else what is said of its dataset as a whole. Those without any are left out. */
  ofFields(ids: readonly string[]): Promise<EffectiveLevel[]> {
    return rows(
      this.db,
      `
      SELECT DISTINCT ON (field.id) field.id AS "assetId", ${LEVEL}
        FROM dictionary.field
        JOIN dictionary.stated_level AS said
          ON said.field_id = field.id OR (said.dataset_id = field.dataset_id AND said.field_id IS NULL)
       WHERE field.id = ANY($1)
       ORDER BY field.id, said.field_id NULLS LAST
      `,
      [ids],
    );
  }
}
