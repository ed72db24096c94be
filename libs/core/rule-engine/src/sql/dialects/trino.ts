import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type SqlDialect } from './dialect.js';
import {
  doubleQuoted,
  exactDecimal,
  fitsInt64,
  isPlain,
  likeEscaped,
  named,
  nullsLast,
  numeral,
  plain,
  SHARED_FUNCTIONS,
  standardAggregate,
  utf8Hex,
} from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38, 10)',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME(6)',
  timestamp: 'TIMESTAMP(6)',
  timestamptz: 'TIMESTAMP(6) WITH TIME ZONE',
  uuid: 'UUID',
  binary: 'VARBINARY',
  json: 'VARCHAR',
  array: 'VARCHAR',
  other: 'VARCHAR',
};

function typeOf({ family, text, single }: TypedValue): string {
  if (family === 'integer') return fitsInt64(text) ? 'BIGINT' : exactDecimal(text);
  if (family === 'decimal') return exactDecimal(text);
  if (family === 'float') return single === true ? 'REAL' : 'DOUBLE';
  return TYPES[family];
}

const quoted = (text: string): string => (isPlain(text) ? `'${text}'` : `from_utf8(X'${utf8Hex(text)}')`);

const BLANKS = '[ \t\n\r\f\u000B\u00a0\u3000]+';

const asText = (sql: string): string => `CAST(${sql} AS VARCHAR)`;

/** Trino. Rendered and parsed, never run. */
export const trino: SqlDialect = {
  name: 'trino',
  quote: named(doubleQuoted),
  placeholder: () => '?',
  literal: (value) => {
    const { family, text } = value;
    if (family === 'boolean') return text === 'true' ? 'TRUE' : 'FALSE';
    const number = ['integer', 'decimal', 'float'].includes(family);
    return `CAST(${quoted(number ? numeral(text) : text)} AS ${typeOf(value)})`;
  },
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast: (sql, _from, to) => `TRY_CAST(${sql} AS ${TYPES[to.family]})`,
  // A CHAR is compared as if blanks filled it up.
  comparable: (sql, { family, nativeType = '' }) =>
    family === 'other' || family === 'json' || /^char\b/i.test(nativeType) ? asText(sql) : sql,
  shown: (sql) => sql,
  functions: {
    ...SHARED_FUNCTIONS,
    length: plain('length'),
    trim: ([only]) => `regexp_replace(${only!.sql}, ${quoted(`^${BLANKS}|${BLANKS}$`)}, '')`,
    substring: plain('substr'),
    concat: (args) => `(${args.map(({ sql }) => asText(sql)).join(' || ')})`,
    divide: ([left, right]) => `(CAST(${left!.sql} AS DOUBLE) / nullif(CAST(${right!.sql} AS DOUBLE), 0))`,
    year: plain('year'),
    month: plain('month'),
    day: plain('day'),
    hour: plain('hour'),
    days_between: ([from, to]) => `date_diff('day', ${from!.sql}, ${to!.sql})`,
    add_days: ([date, days]) => `date_add('day', ${days!.sql}, ${date!.sql})`,
    seconds_between: ([from, to]) => `(date_diff('microsecond', ${from!.sql}, ${to!.sql}) / 1000000.0)`,
    hash: (args) => {
      const parts = args.map(({ sql }) => `coalesce(${asText(sql)}, '')`);
      return `xxhash64(to_utf8(concat(${parts.join(`, ',', `)}, '')))`;
    },
  },
  aggregate: (fn, { sql, type }, at) => {
    if (fn === 'quantile') return `approx_percentile(${sql}, ${numeral(at ?? '0.5')})`;
    if (fn === 'sum' && type.family === 'integer') return `sum(CAST(${sql} AS DECIMAL(38, 0)))`;
    return standardAggregate(fn, sql);
  },
  filters: true,
  conditionsAreValues: true,
  like: likeEscaped,
  regex: 'perl',
  matches: (of, pattern) => `regexp_like(${of}, ${pattern})`,
  replaced: (of, pattern, by) => `regexp_replace(${of}, ${pattern}, ${by})`,
  chance: 'random()',
  limit: (sql, rows) => `${sql}\nLIMIT ${rows}`,
  sorted: nullsLast,
};
