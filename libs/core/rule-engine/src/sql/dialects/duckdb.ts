import { quoteIdentifier } from '#core/connector-kit';

import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type Argument, type SqlDialect } from './dialect.js';
import { BLANKS, exactDecimal, fitsInt64, likeEscaped, mayOverflow, nullsLast, SHARED_FUNCTIONS } from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38, 10)',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  uuid: 'UUID',
  binary: 'BLOB',
  json: 'JSON',
  array: 'VARCHAR',
  other: 'VARCHAR',
};

function typeOf(value: TypedValue): string {
  if (value.family === 'integer') return fitsInt64(value.text) ? 'BIGINT' : exactDecimal(value.text);
  if (value.family === 'decimal') return exactDecimal(value.text);
  if (value.family === 'float') return value.single === true ? 'FLOAT' : 'DOUBLE';
  return ['binary', 'json'].includes(value.family) ? 'VARCHAR' : TYPES[value.family];
}

// Its E'' knows no \u.
const trimmed = (sql: string): string => `trim(${sql}, ' \t\n\r\f\u000B\u00a0\u3000')`;

// Whole numbers are added in 128 bits: a sum beyond 64 is a sum, not an error.
const exact =
  (sign: string) =>
  (args: readonly Argument[]): string => {
    const [left, right] = args;
    const whole = mayOverflow(args);
    return whole ? `(CAST(${left!.sql} AS HUGEINT) ${sign} ${right!.sql})` : `(${left!.sql} ${sign} ${right!.sql})`;
  };

export const duckdb: SqlDialect = {
  name: 'duckdb',
  quote: (name) => quoteIdentifier('duckdb', name),
  placeholder: (n) => `$${n}`,
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast: (sql, _from, to) => `TRY_CAST(${sql} AS ${TYPES[to.family]})`,
  comparable: (sql, { family }) => (family === 'other' || family === 'json' ? `CAST(${sql} AS VARCHAR)` : sql),
  shown: (sql) => sql,
  functions: {
    ...SHARED_FUNCTIONS,
    length: ([only]) => `length(${only!.sql})`,
    trim: ([only]) => trimmed(only!.sql),
    concat: (args) => `(${args.map(({ sql }) => `CAST(${sql} AS VARCHAR)`).join(' || ')})`,
    round: ([number, digits]) => {
      const rounded = (sql: string) => `round(${sql}, CAST(${digits?.sql ?? '0'} AS INTEGER))`;
      if (number!.type.family !== 'float') return rounded(number!.sql);
      // A double is rounded by its binary value, 2.675 down to 2.67; a decimal as it is written. What no decimal holds has no digits
      // after the point.
      return `coalesce(CAST(${rounded(`TRY_CAST(${number!.sql} AS DECIMAL(38, 10))`)} AS DOUBLE), ${number!.sql})`;
    },
    add: exact('+'),
    subtract: exact('-'),
    multiply: exact('*'),
    days_between: ([from, to]) => `date_diff('day', ${from!.sql}, ${to!.sql})`,
    add_days: ([date, days]) => `(${date!.sql} + CAST(${days!.sql} AS INTEGER))`,
    seconds_between: ([from, to]) => `epoch(${to!.sql} - ${from!.sql})`,
    hash: (args) => `hash(${args.map(({ sql }) => sql).join(', ')})`,
  },
  aggregate(fn, { sql }, at) {
    switch (fn) {
      case 'sum':
      case 'min':
      case 'max':
      case 'avg':
        return `${fn}(${sql})`;
      case 'stddev':
        return `stddev_samp(${sql})`;
      case 'stddev_pop':
        return `stddev_pop(${sql})`;
      case 'variance':
        return `var_samp(${sql})`;
      case 'variance_pop':
        return `var_pop(${sql})`;
      case 'quantile':
        return `quantile_cont(${sql}, ${at ?? '0.5'})`;
      default:
        return fn satisfies never;
    }
  },
  filters: true,
  blank: (sql) => `(unicode(${sql}) IN (-1, ${BLANKS.join(', ')}) AND ${trimmed(sql)} = '')`,
  conditionsAreValues: true,
  like: likeEscaped,
  regex: 're2',
  matches: (of, pattern) => `regexp_matches(${of}, ${pattern})`,
  replaced: (of, pattern, by) => `regexp_replace(${of}, ${pattern}, ${by}, 'g')`,
  chance: 'random()',
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  sorted: nullsLast,
};
