import { SQL_DIALECTS, type SqlDialect } from './types.js';

/** Names that others use, and the dialect that is nearest. */
const ALIASES: Readonly<Record<string, SqlDialect>> = Object.fromEntries(
  (
    [
      ['generic', 'ansi standard sql sql92 sql99 db2 teradata exasol informix sybase h2 derby firebird hsqldb'],
      [
        'postgres',
        'postgresql pg greenplum gpdb materialize cockroachdb cockroach timescaledb timescale yugabyte yugabytedb ' +
          'hologres gaussdb opengauss gauss kingbase kingbasees hawq risingwave enterprisedb edb highgo vastbase crunchy vertica netezza',
      ],
      [
        'mysql',
        'mariadb tidb oceanbase-mysql oceanbase_mysql polardb polardb-mysql aurora gbase singlestore memsql oceanbase',
      ],
      ['oracle', 'plsql dm dameng dm8 oceanbase-oracle oceanbase_oracle'],
      ['hive', 'impala hiveql hql maxcompute odps inceptor transwarp hive2'],
      ['spark', 'sparksql spark_sql spark2 spark3 kyuubi fabricspark'],
      ['databricks', 'databrickssql delta'],
      ['tsql', 'mssql sqlserver sql_server transactsql transact-sql synapse fabric azuresql azure'],
      ['trino', 'athena dremio starburst'],
      ['presto', 'prestodb prestosql'],
      ['flink', 'flinksql flink_sql'],
      ['clickhouse', 'ch chdb'],
      ['doris', 'apache-doris selectdb palo'],
      ['sqlite', 'sqlite3'],
    ] as const
  ).flatMap(([dialect, names]) => names.split(' ').map((name) => [name, dialect])),
);

const isDialect = (name: string): name is SqlDialect => SQL_DIALECTS.some((dialect) => dialect === name);

/**
 * The dialect that a name means, or is nearest to; undefined for a name we do not know.
 *
 * @example
 * dialectNamed('GaussDB')   // 'postgres'
 */
export function dialectNamed(name: string): SqlDialect | undefined {
  const lower = name.trim().toLowerCase().replaceAll(' ', '');
  return isDialect(lower) ? lower : ALIASES[lower];
}
