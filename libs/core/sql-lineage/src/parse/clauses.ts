import type { Piece, Range } from './draft.js';
import { type Words, wordSet } from './words.js';

// Clauses that many statements share, found among the words of a statement.

const MODIFIERS = wordSet(`
  or replace refresh alter global local temp temporary external transient unlogged foreign managed transactional private immutable
  sharded duplicated blockchain dynamic iceberg hybrid volatile multiset set streaming live force noforce no editionable
  noneditionable editioning secure recursive materialized algorithm = undefined merge temptable definer current_user sql security
  invoker private snapshot
`);

export interface CreateHead {
  readonly what: 'table' | 'view';
  readonly replace: boolean;
  readonly temporary: boolean;
  readonly materialized: boolean;
  /** The name's words: from and to. */
  readonly name: readonly [number, number];
}

/** `CREATE … TABLE name` and `CREATE … VIEW name`, with whatever stands between. */
export function createHead(words: Words): CreateHead | undefined {
  if (words.low(0) !== 'create') return undefined;
  let at = 1;
  while (words.low(at) !== 'table' && words.low(at) !== 'view') {
    if (words.low(at) === 'definer' && words.low(at + 1) === '=') at = pastAccount(words, at + 2);
    else if (words.oneOf(at, MODIFIERS)) at++;
    else return undefined;
  }
  const before = new Set(words.list.slice(1, at).map(({ low }) => low));
  const from = words.past(at + 1, 'if not exists', 'concurrently if not exists');
  const to = words.pastName(from);
  if (to === from) return undefined;
  return {
    what: words.low(at) as 'table' | 'view',
    replace: before.has('replace'),
    temporary: before.has('temp') || before.has('temporary'),
    materialized: before.has('materialized'),
    name: [from, to],
  };
}

/** `'u'@'host'`, `CURRENT_USER()` */
function pastAccount(words: Words, from: number): number {
  let at = words.pastBrackets(from + 1);
  if (words.low(at) === '@') at += 2;
  return at;
}

const QUERY_STARTS = wordSet('select with values table from');

/** True when a query begins here, brackets around it included. */
export function isQuery(words: Words, index: number): boolean {
  let at = index;
  while (words.low(at) === '(') at++;
  if (at > index) return words.low(at) === 'select' || words.low(at) === 'values' || isWith(words, at);
  return words.oneOf(at, QUERY_STARTS) && (words.low(at) !== 'with' || isWith(words, at));
}

/** `WITH name AS (` and `WITH name (a, b) AS (`, not `WITH (options)` or `WITH DATA`. */
function isWith(words: Words, index: number): boolean {
  if (words.low(index) !== 'with') return false;
  const name = words.past(index + 1, 'recursive');
  const as = words.pastBrackets(name + 1);
  // `WITH SCHEMABINDING AS SELECT` has no query with a name.
  return words.isName(name) && words.low(as) === 'as' && /^(\(|materialized|not)$/.test(words.low(as + 1));
}

/** Where the query of `CREATE … [AS] query` begins; -1 when there is none. */
export function queryOf(words: Words, from: number): number {
  const depth = words.at(from).depth;
  for (let at = from; at < words.length; at++) {
    if (words.at(at).depth !== depth) continue;
    if (words.low(at) === 'as' && isQuery(words, at + 1)) return at + 1;
    if (words.low(at) === 'select' || isWith(words, at)) return at;
    if (words.low(at) === '(' && isQuery(words, at)) return at;
  }
  return -1;
}

const NO_COLUMNS: readonly (readonly [string, RegExp])[] = [
  ['primary', /^key$/],
  ['foreign', /^key$/],
  ['unique', /^(\(|key|index|\w+)$/],
  ['constraint', /./],
  ['check', /^\($/],
  ['fulltext', /^(key|index|\w+)$/],
  ['spatial', /^(key|index|\w+)$/],
  ['watermark', /^for$/],
  ['period', /^for$/],
  ['exclude', /^(\(|using)$/],
  ['supplemental', /^log$/],
  ['projection', /./],
  ['like', /./],
];
/** In these dialects a column cannot be called KEY or INDEX without quotes. */
const KEYS_RESERVED = wordSet('mysql doris starrocks clickhouse tsql');

/** The names of the columns in `(a int, b varchar(20) comment '…', primary key (a))`. */
export function columnNames(words: Words, open: number, dialect: string): Range[] {
  return words.items(open).flatMap(([from]) => {
    const [first, second] = [words.low(from), words.low(from + 1)];
    if (!words.isName(from)) return [];
    if (NO_COLUMNS.some(([word, next]) => word === first && next.test(second))) return [];
    if ((first === 'key' || first === 'index') && KEYS_RESERVED.has(dialect)) return [];
    return [words.range(from, from + 1)];
  });
}

/** `a, b, c` with words around each. */
export const listed = (ranges: readonly Range[], after = ''): Piece[] =>
  ranges.flatMap((range, at) => (at === 0 ? [range, after] : [', ', range, after]));
