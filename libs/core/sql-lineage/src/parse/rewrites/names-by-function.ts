import { type Edit, edited } from '../draft.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const BEFORE = wordSet('from join update into using table view , exists only');

/** The name between the brackets, when it is written out there. */
function nameIn(words: Words, open: number): string | undefined {
  const argument = words.at(open + 1);
  if (words.pastBrackets(open) !== open + 3) return undefined;
  if (argument.kind === 'string') return argument.text.slice(1, -1);
  return argument.kind === 'word' || argument.kind === 'quoted' ? argument.text : undefined;
}

/** `IDENTIFIER('sales.orders')` stands for a name. One that is put together at run time stays: a name nobody can read. */
export const namesByFunction: Rewrite = {
  name: 'names by function',
  concerns: (text) => /\bidentifier\s*\(/i.test(text),
  apply(words, { lex }) {
    const unreadable = lex.backticks ? '`?`' : lex.brackets ? '[?]' : '"?"';
    const edits: Edit[] = [];
    words.list.forEach(({ low }, at) => {
      if (low !== 'identifier' || words.low(at + 1) !== '(' || !words.oneOf(at - 1, BEFORE)) return;
      const end = words.pastBrackets(at + 1);
      // A name that cannot be one: `unnamed-table` says so where it is read.
      edits.push({ ...words.range(at, end), put: ` ${nameIn(words, at + 1) ?? unreadable} ` });
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
