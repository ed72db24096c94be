import { isQuery } from '../clauses.js';
import { type Edit, edited, type Piece, type Range } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const MODIFIERS = wordSet('low_priority delayed high_priority ignore top');
const DEFAULTS = wordSet('default values value set execute exec');

interface Parts {
  readonly overwrite: boolean;
  readonly table: Range;
  readonly partition?: Range;
  readonly columns?: Range;
  /** Behind all of it: the query, VALUES, SET. */
  readonly rest: number;
  readonly alias?: Range;
}

/** `PARTITION (p0, p1)` of these dialects names parts of the table; elsewhere it names columns. */
const NAMES_PARTS = wordSet('mysql doris starrocks oracle');

/** The parts between INSERT and its rows, in whatever order a dialect writes them; undefined when something else is there. */
function partsOf(words: Words, dialect: string): Parts | undefined {
  let at = 1;
  while (words.oneOf(at, MODIFIERS)) at = words.pastBrackets(at + 1);
  const overwrite = words.low(at) === 'overwrite';
  at = words.past(words.past(at, 'into', 'overwrite into', 'overwrite'), 'table');
  const to = words.pastName(at);
  if (to === at || words.oneOf(at, wordSet('directory local all first'))) return undefined;
  const table = words.range(at, to);
  let partition: Range | undefined;
  let columns: Range | undefined;
  let alias: Range | undefined;
  at = to;
  for (;;) {
    const open = words.past(at, 'partition', 'temporary partition', 'temporary partitions', 'partitions');
    if (open > at && words.low(open) === '(') {
      const end = words.pastBrackets(open);
      const values = words.list.slice(open, end).some(({ low }) => low === '=');
      if (values || !NAMES_PARTS.has(dialect)) partition = words.range(open, end);
      at = end;
    } else if (words.is(at, 'with label')) at += 3;
    else if (words.is(at, 'if not exists')) at += 3;
    else if (words.low(at) === '[') at = words.pastBrackets(at);
    else if (words.is(at, 'replace using') && words.low(at + 2) === '(') at = words.pastBrackets(at + 2);
    else if (words.is(at, 'overriding system value') || words.is(at, 'overriding user value')) at += 3;
    else if (words.low(at) === 'with' && words.low(at + 1) === '(') at = words.pastBrackets(at + 1);
    else if (words.low(at) === 'as' && words.isName(at + 1) && !isQuery(words, at + 1)) {
      alias = words.range(at + 1, at + 2);
      at += 2;
    } else if (words.low(at) === '(' && !isQuery(words, at) && !columns) {
      columns = words.range(at, words.pastBrackets(at));
      at = words.pastBrackets(at);
    } else break;
  }
  const rest = words.low(at) === 'as' && isQuery(words, at + 1) ? at + 1 : at;
  if (rest < words.length && !isQuery(words, rest) && !words.oneOf(rest, DEFAULTS)) return undefined;
  return {
    overwrite,
    table,
    rest,
    ...(partition && { partition }),
    ...(columns && { columns }),
    ...(alias && { alias }),
  };
}

/** What may follow the rows: `LOG ERRORS INTO …` has no data of the query, `RETURNING … INTO :x` gives them to a variable. */
function endingEdits(words: Words, from: number): Edit[] {
  for (let at = from; at < words.length; at++) {
    if (words.at(at).depth > 0) continue;
    if (words.is(at, 'log errors')) return [{ ...words.range(at, words.length), put: '' }];
    if (words.low(at) === 'returning') {
      const into = words.find(at, 0, wordSet('into'));
      if (into !== -1) return [{ ...words.range(into, words.length), put: '' }];
    }
  }
  return [];
}

/** An INSERT in the order that the parser knows: `INSERT INTO t PARTITION (…) (columns) query`, without labels and hints. */
export const plainInsert: Rewrite = {
  name: 'plain insert',
  concerns: (text) => /^[^a-z]*insert\b/i.test(text),
  apply(words, dialect) {
    const parts = words.low(0) === 'insert' ? partsOf(words, dialect.name) : undefined;
    if (!parts) return undefined;
    const { overwrite, table, partition, columns, alias, rest } = parts;
    const head: Piece[] = [
      overwrite ? 'insert overwrite table ' : 'insert into ',
      table,
      ...(alias ? [' as ', alias] : []),
      ...(partition ? [' partition ', partition] : []),
      ...(columns ? [' ', columns] : []),
      ' ',
    ];
    const { start } = words.at(rest);
    const rows = edited(words.text, endingEdits(words, rest)).map((piece) =>
      typeof piece === 'string' ? piece : { start: Math.max(piece.start, start), end: Math.max(piece.end, start) },
    );
    if (rest < words.length) return { pieces: [...head, ...rows] };
    // `INSERT OVERWRITE TABLE t` and no more: the rows come from elsewhere.
    const message = 'Where the rows of this INSERT come from is not said.';
    return { pieces: [...head, 'default values'], remarks: [{ ...table, code: 'unknown-clause', message }] };
  },
};
