/** Every statement reads a whole schema: the number of statements does not grow with the number of tables. */

/** Schemas with what the user may do in them. */
export const SCHEMAS = `
  SELECT nspname::text AS name,
         has_schema_privilege(oid, 'USAGE') AS usable
    FROM pg_catalog.pg_namespace
   WHERE nspname NOT LIKE 'pg\\_%'
     AND nspname <> 'information_schema'
   ORDER BY nspname
`;

/** $1 schema, $2 whether partitions are wanted. */
export const DATASETS = `
  SELECT c.oid::text AS id,
         c.relname::text AS name,
         c.relkind::text AS kind,
         pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
         pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
         CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END AS row_estimate,
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS view_sql,
         pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AS readable
    FROM pg_catalog.pg_class AS c
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
     AND ($2 OR NOT c.relispartition)
   ORDER BY c.relname
`;

// pg_attribute shows columns that the role may not read; information_schema hides them. A catalog must see both.
/** $1 schema, $2 whether partitions are wanted. */
export const FIELDS = `
  WITH RECURSIVE base AS (
    SELECT t.oid AS type_id, t.oid AS base_id, -1 AS modifier
      FROM pg_catalog.pg_type AS t
     WHERE t.typtype <> 'd'
     UNION ALL
    SELECT d.oid, base.base_id, CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE base.modifier END
      FROM base
      JOIN pg_catalog.pg_type AS d ON d.typtype = 'd' AND d.typbasetype = base.type_id
  )
  SELECT a.attrelid::text AS dataset_id,
         a.attname::text AS name,
         pg_catalog.format_type(a.atttypid, a.atttypmod) AS native_type,
         t.typname::text AS type_name,
         t.typtype::text AS type_type,
         t.typcategory = 'A' AS is_array,
         CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE base.modifier END AS type_modifier,
         NOT (a.attnotnull OR declared.typnotnull) AS nullable,
         CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS default_expression,
         CASE
           WHEN a.attidentity <> '' THEN 'identity'
           WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid)
         END AS generated,
         pg_catalog.col_description(a.attrelid, a.attnum) AS comment,
         a.attfdwoptions AS foreign_options
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type AS declared ON declared.oid = a.atttypid
    JOIN base ON base.type_id = a.atttypid
    JOIN pg_catalog.pg_type AS t ON t.oid = base.base_id
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
     AND ($2 OR NOT c.relispartition)
   ORDER BY a.attrelid, a.attnum
`;

/** Tables whose rows show in another one, at any distance: partitions, and children by inheritance. */
const HEIRS = `
  heir AS (
    SELECT inhparent AS root, inhrelid AS id FROM pg_catalog.pg_inherits
     UNION
    SELECT heir.root, i.inhrelid FROM heir JOIN pg_catalog.pg_inherits AS i ON i.inhparent = heir.id
  )
`;

// A key holds for the rows of a table itself, not for those of its children, which a SELECT shows as well; partitions have the key too.
const NO_CHILDREN = `(c.relkind = 'p' OR NOT EXISTS (SELECT FROM heir WHERE heir.root = c.oid))`;
// Nobody enforces what a foreign table among the heirs declares.
const NO_FOREIGN_HEIR = `
  NOT EXISTS (SELECT FROM heir JOIN pg_catalog.pg_class AS h ON h.oid = heir.id AND h.relkind = 'f' WHERE heir.root = c.oid)
`;

/**
 * Declared keys, and unique indexes that no constraint declares. An index with a condition, an expression or a build
 * that has not finished vouches for nothing; nor does a foreign key whose triggers are switched off, or one of periods. $1 schema.
 */
