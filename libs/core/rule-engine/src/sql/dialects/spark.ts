import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type SqlDialect } from './dialect.js';
import {
  backticked,
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
  text: 'STRING',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38, 10)',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  // There is no type for a time of the day.
  time: 'STRING',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP',
  uuid: 'STRING',
  binary: 'BINARY',
  json: 'STRING',
  array: 'STRING',
  other: 'STRING',
};

function typeOf({ family, text, single }: TypedValue): string {
  if (family === 'integer') return fitsInt64(text) ? 'BIGINT' : exactDecimal(text);
  if (family === 'decimal') return exactDecimal(text);
  if (family === 'float') return single === true ? 'FLOAT' : 'DOUBLE';
  return TYPES[family];
}

// Whether a backslash escapes depends on spark.sql.parser.escapedStringLiterals, and ${…} is replaced before the text is parsed.
const quoted = (text: string): string => (isPlain(text) ? `'${text}'` : `decode(unhex('${utf8Hex(text)}'), 'UTF-8')`);

const BLANKS = '[ \t\n\r\f\u000B\u00a0\u3000]+';

/** Spark SQL, with its session's zone at UTC. Rendered and parsed, never run. */
export const spark: SqlDialect = {
  name: 'spark',
  quote: named(backticked),
  placeholder: () => '?',
  literal: (value) => {
    const { family, text } = value;
    if (family === 'boolean') return text === 'true' ? 'TRUE' : 'FALSE';
    const number = ['integer', 'decimal', 'float'].includes(family);
    const written = family === 'timestamptz' ? utcText(text) : number ? numeral(text) : text;
    return `CAST(${quoted(written)} AS ${typeOf(value)})`;
  },
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast: (sql, _from, to) => `try_cast(${sql} AS ${TYPES[to.family]})`,
  comparable: (sql, { family }) => (family === 'other' || family === 'json' ? `CAST(${sql} AS STRING)` : sql),
  shown: (sql) => sql,
  functions: {
    ...SHARED_FUNCTIONS,
    trim: ([only]) => `regexp_replace(${only!.sql}, ${quoted(`^${BLANKS}|${BLANKS}$`)}, '')`,
    position: ([text, part]) => `instr(${text!.sql}, ${part!.sql})`,
    divide: ([left, right]) => `(CAST(${left!.sql} AS DOUBLE) / nullif(CAST(${right!.sql} AS DOUBLE), 0))`,
    year: plain('year'),
    month: plain('month'),
    day: plain('day'),
    hour: plain('hour'),
    days_between: ([from, to]) => `datediff(${to!.sql}, ${from!.sql})`,
    add_days: ([date, days]) => `date_add(${date!.sql}, CAST(${days!.sql} AS INT))`,
    seconds_between: ([from, to]) => `(CAST(${to!.sql} AS DECIMAL(20, 6)) - CAST(${from!.sql} AS DECIMAL(20, 6)))`,
    hash: plain('xxhash64'),
  },
  aggregate: (fn, { sql, type }, at) => {
    if (fn === 'quantile') return `percentile(${sql}, ${numeral(at ?? '0.5')})`;
    if (fn === 'sum' && type.family === 'integer') return `sum(CAST(${sql} AS DECIMAL(38, 0)))`;
    return standardAggregate(fn, sql);
  },
  filters: true,
  conditionsAreValues: true,
  // A backslash is the escape sign without saying so.
  like: (of, pattern) => `(${of} LIKE ${pattern})`,
  regex: 'perl',
  matches: (of, pattern) => `(${of} RLIKE ${pattern})`,
  replaced: (of, pattern, by) => `regexp_replace(${of}, ${pattern}, ${by})`,
  chance: 'rand()',
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  sorted: nullsLast,
};

/** Hive: like Spark, whose SQL came from it. Rendered and parsed, never run. */
export const hive: SqlDialect = {
  ...spark,
  name: 'hive',
  // A cast that cannot be made is NULL.
  safeCast: (sql, _from, to) => `CAST(${sql} AS ${TYPES[to.family]})`,
  filters: false,
  functions: { ...spark.functions, hash: ([...args]) => `hash(${args.map(({ sql }) => sql).join(', ')})` },
};
