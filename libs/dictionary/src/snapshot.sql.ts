/** What is to be done with each dataset of the source, for the length of a transaction. */
export const DIFFERENCE_TABLE = `
  CREATE TEMP TABLE snapshot_difference (
    dataset_id uuid PRIMARY KEY,
    is_new boolean NOT NULL,
    qualified_name text NOT NULL,
    digest text,
    outcome text NOT NULL
  ) ON COMMIT DROP
`;

/** $1 snapshot, $2 source, $3 scopes that are gone. */
export const COMPARE = `
  INSERT INTO snapshot_difference (dataset_id, is_new, qualified_name, digest, outcome)
  SELECT coalesce(known.id, uuidv7()),
         known.id IS NULL,
         coalesce(staged.qualified_name, known.qualified_name),
         staged.digest,
         CASE
           WHEN staged.digest IS NULL THEN 'vanished'
           WHEN known.current_version_id IS NULL THEN 'added'
           WHEN version.digest = staged.digest THEN 'unchanged'
           ELSE 'changed'
         END
    FROM (SELECT * FROM dictionary.staged_dataset WHERE snapshot_id = $1) AS staged
    FULL JOIN (SELECT *
                 FROM dictionary.dataset
                WHERE source_id = $2
                  AND (scope = ANY($3)
                       OR qualified_name IN (SELECT qualified_name FROM dictionary.staged_dataset WHERE snapshot_id = $1))
              ) AS known
      ON known.qualified_name = staged.qualified_name
    LEFT JOIN dictionary.schema_version AS version ON version.id = known.current_version_id
   WHERE staged.digest IS NOT NULL OR known.current_version_id IS NOT NULL
`;

/** The staged content of what has a new version. */
const NEWLY_READ = `
  snapshot_difference AS difference
  JOIN dictionary.staged_dataset AS staged
    ON staged.snapshot_id = $1 AND staged.qualified_name = difference.qualified_name
   AND difference.outcome IN ('added', 'changed')
`;

/** A statement, and which values it takes. */
export interface KeepStatement {
  readonly params: readonly ('snapshot' | 'source' | 'at')[];
  readonly sql: string;
}

