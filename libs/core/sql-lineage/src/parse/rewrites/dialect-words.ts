import type { Dialect } from '../../dialects.js';
import { type Edit, edited } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

type Look = (words: Words, at: number, dialect: Dialect) => Edit | undefined;

const put = (words: Words, from: number, to: number, text: string): Edit => ({ ...words.range(from, to), put: text });

const STRICTNESS = wordSet('any all asof semi anti');

/** ClickHouse: `LEFT ANY OUTER JOIN`, `GLOBAL LEFT ANTI OUTER JOIN`. How many rows match does not matter to where they come from. */
const strictness: Look = (words, at) => {
  if (!/^(left|right|full|inner)$/.test(words.low(at)) || !words.oneOf(at + 1, STRICTNESS)) return undefined;
  const end = words.past(at + 2, 'outer');
  return words.low(end) === 'join'
    ? put(words, at + 1, end, /^(semi|anti)$/.test(words.low(at + 1)) ? words.low(at + 1) : '')
    : undefined;
};

/** Spark: `NATURAL LEFT SEMI JOIN` and `NATURAL CROSS JOIN`. */
const natural: Look = (words, at) => {
  if (words.low(at) !== 'natural') return undefined;
  if (words.is(at + 1, 'cross join')) return put(words, at, at + 2, 'natural');
  const end = words.past(at + 1, 'left semi', 'left anti', 'semi', 'anti');
  return end > at + 1 && words.low(end) === 'join' ? put(words, at, end, 'natural left') : undefined;
};

const START = wordSet('( , select where and or when then else on having = not');

/** `! x` for `NOT x`. */
const exclamation: Look = (words, at) =>
  words.low(at) === '!' && words.low(at + 1) !== '=' && words.oneOf(at - 1, START)
    ? put(words, at, at + 1, ' not ')
    : undefined;

/** Operators of two signs with a gap: `> =`. */
const gaps: Look = (words, at) => {
  const [one, two] = [words.at(at), words.at(at + 1)];
  if (!/^[<>!]$/.test(one.low) || !/^[=>]$/.test(two.low) || two.start === one.end) return undefined;
  return put(words, at, at + 2, one.low + two.low);
};

