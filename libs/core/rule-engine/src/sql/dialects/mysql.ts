import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type SqlDialect } from './dialect.js';
import { backticked, exactDecimal, fitsInt64, SHARED_FUNCTIONS } from './shared.js';

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

/** What a value of each type looks like; MySQL's own casts take the beginning of a text and only warn about the rest. */
const LOOKS: Readonly<Partial<Record<TermType['family'], string>>> = {
  integer: '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$',
  decimal: '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)[[:space:]]*$',
  float: '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$',
};

const safeCast: SqlDialect['safeCast'] = (sql, _from, to) => {
  const looks = LOOKS[to.family];
  const cast = `CAST(${sql} AS ${TYPES[to.family]})`;
  return looks === undefined ? cast : `(CASE WHEN ${sql} REGEXP '${looks}' THEN ${cast} END)`;
};

/** Types whose values are compared by their bytes. */
const BYTES: readonly TermType['family'][] = ['text', 'uuid', 'other', 'json'];

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
    divide: ([left, right]) => `(${left!.sql} / nullif(${right!.sql}, 0))`,
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
  matches: (of, pattern, ignoreCase) =>
    `(${of} REGEXP ${ignoreCase ? `concat('(?i)', ${pattern})` : `concat('(?-i)', ${pattern})`})`,
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  nullsLast: '',
};
