import { Injectable } from '@nestjs/common';
import {
  type DatasetKind,
  type ForeignTable,
  type HarvestedCheck,
  type HarvestedIndex,
  type HarvestedKey,
} from '#core/connector-kit';
import { type AssetName, decodeCursor, encodeCursor, NotFound, type Page, type PageRequest, urnOf } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { AmbiguousAsset } from './dictionary.errors.js';
import { likePattern } from './like.js';
import { type SecurityLevel } from './entry.entity.js';

/** A dataset as it is now or, when the source has it no more, as it was last. */
export interface DatasetRow {
  readonly id: string;
  readonly sourceId: string;
  readonly namespace: string;
  readonly scope: string;
  readonly name: string;
  readonly qualifiedName: string;
  readonly kind: DatasetKind;
  readonly comment: string | null;
  readonly viewSql: string | null;
  /** The account that owns it in the source. */
  readonly owner: string | null;
  readonly keys: readonly HarvestedKey[];
  readonly foreignOf: ForeignTable | null;
  /** null: the source does not tell. */
  readonly checks: readonly HarvestedCheck[] | null;
  readonly indexes: readonly HarvestedIndex[] | null;
  readonly partitionKey: string | null;
  readonly rowEstimate: number | null;
  readonly sizeBytes: number | null;
  readonly partitionCount: number | null;
  /** When the source last changed its definition; for a file, when it was last written. */
  readonly alteredAt: Date | null;
  readonly present: boolean;
  readonly createdAt: Date;
}

export interface DatasetFilter {
  readonly sourceId?: string;
  readonly scope?: string;
  readonly kind?: DatasetKind;
  /** Part of the technical name, in any case. */
  readonly nameContains?: string;
  readonly tag?: string;
  /** Owner in the dictionary. */
  readonly owner?: string;
  /** The level that counts: the highest of its own and its fields'. */
  readonly securityLevel?: SecurityLevel;
  /** Whether it has a business name or a definition. */
  readonly described?: boolean;
  /** false: also those that the source has no more. */
  readonly presentOnly?: boolean;
}

const DATASET = `
  SELECT dataset.id, dataset.source_id AS "sourceId", dataset.namespace, dataset.scope, dataset.name,
         dataset.qualified_name AS "qualifiedName", dataset.kind, dataset.comment, dataset.view_sql AS "viewSql",
         dataset.owner, dataset.keys, dataset.foreign_of AS "foreignOf", dataset.checks, dataset.indexes,
         dataset.partition_key AS "partitionKey", size.row_estimate::float8 AS "rowEstimate",
         size.size_bytes::float8 AS "sizeBytes", size.partition_count AS "partitionCount", size.altered_at AS "alteredAt",
         dataset.present, dataset.created_at AS "createdAt"
    FROM dictionary.known_dataset AS dataset
    LEFT JOIN dictionary.dataset_size AS size ON size.dataset_id = dataset.id
`;

/** Reads datasets. */
@Injectable()
export class Datasets {
  constructor(private readonly db: DataSource) {}

  /** @throws {NotFound} */
  async get(id: string): Promise<DatasetRow> {
    const [found] = await this.ofIds([id]);
    if (!found) throw new NotFound('dataset', id);
    return found;
  }

  ofIds(ids: readonly string[]): Promise<DatasetRow[]> {
    return rows(this.db, `${DATASET} WHERE dataset.id = ANY($1)`, [ids]);
  }

  /**
   * The dataset of a name, in any source or in one. Two sources can be two ways into one server: a source that has the dataset now comes
   * before one that had it, and one that is registered before one that was removed.
   * @throws {AmbiguousAsset} where that leaves several.
   */
  async byName({ namespace, name }: AssetName, sourceId?: string): Promise<DatasetRow | undefined> {
    const found = await rows<DatasetRow & { readonly sourceName: string; readonly rank: number }>(
      this.db,
      `
      SELECT named.*, source.name AS "sourceName",
             CASE WHEN source.removed_at IS NOT NULL THEN 2 WHEN named.present THEN 0 ELSE 1 END AS rank
        FROM (${DATASET} WHERE dataset.qualified_name = $2) AS named
        JOIN sources.source ON source.id = named."sourceId"
       WHERE source.namespace = $1
         AND ($3::uuid IS NULL OR source.id = $3::uuid)
       ORDER BY rank, source.name
      `,
      [namespace, name, sourceId ?? null],
    );
    const best = found.filter(({ rank }) => rank === found[0]?.rank);
    if (best.length > 1)
      throw new AmbiguousAsset(
        urnOf({ namespace, name }),
        best.map(({ sourceName }) => sourceName),
      );
    return best[0];
  }

  /** By qualified name. */
  async list(filter: DatasetFilter, { first, after }: PageRequest): Promise<Page<DatasetRow>> {
    const { where, params } = conditionsOf(filter);
    const joined = 'LEFT JOIN dictionary.entry ON entry.dataset_id = dataset.id';
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM dictionary.known_dataset AS dataset ${joined} WHERE ${where}`,
      params,
    );
    const beyond = after === undefined ? [] : decodeCursor('datasets', after);
    const found = await rows<DatasetRow>(
      this.db,
      `
      ${DATASET} ${joined}
       WHERE ${where}
         ${after === undefined ? '' : `AND (dataset.qualified_name, dataset.id) > ($${params.length + 1}::text, $${params.length + 2}::uuid)`}
       ORDER BY dataset.qualified_name, dataset.id
       LIMIT ${first + 1}
      `,
      [...params, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** The scopes of a source that have datasets now, by name. */
  async scopesOf(sourceId: string): Promise<{ scope: string; datasets: number }[]> {
    return rows(
      this.db,
      `
      SELECT scope, count(*)::int AS datasets
        FROM dictionary.dataset
       WHERE source_id = $1 AND current_version_id IS NOT NULL
       GROUP BY scope
       ORDER BY scope
      `,
      [sourceId],
    );
  }
}

/** The sort key of {@link Datasets.list}, as a cursor. */
export const datasetCursor = ({ qualifiedName, id }: DatasetRow): string =>
  encodeCursor('datasets', [qualifiedName, id]);

function conditionsOf(filter: DatasetFilter): { where: string; params: unknown[] } {
  const params: unknown[] = [];
  const place = (value: unknown) => `$${params.push(value)}`;
  const conditions = ['true'];
  const { sourceId, scope, kind, nameContains, tag, owner, securityLevel, described, presentOnly = true } = filter;
  if (presentOnly) conditions.push('dataset.present');
  if (sourceId !== undefined) conditions.push(`dataset.source_id = ${place(sourceId)}`);
  if (scope !== undefined) conditions.push(`dataset.scope = ${place(scope)}`);
  if (kind !== undefined) conditions.push(`dataset.kind = ${place(kind)}`);
  if (nameContains !== undefined)
    conditions.push(`lower(dataset.name) LIKE lower(${place(likePattern(nameContains))})`);
  if (tag !== undefined) conditions.push(`entry.tags @> ARRAY[${place(tag)}::text]`);
  if (owner !== undefined) conditions.push(`entry.owner = ${place(owner)}`);
  if (securityLevel !== undefined)
    conditions.push(`dataset.id IN (
      SELECT dataset_id FROM dictionary.stated_level GROUP BY dataset_id HAVING max(level) = ${place(securityLevel)}
    )`);
  if (described !== undefined)
    conditions.push(`${described ? '' : 'NOT '}coalesce(entry.business_name <> '' OR entry.definition <> '', false)`);
  return { where: conditions.join(' AND '), params };
}