const SIGNS = /^[-+*/<>=~!@#%^&|?`]$/;
const KNOWN_OPERATORS = wordSet(
  '+ - * / % ^ = < > <= >= <> != || -> ->> #> #>> @> <@ ? ?| ?& @? @@ && ~ ~* !~ !~* & | << >> # <-> :: #- |/ ||/ ! @ :: => := =* *= - -+ +- ** == <=> !! /*+ */ @@@ @ !> !< += -= *= /= %= &= |= ^=',
);

/** PostgreSQL lets extensions define operators; what they do with both sides is the same to us as what `+` does. */
const operators: Look = (words, at, dialect) => {
  if (dialect.name !== 'postgres' && dialect.name !== 'redshift') return undefined;
  if (words.at(at).kind !== 'other' || !SIGNS.test(words.low(at))) return undefined;
  const before = words.at(at - 1);
  if (SIGNS.test(before.low) && before.end === words.at(at).start) return undefined;
  let end = at + 1;
  while (SIGNS.test(words.low(end)) && words.at(end).start === words.at(end - 1).end) end++;
  const sign = words.textOf(at, end);
  // A sign behind an operator may belong to the number behind it: `a*-1`.
  const known = KNOWN_OPERATORS.has(sign) || KNOWN_OPERATORS.has(sign.replace(/[-+]$/, '')) || sign.includes('--');
  const alone = sign === '@' && (before.kind === 'word' || before.low === ')' || before.kind === 'quoted');
  return (known && !alone) || sign === '' ? undefined : put(words, at, end, ' + ');
};

/** PostgreSQL: strings that go on in the next line are one; its prefixes do not matter here. */
const strings: Look = (words, at) =>
  words.at(at).kind === 'string' &&
  words.at(at + 1).kind === 'string' &&
  /\n/.test(words.text.slice(words.at(at).end, words.at(at + 1).start))
    ? put(words, at + 1, at + 2, '')
    : undefined;

/** psql: `:'name'`, `:"name"`. */
const psqlVariables: Look = (words, at, dialect) => {
  const next = words.at(at + 1);
  if (
    dialect.name !== 'postgres' ||
    words.low(at) !== ':' ||
    words.low(at - 1) === ':' ||
    next.start !== words.at(at).end
  )
    return undefined;
  if (next.kind === 'string') return put(words, at, at + 2, next.text);
  return next.kind === 'quoted' ? put(words, at, at + 1, '') : undefined;
};

/** Oracle: `a MULTISET UNION ALL b` makes one value of two; so does `||`. */
const multiset: Look = (words, at) => {
  if (words.low(at) !== 'multiset') return undefined;
  if (!/^(union|except|intersect)$/.test(words.low(at + 1)))
    return words.low(at + 1) === '(' ? put(words, at, at + 1, '') : undefined;
  return put(words, at, words.past(at + 2, 'all', 'distinct'), '||');
};

/** MySQL: intervals in two units. Which unit does not matter. */
const intervals: Look = (words, at) =>
  /^(second|minute|hour|day|year)_(microsecond|second|minute|hour|month)$/.test(words.low(at))
    ? put(words, at, at + 1, 'second')
    : undefined;

/** MySQL: `CONVERT(x, SIGNED INTEGER)`. */
const signed: Look = (words, at) =>
  /^(un)?signed$/.test(words.low(at)) && words.low(at + 1) === 'integer' ? put(words, at + 1, at + 2, '') : undefined;

/** Spark: letters behind numbers (`42L`, `1.5BD`) say the type. */
const suffixes: Look = (words, at) => {
  const word = words.at(at);
  if (!/^(l|s|y|bd|d|f)$/.test(word.low)) return undefined;
  let from = at;
  while (/^[\d.]$/.test(words.low(from - 1)) && words.at(from - 1).end === words.at(from).start) from--;
  // `t.s` and `"1".s` are columns.
  const glued = from > 0 && words.at(from - 1).end === words.at(from).start && words.at(from - 1).kind !== 'other';
  return from < at && /\d/.test(words.textOf(from, at)) && !glued ? put(words, at, at + 1, '') : undefined;
};

/** Spark: `TIMESTAMP_NTZ '…'` */
const timestamps: Look = (words, at) =>
  /^timestamp_(l|n)tz$/.test(words.low(at)) && words.at(at + 1).kind === 'string'
    ? put(words, at, at + 1, 'timestamp')
    : undefined;

/** Hive, Spark: a lateral view's names without AS. */
const lateralNames: Look = (words, at) => {
  if (!words.is(at, 'lateral view')) return undefined;
  const call = words.pastName(words.past(at + 2, 'outer'));
  const table = words.pastBrackets(call);
  const stops = wordSet(
    'as lateral where group order having join left right inner cross limit on union window cluster distribute sort , ) ;',
  );
  if (
    table === call ||
    !words.isName(table) ||
    words.oneOf(table, stops) ||
    !words.isName(table + 1) ||
    words.oneOf(table + 1, stops)
  )
    return undefined;
  return { start: words.at(table).end, end: words.at(table).end, put: ' as' };
};

/** `DELETE FROM t * …`, `WHERE CURRENT OF cursor`. */
const currentOf: Look = (words, at) =>
  words.is(at, 'where current of') ? put(words, at, words.pastName(at + 3), '') : undefined;

/** Aggregates with VARIADIC and a name. */
const variadic: Look = (words, at) =>
  words.low(at) === 'variadic' && words.low(at + 2) === '=' && words.low(at + 3) === '>'
    ? put(words, at, at + 4, 'variadic')
    : undefined;

/** `VALUES ROW (1, 2)` */
const rowWord: Look = (words, at) =>
  words.low(at) === 'row' && words.low(at + 1) === '(' && /^(values|,)$/.test(words.low(at - 1))
    ? put(words, at, at + 1, '')
    : undefined;

/** The name of the function in whose brackets a word stands; of JSON_TABLE, in those of its COLUMNS too. */
function callAround(words: Words, at: number): string {
  let { depth } = words.at(at);
  for (let back = at - 1; back >= 0 && depth > 0; back--) {
    if (words.at(back).depth >= depth) continue;
    depth = words.at(back).depth;
    if (words.low(back - 1) !== 'columns') return words.low(back - 1);
  }
  return '';
}

/** What a JSON function gives when there is nothing: `DEFAULT '0' ON EMPTY`, `NULL ON ERROR`; and of which type: `RETURNING text`. */
const jsonClauses: Look = (words, at) => {
  const begins = /^(returning|null|error|default)$/.test(words.low(at));
  if (!begins || !/^(json|xml)/.test(callAround(words, at))) return undefined;
  const typed = words.low(at) === 'returning' && words.at(at + 1).kind === 'word' ? words.pastBrackets(at + 2) : at;
  if (typed > at && /^(\)|null|error|default)$/.test(words.low(typed))) return put(words, at, typed, '');
  const on = /^(null|error)$/.test(words.low(at)) ? at + 1 : words.low(at) === 'default' ? at + 2 : at;
  return on > at && (words.is(on, 'on empty') || words.is(on, 'on error')) ? put(words, at, on + 2, '') : undefined;
};

/** `XMLFOREST(a AS "x", b)`: the names are of elements, not of columns. */
const elementNames: Look = (words, at) =>
  words.low(at) === 'as' && /^xml(forest|colattval)$/.test(callAround(words, at))
    ? put(words, at, words.pastName(at + 1), '')
    : undefined;

