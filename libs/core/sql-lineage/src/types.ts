/** The dialects the parser knows. `postgres` and `duckdb` are covered by this lib's cases; the others go to the parser as they are. */
export const SQL_DIALECTS = [
  'generic',
  'postgres',
  'duckdb',
  'mysql',
  'hive',
  'spark',
  'databricks',
  'oracle',
  'clickhouse',
  'flink',
  'tsql',
  'doris',
  'starrocks',
  'trino',
  'presto',
  'snowflake',
  'bigquery',
  'redshift',
  'sqlite',
] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** A table, a view or a file that is read like one. Names are as the database holds them (`"Order"` → `Order`, `ORDERS` → `orders`). */
export interface TableName {
  readonly catalog?: string;
  readonly schema?: string;
  readonly name: string;
  /** True for a table that lives only as long as the script's session. */
  readonly temporary?: true;
  /** True for a file, a folder, a stage or an address in an object store; `name` is all of it. */
  readonly path?: true;
}

/** What is known of tables. Undefined: this table is not known. */
export interface TableSchema {
  columnsOf(table: TableName): readonly string[] | undefined;
  /** The types of those columns, in the same order, where they are known. */
  typesOf?(table: TableName): readonly string[] | undefined;
}

export interface ExtractOptions {
  readonly dialect: SqlDialect;
  /** Put before a table that is named without a schema. */
  readonly defaultSchema?: string;
  /** Where else such a table may be when the default schema is known not to have it, in the order they are tried. */
  readonly otherSchemas?: readonly string[];
  readonly defaultCatalog?: string;
  readonly schema?: TableSchema;
  /** `SELECT a + 1 AS b, b * 2` may use `b`, whether or not that is the dialect's way. */
  readonly lateralAliases?: boolean;
}

/**
 * How far a statement was understood.
 *
 * - `ok`: everything in it that can carry data. What the *catalog* did not know is a reason and a low confidence, not a lower status.
 * - `partial`: a part was not understood, or contradicts the schema; a reason names the part.
 * - `fallback`: another parser than the first one understood it.
 * - `opaque`: it may move data, but in a way nobody can read here (procedural code, a command).
 * - `failed`: the parser refused it.
 */
export const STATEMENT_STATUSES = ['ok', 'partial', 'fallback', 'opaque', 'failed'] as const;
export type StatementStatus = (typeof STATEMENT_STATUSES)[number];

export type StatementKind =
  | 'select'
  | 'insert'
  | 'create_table'
  | 'create_view'
  | 'update'
  | 'merge'
  | 'delete'
  | 'truncate'
  | 'drop'
  | 'alter'
  | 'rename'
  | 'swap'
  | 'cache'
  | 'copy'
  | 'use'
  | 'procedure'
  | 'other';

/** A place in the script: UTF-16 offsets (`text.slice(start, end)`) and the line, counted from 1. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** What was not understood or not known, and where. The README lists the codes. */
export interface Reason extends Place {
  readonly code: string;
  readonly message: string;
}

/** A table that a statement changes, and how. `define`: a name without rows of its own (a synonym, a view that feeds a table). */
export interface TargetTable extends TableName {
  readonly action: 'write' | 'create' | 'delete' | 'drop' | 'alter' | 'define';
}

export interface TableEdge {
  readonly from: TableName;
  readonly to: TableName;
}

export type EdgeType = 'DIRECT' | 'INDIRECT';

/** The words of OpenLineage's column lineage facet. The first three are DIRECT, the others INDIRECT. */
export type EdgeSubtype =
  'IDENTITY' | 'TRANSFORMATION' | 'AGGREGATION' | 'JOIN' | 'FILTER' | 'GROUP_BY' | 'SORT' | 'WINDOW' | 'CONDITIONAL';

/**
 * Why we believe that a column belongs to a table: the schema says so (`schema`); it is qualified, or there is only one table it
 * can come from (`single-source`); several tables could have it (`ambiguous`); or nothing is known (`unknown`).
 */
export type Confidence = 'schema' | 'single-source' | 'ambiguous' | 'unknown';

export interface EdgeSource {
  /** Absent when the column could not be given to one table; then `candidates` has the tables it could come from. */
  readonly table?: TableName;
  /** `*` when a star could not be expanded. */
  readonly column: string;
  readonly candidates?: readonly TableName[];
}

export interface EdgeTarget {
  /** Absent for a bare SELECT. */
  readonly table?: TableName;
  /** Absent when the source influences all rows of the target (WHERE, JOIN, GROUP BY, ORDER BY). */
  readonly column?: string;
  /** Position in the statement's output, from 0. */
  readonly ordinal?: number;
}

export interface ColumnEdge {
  readonly from: EdgeSource;
  readonly to: EdgeTarget;
  readonly type: EdgeType;
  readonly subtype: EdgeSubtype;
  readonly confidence: Confidence;
  /** The SQL of the target column, unless it is a plain column of a table; of a set operation, that of the side the source is in. */
  readonly expression?: string;
}

/** A column whose value comes from no column of a table: a constant, a sequence, a count of rows, the time of day. */
export interface GeneratedColumn {
  readonly to: EdgeTarget;
  /** The SQL it is computed by; where the sides of a UNION do it differently, all of them, with UNION between. */
  readonly expression?: string;
}

export interface StatementLineage extends Place {
  /** Position in the script, from 0. */
  readonly index: number;
  /** The index of the block of code, or of the dynamic SQL, that this statement is a part of. */
  readonly parent?: number;
  readonly kind: StatementKind;
  readonly status: StatementStatus;
  readonly reasons: readonly Reason[];
  /** Tables changed; empty for a bare SELECT. */
  readonly targets: readonly TargetTable[];
  /** Tables read for their rows. The target of an UPDATE, DELETE or MERGE is not among them. */
  readonly sources: readonly TableName[];
  /** Tables that are named in a CTE which nothing uses. */
  readonly unusedSources: readonly TableName[];
  readonly renames: readonly TableEdge[];
  /** Pairs of tables that change places (SWAP WITH, EXCHANGE TABLES). */
  readonly swaps: readonly (readonly [TableName, TableName])[];
  readonly tableEdges: readonly TableEdge[];
  readonly columnEdges: readonly ColumnEdge[];
  /** Columns written without a DIRECT edge. */
  readonly generated: readonly GeneratedColumn[];
}

export interface ScriptLineage {
  readonly statements: readonly StatementLineage[];
  readonly totals: Readonly<Record<StatementStatus, number>>;
}

/** A view as the database describes it. */
export interface ViewDefinition {
  readonly name: TableName;
  /** The view's columns in order, where they are known. They may differ from the names in the query. */
  readonly columns?: readonly string[];
  /** A bare SELECT, as `pg_get_viewdef` gives it; a whole CREATE VIEW is taken too. */
  readonly sql: string;
}
