import { type KeepStatement } from './snapshot.sql.js';

/** What is to be done with each routine of the source, for the length of a transaction. As for datasets. */
export const ROUTINE_DIFFERENCE_TABLE = `
  CREATE TEMP TABLE routine_difference (
    routine_id uuid PRIMARY KEY,
    is_new boolean NOT NULL,
    qualified_name text NOT NULL,
    digest text,
    outcome text NOT NULL
  ) ON COMMIT DROP
`;

/** $1 snapshot, $2 source, $3 scopes that are gone. */
export const COMPARE_ROUTINES = `
  INSERT INTO routine_difference (routine_id, is_new, qualified_name, digest, outcome)
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
    FROM (SELECT * FROM dictionary.staged_routine WHERE snapshot_id = $1) AS staged
    FULL JOIN (SELECT *
                 FROM dictionary.routine
                WHERE source_id = $2
                  AND (scope = ANY($3)
                       OR qualified_name IN (SELECT qualified_name FROM dictionary.staged_routine WHERE snapshot_id = $1))
              ) AS known
      ON known.qualified_name = staged.qualified_name
    LEFT JOIN dictionary.routine_version AS version ON version.id = known.current_version_id
   WHERE staged.digest IS NOT NULL OR known.current_version_id IS NOT NULL
`;

const NEWLY_READ = `
  routine_difference AS difference
  JOIN dictionary.staged_routine AS staged
    ON staged.snapshot_id = $1 AND staged.qualified_name = difference.qualified_name
   AND difference.outcome IN ('added', 'changed')
`;

/** The statements that write the difference, in their order. */
export const KEEP_ROUTINES: readonly KeepStatement[] = [
  {
    params: ['snapshot', 'source', 'at'],
    sql: `
      INSERT INTO dictionary.routine (id, source_id, scope, name, qualified_name, created_at)
      SELECT difference.routine_id, $2::uuid, staged.scope, staged.name, staged.qualified_name, $3::timestamptz
        FROM ${NEWLY_READ}
       WHERE difference.is_new
    `,
  },
  {
    // When it was altered is no part of a version: a definition written again as it was is no other one.
    params: ['snapshot', 'source'],
    sql: `
      UPDATE dictionary.routine
         SET scope = staged.scope, name = staged.name,
             altered_at = coalesce((staged.content ->> 'alteredAt')::timestamptz, routine.altered_at)
        FROM dictionary.staged_routine AS staged
       WHERE staged.snapshot_id = $1
         AND routine.source_id = $2
         AND routine.qualified_name = staged.qualified_name
         AND staged.digest IS NOT NULL
         AND (routine.scope, routine.name, routine.altered_at)
             IS DISTINCT FROM (staged.scope, staged.name,
                               coalesce((staged.content ->> 'alteredAt')::timestamptz, routine.altered_at))
    `,
  },
  {
    params: ['snapshot'],
    sql: `
      INSERT INTO dictionary.routine_version (routine_id, digest, kind, language, arguments, returns, body, triggers, search_path, comment, owner)
      SELECT difference.routine_id, staged.digest, staged.content ->> 'kind', staged.content ->> 'language',
             staged.content ->> 'arguments', staged.content ->> 'returns', staged.content ->> 'body',
             staged.content -> 'triggers', staged.content ->> 'searchPath',
             staged.content ->> 'comment', staged.content ->> 'owner'
        FROM ${NEWLY_READ}
      ON CONFLICT (routine_id, digest) DO NOTHING
    `,
  },
  {
    params: ['at'],
    sql: `
      UPDATE dictionary.routine_validity AS validity
         SET recorded_to = $1
        FROM routine_difference AS difference
       WHERE difference.outcome IN ('changed', 'vanished')
         AND validity.routine_id = difference.routine_id
         AND validity.valid_to = 'infinity'
         AND validity.recorded_to = 'infinity'
    `,
  },
  {
    params: ['at', 'snapshot'],
    sql: `
      INSERT INTO dictionary.routine_validity (routine_id, version_id, run_id, valid_from, valid_to, recorded_from)
      SELECT validity.routine_id, validity.version_id, $2::uuid, validity.valid_from, $1::timestamptz, $1::timestamptz
        FROM dictionary.routine_validity AS validity
        JOIN routine_difference AS difference ON difference.routine_id = validity.routine_id
       WHERE difference.outcome IN ('changed', 'vanished')
         AND validity.valid_to = 'infinity'
         AND validity.recorded_to = $1
    `,
  },
  {
    params: ['at', 'snapshot'],
    sql: `
      INSERT INTO dictionary.routine_validity (routine_id, version_id, run_id, valid_from, recorded_from)
      SELECT difference.routine_id, version.id, $2::uuid, $1::timestamptz, $1::timestamptz
        FROM routine_difference AS difference
        JOIN dictionary.routine_version AS version
          ON version.routine_id = difference.routine_id AND version.digest = difference.digest
       WHERE difference.outcome IN ('added', 'changed')
    `,
  },
  {
    params: [],
    sql: `
      UPDATE dictionary.routine
         SET current_version_id = version.id
        FROM routine_difference AS difference
        LEFT JOIN dictionary.routine_version AS version
          ON version.routine_id = difference.routine_id AND version.digest = difference.digest
       WHERE difference.outcome <> 'unchanged'
         AND routine.id = difference.routine_id
    `,
  },
];