/** Oracle: `TREAT(a AS type)` is a CAST. */
const treat: Look = (words, at) => (words.is(at, 'treat (') ? put(words, at, at + 1, 'cast') : undefined);

/** Flink: `CAST(a AS ROW<x INT, y STRING>)`: the type does not matter. */
const rowType: Look = (words, at) => {
  if (!words.is(at, 'as row <')) return undefined;
  let open = 0;
  for (let end = at + 2; end < words.length; end++) {
    if (words.low(end) === '<') open++;
    if (words.low(end) === '>' && --open === 0) return put(words, at + 1, end + 1, 'varchar');
  }
  return undefined;
};

/** T-SQL: `PARSE(a AS date USING 'zh-CN')` is a CAST; `geography::Point(…)` is a function. */
const staticCalls: Look = (words, at) => {
  if (/^(try_)?parse$/.test(words.low(at)) && words.low(at + 1) === '(') return put(words, at, at + 1, 'cast');
  if (words.low(at) === 'using' && words.at(at + 1).kind === 'string' && /^(try_)?parse$/.test(callAround(words, at)))
    return put(words, at, at + 2, '');
  const isType = words.isName(at) && words.is(at + 1, ': :') && words.at(at + 2).start === words.at(at + 1).end;
  return isType && words.isName(at + 3) && words.low(at + 4) === '(' ? put(words, at, at + 3, '') : undefined;
};

/** Doris: `body MATCH_ANY 'a b'` is a condition like LIKE. */
const searches: Look = (words, at) =>
  /^match_(any|all|phrase|phrase_prefix|phrase_edge|regexp)$/.test(words.low(at)) && words.low(at + 1) !== '('
    ? put(words, at, at + 1, 'like')
    : undefined;

/** Spark: `PIVOT (… FOR a, b IN (…))`. */
const pivotNames: Look = (words, at) => {
  if (words.low(at) !== 'for' || words.at(at).depth === 0 || words.low(at + 2) !== ',') return undefined;
  const end = words.find(at, words.at(at).depth, wordSet('in'));
  return end === -1 ? undefined : put(words, at + 1, end, `(${words.textOf(at + 1, end)})`);
};

/** Oracle: `CURSOR (SELECT …)` among the columns is a query like another. */
const cursorQuery: Look = (words, at) =>
  words.low(at) === 'cursor' && words.is(at + 1, '( select') ? put(words, at, at + 1, '') : undefined;

/** Hive, Spark: a name of the SELECT list in double quotes, where the parser sees a string. */
const stringNames: Look = (words, at) => {
  const name = words.at(at + 1);
  if (words.low(at) !== 'as' || !/^['"]/.test(name.text) || !/^(,|from|\)|;|)$/.test(words.low(at + 2)))
    return undefined;
  return put(words, at + 1, at + 2, `\`${name.text.slice(1, -1).replaceAll('`', '``')}\``);
};

/** T-SQL's `OPENXML(@h, '/row', 2) WITH (…)` declares its columns as OPENJSON does. */
const openXml: Look = (words, at) => {
  if (words.low(at) !== 'openxml' || words.low(at + 1) !== '(') return undefined;
  const [document, path] = words.items(at + 1).map(([from, to]) => words.textOf(from, to));
  return put(words, at, words.pastBrackets(at + 1), `openjson(${document ?? ''}, ${path ?? "''"})`);
};

const LOOKS: Readonly<Partial<Record<Dialect['name'], readonly Look[]>>> = {
  clickhouse: [strictness],
  hive: [stringNames, natural, exclamation, suffixes, timestamps, lateralNames],
  spark: [stringNames, natural, exclamation, suffixes, timestamps, lateralNames, pivotNames],
  databricks: [stringNames, natural, exclamation, suffixes, timestamps, lateralNames, pivotNames],
  flink: [jsonClauses, rowType],
  tsql: [gaps, currentOf, staticCalls, openXml],
  postgres: [operators, strings, psqlVariables, currentOf, variadic, jsonClauses, elementNames],
  redshift: [operators, strings, currentOf],
  oracle: [multiset, gaps, currentOf, cursorQuery, jsonClauses, elementNames, treat],
  mysql: [intervals, signed, exclamation, rowWord, jsonClauses],
  doris: [intervals, signed, exclamation, rowWord, searches],
  starrocks: [intervals, signed, exclamation, rowWord],
};

/** Words and signs of one dialect that the parser has left out, by others of the same meaning for lineage. */
export const dialectWords: Rewrite = {
  name: 'dialect words',
  concerns: (_, dialect) => LOOKS[dialect.name] !== undefined,
  apply(words, dialect) {
    const edits: Edit[] = [];
    words.list.forEach((_, at) => {
      const edit = LOOKS[dialect.name]?.map((look) => look(words, at, dialect)).find((found) => found !== undefined);
      if (edit && edit.start >= (edits.at(-1)?.end ?? 0)) edits.push(edit);
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
