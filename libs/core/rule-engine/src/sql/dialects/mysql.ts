import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type Argument, type SqlDialect } from './dialect.js';
import { backticked, exactDecimal, fitsInt64, mayOverflow, SHARED_FUNCTIONS } from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'CHAR',
  integer: 'SIGNED',
  decimal: 'DECIMAL(65, 10)',
  float: 'DOUBLE',
  boolean: 'SIGNED',
  date: 'DATE',
  time: 'TIME(6)',
  timestamp: 'DATETIME(6)',
  timestamptz: 'DATETIME(6)',
  uuid: 'CHAR',
  binary: 'BINARY',
  json: 'CHAR',
  array: 'CHAR',
  other: 'CHAR',
};

function typeOf(value: TypedValue): string {
  if (value.family === 'integer') return fitsInt64(value.text) ? 'SIGNED' : exactDecimal(value.text);
  if (value.family === 'decimal') return exactDecimal(value.text);
  if (value.family === 'float') return value.single === true ? 'FLOAT' : 'DOUBLE';
  return TYPES[value.family];
}

const PLAIN_TEXT = /^[\w .,:;@/+-]*$/;
const hex = (byte: number) => byte.toString(16).padStart(2, '0');

/** As bytes unless it is plain: what a backslash means in a literal depends on a mode of the session. */
function written({ family, text }: TypedValue): string {
  if (family === 'boolean') return text === 'true' ? '1' : '0';
  if (PLAIN_TEXT.test(text)) return `'${text}'`;
  return `_utf8mb4 X'${[...new TextEncoder().encode(text)].map(hex).join('')}'`;
}

const safeCast: SqlDialect['safeCast'] = (sql, from, to) => {
  if (from.family === 'text' && to.family === 'boolean') return `(lower(${sql}) = 'true')`;
  return `CAST(${sql} AS ${to.family === 'decimal' ? 'DECIMAL(38, 10)' : TYPES[to.family]})`;
};

/** Types whose values are compared by their bytes. */
const BYTES: readonly TermType['family'][] = ['text', 'uuid', 'other', 'json'];

// Whole numbers are added as decimals: a sum beyond 64 bits is a sum, not an error.
const exact =
  (sign: string) =>
  (args: readonly Argument[]): string => {
    const [left, right] = args;
    const whole = mayOverflow(args);
    return whole
      ? `(CAST(${left!.sql} AS DECIMAL(65, 0)) ${sign} ${right!.sql})`
      : `(${left!.sql} ${sign} ${right!.sql})`;
  };

/** MariaDB and MySQL. Both compare texts without regard to case and to blanks at the end; we compare bytes. */
export const mysql: SqlDialect = {
  name: 'mysql',
  quote: backticked,
  placeholder: () => '?',
  literal: (value) => `CAST(${written(value)} AS ${typeOf(value)})`,
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast,
  comparable: (sql, { family }) => (BYTES.includes(family) ? `CAST(CONVERT(${sql} USING utf8mb4) AS BINARY)` : sql),
  shown: (sql, { family }) => (BYTES.includes(family) ? `CONVERT(${sql} USING utf8mb4)` : sql),
  functions: {
    ...SHARED_FUNCTIONS,
    // TRIM takes one string at a time; these are the blanks that the other dialects take away.
    trim: ([only]) => `REGEXP_REPLACE(${only!.sql}, '^[[:space:]\\u00a0\\u3000]+|[[:space:]\\u00a0\\u3000]+$', '')`,
    round: ([number, digits]) =>
      // Doubles are rounded to the nearest even number; decimals are not.
      `round(${number!.type.family === 'float' ? `CAST(${number!.sql} AS DECIMAL(38, 10))` : number!.sql}, ${digits?.sql ?? '0'})`,
    position: ([text, part]) => `locate(CAST(${part!.sql} AS BINARY), CAST(${text!.sql} AS BINARY))`,
    add: exact('+'),
    subtract: exact('-'),
    multiply: exact('*'),
    divide: ([left, right]) => `(CAST(${left!.sql} AS DOUBLE) / nullif(CAST(${right!.sql} AS DOUBLE), 0))`,
    days_between: ([from, to]) => `DATEDIFF(${to!.sql}, ${from!.sql})`,
    add_days: ([date, days]) => `DATE_ADD(${date!.sql}, INTERVAL ${days!.sql} DAY)`,
    seconds_between: ([from, to]) => `(TIMESTAMPDIFF(MICROSECOND, ${from!.sql}, ${to!.sql}) / 1000000)`,
    // No 64-bit hash of its own: half an MD5 as a number.
    hash: (args) =>
      `CAST(CONV(LEFT(MD5(CONCAT_WS('\\0', ${args.map(({ sql }) => `coalesce(${sql}, '\\N')`).join(', ')})), 16), 16, 10) AS UNSIGNED)`,
  },
  aggregate(fn, { sql }, at) {
    switch (fn) {
      case 'sum':
      case 'min':
      case 'max':
        return `${fn}(${sql})`;
      case 'avg':
        return `avg(CAST(${sql} AS DOUBLE))`;
      case 'stddev':
        return `stddev_samp(${sql})`;
      case 'stddev_pop':
        return `stddev_pop(${sql})`;
      case 'variance':
        return `var_samp(${sql})`;
      case 'variance_pop':
        return `var_pop(${sql})`;
      case 'quantile':
        return `percentile_cont(${at ?? '0.5'}) WITHIN GROUP (ORDER BY ${sql}) OVER ()`;
      default:
        return fn satisfies never;
    }
  },
  filters: false,
  conditionsAreValues: true,
  like: (of, pattern) => `(${of} LIKE ${pattern} ESCAPE '\\\\')`,
  regex: 'perl',
  // Otherwise the column's collation decides about case.
  matches: (of, pattern) => `(${of} REGEXP concat('(?-i)', ${pattern}))`,
  replaced: (of, pattern, by) => `REGEXP_REPLACE(${of}, concat('(?-i)', ${pattern}), ${by})`,
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  nullsLast: '',
};
