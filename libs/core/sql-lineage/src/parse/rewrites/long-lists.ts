import { type Edit, edited } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const KEEP = 3;
const LONG = 200;
const CONSTANT_WORDS = wordSet('null true false default date time timestamp interval n x b e u');

/** Strings, numbers and the like: no column of any table. */
const isConstant = (words: Words, from: number, to: number): boolean =>
  words.list.slice(from, to).every(({ kind, low, text }) => {
    if (kind === 'string') return true;
    if (kind === 'word') return CONSTANT_WORDS.has(low) || /^e\d*$/.test(low);
    return kind === 'other' && /^[\d.+\-(),]$/.test(text);
  });

/** `IN (1, 2, 3, …)`: constants beyond the first few say nothing. */
function inList(words: Words, open: number): Edit[] {
  const items = words.items(open);
  if (items.length < LONG) return [];
  return dropped(words, items, (from, to) => isConstant(words, from, to));
}

/** Leaves out, with their commas, the constant items but for the first ones. */
function dropped(
  words: Words,
  items: readonly (readonly [number, number])[],
  constant: (from: number, to: number) => boolean,
): Edit[] {
  let kept = 0;
  const edits: { start: number; end: number; put: string }[] = [];
  for (const [at, [from, to]] of items.entries()) {
    if (!constant(from, to) || kept++ < KEEP || at === 0) continue;
    // With the comma before it.
    const { start } = words.at(from - 1);
    const { end } = words.at(to - 1);
    const last = edits.at(-1);
    if (last && last.end >= words.at(from - 2).end) last.end = end;
    else edits.push({ start, end, put: '' });
  }
  return edits;
}

/** `VALUES (…), (…), …`: rows of constants beyond the first few say nothing; a row with anything else stays. */
function rows(words: Words, values: number): Edit[] {
  const { depth } = words.at(values);
  const items: [number, number][] = [];
  let at = values + 1;
  for (;;) {
    const open = words.past(at, 'row');
    if (words.low(open) !== '(' || words.at(open).depth !== depth) break;
    const to = words.pastBrackets(open);
    items.push([at, to]);
    if (words.low(to) !== ',') break;
    at = to + 1;
  }
  return items.length < LONG ? [] : dropped(words, items, (from, to) => isConstant(words, words.past(from, 'row'), to));
}

/** Thousands of constants, of which the parser would make a tree: a few of them stand for all. */
export const longLists: Rewrite = {
  name: 'long lists',
  concerns: (text) => text.length > 2_000 && /\b(in|values)\s*\(/i.test(text),
  apply(words) {
    const edits: Edit[] = [];
    words.list.forEach(({ low, start }, at) => {
      if (start < (edits.at(-1)?.end ?? 0) || words.low(words.past(at + 1, 'row')) !== '(') return;
      if (low === 'in') edits.push(...inList(words, at + 1));
      else if (low === 'values' || low === 'value') edits.push(...rows(words, at));
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
