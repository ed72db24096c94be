/**
 * Every statement reads a whole database: the number of statements does not grow with the number of tables. `:scope` is its name.
 * information_schema compares names without case or accents, so the rows of other databases are left out again by who reads them.
 */

const SYSTEM = `('information_schema', 'performance_schema', 'mysql', 'sys')`;

/** Databases that the user may see something of. */
export const SCHEMAS = `
  SELECT SCHEMA_NAME AS name,
         @@lower_case_table_names AS folded
    FROM information_schema.SCHEMATA
   WHERE LOWER(SCHEMA_NAME) NOT IN ${SYSTEM}
   ORDER BY CAST(SCHEMA_NAME AS BINARY)
`;

export const DATASETS = `
  SELECT t.TABLE_SCHEMA AS scope,
         t.TABLE_NAME AS name,
         t.TABLE_TYPE AS type,
         t.ENGINE AS engine,
         t.CREATE_OPTIONS AS options,
         t.TABLE_ROWS AS row_estimate,
         t.DATA_LENGTH + t.INDEX_LENGTH AS bytes,
         t.CREATE_TIME AS made_at,
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

/** The primary key's among them. MariaDB indexes no expressions, and has no column for them. */
export const INDEXES = (isMariaDb: boolean) => `
  SELECT TABLE_SCHEMA AS scope,
         TABLE_NAME AS dataset,
         INDEX_NAME AS name,
         NON_UNIQUE = 0 AS is_unique,
         INDEX_TYPE AS kind,
         COLUMN_NAME AS field,
         ${isMariaDb ? 'NULL' : 'EXPRESSION'} AS expression
    FROM information_schema.STATISTICS
   WHERE TABLE_SCHEMA = :scope
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

/**
 * MariaDB names the table beside the check, and vouches for none: rows that were loaded with check_constraint_checks = 0 are not looked
 * at again. Of MySQL another view names the table, and tells whether anybody looks.
 */
export const CHECKS = (isMariaDb: boolean) =>
  isMariaDb
    ? `
  SELECT CONSTRAINT_SCHEMA AS scope,
         TABLE_NAME AS dataset,
         CONSTRAINT_NAME AS name,
         CHECK_CLAUSE AS clause,
         0 AS enforced
    FROM information_schema.CHECK_CONSTRAINTS
   WHERE CONSTRAINT_SCHEMA = :scope
`
    : `
  SELECT c.CONSTRAINT_SCHEMA AS scope,
         t.TABLE_NAME AS dataset,
         c.CONSTRAINT_NAME AS name,
         c.CHECK_CLAUSE AS clause,
         t.ENFORCED = 'YES' AS enforced
    FROM information_schema.CHECK_CONSTRAINTS AS c
    JOIN information_schema.TABLE_CONSTRAINTS AS t
      ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
   WHERE c.CONSTRAINT_SCHEMA = :scope
     AND t.CONSTRAINT_TYPE = 'CHECK'
`;

/** Of each partitioned table how its rows are shared out, and into how many parts. */
export const PARTITIONS = `
  SELECT TABLE_SCHEMA AS scope,
         TABLE_NAME AS dataset,
         MIN(PARTITION_METHOD) AS method,
         MIN(PARTITION_EXPRESSION) AS expression,
         MIN(SUBPARTITION_METHOD) AS sub_method,
         MIN(SUBPARTITION_EXPRESSION) AS sub_expression,
         COUNT(*) AS parts
    FROM information_schema.PARTITIONS
   WHERE TABLE_SCHEMA = :scope
     AND PARTITION_NAME IS NOT NULL
   GROUP BY TABLE_SCHEMA, CAST(TABLE_NAME AS BINARY), TABLE_NAME
`;

/** A user sees the routines that he has some right on, and the text of those that he defined or may see by a right of its own. */
export const ROUTINES = `
  SELECT ROUTINE_SCHEMA AS scope,
         ROUTINE_NAME AS name,
         ROUTINE_TYPE AS type,
         ROUTINE_BODY AS language,
         DTD_IDENTIFIER AS returns,
         ROUTINE_DEFINITION AS body,
         ROUTINE_COMMENT AS comment,
         DEFINER AS definer,
         LAST_ALTERED AS altered_at
    FROM information_schema.ROUTINES
   WHERE ROUTINE_SCHEMA = :scope
   ORDER BY CAST(ROUTINE_NAME AS BINARY), ROUTINE_TYPE
`;

export const PARAMETERS = `
  SELECT SPECIFIC_SCHEMA AS scope,
         SPECIFIC_NAME AS routine,
         ROUTINE_TYPE AS type,
         PARAMETER_MODE AS mode,
         PARAMETER_NAME AS name,
         DTD_IDENTIFIER AS native_type
    FROM information_schema.PARAMETERS
   WHERE SPECIFIC_SCHEMA = :scope
     AND ORDINAL_POSITION > 0
   ORDER BY SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION
`;

