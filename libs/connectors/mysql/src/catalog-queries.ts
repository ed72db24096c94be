/**
 * Every statement reads a whole database: the number of statements does not grow with the number of tables. `:scope` is its name.
 * information_schema compares names without case or accents, so the rows of other databases are left out again by who reads them.
 */

/** Databases that the user may see something of. */
export const SCHEMAS = `
  SELECT SCHEMA_NAME AS name
    FROM information_schema.SCHEMATA
   WHERE LOWER(SCHEMA_NAME) NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')
   ORDER BY CAST(SCHEMA_NAME AS BINARY)
`;

export const DATASETS = `
  SELECT t.TABLE_SCHEMA AS scope,
         t.TABLE_NAME AS name,
         t.TABLE_TYPE AS type,
         t.ENGINE AS engine,
         t.CREATE_OPTIONS AS options,
         t.TABLE_ROWS AS row_estimate,
         t.TABLE_COMMENT AS comment
    FROM information_schema.TABLES AS t
   WHERE t.TABLE_SCHEMA = :scope
   ORDER BY CAST(t.TABLE_NAME AS BINARY)
`;

export const VIEWS = `
  SELECT TABLE_SCHEMA AS scope,
         TABLE_NAME AS name,
         VIEW_DEFINITION AS view_sql,
         DEFINER AS definer
    FROM information_schema.VIEWS
   WHERE TABLE_SCHEMA = :scope
`;

export const FIELDS = `
  SELECT c.TABLE_SCHEMA AS scope,
         c.TABLE_NAME AS dataset,
         c.COLUMN_NAME AS name,
         c.DATA_TYPE AS data_type,
         c.COLUMN_TYPE AS native_type,
         c.IS_NULLABLE = 'YES' AS nullable,
         c.COLUMN_DEFAULT AS default_value,
         c.CHARACTER_MAXIMUM_LENGTH AS length,
         c.NUMERIC_PRECISION AS digits,
         c.NUMERIC_SCALE AS scale,
         c.DATETIME_PRECISION AS fraction,
         c.EXTRA AS extra,
         c.GENERATION_EXPRESSION AS generated,
         c.COLUMN_COMMENT AS comment,
         FIND_IN_SET('select', c.PRIVILEGES) > 0 AS readable
    FROM information_schema.COLUMNS AS c
   WHERE c.TABLE_SCHEMA = :scope
   ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION
`;

/** Unique indexes, the primary key's among them. */
export const UNIQUE_KEYS = `
  SELECT TABLE_SCHEMA AS scope,
         TABLE_NAME AS dataset,
         INDEX_NAME AS name,
         COLUMN_NAME AS field
    FROM information_schema.STATISTICS
   WHERE TABLE_SCHEMA = :scope
     AND NON_UNIQUE = 0
   ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX
`;

export const FOREIGN_KEYS = `
  SELECT TABLE_SCHEMA AS scope,
         TABLE_NAME AS dataset,
         CONSTRAINT_NAME AS name,
         COLUMN_NAME AS field,
         REFERENCED_TABLE_SCHEMA AS ref_scope,
         REFERENCED_TABLE_NAME AS ref_dataset,
         REFERENCED_COLUMN_NAME AS ref_field
    FROM information_schema.KEY_COLUMN_USAGE
   WHERE TABLE_SCHEMA = :scope
     AND REFERENCED_TABLE_NAME IS NOT NULL
   ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION
`;

/** MariaDB stores JSON as text with this check; nothing else tells. */
export const JSON_CHECKS = `
  SELECT CONSTRAINT_SCHEMA AS scope,
         TABLE_NAME AS dataset,
         CONSTRAINT_NAME AS field,
         CHECK_CLAUSE AS clause
    FROM information_schema.CHECK_CONSTRAINTS
   WHERE CONSTRAINT_SCHEMA = :scope
     AND CHECK_CLAUSE LIKE 'json_valid(%'
`;

const ME = `
  CONCAT('''', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1),
         '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')
`;

/** Tables of which only some columns were granted: the others do not show at all. */
export const PARTLY_GRANTED = `
  SELECT DISTINCT p.TABLE_SCHEMA AS scope,
         p.TABLE_NAME AS dataset
    FROM information_schema.COLUMN_PRIVILEGES AS p
   WHERE p.TABLE_SCHEMA = :scope
     AND p.GRANTEE = ${ME}
     AND NOT EXISTS (SELECT 1
                       FROM information_schema.TABLE_PRIVILEGES AS whole
                      WHERE whole.TABLE_SCHEMA = p.TABLE_SCHEMA
                        AND whole.TABLE_NAME = p.TABLE_NAME
                        AND whole.GRANTEE = p.GRANTEE)
`;

/** `:scope` is a database, or NULL for all of them. */
export const WHO_AND_WHAT = `
  SELECT VERSION() AS version,
         CURRENT_USER() AS user,
         (SELECT COUNT(*)
            FROM information_schema.USER_PRIVILEGES
           WHERE GRANTEE = ${ME}
             AND PRIVILEGE_TYPE IN ('INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'SUPER', 'FILE')) > 0 AS mighty,
         (SELECT COUNT(*)
            FROM information_schema.SCHEMATA
           WHERE LOWER(SCHEMA_NAME) NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')
             AND (:scope IS NULL OR SCHEMA_NAME = :scope)) AS scopes,
         COUNT(*) AS datasets,
         COALESCE(SUM(readable), 0) AS readable
    FROM (SELECT t.TABLE_NAME,
                 MAX(FIND_IN_SET('select', c.PRIVILEGES) > 0) AS readable
            FROM information_schema.TABLES AS t
            LEFT JOIN information_schema.COLUMNS AS c
              ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
           WHERE LOWER(t.TABLE_SCHEMA) NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys')
             AND t.TABLE_TYPE <> 'SEQUENCE'
             AND (:scope IS NULL OR t.TABLE_SCHEMA = :scope)
           GROUP BY t.TABLE_SCHEMA, t.TABLE_NAME) AS seen
`;
