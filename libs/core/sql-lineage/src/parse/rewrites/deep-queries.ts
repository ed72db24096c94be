import { isQuery } from '../clauses.js';
import { type Edit, edited, type Piece, type Range } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** The parser gives up between 15 and 20 derived tables deep. */
const DEEP = 5;
const BEFORE_TABLE = wordSet('from join , (');

interface Derived extends Range {
  readonly open: number;
  readonly close: number;
  readonly level: number;
}

/** Derived tables, `FROM (SELECT …)`, with how many others each stands in. */
function derivedTables(words: Words): Derived[] {
  const around: number[] = [];
  return words.list.flatMap(({ low }, open): Derived[] => {
    while (around.length > 0 && open >= (around.at(-1) ?? 0)) around.pop();
    if (low !== '(' || !words.oneOf(open - 1, BEFORE_TABLE) || !isQuery(words, open)) return [];
    if (words.low(open - 1) === '(' && !words.oneOf(open - 2, BEFORE_TABLE)) return [];
    if (words.low(open - 1) === ',' && !inFrom(words, open - 1)) return [];
    const close = words.pastBrackets(open) - 1;
    around.push(close);
    return [{ open, close, level: around.length, start: words.at(open).start, end: words.at(close).end }];
  });
}

/** True when the comma stands in a FROM clause and not in a list of values. */
function inFrom(words: Words, comma: number): boolean {
  const { depth } = words.at(comma);
  for (let at = comma - 1; at >= 0 && words.at(at).depth >= depth; at--)
    if (words.at(at).depth === depth && /^(from|select|where|on|group|order|values|set)$/.test(words.low(at)))
      return words.low(at) === 'from';
  return false;
}

/** Redundant brackets: `((x))`. */
function doubled(words: Words): Edit[] {
  const edits: Edit[] = [];
  words.list.forEach((word, at) => {
    if (word.low !== '(' || words.low(at + 1) !== '(' || word.depth < DEEP) return;
    const close = words.pastBrackets(at) - 1;
    if (words.pastBrackets(at + 1) !== close || words.items(at + 1).length > 1) return;
    edits.push({ ...words.range(at, at + 1), put: ' ' }, { ...words.range(close, close + 1), put: ' ' });
  });
  return edits.sort((one, other) => one.start - other.start);
}

interface Home {
  /** The word before which the named queries are put. */
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

/** Where names may be given to what stands here: before the outermost SELECT, or among the named queries that are there. */
function homeOf(words: Words, at: number): Home | undefined {
  const first = words.list.findIndex(({ low, depth }) => depth === 0 && (low === 'select' || low === 'with'));
  if (first === -1 || first > at) return undefined;
  if (words.low(first) === 'select') return { at: first, before: 'with ', after: ' ' };
  // In a named query: before it. In the SELECT: behind the named queries.
  let item = words.past(first + 1, 'recursive');
  for (let word = item; word < at; word++) {
    if (words.at(word).depth > 0) continue;
    if (words.low(word) === ',') item = word + 1;
    else if (/^(select|insert|update|delete|merge)$/.test(words.low(word)))
      return { at: word, before: ', ', after: ' ' };
  }
  return { at: item, before: '', after: ', ' };
}

/** Each deep derived table becomes a named query at the beginning. It sees none of its neighbours, so nothing changes. */
function lifted(words: Words): Piece[] | undefined {
  const deep = derivedTables(words).filter(({ level }) => level % DEEP === 0);
  const homes = new Map<number, { readonly home: Home; readonly tables: Derived[] }>();
  for (const table of deep) {
    const home = homeOf(words, table.open);
    if (!home) return undefined;
    const known = homes.get(home.at);
    if (known) known.tables.push(table);
    else homes.set(home.at, { home, tables: [table] });
  }
  const name = (table: Derived) => `plumbline_query_${deep.indexOf(table) + 1}`;
  // The text of a part with the deep ones in it replaced by their names.
  const written = ({ start, end }: Range, self?: Derived): Piece[] => {
    const pieces: Piece[] = [];
    let from = start;
    for (const one of deep) {
      if (one === self || one.start < from || one.end > end) continue;
      pieces.push({ start: from, end: one.start }, name(one));
      from = one.end;
    }
    return [...pieces, { start: from, end }];
  };
  const pieces: Piece[] = [];
  let from = 0;
  for (const { home, tables } of [...homes.values()].sort((one, other) => one.home.at - other.home.at)) {
    const { start } = words.at(home.at);
    // What stands deepest is named first: the others use its name.
    const named = tables
      .map((table): Piece[] => [name(table), ' as ', ...written(table, table)])
      .reverse()
      .flatMap((query, at): Piece[] => (at > 0 ? [', ', ...query] : query));
    pieces.push(...written({ start: from, end: start }), home.before, ...named, home.after);
    from = start;
  }
  return deep.length > 0 ? [...pieces, ...written({ start: from, end: words.text.length })] : undefined;
}

/** Whether so many brackets open in a row, with whatever between them but one that closes. */
function opensWithoutClosing(text: string, count: number): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === OPENING) open++;
    else if (sign === CLOSING) open = 0;
    if (open === count) return true;
  }
  return false;
}

const OPENING = 40;
const CLOSING = 41;

/** Queries in queries in queries, deeper than the parser goes. */
export const deepQueries: Rewrite = {
  name: 'deep queries',
  concerns: (text) => opensWithoutClosing(text, 12),
  apply(words) {
    const edits = doubled(words);
    if (edits.length > 0) return { pieces: edited(words.text, edits) };
    const pieces = lifted(words);
    return pieces && { pieces };
  },
};