export const KEYS = `
  WITH RECURSIVE ${HEIRS}
  SELECT con.conrelid::text AS dataset_id,
         CASE con.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' ELSE 'foreign' END AS kind,
         con.conname::text AS name,
         con.convalidated AND ${NO_CHILDREN} AND ${NO_FOREIGN_HEIR}
           AND CASE
                 WHEN con.contype = 'f' THEN
                   -- A column of PostgreSQL 18 and later.
                   coalesce((pg_catalog.to_jsonb(con) ->> 'conperiod')::boolean, false) = false
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS t
                                    WHERE t.tgconstraint = con.oid AND t.tgenabled NOT IN ('O', 'A'))
                 -- That of a partitioned table is valid when all partitions have it.
                 ELSE EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = con.conindid AND i.indisvalid)
               END AS validated,
         (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(con.conkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = con.conrelid AND a.attnum = k.number) AS fields,
         ref_schema.nspname::text AS ref_schema,
         ref.relname::text AS ref_name,
         (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(con.confkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = con.confrelid AND a.attnum = k.number) AS ref_fields
    FROM pg_catalog.pg_constraint AS con
    JOIN pg_catalog.pg_class AS c ON c.oid = con.conrelid
    LEFT JOIN pg_catalog.pg_class AS ref ON ref.oid = con.confrelid
    LEFT JOIN pg_catalog.pg_namespace AS ref_schema ON ref_schema.oid = ref.relnamespace
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND con.contype IN ('p', 'u', 'f')
   UNION ALL
  SELECT i.indrelid::text,
         'unique',
         ix.relname::text,
         ${NO_CHILDREN} AND ${NO_FOREIGN_HEIR},
         (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
           WHERE k.place <= i.indnkeyatts),
         NULL,
         NULL,
         NULL
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS ix ON ix.oid = i.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND c.relkind IN ('r', 'p', 'm')
     AND i.indisunique AND i.indisvalid AND i.indislive
     AND i.indpred IS NULL AND i.indexprs IS NULL
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS con
                      WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u'))
   ORDER BY 1, 2, 3
`;

/**
 * Columns that never lack a value, and conditions on one column, of tables all of whose rows are checked. A domain's NOT NULL is none of
 * these: rows get past it. Since PostgreSQL 18 a NOT NULL is a constraint of its own, which may be NOT VALID or not inherited. $1 schema.
 */
export const CONSTRAINTS = `
  WITH RECURSIVE ${HEIRS}
  SELECT c.oid::text AS dataset_id,
         'not_null' AS kind,
         con.conname::text AS name,
         a.attname::text AS field,
         NULL AS quoted_field,
         NULL AS definition
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
    LEFT JOIN pg_catalog.pg_constraint AS con
      ON con.conrelid = c.oid AND con.contype = 'n' AND con.conkey = ARRAY[a.attnum]
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND c.relkind IN ('r', 'p')
     AND (con.oid IS NULL
          OR con.convalidated AND (NOT con.connoinherit OR NOT EXISTS (SELECT FROM heir WHERE heir.root = c.oid)))
     AND ${NO_FOREIGN_HEIR}
   UNION ALL
  SELECT c.oid::text,
         'check',
         con.conname::text,
         a.attname::text,
         pg_catalog.quote_ident(a.attname),
         pg_catalog.pg_get_constraintdef(con.oid)
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_constraint AS con ON con.conrelid = c.oid AND con.contype = 'c' AND con.convalidated
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND con.conkey = ARRAY[a.attnum]
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND c.relkind IN ('r', 'p')
     AND (NOT con.connoinherit OR NOT EXISTS (SELECT FROM heir WHERE heir.root = c.oid))
     AND ${NO_FOREIGN_HEIR}
   ORDER BY 1, 2, 4, 3
`;

/** Where the foreign tables of a schema come from. $1 schema. */
export const FOREIGN_TABLES = `
  SELECT ft.ftrelid::text AS dataset_id,
         w.fdwname::text AS wrapper,
         s.srvoptions AS server_options,
         ft.ftoptions AS table_options
    FROM pg_catalog.pg_foreign_table AS ft
    JOIN pg_catalog.pg_class AS c ON c.oid = ft.ftrelid
    JOIN pg_catalog.pg_foreign_server AS s ON s.oid = ft.ftserver
    JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
`;

/** $1 whether partitions are wanted. */
export const WHO_AND_WHAT = `
  SELECT current_setting('server_version') AS version,
         current_user::text AS "user",
         coalesce((SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_catalog.pg_roles
                    WHERE rolname = current_user), false) AS mighty,
         (SELECT count(*)::int FROM pg_catalog.pg_namespace
           WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema') AS schemas,
         count(*)::int AS datasets,
         count(*) FILTER (WHERE pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
                            AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))::int AS readable
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
     AND ($1 OR NOT c.relispartition)
     AND n.nspname NOT LIKE 'pg\\_%'
     AND n.nspname <> 'information_schema'
`;
