import { Injectable } from '@nestjs/common';
import {
  type DatasetKind,
  type ForeignTable,
  type HarvestedCheck,
  type HarvestedIndex,
  type HarvestedKey,
} from '#core/connector-kit';
import { Clock, decodeCursor, encodeCursor, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { FIELD_FACTS, type FieldFacts } from './fields.js';
import { diffSchemas, type SchemaDiff } from './schema-diff.js';

/** A schema of a dataset with the times when it was true and when we held it to be so. */
export interface SchemaVersionRow {
  /** Of the row with the times: one schema may have been true twice. */
  readonly id: string;
  readonly datasetId: string;
  /** Of the content. */
  readonly versionId: string;
  readonly digest: string;
  readonly kind: DatasetKind;
  readonly comment: string | null;
  readonly viewSql: string | null;
  readonly owner: string | null;
  readonly keys: readonly HarvestedKey[];
  readonly foreignOf: ForeignTable | null;
  /** null: the source does not tell. */
  readonly checks: readonly HarvestedCheck[] | null;
  readonly indexes: readonly HarvestedIndex[] | null;
  readonly partitionKey: string | null;
  readonly runId: string | null;
  readonly validFrom: Date;
  /** null: still true. */
  readonly validTo: Date | null;
  readonly recordedFrom: Date;
  /** null: still held to be so. */
  readonly recordedTo: Date | null;
}

/** A dataset that was not at one time what it was at another. */
export interface SchemaChangeRow {
  readonly datasetId: string;
  readonly qualifiedName: string;
  /** The schema versions; null: it was not there. */
  readonly beforeId: string | null;
  readonly afterId: string | null;
}

export interface SchemaFieldRow extends FieldFacts {
  readonly versionId: string;
  readonly fieldId: string;
}

const VERSION = `
  SELECT validity.id, validity.dataset_id AS "datasetId", validity.version_id AS "versionId", version.digest,
         version.kind, version.comment, version.view_sql AS "viewSql", version.owner, version.keys,
         version.foreign_of AS "foreignOf", version.checks, version.indexes,
         version.partition_key AS "partitionKey", validity.run_id AS "runId", validity.valid_from AS "validFrom",
         nullif(validity.valid_to, 'infinity') AS "validTo", validity.recorded_from AS "recordedFrom",
         nullif(validity.recorded_to, 'infinity') AS "recordedTo"
    FROM dictionary.schema_validity AS validity
    JOIN dictionary.schema_version AS version ON version.id = validity.version_id
`;

/** What schemas datasets had, when, and since when we know. */
@Injectable()
export class SchemaHistory {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Of each dataset what we hold to be so now, newest first; with `superseded` also what we once held to be so. */
  ofDatasets(datasetIds: readonly string[], superseded: boolean): Promise<SchemaVersionRow[]> {
    return rows(
      this.db,
      `
      ${VERSION}
       WHERE validity.dataset_id = ANY($1)
         AND ($2 OR validity.recorded_to = 'infinity')
       ORDER BY validity.dataset_id, validity.valid_from DESC, validity.recorded_from DESC
      `,
      [datasetIds, superseded],
    );
  }

  /** The schema a dataset had at a time, as we knew it at a time; both are now when not said. */
  asOf(datasetId: string, validAt?: Date, knownAt?: Date): Promise<SchemaVersionRow | undefined> {
    const now = this.clock.now();
    return row(
      this.db,
      `
      ${VERSION}
       WHERE validity.dataset_id = $1
         AND validity.valid_from <= $2 AND $2 < validity.valid_to
         AND validity.recorded_from <= $3 AND $3 < validity.recorded_to
      `,
      [datasetId, validAt ?? now, knownAt ?? now],
    );
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<SchemaVersionRow> {
    const found = await row<SchemaVersionRow>(this.db, `${VERSION} WHERE validity.id = $1`, [id]);
    if (!found) throw new NotFound('schema version', id);
    return found;
  }

  /** The fields of some versions, by their place. */
  fieldsOf(versionIds: readonly string[]): Promise<SchemaFieldRow[]> {
    return rows(
      this.db,
      `
      SELECT version.version_id AS "versionId", version.field_id AS "fieldId", ${FIELD_FACTS}
        FROM dictionary.field_version AS version
        JOIN dictionary.field ON field.id = version.field_id
       WHERE version.version_id = ANY($1)
       ORDER BY version.version_id, version.ordinal
      `,
      [versionIds],
    );
  }

  /** The datasets of a source that were not at one time what they were at another, as we know it now; by name. @throws {NotFound} */
  async between(sourceId: string, from: Date, to: Date, { first, after }: PageRequest): Promise<Page<SchemaChangeRow>> {
    const differing = `
        FROM dictionary.dataset
        LEFT JOIN dictionary.schema_validity AS old
          ON old.dataset_id = dataset.id AND old.recorded_to = 'infinity' AND old.valid_from <= $2 AND $2 < old.valid_to
        LEFT JOIN dictionary.schema_validity AS new
          ON new.dataset_id = dataset.id AND new.recorded_to = 'infinity' AND new.valid_from <= $3 AND $3 < new.valid_to
       WHERE dataset.source_id = $1 AND old.version_id IS DISTINCT FROM new.version_id
    `;
    const counted = await row<{ total: number }>(this.db, `SELECT count(*)::int AS total ${differing}`, [
      ...[sourceId, from, to],
    ]);
    if (!counted?.total && !(await row(this.db, `SELECT 1 FROM sources.source WHERE id = $1`, [sourceId])))
      throw new NotFound('source', sourceId);
    const beyond = after === undefined ? [] : decodeCursor('schema-changes', after);
    const found = await rows<SchemaChangeRow>(
      this.db,
      `
      SELECT dataset.id AS "datasetId", dataset.qualified_name AS "qualifiedName", old.id AS "beforeId", new.id AS "afterId"
        ${differing} ${after === undefined ? '' : 'AND dataset.qualified_name > $4'}
       ORDER BY dataset.qualified_name
       LIMIT ${first + 1}
      `,
      [sourceId, from, to, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** What is different between two schemas of a dataset. @throws {NotFound} {@link InvalidInput} for two datasets. */
  async diff(fromId: string, toId: string): Promise<SchemaDiff> {
    const [from, to] = [await this.get(fromId), await this.get(toId)];
    if (from.datasetId !== to.datasetId)
      throw new InvalidInput('The two schema versions are of different datasets. Compare two of one dataset.');
    const [diff] = await this.diffs([{ beforeId: fromId, afterId: toId }]);
    return diff!;
  }

  /** What is different in many pairs of versions; undefined where one side is missing. Two statements in all. */
  async diffs(pairs: readonly Pick<SchemaChangeRow, 'beforeId' | 'afterId'>[]): Promise<(SchemaDiff | undefined)[]> {
    const ids = pairs.flatMap(({ beforeId, afterId }) => (beforeId && afterId ? [beforeId, afterId] : []));
    if (ids.length === 0) return pairs.map(() => undefined);
    const found = await rows<SchemaVersionRow>(this.db, `${VERSION} WHERE validity.id = ANY($1)`, [ids]);
    const fields = Map.groupBy(
      await this.fieldsOf(found.map(({ versionId }) => versionId)),
      ({ versionId }) => versionId,
    );
    const factsOf = new Map(
      found.map((version) => [version.id, { ...version, fields: fields.get(version.versionId) ?? [] }]),
    );
    return pairs.map(({ beforeId, afterId }) => {
      const [before, after] = [factsOf.get(beforeId ?? ''), factsOf.get(afterId ?? '')];
      return before && after ? diffSchemas(before, after) : undefined;
    });
  }
}

/** The sort key of {@link SchemaHistory.between}, as a cursor. */
export const schemaChangeCursor = ({ qualifiedName }: SchemaChangeRow): string =>
  encodeCursor('schema-changes', [qualifiedName]);
