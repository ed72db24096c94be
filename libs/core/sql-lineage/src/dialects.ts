import type { SqlDialect } from './types.js';

/** How a dialect writes text: what the splitter must know. */
export interface LexRules {
  /** A comment inside a comment needs its own end. */
  readonly nestedComments: boolean;
  /** `#` begins a comment. */
  readonly hashComments: boolean;
  /** `$$ … $$` and `$tag$ … $tag$` are strings. */
  readonly dollarStrings: boolean;
  /** `\'` does not end an ordinary string. */
  readonly backslashStrings: boolean;
  readonly backticks: boolean;
  readonly brackets: boolean;
  /** `q'[ … ]'` is a string. */
  readonly quotedDelimiters: boolean;
  /** `--` begins a comment only before a blank: `a--1` is a sum. */
  readonly dashesNeedBlank: boolean;
  /** The text in `/*!50001 … *\/` is read. */
  readonly versionComments: boolean;
  /** How blocks of code are written, and what a script of that dialect has between its statements. */
  readonly code: CodeFamily | undefined;
}

/**
 * - `plsql`: Oracle; scripts have `/` lines and SQL*Plus commands.
 * - `plpgsql`: code is a string, the body of a function or of DO.
 * - `mysql`: MySQL and MariaDB; scripts have `DELIMITER`.
 * - `psm`: the standard's blocks and control flow, as BigQuery and Databricks have them.
 * - `tsql`: statements need no semicolon; scripts have `GO` lines.
 */
export type CodeFamily = 'plsql' | 'plpgsql' | 'mysql' | 'psm' | 'tsql';

/** How a dialect names things. */
export interface NameRules {
  /** The name as the database holds it. */
  written(name: string, quoted: boolean): string;
  /** Two written names with the same key are the same thing. */
  key(written: string): string;
}

export interface Dialect {
  readonly name: SqlDialect;
  /** The parser's word for it. */
  readonly parser: string;
  readonly lex: LexRules;
  readonly names: NameRules;
  /** What `USE x` names. */
  readonly use: 'schema' | 'catalog';
  /** A table whose name begins with one of these is temporary, or a variable that holds a table. */
  readonly temporaryPrefixes: readonly string[];
  /** ``parquet.`/data/a` `` reads a file: the formats that may stand there. */
  readonly fileFormats: ReadonlySet<string>;
  /** `` `project.dataset.table` `` in one pair of quotes is three names. */
  readonly dotsInQuotes: boolean;
  /** `PARTITION (region)` of an INSERT names a column that the query gives last; elsewhere it names a part of the table's storage. */
  readonly partitionColumns: boolean;
  /** `SELECT a + 1 AS b, b * 2` may use `b`. */
  readonly lateralAliases: boolean;
  /** Columns every table has without declaring them. */
  readonly systemColumns: readonly string[];
}

// A database folds ASCII letters only (PostgreSQL in UTF-8); toLowerCase alone would also change 'İ' and 'Ａ'.
const lower = (name: string) => (within(name, 65, 90) ? name.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : name);
const upper = (name: string) => (within(name, 97, 122) ? name.replace(/[a-z]+/g, (part) => part.toUpperCase()) : name);
const within = (name: string, first: number, last: number): boolean => {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code >= first && code <= last) return true;
  }
  return false;
};
const same = (name: string) => name;

/** Unquoted names become lower case; after that, case counts. */
const foldsLower: NameRules = { written: (name, quoted) => (quoted ? name : lower(name)), key: same };
const foldsUpper: NameRules = { written: (name, quoted) => (quoted ? name : upper(name)), key: same };
/** The spelling is kept, and case never counts. */
const ignoresCase: NameRules = { written: same, key: lower };
const caseCounts: NameRules = { written: same, key: same };

const lex = (rules: Partial<LexRules>): LexRules => ({
  nestedComments: false,
  hashComments: false,
  dollarStrings: false,
  backslashStrings: false,
  backticks: false,
  brackets: false,
  quotedDelimiters: false,
  dashesNeedBlank: false,
  versionComments: false,
  code: undefined,
  ...rules,
});

const NO_FORMATS: ReadonlySet<string> = new Set();
const SPARK_FORMATS: ReadonlySet<string> = new Set(
  'parquet orc json csv text avro delta iceberg hudi xml binaryfile image libsvm jsonl sequencefile'.split(' '),
);

