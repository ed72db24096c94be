import type { Piece, Range } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const INSERT_OR_SELECT = wordSet('insert select');
const AFTER_FROM = wordSet('where group having order sort cluster distribute limit window qualify union');

/** The part behind INSERT: what it writes to, what it selects, and its own clauses. */
function insertion(words: Words, from: number, to: number, shared: Range): Piece[] {
  const select = words.find(from, 0, wordSet('select map reduce'));
  if (select === -1 || select >= to) return [];
  const own = words.find(select, 0, AFTER_FROM);
  const clauses = own === -1 || own > to ? to : own;
  // A branch may have lateral views of its own: they come before its WHERE, and behind the FROM clause.
  const views = ownViews(words, select, clauses);
  return [words.range(from, views), ' ', shared, ' ', words.range(views, to)];
}

/** Where the lateral views of a branch begin; its end when it has none. */
function ownViews(words: Words, from: number, to: number): number {
  for (let at = from; at < to; at++) if (words.at(at).depth === 0 && words.is(at, 'lateral view')) return at;
  return to;
}

/**
 * Hive's `FROM t INSERT INTO a SELECT … INSERT INTO b SELECT … WHERE …` reads once and writes several times: an INSERT for each, all
 * from the same FROM clause. `FROM t SELECT …` is the same for one query.
 */
export const insertsFromOne: Rewrite = {
  name: 'inserts from one',
  // Most INSERTs begin with INSERT.
  concerns: (text, dialect) =>
    !/^\s*(insert|select|create)\b/i.test(text) &&
    ['hive', 'spark', 'databricks'].includes(dialect.name) &&
    /\binsert\b/i.test(text) &&
    /\bfrom\b/i.test(text),
  apply(words) {
    const from = words.find(0, 0, wordSet('from'));
    const first = words.find(0, 0, INSERT_OR_SELECT);
    const isWith = words.low(0) === 'with';
    if (from === -1 || first < from || words.low(first) !== 'insert' || (from !== 0 && !isWith)) return undefined;
    const shared = words.range(from, first);
    const starts: number[] = [];
    for (let at = first; at !== -1; at = words.find(at + 1, 0, wordSet('insert'))) starts.push(at);
    const parts = starts.map((start, at) => insertion(words, start, starts[at + 1] ?? words.length, shared));
    if (parts.some((part) => part.length === 0)) return undefined;
    const queries: Piece[] = isWith ? [words.range(0, from), ' '] : [];
    return { pieces: parts.flatMap((part, at) => [...(at > 0 ? [';\n'] : []), ...queries, ...part]) };
  },
};
