import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type Argument, type SqlDialect } from './dialect.js';
import { exactDecimal, fitsInt64, isPlain, named, numeral, plain, SHARED_FUNCTIONS } from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'nvarchar(max)',
  integer: 'bigint',
  decimal: 'decimal(38, 10)',
  float: 'float',
  boolean: 'bit',
  date: 'date',
  time: 'time(6)',
  timestamp: 'datetime2(6)',
  timestamptz: 'datetimeoffset(6)',
  uuid: 'uniqueidentifier',
  binary: 'varbinary(max)',
  json: 'nvarchar(max)',
  array: 'nvarchar(max)',
  other: 'nvarchar(max)',
};

function typeOf({ family, text, single }: TypedValue): string {
  if (family === 'integer') return fitsInt64(text) ? 'bigint' : exactDecimal(text);
  if (family === 'decimal') return exactDecimal(text);
  if (family === 'float') return single === true ? 'real' : 'float';
  return TYPES[family];
}

function utf16Hex(text: string): string {
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at);
    return [unit & 0xff, unit >> 8].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  })
    .join('')
    .toUpperCase();
}

// A backslash before the end of a line would take both out of a literal, and sqlcmd replaces $(…).
const quoted = (text: string): string => (isPlain(text) ? `N'${text}'` : `CAST(0x${utf16Hex(text)} AS nvarchar(max))`);

const TEXTS: readonly TermType['family'][] = ['text', 'other', 'json', 'array'];

/** Texts are equal when their bytes are: every collation takes away blanks at the end. Bytes have no order that people know. */
const comparable = (sql: string, { family }: TermType, ordered: boolean): string => {
  if (!TEXTS.includes(family)) return sql;
  const text = `CAST(${sql} AS nvarchar(max))`;
  return ordered ? `(${text} COLLATE Latin1_General_100_BIN2)` : `CAST(${text} AS varbinary(max))`;
};

const AGGREGATES = { stddev: 'stdev', stddev_pop: 'stdevp', variance: 'var', variance_pop: 'varp' } as const;

const asText = ({ sql }: Argument): string => `CAST(${sql} AS nvarchar(max))`;

const BLANKS = '[ \t\n\r\f\u000B\u00a0\u3000]+';

/** SQL Server 2025 and newer, the first with patterns. Rendered and parsed, never run. */
export const sqlserver: SqlDialect = {
  name: 'sqlserver',
  quote: named((name) => `[${name.replaceAll(']', ']]')}]`),
  placeholder: (n) => `@p${n}`,
  literal: (value) => {
    const { family, text } = value;
    if (family === 'boolean') return `CAST(${text === 'true' ? '1' : '0'} AS bit)`;
    const number = ['integer', 'decimal', 'float'].includes(family);
    return number ? `CAST(${numeral(text)} AS ${typeOf(value)})` : `CAST(${quoted(text)} AS ${typeOf(value)})`;
  },
  typeOf,
  castType: ({ family }) => TYPES[family],
  safeCast: (sql, _from, to) => `TRY_CAST(${sql} AS ${TYPES[to.family]})`,
  comparable,
  shown: (sql, { family }) => (TEXTS.includes(family) ? `CAST(${sql} AS nvarchar(max))` : sql),
  functions: {
    ...SHARED_FUNCTIONS,
    // LEN does not count blanks at the end, and counts a character beyond U+FFFF twice unless its collation says otherwise.
    length: ([only]) => `(LEN(CAST(${only!.sql} AS nvarchar(max)) COLLATE Latin1_General_100_CI_AS_SC + N'x') - 1)`,
    trim: ([only]) => `REGEXP_REPLACE(${only!.sql}, ${quoted(`^${BLANKS}|${BLANKS}$`)}, N'')`,
    substring: ([text, from, count]) => `substring(${text!.sql}, ${from!.sql}, ${count?.sql ?? '2147483647'})`,
    concat: (args) => `(${args.map(asText).join(' + ')})`,
    nullif: ([one, other]) =>
      `(CASE WHEN ${comparable(one!.sql, one!.type, false)} = ${comparable(other!.sql, other!.type, false)} THEN NULL ELSE ${one!.sql} END)`,
    ceil: plain('ceiling'),
    round: ([number, digits]) => `round(CAST(${number!.sql} AS decimal(38, 10)), ${digits?.sql ?? '0'})`,
    replace: ([text, what, by]) => `replace(${text!.sql} COLLATE Latin1_General_100_BIN2, ${what!.sql}, ${by!.sql})`,
    position: ([text, part]) => `charindex(${part!.sql}, ${text!.sql} COLLATE Latin1_General_100_BIN2)`,
    divide: ([left, right]) => `(CAST(${left!.sql} AS float) / nullif(CAST(${right!.sql} AS float), 0))`,
    modulo: ([left, right]) => `(${left!.sql} % nullif(${right!.sql}, 0))`,
    ln: plain('log'),
    year: ([only]) => `datepart(year, ${only!.sql})`,
    month: ([only]) => `datepart(month, ${only!.sql})`,
    day: ([only]) => `datepart(day, ${only!.sql})`,
    hour: ([only]) => `datepart(hour, ${only!.sql})`,
    days_between: ([from, to]) => `datediff(day, ${from!.sql}, ${to!.sql})`,
    add_days: ([date, days]) => `dateadd(day, ${days!.sql}, ${date!.sql})`,
    seconds_between: ([from, to]) => `(datediff_big(microsecond, ${from!.sql}, ${to!.sql}) / 1000000.0)`,
    hash: (args) => {
      const parts = args.map((arg) => `coalesce(${asText(arg)}, N'')`);
      return `CAST(HASHBYTES('SHA2_256', ${parts.join(` + N',' + `)}) AS bigint)`;
    },
  },
  aggregate(fn, { sql, type }, at) {
    switch (fn) {
      case 'quantile':
        return `percentile_cont(${numeral(at ?? '0.5')}) WITHIN GROUP (ORDER BY ${sql}) OVER ()`;
      case 'sum':
        return type.family === 'integer' ? `sum(CAST(${sql} AS decimal(38, 0)))` : `sum(${sql})`;
      case 'avg':
        // The mean of whole numbers would be a whole number.
        return `avg(CAST(${sql} AS float))`;
      case 'min':
      case 'max':
        return `${fn}(${comparable(sql, type, true)})`;
      case 'stddev':
      case 'stddev_pop':
      case 'variance':
      case 'variance_pop':
        return `${AGGREGATES[fn]}(${sql})`;
      default:
        return fn satisfies never;
    }
  },
  filters: false,
  conditionsAreValues: false,
  like: (of, pattern) =>
    // A bracket begins a set of characters here, and nowhere else.
    `(CAST(${of} AS nvarchar(max)) COLLATE Latin1_General_100_BIN2 LIKE replace(${pattern}, N'[', N'[[]') ESCAPE NCHAR(92))`,
  regex: 're2',
  matches: (of, pattern) => `REGEXP_LIKE(${of}, ${pattern}, 'c')`,
  replaced: (of, pattern, by) => `REGEXP_REPLACE(${of}, ${pattern}, ${by})`,
  chance: '(ABS(CHECKSUM(NEWID())) / 2147483648.0)',
  limit: (sql, rows) => sql.replace(/^SELECT (DISTINCT )?/, (_, distinct = '') => `SELECT ${distinct}TOP (${rows}) `),
  sorted: (sql, descending) => `(CASE WHEN ${sql} IS NULL THEN 1 ELSE 0 END), ${sql}${descending ? ' DESC' : ''}`,
};
