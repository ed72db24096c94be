import type { SqlDialect } from '#core/sql-lineage';

/** How the tables of a kind of server are named. */
export interface System {
  /** Of the namespace. */
  readonly scheme: string;
  readonly dialect: SqlDialect;
  readonly port: number;
  /** Parts of a dataset's name. `schema`: its first part is what the URL calls the database; `database`: it stands before the schema. */
  readonly parts: 'schema' | 'database';
  /** Schema of a table that names none, where the server's default is known. */
  readonly schema?: string;
  /** The schema is named like the user. */
  readonly schemaIsUser?: true;
}

const inSchema = (scheme: string, dialect: SqlDialect, port: number, more: Partial<System> = {}): System => ({
  scheme,
  dialect,
  port,
  parts: 'schema',
  ...more,
});
const inDatabase = (scheme: string, dialect: SqlDialect, port: number, more: Partial<System> = {}): System => ({
  scheme,
  dialect,
  port,
  parts: 'database',
  ...more,
});
const postgres = (scheme: string, port: number) => inDatabase(scheme, 'postgres', port, { schema: 'public' });

/** By the words that JDBC URLs, DataX plugins, SeaTunnel and dbt use. Schemes are OpenLineage's where it has one. */
const SYSTEMS: Readonly<Record<string, System>> = {
  mysql: inSchema('mysql', 'mysql', 3306),
  mariadb: inSchema('mysql', 'mysql', 3306),
  drds: inSchema('mysql', 'mysql', 3306),
  polardb: inSchema('mysql', 'mysql', 3306),
  tidb: inSchema('mysql', 'mysql', 4000),
  adbmysql: inSchema('mysql', 'mysql', 3306),
  ads: inSchema('mysql', 'mysql', 3306),
  oceanbase: inSchema('oceanbase', 'mysql', 2883),
  doris: inSchema('doris', 'doris', 9030),
  selectdb: inSchema('doris', 'doris', 9030),
  starrocks: inSchema('starrocks', 'starrocks', 9030),
  postgresql: postgres('postgres', 5432),
  postgres: postgres('postgres', 5432),
  greenplum: postgres('postgres', 5432),
  adbpg: postgres('postgres', 5432),
  hologres: postgres('postgres', 80),
  opengauss: postgres('opengauss', 5432),
  gaussdb: postgres('gaussdb', 8000),
  kingbase: postgres('kingbase', 54321),
  highgo: postgres('highgo', 5866),
  vastbase: postgres('vastbase', 5432),
  vertica: postgres('vertica', 5433),
  cockroachdb: postgres('cockroachdb', 26257),
  redshift: inDatabase('redshift', 'redshift', 5439, { schema: 'public' }),
  oracle: inDatabase('oracle', 'oracle', 1521, { schemaIsUser: true }),
  sqlserver: inDatabase('mssql', 'tsql', 1433, { schema: 'dbo' }),
  sybase: inDatabase('sybase', 'tsql', 5000, { schema: 'dbo' }),
  db2: inDatabase('db2', 'generic', 50000, { schemaIsUser: true }),
  dameng: inSchema('dameng', 'oracle', 5236, { schemaIsUser: true }),
  hana: inSchema('hana', 'generic', 30015, { schemaIsUser: true }),
  hive: inSchema('hive', 'hive', 10000, { schema: 'default' }),
  impala: inSchema('hive', 'hive', 21050, { schema: 'default' }),
  inceptor: inSchema('hive', 'hive', 10000, { schema: 'default' }),
  spark: inSchema('hive', 'spark', 10000, { schema: 'default' }),
  kyuubi: inSchema('hive', 'spark', 10009, { schema: 'default' }),
  databricks: inDatabase('databricks', 'databricks', 443, { schema: 'default' }),
  clickhouse: inSchema('clickhouse', 'clickhouse', 8123, { schema: 'default' }),
  trino: inDatabase('trino', 'trino', 8080),
  presto: inDatabase('presto', 'presto', 8080),
  athena: inDatabase('awsathena', 'trino', 443),
  snowflake: inDatabase('snowflake', 'snowflake', 443, { schema: 'PUBLIC' }),
  bigquery: inDatabase('bigquery', 'bigquery', 443),
  teradata: inSchema('teradata', 'generic', 1025),
  tdengine: inSchema('tdengine', 'generic', 6041),
  databend: inSchema('databend', 'generic', 8000, { schema: 'default' }),
  phoenix: inSchema('phoenix', 'generic', 2181),
  duckdb: inDatabase('duckdb', 'duckdb', 0, { schema: 'main' }),
  sqlite: inSchema('sqlite', 'sqlite', 0, { schema: 'main' }),
  h2: inDatabase('h2', 'generic', 9092, { schema: 'PUBLIC' }),
  flink: inDatabase('flink', 'flink', 8083),
};

const OTHER_WORDS: Readonly<Record<string, string>> = {
  hive2: 'hive',
  pg: 'postgres',
  ch: 'clickhouse',
  kingbase8: 'kingbase',
  kingbasees: 'kingbase',
  dm: 'dameng',
  mssql: 'sqlserver',
  jtds: 'sqlserver',
  azuresql: 'sqlserver',
  fabric: 'sqlserver',
  synapse: 'sqlserver',
  taos: 'tdengine',
  'taos-rs': 'tdengine',
  'taos-ws': 'tdengine',
  oceanbasev10: 'oceanbase',
  'oceanbase-cdc': 'oceanbase',
  oceanbasehbase: 'oceanbase',
  hologresjdbc: 'hologres',
  sap: 'hana',
  transwarp2: 'inceptor',
  goldendb: 'mysql',
  postgrescdc: 'postgres',
};

/** The kind of server that a word names; undefined for a word nobody knows. */
export function systemNamed(word: string): System | undefined {
  const lower = word.trim().toLowerCase();
  return SYSTEMS[lower] ?? SYSTEMS[OTHER_WORDS[lower] ?? ''];
}

/** Where nothing is said: no dialect in particular. */
export const someSystem = (scheme: string): System => inSchema(scheme.toLowerCase(), 'generic', 0);
