import { Injectable } from '@nestjs/common';
import { type HarvestedConstraint, type HarvestedKey, type TypeFamily } from '#core/connector-kit';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

export interface FieldFact {
  readonly id: string;
  readonly name: string;
  readonly typeFamily: TypeFamily;
  readonly nativeType: string;
  /** Its own, or else its dataset's. */
  readonly securityLevel: string | null;
}

/** A dataset as the catalog knows it now. */
export interface DatasetFact {
  readonly id: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly sourceKind: string;
  readonly scope: string;
  readonly name: string;
  readonly qualifiedName: string;
  /** The source still has it, as far as the latest harvest knows. */
  readonly present: boolean;
  readonly keys: readonly HarvestedKey[];
  /** What else the source keeps true of every row. */
  readonly constraints: readonly HarvestedConstraint[];
  /** The harvest that last read the dataset's scope to its end; what the source vouches for is as of then. */
  readonly harvest: { readonly id: string; readonly at: string } | null;
  readonly fields: readonly FieldFact[];
  /** Names of fields that it has or had, by id. */
  readonly fieldNames: Readonly<Record<string, string>>;
}

/** What rules are bound to: datasets and their fields, many in one statement. */
@Injectable()
export class DatasetFacts {
  constructor(private readonly db: DataSource) {}

  /** Datasets that are or were there, by id. */
  async ofIds(ids: readonly string[]): Promise<ReadonlyMap<string, DatasetFact>> {
    const found = await rows<DatasetFact>(
      this.db,
      `
      SELECT dataset.id, dataset.source_id AS "sourceId", source.name AS "sourceName", source.kind AS "sourceKind",
             dataset.scope, dataset.name, dataset.qualified_name AS "qualifiedName",
             source.removed_at IS NULL AND version.id IS NOT NULL AS present,
             coalesce(version.keys, '[]') AS keys, coalesce(kept.constraints, '[]') AS constraints,
             harvest.seen AS harvest, coalesce(field.facts, '[]') AS fields, coalesce(field.names, '{}') AS "fieldNames"
        FROM dictionary.dataset
        JOIN sources.source ON source.id = dataset.source_id
        LEFT JOIN dictionary.schema_version AS version ON version.id = dataset.current_version_id
        LEFT JOIN dictionary.entry AS dataset_entry ON dataset_entry.dataset_id = dataset.id
        LEFT JOIN dictionary.dataset_constraints AS kept ON kept.dataset_id = dataset.id
        LEFT JOIN LATERAL (
               SELECT jsonb_build_object('id', run.id, 'at', to_char(run.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) AS seen
                 FROM harvest.run
                 JOIN harvest.scope ON scope.run_id = run.id AND scope.name = dataset.scope AND scope.complete
                WHERE run.source_id = dataset.source_id AND run.state IN ('succeeded', 'partial')
                ORDER BY run.requested_at DESC, run.id DESC
                LIMIT 1
             ) AS harvest ON true
        LEFT JOIN LATERAL (
               SELECT jsonb_object_agg(field.id, field.name) AS names,
                      jsonb_agg(
                        jsonb_build_object(
                          'id', field.id, 'name', field.name, 'typeFamily', now.type_family, 'nativeType', now.native_type,
                          'securityLevel', coalesce(entry.security_level, dataset_entry.security_level)
                        ) ORDER BY now.ordinal
                      ) FILTER (WHERE now.field_id IS NOT NULL) AS facts
                 FROM dictionary.field
                 LEFT JOIN dictionary.field_version AS now
                   ON now.field_id = field.id AND now.version_id = dataset.current_version_id
                 LEFT JOIN dictionary.entry ON entry.field_id = field.id
                WHERE field.dataset_id = dataset.id
             ) AS field ON true
       WHERE dataset.id = ANY ($1)
      `,
      [[...new Set(ids)]],
    );
    return new Map(found.map((dataset) => [dataset.id, dataset]));
  }
}
