import { type Dialect as Grammar, parse, tokenize } from '@polyglot-sql/sdk';

import { type WrittenDialect } from '#core/rule-engine';

const GRAMMARS: Readonly<Record<WrittenDialect, string>> = {
  postgres: 'postgresql',
  duckdb: 'duckdb',
  mysql: 'mysql',
  clickhouse: 'clickhouse',
  spark: 'spark',
  hive: 'hive',
  trino: 'trino',
  oracle: 'oracle',
  sqlserver: 'tsql',
};

/** The parser did not understand a statement that we wrote. */
export class NotParsed extends Error {}

/**
 * The parser takes three double quotes for the beginning of another engine's literal; in a name they are its quote and a doubled one
 * inside. Doubled quotes inside become another sign.
 */
const withoutTriples = (sql: string): string =>
  sql.includes('"""')
    ? sql.replaceAll(/'(?:[^']|'')*'|"((?:[^"]|"")*)"/g, (token, name?: string) =>
        name === undefined ? token : `"${name.replaceAll('""', '_')}"`,
      )
    : sql;

const DOUBLE_QUOTED: readonly WrittenDialect[] = ['postgres', 'duckdb', 'trino', 'oracle'];

const read = (sql: string, dialect: WrittenDialect): ReturnType<typeof parse> =>
  parse(DOUBLE_QUOTED.includes(dialect) ? withoutTriples(sql) : sql, GRAMMARS[dialect] as Grammar);

/** Statements parsed last, since many differ in their parameters only. */
const known = new Map<string, string>();
const MOST_KNOWN = 1_000;

/**
 * What a statement is made of, without its texts, numbers and quoted names: two statements of one shape differ in these alone. A
 * literal that ends too early, or a comment that opens, gives another shape, another number of statements, or none.
 */
export function shapeOf(sql: string, dialect: WrittenDialect): string {
  const key = `${dialect} ${sql}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const parsed = read(sql, dialect);
  const shape = parsed.success ? treeShape(parsed.ast) : tokenShape(sql, dialect, parsed.error);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, shape);
  return shape;
}

const treeShape = (ast: unknown): string =>
  JSON.stringify(ast, (name, value: unknown) => {
    if (name === 'span') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    if ('literal_type' in value) return { literal_type: value.literal_type };
    return 'quoted' in value && value.quoted === true ? { quoted: true } : value;
  });

/** Check digits are sums of many parts, nested deeper than the parser goes. */
const TOO_DEEP = 'E_GUARD_PARSER_DEPTH_EXCEEDED';

const BLANKED = /STRING|QUOTED_IDENTIFIER|NUMBER/;

/** The parser's own types call it otherwise than the parser does. */
const kindOf = (token: object): string => ('token_type' in token ? String(token.token_type) : '');

/** The words of a statement, of which the parser would make the tree: equal words make equal trees. */
function tokenShape(sql: string, dialect: WrittenDialect, error: string): string {
  const tokens = error.includes(TOO_DEEP)
    ? tokenize(DOUBLE_QUOTED.includes(dialect) ? withoutTriples(sql) : sql, GRAMMARS[dialect] as Grammar)
    : undefined;
  if (tokens?.success !== true || tokens.tokens === undefined)
    throw new NotParsed(`${dialect}: ${error}\n${sql.slice(0, 2_000)}`);
  return JSON.stringify(
    tokens.tokens.map((token) => (BLANKED.test(kindOf(token)) ? kindOf(token) : `${kindOf(token)} ${token.text}`)),
  );
}

/** How many statements a text is. */
export function statementsIn(sql: string, dialect: WrittenDialect): number {
  const parsed = read(sql, dialect);
  if (parsed.success) return (parsed.ast as readonly unknown[]).length;
  return 1 + [...tokenShape(sql, dialect, parsed.error).matchAll(/"SEMICOLON /g)].length;
}