const ME = `
  CONCAT('''', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1),
         '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')
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
           WHERE LOWER(SCHEMA_NAME) NOT IN ${SYSTEM}
             AND (:scope IS NULL OR SCHEMA_NAME = :scope)) AS scopes,
         COUNT(*) AS datasets,
         COALESCE(SUM(readable), 0) AS readable
    FROM (SELECT t.TABLE_NAME,
                 MAX(FIND_IN_SET('select', c.PRIVILEGES) > 0) AS readable
            FROM information_schema.TABLES AS t
            LEFT JOIN information_schema.COLUMNS AS c
              ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
           WHERE LOWER(t.TABLE_SCHEMA) NOT IN ${SYSTEM}
             AND t.TABLE_TYPE <> 'SEQUENCE'
             AND (:scope IS NULL OR t.TABLE_SCHEMA = :scope)
           GROUP BY t.TABLE_SCHEMA, t.TABLE_NAME) AS seen
`;

/** What a digest is made of: one part for each question above, with the column that names the database. */
const DIGESTED = (
  isMariaDb: boolean,
): readonly (readonly [from: string, scope: string, facts: string, hidden?: string])[] => [
  ['SCHEMATA', 'SCHEMA_NAME', `'database'`],
  [
    'TABLES',
    'TABLE_SCHEMA',
    "TABLE_NAME, TABLE_TYPE, ENGINE, CREATE_OPTIONS, IF(TABLE_TYPE = 'VIEW', NULL, TABLE_COMMENT)",
  ],
  ['VIEWS', 'TABLE_SCHEMA', 'TABLE_NAME, VIEW_DEFINITION, DEFINER', `VIEW_DEFINITION = ''`],
  [
    'COLUMNS',
    'TABLE_SCHEMA',
    `TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, DATETIME_PRECISION, EXTRA,
     GENERATION_EXPRESSION, COLUMN_COMMENT`,
    `FIND_IN_SET('select', PRIVILEGES) = 0`,
  ],
  [
    'STATISTICS',
    'TABLE_SCHEMA',
    `TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, INDEX_TYPE, COLUMN_NAME${isMariaDb ? '' : ', EXPRESSION'}`,
  ],
  [
    'KEY_COLUMN_USAGE',
    'TABLE_SCHEMA',
    `TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME,
     REFERENCED_COLUMN_NAME`,
  ],
  ['TABLE_CONSTRAINTS', 'TABLE_SCHEMA', `TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE${isMariaDb ? '' : ', ENFORCED'}`],
  ['CHECK_CONSTRAINTS', 'CONSTRAINT_SCHEMA', `CONSTRAINT_NAME, CHECK_CLAUSE${isMariaDb ? ', TABLE_NAME' : ''}`],
  [
    'ROUTINES',
    'ROUTINE_SCHEMA',
    'ROUTINE_NAME, ROUTINE_TYPE, DTD_IDENTIFIER, ROUTINE_DEFINITION, ROUTINE_COMMENT, DEFINER',
  ],
  [
    'PARAMETERS',
    'SPECIFIC_SCHEMA',
    'SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER',
  ],
  ['COLUMN_PRIVILEGES', 'TABLE_SCHEMA', 'TABLE_NAME, COLUMN_NAME, PRIVILEGE_TYPE', `GRANTEE = ${ME}`],
];

/**
 * A sum of the hashes of all rows, for each database; `hidden` where something may not be seen. QUOTE keeps NULL apart from a text,
 * and one column apart from the next. Databases whose names differ only by case are apart, too.
 */
export const DIGESTS = (isMariaDb: boolean) => `
  SELECT scope,
         COUNT(*) AS facts,
         SUM(CAST(CONV(LEFT(hash, 15), 16, 10) AS UNSIGNED)) AS digest,
         MAX(hidden) AS hidden
    FROM (
           ${DIGESTED(isMariaDb)
             .map(
               ([from, scope, facts, hidden = '0']) => `
           SELECT CONVERT(${scope} USING utf8mb4) COLLATE utf8mb4_bin AS scope,
                  MD5(CONCAT('${from} ', ${facts
                    .split(/,(?![^(]*\))/)
                    .map((column) => `QUOTE(${column.trim()})`)
                    .join(', ')})) AS hash,
                  ${hidden} AS hidden
             FROM information_schema.${from}
            WHERE LOWER(${scope}) NOT IN ${SYSTEM}`,
             )
             .join('\n           UNION ALL')}
         ) AS facts
   GROUP BY scope
`;

/** The fields of a dataset, for a sample. `:scope`, `:name`. */
export const FIELDS_OF_ONE = `
  SELECT c.TABLE_SCHEMA AS scope,
         c.TABLE_NAME AS dataset,
         c.COLUMN_NAME AS name,
         c.DATA_TYPE AS data_type,
         c.COLUMN_TYPE AS native_type
    FROM information_schema.COLUMNS AS c
   WHERE c.TABLE_SCHEMA = :scope
     AND c.TABLE_NAME = :name
   ORDER BY c.ORDINAL_POSITION
`;
