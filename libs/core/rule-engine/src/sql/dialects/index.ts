import { type Dialect } from '#core/connector-kit';

import { clickhouse } from './clickhouse.js';
import { type SqlDialect } from './dialect.js';
import { duckdb } from './duckdb.js';
import { mysql } from './mysql.js';
import { oracle } from './oracle.js';
import { postgres } from './postgres.js';
import { hive, spark } from './spark.js';
import { sqlserver } from './sqlserver.js';
import { trino } from './trino.js';

/** The dialects that rules are run in. */
export const SQL_DIALECTS: Readonly<Record<Dialect, SqlDialect>> = { postgres, duckdb, mysql };

/** Dialects that rules are written in and that no test has run: each statement is parsed by the engine's grammar, no more. */
export const RENDERED_DIALECTS = { clickhouse, spark, hive, trino, oracle, sqlserver } as const satisfies Readonly<
  Record<string, SqlDialect>
>;