const dialect = (
  name: SqlDialect,
  names: NameRules,
  lexRules: Partial<LexRules>,
  more: Partial<Dialect> = {},
): Dialect => ({
  name,
  parser: name,
  lex: lex(lexRules),
  names,
  use: 'schema',
  temporaryPrefixes: [],
  fileFormats: NO_FORMATS,
  dotsInQuotes: false,
  partitionColumns: false,
  lateralAliases: false,
  systemColumns: [],
  ...more,
});

const POSTGRES_LEX = { nestedComments: true, dollarStrings: true, code: 'plpgsql' } as const;
const HIVE_LEX = { backticks: true, backslashStrings: true };
const MYSQL_LEX = {
  backticks: true,
  backslashStrings: true,
  hashComments: true,
  dashesNeedBlank: true,
  versionComments: true,
  code: 'mysql',
} as const;

const SPARK = { lateralAliases: true, partitionColumns: true, fileFormats: SPARK_FORMATS };

const DIALECTS: Readonly<Record<SqlDialect, Dialect>> = {
  generic: dialect(
    'generic',
    ignoresCase,
    { backticks: true, dollarStrings: true, code: 'psm' },
    { use: 'catalog', partitionColumns: true },
  ),
  postgres: dialect('postgres', foldsLower, POSTGRES_LEX, {
    parser: 'postgresql',
    systemColumns: ['ctid', 'oid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax'],
  }),
  duckdb: dialect(
    'duckdb',
    ignoresCase,
    { dollarStrings: true },
    {
      lateralAliases: true,
      systemColumns: ['rowid', 'filename', 'file_row_number'],
    },
  ),
  mysql: dialect('mysql', ignoresCase, MYSQL_LEX),
  hive: dialect('hive', ignoresCase, HIVE_LEX, { partitionColumns: true }),
  spark: dialect('spark', ignoresCase, { ...HIVE_LEX, nestedComments: true }, SPARK),
  databricks: dialect('databricks', ignoresCase, { ...HIVE_LEX, nestedComments: true, code: 'psm' }, SPARK),
  oracle: dialect(
    'oracle',
    foldsUpper,
    { quotedDelimiters: true, code: 'plsql' },
    { temporaryPrefixes: ['ORA$PTT_'], systemColumns: ['ROWID', 'ROWNUM', 'LEVEL'] },
  ),
  clickhouse: dialect('clickhouse', caseCounts, { backticks: true, backslashStrings: true }, { lateralAliases: true }),
  // The parser has no Flink; its SQL is nearest to the generic one.
  flink: dialect('flink', caseCounts, { backticks: true }, { parser: 'generic', partitionColumns: true }),
  tsql: dialect(
    'tsql',
    ignoresCase,
    { brackets: true, nestedComments: true, code: 'tsql' },
    { use: 'catalog', temporaryPrefixes: ['#', '@'] },
  ),
  doris: dialect('doris', ignoresCase, MYSQL_LEX),
  starrocks: dialect('starrocks', ignoresCase, MYSQL_LEX),
  trino: dialect('trino', ignoresCase, {}),
  presto: dialect('presto', ignoresCase, {}),
  snowflake: dialect(
    'snowflake',
    foldsUpper,
    { dollarStrings: true, backslashStrings: true },
    { lateralAliases: true, use: 'catalog' },
  ),
  bigquery: dialect(
    'bigquery',
    ignoresCase,
    { backticks: true, backslashStrings: true, hashComments: true, code: 'psm' },
    { dotsInQuotes: true },
  ),
  redshift: dialect('redshift', ignoresCase, POSTGRES_LEX, {
    lateralAliases: true,
    use: 'catalog',
    temporaryPrefixes: ['#'],
  }),
  sqlite: dialect('sqlite', ignoresCase, { backticks: true, brackets: true }),
};

/** What we know of a dialect. */
export const dialectOf = (name: SqlDialect): Dialect => DIALECTS[name];

/** How names compare in a dialect: two names as the database holds them with the same key are one name. */
export const nameKey = (name: SqlDialect): ((written: string) => string) => dialectOf(name).names.key;

/** A name as the database holds it: `ORDERS` in PostgreSQL is `orders`, in quotes it stays. */
export const writtenName = (name: SqlDialect, text: string, quoted: boolean): string =>
  dialectOf(name).names.written(text, quoted);
