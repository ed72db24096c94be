import { type Dialect } from '#core/connector-kit';

import { type SqlDialect } from './dialect.js';
import { duckdb } from './duckdb.js';
import { mysql } from './mysql.js';
import { postgres } from './postgres.js';

/** The dialects that rules are run in. */
export const SQL_DIALECTS: Readonly<Record<Dialect, SqlDialect>> = { postgres, duckdb, mysql };
