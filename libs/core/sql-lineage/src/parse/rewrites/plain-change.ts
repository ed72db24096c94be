import { isQuery } from '../clauses.js';
import { type Edit, edited, type Piece, type Remark } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const MODIFIERS = wordSet('low_priority high_priority quick ignore delayed');
/** What stands before the target and says nothing of it: `UPDATE TOP (10) IGNORE`. */
function pastModifiers(words: Words, from: number): number {
  let at = from;
  for (;;) {
    if (words.oneOf(at, MODIFIERS)) at++;
    else if (words.low(at) === 'top') at = words.past(words.pastBrackets(at + 1), 'percent');
    else return at;
  }
}

/** `PARTITION (p1)`, `PARTITIONS p1`, `WITH (HOLDLOCK)` behind a table. */
function tableOptions(words: Words, from: number): number {
  let at = from;
  for (;;) {
    const partition = words.past(at, 'temporary partition', 'partition', 'partitions', 'subpartition');
    if (partition > at) {
      const end = words.pastBrackets(words.past(partition, 'for'));
      at = end > partition ? end : words.pastName(partition);
    } else if (words.low(at) === 'with' && words.low(at + 1) === '(') at = words.pastBrackets(at + 1);
    else return at;
  }
}

const gone = (words: Words, from: number, to: number): Edit[] =>
  to > from ? [{ ...words.range(from, to), put: '' }] : [];

/** The name of a query that is changed in the place of a table: statements know it. */
export const CHANGED_QUERY = 'changed_query';

/** `UPDATE (SELECT …) v SET`, `DELETE FROM (SELECT …)`, `INSERT INTO (SELECT …)`: a query with a name is changed instead. */
function throughQuery(words: Words, open: number): Piece[] {
  const close = words.pastBrackets(open);
  return [
    `with ${CHANGED_QUERY} as `,
    words.range(open, close),
    ' ',
    words.range(0, open),
    ` ${CHANGED_QUERY} `,
    words.range(close, words.length),
  ];
}

/** T-SQL: `DELETE x FROM (SELECT …) x WHERE …`, `UPDATE x SET … FROM (SELECT …) x`. */
function namedQuery(words: Words): Piece[] | undefined {
  if (words.low(0) !== 'delete') return undefined;
  const name = words.past(1, 'from');
  const from = words.pastName(name);
  const close = words.pastBrackets(from + 1);
  const alias = words.past(close, 'as');
  if (words.low(from) !== 'from' || !isQuery(words, from + 1) || words.low(alias) !== words.low(name)) return undefined;
  return [
    'with ',
    words.range(name, from),
    ' as ',
    words.range(from + 1, close),
    ' delete from ',
    words.range(name, from),
    ' ',
    words.range(alias + 1, words.length),
  ];
}

/** Where the statement's own verb stands: behind a WITH clause. */
const verbOf = (words: Words): number => words.find(0, 0, wordSet('update delete merge insert'));

function headEdits(words: Words, verb: number): Edit[] {
  const edits: Edit[] = [];
  let at = pastModifiers(words, verb + 1);
  if (words.low(verb) === 'merge' && words.is(at, 'with schema evolution')) at += 3;
  edits.push(...gone(words, verb + 1, at));
  if (words.low(verb) === 'delete') {
    const into = words.past(at, 'from');
    const late = pastModifiers(words, into);
    // `DELETE FROM TABLE t`; a table called "table" would be in quotes.
    const table =
      words.low(late) === 'table' && words.isName(late + 1) && words.low(late + 1) !== 'where' ? late + 1 : late;
    edits.push(...gone(words, into, table));
    at = table;
    // `DELETE FROM t FROM dbo.t AS t JOIN s`: the second FROM is the one with the tables.
    const end = words.pastName(at);
    if (into > verb + 1 && words.low(end) === 'from') edits.push(...gone(words, into - 1, into));
    edits.push(...starNames(words, at), ...usingEdits(words, at));
  } else at = words.past(at, 'into', 'only');
  const end = words.pastName(at);
  edits.push(...gone(words, end, tableOptions(words, end)));
  return edits;
}

/** MySQL: `DELETE a.*, b.* FROM` is `DELETE a, b FROM`. */
function starNames(words: Words, from: number): Edit[] {
  const edits: Edit[] = [];
  for (let at = from; words.isName(at) || words.low(at) === ',';) {
    const end = words.pastName(at);
    if (words.low(end) === '.' && words.low(end + 1) === '*') edits.push(...gone(words, end, end + 2));
    at = words.low(end) === '.' ? end + 2 : Math.max(end, at + 1);
  }
  return edits;
}

/** `USING (SELECT …) q`: the parser wants `AS q`. */
function usingEdits(words: Words, from: number): Edit[] {
  const using = words.find(from, 0, wordSet('using'));
  const close = words.pastBrackets(using + 1);
  if (using === -1 || close === using + 1 || !words.isName(close) || words.low(close) === 'as') return [];
  return [{ start: words.at(close).start, end: words.at(close).start, put: 'as ' }];
}

const OPERATORS = wordSet('+ - * / % & | ^');

