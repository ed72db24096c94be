import { extractLineage, type KnownTable, schemaOf, type ScriptLineage, type SqlDialect } from '#core/sql-lineage';

/** A script to read; what `extractOffThread` takes. */
export interface SqlTask {
  readonly sql: string;
  readonly dialect: SqlDialect;
  readonly defaultSchema?: string;
  readonly defaultCatalog?: string;
  readonly tables?: readonly KnownTable[];
}

/** Reads SQL. Services read it in a thread with a time limit. */
export type SqlReader = (task: SqlTask) => Promise<ScriptLineage>;

/** A dataset that the catalog has. */
export interface KnownDataset {
  readonly namespace: string;
  readonly name: string;
  /** In order. */
  readonly columns: readonly string[];
}

export interface PipelineOptions {
  /** What the catalog has: stars, tables given by a pattern and files' columns are resolved with it. */
  readonly known?: readonly KnownDataset[];
  /** Namespaces that stand for others: `{ 'hive://unknown': 'hive://metastore:9083' }`. */
  readonly namespaces?: Readonly<Record<string, string>>;
  /** Where the data sources of a scheduler are, by their id: JDBC URLs. Their export does not say. */
  readonly datasources?: Readonly<Record<string, string>>;
  readonly readSql?: SqlReader;
}

/** Reads SQL in this thread, without a time limit. */
export const readSqlHere: SqlReader = ({ sql, tables, ...options }) =>
  extractLineage(sql, { ...options, ...(tables && { schema: schemaOf(tables, options.dialect) }) });
