import type { Dialect } from '../../dialects.js';
import type { Piece, Range } from '../draft.js';
import { type Word, type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const STRING = wordSet('\' "');

const isString = ({ kind, text }: Word): boolean => kind === 'string' || STRING.has(text[0] ?? '');

/** What stands between the quotes. */
const inside = ({ text }: Word): string => text.replace(/^[a-z]*(['"])([\s\S]*)\1$/i, '$2');

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The first string behind one of these words. */
function stringAfter(words: Words, from: number, ...phrases: readonly string[]): string | undefined {
  for (let at = from; at < words.length; at++) {
    const behind = words.past(at, ...phrases);
    if (behind > at && isString(words.at(words.past(behind, '=')))) return inside(words.at(words.past(behind, '=')));
  }
  return undefined;
}

/** The string given for a property: `"kafka_topic" = "orders"`, `path '/tmp/x'`. */
function property(words: Words, name: string): string | undefined {
  for (let at = 1; at < words.length; at++) {
    const key = words.at(at);
    if ((isString(key) ? inside(key) : key.text).toLowerCase() !== name) continue;
    const value = words.at(words.past(at + 1, '='));
    if (isString(value)) return inside(value);
  }
  return undefined;
}

/** The name behind one of these words. */
function nameAfter(words: Words, from: number, ...phrases: readonly string[]): Range | undefined {
  for (let at = from; at < words.length; at++) {
    const behind = words.past(at, ...phrases);
    if (behind === at) continue;
    const end = words.pastName(behind);
    return end > behind ? words.range(behind, end) : undefined;
  }
  return undefined;
}

const copied = (table: Range | undefined, direction: 'from' | 'to', file: string | undefined): Piece[] | undefined =>
  table && file !== undefined ? ['copy ', table, ` ${direction} ${quoted(file)}`] : undefined;

/** Hive, Impala: `LOAD DATA INPATH 'x' INTO TABLE t`; MySQL: `LOAD DATA INFILE`, `LOAD XML`. */
const load = (words: Words): Piece[] | undefined => {
  if (words.low(1) === 'label') return broker(words);
  if (words.low(1) !== 'data' && words.low(1) !== 'xml') return undefined;
  const table = nameAfter(words, 2, 'into table', 'overwrite table');
  return copied(table, 'from', stringAfter(words, 2, 'inpath', 'infile'));
};

/** Doris, StarRocks: `LOAD LABEL x (DATA INFILE ("f") INTO TABLE t, DATA FROM TABLE s INTO TABLE u)`. */
function broker(words: Words): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 2; at < words.length; at++) {
    if (words.low(at) !== 'data') continue;
    const table = nameAfter(words, at, 'into table');
    const source = words.is(at + 1, 'from table') ? nameAfter(words, at, 'from table') : undefined;
    const files = words.is(at + 1, 'infile')
      ? words.list.slice(at + 2, words.pastBrackets(at + 2)).filter(isString)
      : [];
    const starts = pieces.length > 0 ? [';\n'] : [];
    if (table && source) pieces.push(...starts, 'insert into ', table, ' select * from ', source);
    for (const file of files)
      pieces.push(...(pieces.length > 0 ? [';\n'] : []), ...(copied(table, 'from', inside(file)) ?? []));
  }
  return pieces.length > 0 ? pieces : undefined;
}

/** Doris, StarRocks: `CREATE ROUTINE LOAD job ON t … FROM KAFKA ("kafka_topic" = "orders")` reads a topic until it is stopped. */
const routineLoad = (words: Words): Piece[] | undefined =>
  words.is(1, 'routine load')
    ? copied(
        nameAfter(words, 3, 'on'),
        'from',
        property(words, 'kafka_topic') ?? property(words, 'pulsar_topic') ?? property(words, 'kinesis_stream'),
      )
    : undefined;

/** Hive: `EXPORT TABLE t TO 'x'`, `IMPORT TABLE t FROM 'x'`; Doris: `EXPORT TABLE t TO "x"`. */
const moved =
  (direction: 'from' | 'to') =>
  (words: Words): Piece[] | undefined => {
    const from = words.past(1, 'external table', 'table');
    return from === 1
      ? undefined
      : copied(words.range(from, words.pastName(from)), direction, stringAfter(words, from, direction));
  };

/** T-SQL: `BULK INSERT t FROM 'x' WITH (…)`. */
const bulk = (words: Words): Piece[] | undefined =>
  words.low(1) === 'insert' ? copied(nameAfter(words, 0, 'insert'), 'from', stringAfter(words, 2, 'from')) : undefined;

/** Redshift's `UNLOAD ('select …') TO 'x'`, with the query in a string, and Athena's with the query itself. */
const unload = (words: Words): Piece[] | undefined => {
  const to = stringAfter(words, 1, 'to');
  const query = words.at(2);
  if (words.low(1) !== '(' || to === undefined) return undefined;
  if (!isString(query)) return ['copy ', words.range(1, words.pastBrackets(1)), ` to ${quoted(to)}`];
  return [`copy (${inside(query).replaceAll("''", "'")}) to ${quoted(to)}`];
};

/** MySQL, Doris: `SELECT … INTO OUTFILE 'x' …` with the file in the middle or at the end. */
function outfile(words: Words, dialect: Dialect): Piece[] | undefined {
  if (!['mysql', 'doris', 'starrocks', 'generic'].includes(dialect.name)) return undefined;
  const into = words.list.findIndex(
    ({ depth, low }, at) => depth === 0 && low === 'into' && /^(out|dump)file$/.test(words.low(at + 1)),
  );
  const file = words.at(into + 2);
  if (into === -1 || !isString(file)) return undefined;
  const options = wordSet('from where group having order limit for union');
  const next = words.find(into + 3, 0, options);
  const rest: Piece[] = next === -1 ? [] : [' ', words.range(next, words.length)];
  return ['copy (', words.range(0, into), ...rest, `) to ${quoted(inside(file))}`];
}

/** psql: `\copy t from 'x'`. */
const psqlCopy = (words: Words): Piece[] | undefined =>
  words.low(1) === 'copy' ? [words.range(1, words.length)] : undefined;

/** MySQL: `HANDLER t READ …` gives the rows of a table. */
const handler = (words: Words): Piece[] | undefined => {
  const end = words.pastName(1);
  return words.low(end) === 'read' ? ['select * from ', words.range(1, end)] : undefined;
};

/** Databricks: `APPLY CHANGES INTO t FROM STREAM(s) KEYS (id) APPLY AS DELETE WHEN …` merges what has changed into a table. */
function applyChanges(words: Words): Piece[] | undefined {
  const target = nameAfter(words, 0, 'apply changes into', 'auto cdc into');
  const from = words.find(2, 0, wordSet('from'));
  const source = words.past(words.past(from + 1, 'stream'), '(');
  const keys = words.list.findIndex(({ low }, at) => low === 'keys' && words.low(at + 1) === '(');
  if (!target || from === -1 || keys === -1 || words.list.some(({ low }) => low === 'except')) return undefined;
  const on = words.items(keys + 1).flatMap(([start, end], at): Piece[] => {
    const key = words.range(start, end);
    return [at > 0 ? ' and ' : '', 'target.', key, ' = source.', key];
  });
  const deletes = words.list.flatMap(({ low }, at): Piece[] => {
    if (low !== 'delete' || words.low(at + 1) !== 'when') return [];
    const end = words.find(at + 2, 0, wordSet('apply sequence columns stored'));
    const condition = words.range(at + 2, end === -1 ? words.length : end);
    return [' when matched and (', condition, ') then delete'];
  });
  return [
    'merge into ',
    target,
    ' as target using ',
    words.range(source, words.pastName(source)),
    ' as source on ',
    ...on,
    ...deletes,
    ' when matched then update set * when not matched then insert *',
  ];
}

const WRITERS: Readonly<Record<string, (words: Words, dialect: Dialect) => Piece[] | undefined>> = {
  load,
  create: routineLoad,
  export: moved('to'),
  import: moved('from'),
  bulk,
  unload,
  select: outfile,
  with: outfile,
  '\\': psqlCopy,
  handler,
  apply: applyChanges,
  auto: applyChanges,
};

/** What brings rows in from files and topics or takes them out, written as a COPY: the file is the other table. */
export const transfers: Rewrite = {
  name: 'transfers',
  concerns: (text) =>
    /^\s*(?:(?:--.*\n|\/\*[\s\S]*?\*\/)\s*)*(load\s|create\s+routine|export\s|import\s|bulk\s|unload\b|handler\s|apply\s+changes|auto\s+cdc|\\copy\b|(?:select|with)\b[\s\S]*\binto\s+(?:out|dump)file\b)/i.test(
      text,
    ),
  apply(words, dialect) {
    const pieces = WRITERS[words.low(0)]?.(words, dialect);
    return pieces && { pieces };
  },
};
