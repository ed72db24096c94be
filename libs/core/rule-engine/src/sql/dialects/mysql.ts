import { quoteIdentifier } from '#core/connector-kit';

import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type Argument, type SqlDialect } from './dialect.js';
import {
  exactDecimal,
  fitsInt64,
  isPlain,
  mayOverflow,
  numeral,
  SHARED_FUNCTIONS,
  utcText,
  utf8Hex,
} from './shared.js';

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

/** As bytes unless it is plain: what a backslash or a quote means in a literal depends on a mode of the session. */
const quoted = (text: string): string => (isPlain(text) ? `'${text}'` : `_utf8mb4 X'${utf8Hex(text)}'`);

function written({ family, text }: TypedValue): string {
  if (family === 'boolean') return text === 'true' ? '1' : '0';
  // The session's zone is UTC, and no literal of MariaDB names another.
  return quoted(family === 'timestamptz' ? utcText(text) : text);
}

const safeCast: SqlDialect['safeCast'] = (sql, from, to) => {
  if (from.family === 'text' && to.family === 'boolean') return `(lower(${sql}) = 'true')`;
  return `CAST(${sql} AS ${to.family === 'decimal' ? 'DECIMAL(38, 10)' : TYPES[to.family]})`;
};

/** Types whose values are compared by their bytes. */
const BYTES: readonly TermType['family'][] = ['text', 'uuid', 'other', 'json', 'array'];

/** A date that a NOT NULL column may hold as 0000-00-00. */
const DATES: readonly TermType['family'][] = ['date', 'timestamp', 'timestamptz'];

/** A text in one character set, whatever its column's is: two of different columns could not be mixed. */
const unicode = (sql: string): string => `CONVERT(${sql} USING utf8mb4)`;

const comparable = (sql: string, { family }: TermType): string =>
  BYTES.includes(family) ? `CAST(${unicode(sql)} AS BINARY)` : sql;

const shown = (sql: string, { family }: TermType): string => (BYTES.includes(family) ? unicode(sql) : sql);

/** As the other engines write it, who write true and not 1. */
const asText = ({ sql, type }: Argument): string => {
  if (type.family === 'boolean') return `(CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END)`;
  return BYTES.includes(type.family) ? unicode(sql) : `CAST(${sql} AS CHAR)`;
};

const ofOneCharset = ({ sql, type }: Argument): string => (BYTES.includes(type.family) ? unicode(sql) : sql);

const BLANK = ' \t\n\r\f\u000B\u00a0\u3000';
const BLANKS = `[${BLANK}]+`;

/** Minus zero is zero; a hash of its digits would not know. */
const hashed = ({ sql, type }: Argument): string => {
  if (type.family === 'float') return `(${sql} + 0)`;
  return BYTES.includes(type.family) ? unicode(sql) : sql;
};

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
  quote: (name) => quoteIdentifier('mysql', name),
  placeholder: () => '?',
  // A numeral says its type itself; cast, it would be read anew for each row.
  literal: (value) =>
    ['integer', 'decimal'].includes(value.family) ? numeral(value.text) : `CAST(${written(value)} AS ${typeOf(value)})`,
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast,
  comparable,
  shown,
  functions: {
    ...SHARED_FUNCTIONS,
    // TRIM takes one string at a time; these are the blanks that the other dialects take away.
    trim: ([only]) => `REGEXP_REPLACE(${unicode(only!.sql)}, ${quoted(`^${BLANKS}|${BLANKS}$`)}, '')`,
    concat: (args) => `concat(${args.map(asText).join(', ')})`,
    coalesce: (args) => `coalesce(${args.map(ofOneCharset).join(', ')})`,
    nullif: ([one, other]) =>
      BYTES.includes(one!.type.family)
        ? `(CASE WHEN ${comparable(one!.sql, one!.type)} = ${comparable(other!.sql, other!.type)} THEN NULL ELSE ${one!.sql} END)`
        : `nullif(${one!.sql}, ${other!.sql})`,
    round: ([number, digits]) =>
      // Doubles are rounded to the nearest even number; decimals are not.
      `round(${number!.type.family === 'float' ? `CAST(${number!.sql} AS DECIMAL(38, 10))` : number!.sql}, ${digits?.sql ?? '0'})`,
    // As bytes it would count bytes.
    position: ([text, part]) =>
      `locate(${unicode(part!.sql)} COLLATE utf8mb4_bin, ${unicode(text!.sql)} COLLATE utf8mb4_bin)`,
    add: exact('+'),
    subtract: exact('-'),
    multiply: exact('*'),
    divide: ([left, right]) => `(CAST(${left!.sql} AS DOUBLE) / nullif(CAST(${right!.sql} AS DOUBLE), 0))`,
    days_between: ([from, to]) => `DATEDIFF(${to!.sql}, ${from!.sql})`,
    add_days: ([date, days]) => `DATE_ADD(${date!.sql}, INTERVAL ${days!.sql} DAY)`,
    seconds_between: ([from, to]) => `(TIMESTAMPDIFF(MICROSECOND, ${from!.sql}, ${to!.sql}) * 0.000001)`,
    // No 64-bit hash of its own: two of 32 bits, of the text and of the text backwards. Half an MD5 takes three times as long.
    hash: (args) => {
      // A whole number needs none.
      if (args.length === 1 && args[0]!.type.family === 'integer') return args[0]!.sql;
      const parts = args.map((arg) => (args.length === 1 ? hashed(arg) : `coalesce(${hashed(arg)}, X'00')`));
      const whole = parts.length === 1 ? parts[0]! : `CONCAT_WS(X'00', ${parts.join(', ')})`;
      return `(CRC32(${whole}) * 4294967296 + CRC32(REVERSE(${whole})))`;
    },
  },
  aggregate(fn, { sql, type }, at) {
    switch (fn) {
      case 'sum':
        return `sum(${sql})`;
      case 'min':
      case 'max':
        return shown(`${fn}(${comparable(sql, type)})`, type);
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
  countsColumns: true,
  // It looks up in an index of its own what IN lists; what EXISTS says of expressions it tries row by row.
  findsInLists: true,
  blank: (sql) => `(NOT (${unicode(sql)} REGEXP ${quoted(`[^${BLANK}]`)}))`,
  conditionsAreValues: true,
  // Bytes would make _ stand for a third of a Chinese character. The escape sign by its byte: some modes take '\\' for two.
  like: (of, pattern) => `(${unicode(of)} COLLATE utf8mb4_bin LIKE ${pattern} ESCAPE _utf8mb4 X'5C')`,
  regex: 'perl',
  // Otherwise the column's collation decides about case.
  matches: (of, pattern) => `(${unicode(of)} REGEXP concat('(?-i)', ${pattern}))`,
  replaced: (of, pattern, by) => `REGEXP_REPLACE(${unicode(of)}, concat('(?-i)', ${pattern}), ${by})`,
  chance: 'RAND()',
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  sorted: (sql, descending) => `(${sql} IS NULL), ${sql}${descending ? ' DESC' : ''}`,
  // In WHERE, `x IS NULL` also finds 0000-00-00 when x is NOT NULL, for old programs' sake; elsewhere it does not.
  absent: (sql, { family }) => (DATES.includes(family) ? `(${sql} <=> NULL)` : `(${sql} IS NULL)`),
};
