import {
  type AliasData,
  type ColumnData,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type SelectData,
} from '../parse/tree.js';
import type { SqlDialect } from '../types.js';
import type { Reading } from './reading.js';
import type { OutputColumn } from './rowset.js';

/** How databases call the columns that the query does not name; others than these take the expression's text. */
const UNNAMED: Readonly<Partial<Record<SqlDialect, (before: readonly OutputColumn[]) => string>>> = {
  hive: (before) => `_c${before.length}`,
  trino: (before) => `_col${before.length}`,
  presto: (before) => `_col${before.length}`,
  bigquery: (before) => `f${before.filter(({ name }) => /^f\d+_$/.test(name)).length}_`,
};

/** The name of a column of the SELECT list; `before` are the columns that stand before it. */
export function outputName(
  node: Node,
  reading: Reading,
  expression: string | undefined,
  before: readonly OutputColumn[],
): string {
  const given = givenName(node, reading);
  if (given !== undefined) return given;
  const { name } = reading.dialect;
  if (name === 'postgres' || name === 'redshift') return postgresName(node, reading)?.name ?? '?column?';
  return UNNAMED[name]?.(before) ?? expression ?? '?column?';
}

function givenName(node: Node, reading: Reading): string | undefined {
  switch (kindOf(node)) {
    case 'alias':
      return reading.name(dataOf<AliasData>(node).alias);
    case 'column':
      return reading.name(dataOf<ColumnData>(node).name);
    case 'dot':
      return reading.name(dataOf<{ field: Identifier }>(node).field);
    case 'paren':
    case 'annotated':
      return givenName(dataOf<{ this: Node }>(node).this, reading);
    case 'cast': {
      const { this: value, double_colon_syntax: short } = dataOf<{ this: Node; double_colon_syntax?: boolean }>(node);
      return short && reading.dialect.name === 'generic' ? givenName(value, reading) : undefined;
    }
    default:
      return undefined;
  }
}

interface Named {
  readonly name: string;
  /** A type's or CASE's name gives way to a better one. */
  readonly weak: boolean;
}

const strong = (name: string): Named => ({ name, weak: false });
const weak = (name: string): Named => ({ name, weak: true });

/** After FigureColname in PostgreSQL's parse_target.c. */
function postgresName(node: Node, reading: Reading): Named | undefined {
  const kind = kindOf(node);
  const data = dataOf<{
    this?: Node;
    name?: unknown;
    else_?: Node | null;
    to?: { data_type?: string; name?: string };
    original_name?: string | null;
  }>(node);
  switch (kind) {
    case 'alias':
    case 'column':
    case 'dot':
      return strong(givenName(node, reading) ?? '?column?');
    case 'paren':
    case 'annotated':
    case 'subscript':
    case 'collation':
    case 'filter':
    case 'within_group':
    case 'window_function':
      return data.this && postgresName(data.this, reading);
    case 'cast': {
      const inner = data.this && postgresName(data.this, reading);
      return inner && !inner.weak
        ? inner
        : weak(data.to?.name ?? INTERNAL[data.to?.data_type ?? ''] ?? data.to?.data_type ?? '?column?');
    }
    case 'case': {
      const inner = data.else_ ? postgresName(data.else_, reading) : undefined;
      return inner && !inner.weak ? inner : weak('case');
    }
    case 'subquery':
      return data.this && postgresName(data.this, reading);
    case 'select': {
      const [first] = dataOf<SelectData>(node).expressions;
      return first && strong(outputName(first, reading, undefined, []));
    }
    case 'function':
    case 'aggregate_function':
      return typeof data.name === 'string' ? strong(data.name.toLowerCase().split('.').at(-1) ?? data.name) : undefined;
    case 'array':
    case 'array_func':
      return strong('array');
    default:
      if (typeof data.original_name === 'string') return strong(data.original_name.toLowerCase());
      return FUNCTION_NODES.has(kind)
        ? strong(kind.replace(/^null_if$/, 'nullif').replace(/^n_tile$/, 'ntile'))
        : undefined;
  }
}

/** The names under which PostgreSQL keeps types. */
const INTERNAL: Readonly<Record<string, string>> = {
  int: 'int4',
  big_int: 'int8',
  small_int: 'int2',
  double: 'float8',
  float: 'float8',
  real: 'float4',
  decimal: 'numeric',
  boolean: 'bool',
  char: 'bpchar',
  var_char: 'varchar',
};

const FUNCTION_NODES = new Set(
  'count sum avg min max array_agg string_agg stddev stddev_pop stddev_samp variance var_pop var_samp coalesce null_if greatest least upper lower length trim replace reverse left right repeat lpad rpad substring overlay position abs round floor ceil power sqrt cbrt ln log exp sign extract date_trunc to_date to_timestamp row_number rank dense_rank n_tile lead lag first_value last_value nth_value percent_rank cume_dist exists initcap ascii chr random current_date current_time current_timestamp localtime localtimestamp unnest'.split(
    ' ',
  ),
);
