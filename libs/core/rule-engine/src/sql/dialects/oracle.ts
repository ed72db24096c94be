import { InvalidInput } from '#kernel';

import { type TypedValue } from '../../typed-values.js';
import { type TermType } from '../term.js';
import { type SqlDialect } from './dialect.js';
import {
  doubleQuoted,
  isPlain,
  named,
  nullsLast,
  numeral,
  plain,
  SHARED_FUNCTIONS,
  standardAggregate,
} from './shared.js';

const TYPES: Readonly<Record<TermType['family'], string>> = {
  text: 'VARCHAR2(4000)',
  integer: 'NUMBER(38, 0)',
  decimal: 'NUMBER',
  float: 'BINARY_DOUBLE',
  // Before version 23 no column is a truth value: 1 and 0 stand for them.
  boolean: 'NUMBER(1)',
  date: 'DATE',
  time: 'VARCHAR2(15)',
  timestamp: 'TIMESTAMP(6)',
  timestamptz: 'TIMESTAMP(6) WITH TIME ZONE',
  uuid: 'VARCHAR2(36)',
  binary: 'RAW(2000)',
  json: 'VARCHAR2(4000)',
  array: 'VARCHAR2(4000)',
  other: 'VARCHAR2(4000)',
};

// A literal has 4,000 bytes at most; one UTF-16 unit is five characters of UNISTR's.
const UNITS_IN_A_LITERAL = 700;

/** By its UTF-16 units, since the bytes of a text depend on the database's character set. */
function quoted(text: string): string {
  if (isPlain(text) && text.length <= UNITS_IN_A_LITERAL) return `'${text}'`;
  const units = Array.from(
    { length: text.length },
    (_, at) => `\\${text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()}`,
  );
  const parts = Array.from({ length: Math.ceil(units.length / UNITS_IN_A_LITERAL) }, (_, at) =>
    units.slice(at * UNITS_IN_A_LITERAL, (at + 1) * UNITS_IN_A_LITERAL).join(''),
  );
  const written = parts.map((part) => `UNISTR('${part}')`);
  return written.length === 1 ? written[0]! : `(${written.join(' || ')})`;
}

function literal({ family, text, single }: TypedValue): string {
  switch (family) {
    case 'boolean':
      return text === 'true' ? '1' : '0';
    case 'integer':
    case 'decimal':
      return numeral(text);
    case 'float':
      return `CAST(${numeral(text)} AS ${single === true ? 'BINARY_FLOAT' : 'BINARY_DOUBLE'})`;
    case 'date':
      return `DATE ${quoted(text)}`;
    case 'timestamp':
      return `TIMESTAMP ${quoted(text)}`;
    case 'timestamptz':
      return `TIMESTAMP ${quoted(text.replace(/([+-]\d\d:\d\d)$/, ' $1'))}`;
    case 'text':
    case 'time':
    case 'uuid':
    case 'binary':
    case 'json':
    case 'array':
    case 'other':
      return quoted(text);
    default:
      return family satisfies never;
  }
}

const TEXTS: readonly TermType['family'][] = ['text', 'uuid', 'other', 'json', 'array', 'time'];

/** What NLS_COMP and NLS_SORT of a session say about texts, it does not say about these. */
const comparable = (sql: string, { family }: TermType): string =>
  TEXTS.includes(family) ? `(${sql} COLLATE BINARY)` : sql;

const BLANKS = '[ \t\n\r\f\u000B\u00a0\u3000]+';

/** Oracle Database 12.2 and newer, where an empty text is NULL. Rendered and parsed, never run. */
export const oracle: SqlDialect = {
  name: 'oracle',
  quote: named((name) => {
    if (name.includes('"')) throw new InvalidInput(`${JSON.stringify(name)} has a quote, which no name of Oracle has.`);
    return doubleQuoted(name);
  }),
  placeholder: (n) => `:${n}`,
  literal,
  typeOf: ({ family }) => TYPES[family],
  castType: ({ family }) => TYPES[family],
  safeCast: (sql, _from, to) => `CAST(${sql} AS ${TYPES[to.family]} DEFAULT NULL ON CONVERSION ERROR)`,
  comparable,
  shown: (sql) => sql,
  functions: {
    ...SHARED_FUNCTIONS,
    length: plain('length'),
    trim: ([only]) => `REGEXP_REPLACE(${only!.sql}, ${quoted(`^${BLANKS}|${BLANKS}$`)}, '')`,
    substring: plain('substr'),
    concat: (args) => `(${args.map(({ sql }) => `TO_CHAR(${sql})`).join(' || ')})`,
    position: plain('instr'),
    divide: ([left, right]) => `(TO_BINARY_DOUBLE(${left!.sql}) / nullif(TO_BINARY_DOUBLE(${right!.sql}), 0))`,
    days_between: ([from, to]) => `(${to!.sql} - ${from!.sql})`,
    add_days: ([date, days]) => `(${date!.sql} + ${days!.sql})`,
    seconds_between: ([from, to]) => `((CAST(${to!.sql} AS DATE) - CAST(${from!.sql} AS DATE)) * 86400)`,
    hash: (args) => `ORA_HASH(${args.map(({ sql }) => `TO_CHAR(${sql})`).join(` || ',' || `)})`,
  },
  aggregate(fn, { sql, type }, at) {
    if (fn === 'quantile') return `percentile_cont(${numeral(at ?? '0.5')}) WITHIN GROUP (ORDER BY ${sql})`;
    return standardAggregate(fn, fn === 'min' || fn === 'max' ? comparable(sql, type) : sql);
  },
  filters: false,
  conditionsAreValues: false,
  like: (of, pattern) => `(${of} LIKE ${pattern} ESCAPE UNISTR('\\005C'))`,
  regex: 'perl',
  matches: (of, pattern) => `REGEXP_LIKE(${of}, ${pattern}, 'c')`,
  replaced: (of, pattern, by) => `REGEXP_REPLACE(${of}, ${pattern}, ${by})`,
  chance: 'dbms_random.value',
  limit: (sql, rows) => `${sql}\nFETCH FIRST ${rows} ROWS ONLY`,
  sorted: nullsLast,
  aliased: (relation, alias) => `${relation} ${alias}`,
};
