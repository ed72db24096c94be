import { Injectable } from '@nestjs/common';
import { type SqlDialect } from '#core/sql-lineage';
import { row, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { routineScript } from './routine-script.sql.js';
import { DECLARED_ORIGINS } from './script.entity.js';
import { oneAtATime } from './script.store.js';

/** How what a source declares differs from the scripts that are known of it. */
export interface DeclaredChanges {
  readonly added: number;
  readonly changed: number;
  readonly vanished: number;
}

/** Aggregates put functions together that are scripts of their own. */
const ROUTINES = ({ text, dialect }: NonNullable<ReturnType<typeof routineScript>>) => `
    UNION ALL
    SELECT NULL, routine.qualified_name, routine.scope, 'routine', ${text}, ${dialect},
           (SELECT max(validity.valid_from)
              FROM dictionary.routine_validity AS validity
             WHERE validity.routine_id = routine.id AND validity.version_id = version.id
               AND validity.valid_to = 'infinity' AND validity.recorded_to = 'infinity')
      FROM dictionary.routine
      JOIN dictionary.routine_version AS version ON version.id = routine.current_version_id
     WHERE routine.source_id = $1::uuid AND version.kind <> 'aggregate'
`;

/** The views, foreign tables and stored routines that a source has now, as scripts. $1: the source. $2: its SQL dialect. */
function declared(dialect: SqlDialect): string {
  const routines = routineScript(dialect);
  return `
  declared AS (
    SELECT dataset.id AS dataset_id, dataset.qualified_name AS name, dataset.scope AS default_schema,
           CASE WHEN dataset.foreign_of IS NULL THEN 'view' ELSE 'foreign_table' END AS origin,
           coalesce(dataset.foreign_of::text, dataset.view_sql) AS text,
           CASE WHEN dataset.foreign_of IS NULL THEN $2::text ELSE 'generic' END AS dialect,
           (SELECT max(validity.valid_from)
              FROM dictionary.schema_validity AS validity
             WHERE validity.dataset_id = dataset.id AND validity.version_id = dataset.version_id
               AND validity.valid_to = 'infinity' AND validity.recorded_to = 'infinity') AS valid_from
      FROM dictionary.current_dataset AS dataset
     WHERE dataset.source_id = $1::uuid
       AND (dataset.foreign_of IS NOT NULL
            OR (dataset.kind IN ('view', 'materialized_view') AND dataset.view_sql IS NOT NULL))
    ${routines ? ROUTINES(routines) : ''}
  ),
  known AS (
    SELECT script.id AS script_id, script.origin, script.name, script.dataset_id, version.id AS version_id, version.text,
           version.dialect, version.valid_from
      FROM lineage.script
      JOIN lineage.script_version AS version
        ON version.script_id = script.id AND version.recorded_to = 'infinity' AND version.valid_to = 'infinity'
     WHERE script.source_id = $1::uuid AND script.origin IN (${DECLARED_ORIGINS.map((origin) => `'${origin}'`).join(', ')})
  )
`;
}

/** Keeps the scripts of views, foreign tables and stored routines level with the dictionary, set by set. */
@Injectable()
export class DeclaredStore {
  constructor(private readonly db: DataSource) {}

  async changes(sourceId: string, dialect: SqlDialect): Promise<DeclaredChanges> {
    const found = await row<DeclaredChanges>(
      this.db,
      `
      WITH ${declared(dialect)}
      SELECT count(*) FILTER (WHERE known.name IS NULL)::int AS added,
             count(*) FILTER (WHERE known.text <> declared.text OR known.dialect <> declared.dialect)::int AS changed,
             count(*) FILTER (WHERE declared.name IS NULL)::int AS vanished
        FROM declared FULL JOIN known USING (origin, name)
      `,
      [sourceId, dialect],
    );
    return found ?? { added: 0, changed: 0, vanished: 0 };
  }

  /** Ends the texts that are gone or have changed, and writes the new ones. A text is true from when its schema is. */
  async follow(tx: Tx, sourceId: string, dialect: SqlDialect, at: Date): Promise<void> {
    await oneAtATime(tx, sourceId);
    await tx.query(
      `
      WITH ${declared(dialect)},
      gone AS (
        UPDATE lineage.script_version AS version
           SET recorded_to = greatest($3::timestamptz, version.recorded_from)
          FROM (
                 SELECT known.version_id, coalesce(declared.valid_from, ended.at, $3::timestamptz) AS ended_at
                   FROM known
                   LEFT JOIN declared USING (origin, name)
                   LEFT JOIN LATERAL (
                          SELECT max(past.valid_to) AS at
                            FROM (
                                   SELECT validity.valid_to
                                     FROM dictionary.schema_validity AS validity
                                    WHERE validity.dataset_id = known.dataset_id AND validity.recorded_to = 'infinity'
                                    UNION ALL
                                   SELECT validity.valid_to
                                     FROM dictionary.routine
                                     JOIN dictionary.routine_validity AS validity ON validity.routine_id = routine.id
                                    WHERE known.origin = 'routine' AND routine.source_id = $1::uuid
                                      AND routine.qualified_name = known.name AND validity.recorded_to = 'infinity'
                                 ) AS past
                           WHERE past.valid_to < 'infinity'
                        ) AS ended ON true
                  WHERE declared.name IS NULL OR known.text <> declared.text OR known.dialect <> declared.dialect
               ) AS old
         WHERE version.id = old.version_id
        RETURNING version.*, old.ended_at
      )
      INSERT INTO lineage.script_version (script_id, text, dialect, default_schema, aliases, valid_from, valid_to,
                                          recorded_from)
      SELECT script_id, text, dialect, default_schema, aliases, valid_from, ended_at, recorded_to
        FROM gone
       WHERE valid_from < ended_at
      `,
      [sourceId, dialect, at],
    );
    await tx.query(
      `
      WITH ${declared(dialect)}
      INSERT INTO lineage.script (source_id, origin, name, dataset_id, created_at)
      SELECT $1::uuid, origin, name, dataset_id, $3::timestamptz
        FROM declared
       WHERE NOT EXISTS (SELECT FROM lineage.script
                          WHERE script.source_id = $1::uuid AND script.origin = declared.origin
                            AND script.name = declared.name)
      `,
      [sourceId, dialect, at],
    );
    await tx.query(
      `
      WITH ${declared(dialect)}
      INSERT INTO lineage.script_version (script_id, text, dialect, default_schema, valid_from, recorded_from)
      SELECT script.id, declared.text, declared.dialect, declared.default_schema,
             coalesce(declared.valid_from, $3::timestamptz),
             greatest($3::timestamptz, (SELECT max(old.recorded_to) FROM lineage.script_version AS old
                                         WHERE old.script_id = script.id AND old.recorded_to < 'infinity'))
        FROM declared
        JOIN lineage.script
          ON script.source_id = $1::uuid AND script.origin = declared.origin AND script.name = declared.name
       WHERE NOT EXISTS (SELECT FROM known WHERE known.script_id = script.id)
      `,
      [sourceId, dialect, at],
    );
  }
}
