import { quoteIdentifier } from '#core/connector-kit';

import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type Argument, type SqlDialect } from './dialect.js';
import { fitsInt64, likeEscaped, mayOverflow, nullsLast, SHARED_FUNCTIONS } from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  float: 'double precision',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp with time zone',
  uuid: 'uuid',
  binary: 'bytea',
  json: 'jsonb',
  array: 'text',
  other: 'text',
};

function typeOf(value: TypedValue): string {
  if (value.family === 'integer') return fitsInt64(value.text) ? 'bigint' : 'numeric';
  if (value.family === 'float') return value.single === true ? 'real' : 'double precision';
  return ['binary', 'json', 'array', 'other'].includes(value.family) ? 'text' : TYPES[value.family];
}

// Whole numbers are added without an end: a sum beyond 64 bits is a sum, not an error.
const exact =
  (sign: string) =>
  (args: readonly Argument[]): string => {
    const [left, right] = args;
    const whole = mayOverflow(args);
    return `(${left!.sql}${whole ? '::numeric' : ''} ${sign} ${right!.sql})`;
  };

const safeCast: SqlDialect['safeCast'] = (sql, from, to) => {
  // As many digits as DuckDB's, so that what is beyond them is rounded alike.
  const type = to.family === 'decimal' ? 'numeric(38, 10)' : TYPES[to.family];
  return from.family === 'text' && to.family !== 'text' ? `(${sql})::text::${type}` : `(${sql})::${type}`;
};

const trimmed = (sql: string): string => `btrim(${sql}, E' \\t\\n\\r\\f\\u000B\\u00a0\\u3000')`;

// Taking off more than one kind of blank is slow, and hardly any text begins with one.
const mayBeBlank = (sql: string): string =>
  `(${sql} COLLATE "C" < '!' OR ${sql} COLLATE "C" BETWEEN E'\\u00a0' AND E'\\u3001')`;

export const postgres: SqlDialect = {
  name: 'postgres',
  quote: (name) => quoteIdentifier('postgres', name),
  placeholder: (n) => `$${n}`,
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast,
  comparable(sql, { family }, ordered) {
    if (family === 'other' || family === 'json') return `CAST(${sql} AS text)`;
    return ordered && family === 'text' ? `(${sql} COLLATE "C")` : sql;
  },
  shown: (sql) => sql,
  functions: {
    ...SHARED_FUNCTIONS,
    trim: ([only]) => trimmed(only!.sql),
    concat: (args) => `(${args.map(({ sql }) => `CAST(${sql} AS text)`).join(' || ')})`,
    round: ([number, digits]) =>
      // Doubles are rounded to the nearest even number; decimals are not.
      `round(CAST(${number!.sql} AS numeric), ${digits?.sql ?? '0'}::int)`,
    substring: ([text, from, count]) =>
      `substring(${text!.sql}, ${from!.sql}::int${count === undefined ? '' : `, ${count.sql}::int`})`,
    modulo: (args) => {
      const [left, right] = args.map(({ sql, type }) => (type.nativeType === 'small' ? sql : `${sql}::numeric`));
      return `mod(${left}, nullif(${right}, 0))`;
    },
    replace: ([text, what, by]) => `replace(${text!.sql}, ${what!.sql}, ${by!.sql})`,
    add: exact('+'),
    subtract: exact('-'),
    multiply: exact('*'),
    days_between: ([from, to]) => `(${to!.sql} - ${from!.sql})`,
    add_days: ([date, days]) => `(${date!.sql} + ${days!.sql}::int)`,
    seconds_between: ([from, to]) => `extract(epoch FROM (${to!.sql} - ${from!.sql}))`,
    hash: (args) =>
      // A whole number needs none, and text has one of its own; a row's looks up its types' hashes, under which 1.10 and 1.1 are the same.
      args.length === 1 && ['integer', 'text'].includes(args[0]!.type.family)
        ? args[0]!.type.family === 'integer'
          ? args[0]!.sql
          : `hashtextextended(${args[0]!.sql}, 0)`
        : `hash_record_extended(ROW(${args.map(({ sql }) => sql).join(', ')}), 0)`,
  },
  aggregate(fn, { sql, type }, at) {
    switch (fn) {
      case 'sum':
        return type.family === 'integer' ? `sum(${sql}::numeric)` : `sum(${sql})`;
      case 'min':
      case 'max':
        return `${fn}(${sql}${type.family === 'text' ? ' COLLATE "C"' : ''})`;
      case 'avg':
        return `avg(${sql})`;
      case 'stddev':
        return `stddev_samp(${sql})`;
      case 'stddev_pop':
        return `stddev_pop(${sql})`;
      case 'variance':
        return `var_samp(${sql})`;
      case 'variance_pop':
        return `var_pop(${sql})`;
      case 'quantile':
        return `percentile_cont(${at ?? '0.5'}) WITHIN GROUP (ORDER BY ${sql})`;
      default:
        return fn satisfies never;
    }
  },
  filters: true,
  blank: (sql) => `(${mayBeBlank(sql)} AND ${trimmed(sql)} = '')`,
  conditionsAreValues: true,
  like: likeEscaped,
  regex: 'postgres',
  countsSlowly: true,
  matches: (of, pattern) => `(${of} ~ ${pattern})`,
  replaced: (of, pattern, by) => `regexp_replace(${of}, ${pattern}, ${by}, 'g')`,
  chance: 'random()',
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  sorted: nullsLast,
};
