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
    // In one statement, so that what was staged is taken apart once. A version that was there before has its fields.
    params: ['snapshot'],
    sql: `
      WITH version AS (
        INSERT INTO dictionary.schema_version (dataset_id, digest, kind, comment, view_sql, owner, keys, foreign_of, checks,
                                               indexes, partition_key)
        SELECT difference.dataset_id, staged.digest, said.kind, said.comment, said."viewSql", said.owner, said.keys,
               said."foreignOf", said.checks, said.indexes, said.partitions ->> 'key'
          FROM ${NEWLY_READ}
         CROSS JOIN LATERAL jsonb_to_record(staged.content)
            AS said (kind text, comment text, "viewSql" text, owner text, keys jsonb, "foreignOf" jsonb, checks jsonb,
                     indexes jsonb, partitions jsonb)
        ON CONFLICT (dataset_id, digest) DO NOTHING
        RETURNING id, dataset_id
      ),
      seen AS MATERIALIZED (
        SELECT version.id AS version_id, version.dataset_id, known.id IS NULL AS is_new, coalesce(known.id, uuidv7()) AS field_id,
               field.*
          FROM version
          JOIN snapshot_difference AS difference ON difference.dataset_id = version.dataset_id
          JOIN dictionary.staged_dataset AS staged
            ON staged.snapshot_id = $1 AND staged.qualified_name = difference.qualified_name
         CROSS JOIN LATERAL jsonb_to_recordset(staged.content -> 'fields')
            AS field (name text, ordinal integer, "nativeType" text, "typeFamily" text, length integer, precision integer,
                      scale integer, nullable boolean, "defaultExpression" text, generated text, comment text)
          LEFT JOIN dictionary.field AS known
            ON known.dataset_id = difference.dataset_id AND known.name = field.name AND NOT difference.is_new
      ),
      new_field AS (
        INSERT INTO dictionary.field (id, dataset_id, name)
        SELECT field_id, dataset_id, name FROM seen WHERE is_new
      )
      INSERT INTO dictionary.field_version (version_id, field_id, ordinal, native_type, type_family, length, precision,
                                            scale, nullable, default_expression, generated, comment)
      SELECT version_id, field_id, ordinal, "nativeType", "typeFamily", length, precision, scale, nullable,
             "defaultExpression", generated, comment
        FROM seen
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
];