/** `SET (a, b) = (…)`, `SET a += 1`, `SET a[1] = 2`, `SET @x = a = 1`, `AS set x = 1`. */
function setEdits(words: Words, from: number): Edit[] {
  const edits: Edit[] = [];
  // In `SET a += 1` it is the changed table's own a that is added to.
  const target = words.pastName(from + 1) - 1;
  const owner = words.low(from) === 'update' && target > from ? `${words.at(target).text}.` : '';
  const sets: number[] = [];
  words.list.forEach(({ low }, at) => {
    if (at > from && low === 'set') sets.push(at);
  });
  for (const set of sets) {
    const { depth } = words.at(set);
    if (words.low(set - 1) === 'as') edits.push(...gone(words, set - 1, set));
    for (let at = set + 1; at < words.length && words.at(at).depth >= depth; at = nextAssignment(words, at, depth)) {
      if (words.low(at) === '(' && words.low(words.pastBrackets(at)) === '=') {
        const end = words.pastBrackets(at);
        edits.push({ ...words.range(at, end), put: rowName(words, at, end) });
        continue;
      }
      const end = words.pastName(at);
      if (words.low(end) === '[') edits.push(...gone(words, end, words.pastBrackets(end)));
      if (words.oneOf(end, OPERATORS) && words.low(end + 1) === '=') {
        const own = end === at + 1 ? owner : '';
        edits.push({ ...words.range(end, end + 2), put: `= ${own}${words.textOf(at, end)} ${words.low(end)} ` });
      }
      const second = words.pastName(end + 1);
      if (words.at(at).text.startsWith('@') && words.low(end) === '=' && words.low(second) === '=')
        edits.push(...gone(words, at, end + 1));
    }
  }
  return edits;
}

const ENDS = wordSet('from where returning output when delete on order limit set');

/** The word behind the next comma of a SET clause. */
function nextAssignment(words: Words, from: number, depth: number): number {
  for (let at = from; at < words.length && words.at(at).depth >= depth; at++) {
    if (words.at(at).depth !== depth) continue;
    if (words.low(at) === ',') return at + 1;
    if (words.oneOf(at, ENDS)) return words.length;
  }
  return words.length;
}

/** `(a, "B")` as one quoted name; the reader of assignments takes it apart. */
const rowName = (words: Words, from: number, to: number): string => `"${words.textOf(from, to).replaceAll('"', '""')}"`;

/** Oracle: `UPDATE SET … DELETE WHERE …` in a MERGE takes rows away, and so gives none. */
function mergeEdits(words: Words, verb: number): Edit[] {
  if (words.low(verb) !== 'merge') return [];
  return words.list.flatMap(({ low, depth }, at) => {
    if (depth > 0 || at <= verb) return [];
    if (low === 'delete' && words.low(at + 1) === 'where') {
      const end = words.find(at + 1, 0, wordSet('when log'));
      return [{ ...words.range(at, end === -1 ? words.length : end), put: '' }];
    }
    if (words.is(at, 'log errors')) return [{ ...words.range(at, words.length), put: '' }];
    if (words.is(at, 'update all by name')) return [{ ...words.range(at, at + 4), put: 'update set *' }];
    if (words.is(at, 'insert all by name')) return [{ ...words.range(at, at + 4), put: 'insert *' }];
    if (words.is(at, '* except (')) return [{ ...words.range(at + 1, words.pastBrackets(at + 2)), put: '' }];
    if (words.is(at, 'insert default values')) return [{ ...words.range(at, at + 3), put: 'do nothing' }];
    return [];
  });
}

/** `UPDATE SET * EXCEPT (a)`: the star is kept, what is left out is not. */
const remarks = (words: Words, verb: number): Remark[] =>
  words.low(verb) === 'merge'
    ? words.list.flatMap((_, at) =>
        words.is(at, '* except (')
          ? [
              {
                ...words.range(at, words.pastBrackets(at + 2)),
                code: 'unknown-clause',
                message: 'The columns that EXCEPT leaves out of a MERGE are taken to be changed too.',
              },
            ]
          : [],
      )
    : [];

/** `RETURNING a INTO :x`, `LOG ERRORS INTO …`: rows that go to variables and to a table of errors. */
function endEdits(words: Words, from: number): Edit[] {
  for (let at = from; at < words.length; at++) {
    if (words.at(at).depth > 0) continue;
    if (words.is(at, 'log errors')) return [{ ...words.range(at, words.length), put: '' }];
    if (words.low(at) !== 'returning' && words.low(at) !== 'return') continue;
    const into = words.find(at, 0, wordSet('into bulk'));
    if (into !== -1) return [{ ...words.range(into, words.length), put: '' }];
  }
  return [];
}

/** UPDATE, DELETE and MERGE in the words that the parser knows. */
export const plainChange: Rewrite = {
  name: 'plain change',
  concerns: (text) => /\b(update|delete|merge|insert)\b/i.test(text),
  apply(words) {
    const verb = verbOf(words);
    if (verb === -1) return undefined;
    const named = namedQuery(words);
    if (named) return { pieces: named };
    const target = words.past(verb + 1, 'from', 'into');
    if (words.low(target) === '(' && isQuery(words, target) && verb === 0)
      return { pieces: throughQuery(words, target) };
    const insert = words.low(verb) === 'insert';
    const edits = [
      ...(insert ? [] : headEdits(words, verb)),
      ...setEdits(words, verb),
      ...mergeEdits(words, verb),
      ...(insert ? [] : endEdits(words, verb)),
    ].sort((one, other) => one.start - other.start);
    const apart = edits.filter((edit, at) => edits.slice(0, at).every(({ end }) => end <= edit.start));
    if (apart.length === 0) return undefined;
    return { pieces: edited(words.text, apart), remarks: remarks(words, verb) };
  },
};
