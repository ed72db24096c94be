import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type SqlDialect } from './dialect.js';
import {
  exactDecimal,
  fitsInt64,
  isPlain,
  named,
  nullsLast,
  numeral,
  plain,
  SHARED_FUNCTIONS,
  standardAggregate,
  utcText,
  utf8Hex,
} from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'String',
  integer: 'Int64',
  decimal: 'Decimal(76, 10)',
  float: 'Float64',
  boolean: 'Bool',
  date: 'Date32',
  time: 'String',
  timestamp: `DateTime64(6, 'UTC')`,
  timestamptz: `DateTime64(6, 'UTC')`,
  uuid: 'UUID',
  binary: 'String',
  json: 'String',
  array: 'String',
  other: 'String',
};

function typeOf({ family, text, single }: TypedValue): string {
  if (family === 'integer') return fitsInt64(text) ? 'Int64' : exactDecimal(text).replace('DECIMAL', 'Decimal');
  if (family === 'decimal') return exactDecimal(text).replace('DECIMAL', 'Decimal');
  if (family === 'float') return single === true ? 'Float32' : 'Float64';
  return TYPES[family];
}

// A backslash escapes in every literal.
const quoted = (text: string): string => (isPlain(text) ? `'${text}'` : `unhex('${utf8Hex(text)}')`);

/** Rendered and parsed, never run. */
export const clickhouse: SqlDialect = {
  name: 'clickhouse',
  // In names, too, a backslash escapes.
  quote: named((name) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '``')}\``),
  placeholder: (n) => `{p${n}:String}`,
  literal: (value) => {
    const { family, text } = value;
    if (family === 'boolean') return text === 'true' ? 'true' : 'false';
    const written = family === 'timestamptz' ? utcText(text) : text;
    const number = ['integer', 'decimal', 'float'].includes(family);
    return `CAST(${quoted(number ? numeral(text) : written)} AS ${typeOf(value)})`;
  },
  typeOf,
  // Only a Nullable type can hold the absence of a value.
  castType: ({ family }) => `Nullable(${TYPES[family]})`,
  safeCast: (sql, _from, to) => `accurateCastOrNull(${sql}, ${quoted(TYPES[to.family].replaceAll("'", ''))})`,
  comparable: (sql, { family }) => (family === 'other' || family === 'json' ? `toString(${sql})` : sql),
  shown: (sql) => sql,
  functions: {
    ...SHARED_FUNCTIONS,
    length: plain('lengthUTF8'),
    lower: plain('lowerUTF8'),
    upper: plain('upperUTF8'),
    trim: ([only]) =>
      `replaceRegexpAll(${only!.sql}, ${quoted('^[ \t\n\r\f\u000B\u00a0\u3000]+|[ \t\n\r\f\u000B\u00a0\u3000]+$')}, '')`,
    substring: plain('substringUTF8'),
    concat: (args) => `concat(${args.map(({ sql }) => `toString(${sql})`).join(', ')})`,
    nullif: plain('nullIf'),
    replace: plain('replaceAll'),
    position: plain('positionUTF8'),
    divide: ([left, right]) => `(toFloat64(${left!.sql}) / nullIf(toFloat64(${right!.sql}), 0))`,
    modulo: ([left, right]) => `modulo(${left!.sql}, nullIf(${right!.sql}, 0))`,
    ln: plain('log'),
    year: plain('toYear'),
    month: plain('toMonth'),
    day: plain('toDayOfMonth'),
    hour: plain('toHour'),
    days_between: ([from, to]) => `dateDiff('day', ${from!.sql}, ${to!.sql})`,
    add_days: ([date, days]) => `addDays(${date!.sql}, ${days!.sql})`,
    seconds_between: ([from, to]) => `(dateDiff('microsecond', ${from!.sql}, ${to!.sql}) / 1000000)`,
    hash: plain('cityHash64'),
  },
  aggregate(fn, { sql, type }, at) {
    if (fn === 'quantile') return `quantileExactInclusive(${numeral(at ?? '0.5')})(${sql})`;
    // Whole numbers would silently begin anew beyond 64 bits.
    if (fn === 'sum' && type.family === 'integer') return `sum(toInt256(${sql}))`;
    return standardAggregate(fn, sql);
  },
  filters: false,
  conditionsAreValues: true,
  like: (of, pattern) => `(${of} LIKE ${pattern})`,
  regex: 're2',
  matches: (of, pattern) => `match(${of}, ${pattern})`,
  replaced: (of, pattern, by) => `replaceRegexpAll(${of}, ${pattern}, ${by})`,
  chance: 'randCanonical()',
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  sorted: nullsLast,
};
