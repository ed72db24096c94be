import { type Edit, edited } from '../draft.js';
import { wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const BEFORE = wordSet('with recursive ,');

/** `WITH sales.recent AS (…)`: a query whose name has a dot, as some engines allow. In quotes it is one name. */
export const dottedQueries: Rewrite = {
  name: 'dotted queries',
  concerns: (text) => text.includes('.') && /\bwith\b/i.test(text) && /\bas\s{0,20}\(/i.test(text),
  apply(words, dialect) {
    const named = new Set<string>();
    words.list.forEach((_, at) => {
      if (!words.oneOf(at - 1, BEFORE)) return;
      const end = words.pastName(at);
      if (end > at + 1 && words.is(end, 'as (')) named.add(words.textOf(at, end).toLowerCase());
    });
    if (named.size === 0) return undefined;
    const quote = dialect.lex.backticks ? '`' : '"';
    const edits: Edit[] = [];
    for (let at = 0; at < words.length; at = Math.max(words.pastName(at), at + 1)) {
      const end = words.pastName(at);
      const text = words.textOf(at, end).toLowerCase();
      if (named.has(text)) edits.push({ ...words.range(at, end), put: quote + text + quote });
    }
    return { pieces: edited(words.text, edits) };
  },
};
