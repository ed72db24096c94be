import { blanked, edited } from '../draft.js';
import type { Rewrite } from './rewrite.js';

const ENDING = /\bwith\s+((no\s+)?data|((cascaded|local)\s+)?check\s+option|read\s+only|no\s+schema\s+binding)\s*$/i;

/** `… WITH [NO] DATA`, `WITH CHECK OPTION`, `WITH READ ONLY`: say when a table is filled or how it is guarded, not with what. */
export const withData: Rewrite = {
  name: 'with data',
  concerns: (text) => /^\s*create\b/i.test(text) && ENDING.test(text),
  apply(words) {
    const found = ENDING.exec(words.text);
    if (!found) return undefined;
    const clause = { start: found.index, end: words.text.length };
    return { pieces: edited(words.text, [blanked(words.text, clause)]) };
  },
};