/** The statements that write the difference, in their order. */
export const KEEP: readonly KeepStatement[] = [
  {
    params: ['snapshot', 'source', 'at'],
    sql: `
      INSERT INTO dictionary.dataset (id, source_id, scope, name, qualified_name, created_at)
      SELECT difference.dataset_id, $2::uuid, staged.scope, staged.name, staged.qualified_name, $3::timestamptz
        FROM ${NEWLY_READ}
       WHERE difference.is_new
    `,
  },
  {
    // A connector may have learnt to tell scopes apart better; the name in the namespace is what counts.
    params: ['snapshot', 'source'],
    sql: `
      UPDATE dictionary.dataset
         SET scope = staged.scope, name = staged.name
        FROM dictionary.staged_dataset AS staged
       WHERE staged.snapshot_id = $1
         AND dataset.source_id = $2
         AND dataset.qualified_name = staged.qualified_name
         AND staged.digest IS NOT NULL
         AND (dataset.scope, dataset.name) IS DISTINCT FROM (staged.scope, staged.name)
    `,
  },
  {
    params: ['snapshot'],
    sql: `
      INSERT INTO dictionary.field (dataset_id, name)
      SELECT difference.dataset_id, field.name
        FROM ${NEWLY_READ}
       CROSS JOIN LATERAL jsonb_to_recordset(staged.content -> 'fields') AS field (name text)
      ON CONFLICT (dataset_id, name) DO NOTHING
    `,
  },
  {
    params: ['snapshot'],
    sql: `
      INSERT INTO dictionary.schema_version (dataset_id, digest, kind, comment, view_sql, owner, keys, foreign_of, checks,
                                             indexes, partition_key)
      SELECT difference.dataset_id, staged.digest, staged.content ->> 'kind', staged.content ->> 'comment',
             staged.content ->> 'viewSql', staged.content ->> 'owner', staged.content -> 'keys',
             staged.content -> 'foreignOf', staged.content -> 'checks', staged.content -> 'indexes',
             staged.content #>> '{partitions,key}'
        FROM ${NEWLY_READ}
      ON CONFLICT (dataset_id, digest) DO NOTHING
    `,
  },
  {
    params: ['snapshot'],
    sql: `
      INSERT INTO dictionary.field_version (version_id, field_id, ordinal, native_type, type_family, length, precision,
                                            scale, nullable, default_expression, generated, comment)
      SELECT version.id, field.id, seen.ordinal, seen."nativeType", seen."typeFamily", seen.length, seen.precision,
             seen.scale, seen.nullable, seen."defaultExpression", seen.generated, seen.comment
        FROM ${NEWLY_READ}
        JOIN dictionary.schema_version AS version
          ON version.dataset_id = difference.dataset_id AND version.digest = difference.digest
       CROSS JOIN LATERAL jsonb_to_recordset(staged.content -> 'fields')
          AS seen (name text, ordinal integer, "nativeType" text, "typeFamily" text, length integer, precision integer,
                   scale integer, nullable boolean, "defaultExpression" text, generated text, comment text)
        JOIN dictionary.field ON field.dataset_id = difference.dataset_id AND field.name = seen.name
      ON CONFLICT (version_id, field_id) DO NOTHING
    `,
  },
  {
    params: ['at'],
    sql: `
      UPDATE dictionary.schema_validity AS validity
         SET recorded_to = $1
        FROM snapshot_difference AS difference
       WHERE difference.outcome IN ('changed', 'vanished')
         AND validity.dataset_id = difference.dataset_id
         AND validity.valid_to = 'infinity'
         AND validity.recorded_to = 'infinity'
    `,
  },
  {
    params: ['at', 'snapshot'],
    sql: `
      INSERT INTO dictionary.schema_validity (dataset_id, version_id, run_id, valid_from, valid_to, recorded_from)
      SELECT validity.dataset_id, validity.version_id, $2::uuid, validity.valid_from, $1::timestamptz, $1::timestamptz
        FROM dictionary.schema_validity AS validity
        JOIN snapshot_difference AS difference ON difference.dataset_id = validity.dataset_id
       WHERE difference.outcome IN ('changed', 'vanished')
         AND validity.valid_to = 'infinity'
         AND validity.recorded_to = $1
    `,
  },
  {
    params: ['at', 'snapshot'],
    sql: `
      INSERT INTO dictionary.schema_validity (dataset_id, version_id, run_id, valid_from, recorded_from)
      SELECT difference.dataset_id, version.id, $2::uuid, $1::timestamptz, $1::timestamptz
        FROM snapshot_difference AS difference
        JOIN dictionary.schema_version AS version
          ON version.dataset_id = difference.dataset_id AND version.digest = difference.digest
       WHERE difference.outcome IN ('added', 'changed')
    `,
  },
  {
    params: [],
    sql: `
      UPDATE dictionary.dataset
         SET current_version_id = version.id
        FROM snapshot_difference AS difference
        LEFT JOIN dictionary.schema_version AS version
          ON version.dataset_id = difference.dataset_id AND version.digest = difference.digest
       WHERE difference.outcome <> 'unchanged'
         AND dataset.id = difference.dataset_id
    `,
  },
  {
    // A size is no part of the schema: it is written where it differs, and makes no version. What a source tells no more stays.
    params: ['snapshot', 'at'],
    sql: `
      INSERT INTO dictionary.dataset_size AS size (dataset_id, row_estimate, size_bytes, partition_count, altered_at, read_at)
      SELECT difference.dataset_id, round((staged.content ->> 'rowEstimate')::numeric)::bigint,
             round((staged.content ->> 'sizeBytes')::numeric)::bigint, (staged.content #>> '{partitions,count}')::integer,
             (staged.content ->> 'alteredAt')::timestamptz, $2::timestamptz
        FROM snapshot_difference AS difference
        JOIN dictionary.staged_dataset AS staged
          ON staged.snapshot_id = $1 AND staged.qualified_name = difference.qualified_name
       WHERE staged.content ?| ARRAY['rowEstimate', 'sizeBytes', 'partitions', 'alteredAt']
      ON CONFLICT (dataset_id) DO UPDATE
        SET row_estimate = coalesce(excluded.row_estimate, size.row_estimate),
            size_bytes = coalesce(excluded.size_bytes, size.size_bytes),
            partition_count = coalesce(excluded.partition_count, size.partition_count),
            altered_at = coalesce(excluded.altered_at, size.altered_at),
            read_at = excluded.read_at
      WHERE (size.row_estimate, size.size_bytes, size.partition_count, size.altered_at)
            IS DISTINCT FROM (coalesce(excluded.row_estimate, size.row_estimate),
                              coalesce(excluded.size_bytes, size.size_bytes),
                              coalesce(excluded.partition_count, size.partition_count),
                              coalesce(excluded.altered_at, size.altered_at))
    `,
  },
  {
    params: ['snapshot', 'at'],
    sql: `
      INSERT INTO dictionary.dataset_constraints AS kept (dataset_id, constraints, digest, read_at)
      SELECT difference.dataset_id, coalesce(staged.content -> 'constraints', '[]'), staged.content ->> 'constraintsDigest',
             $2::timestamptz
        FROM snapshot_difference AS difference
        JOIN dictionary.staged_dataset AS staged
          ON staged.snapshot_id = $1 AND staged.qualified_name = difference.qualified_name
      ON CONFLICT (dataset_id) DO UPDATE
        SET constraints = excluded.constraints, digest = excluded.digest, read_at = excluded.read_at
      WHERE (kept.constraints, kept.digest) IS DISTINCT FROM (excluded.constraints, excluded.digest)
    `,
  },
  {
    params: [],
    sql: `
      DELETE FROM dictionary.search_document AS document
       USING snapshot_difference AS difference
       WHERE difference.outcome IN ('changed', 'vanished')
         AND document.dataset_id = difference.dataset_id
    `,
  },
  {
    params: [],
    sql: `
      INSERT INTO dictionary.search_document (asset_id, dataset_id, field_id, name, business_name, path, body)
      SELECT source.*
        FROM dictionary.search_source AS source
        JOIN snapshot_difference AS difference ON difference.dataset_id = source.dataset_id
       WHERE difference.outcome IN ('added', 'changed')
    `,
  },
];
