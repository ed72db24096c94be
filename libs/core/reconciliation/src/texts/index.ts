import { type Dialect } from '#core/connector-kit';

import { duckdb } from './duckdb.js';
import { mysql } from './mysql.js';
import { postgres } from './postgres.js';
import { type TextDialect } from './text-dialect.js';

export const TEXT_DIALECTS: Readonly<Record<Dialect, TextDialect>> = { postgres, duckdb, mysql };
