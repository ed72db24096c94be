import { edited } from '../draft.js';
import type { Rewrite } from './rewrite.js';

const UNUSUAL = /[^\p{L}\p{N}_$]/u;

/** Bare names with signs that the parser does not take for letters (emoji, full-width brackets): databases do. */
export const quoteUnusualNames: Rewrite = {
  name: 'quote unusual names',
  concerns: (text) => /[^\x00-\x7f]/.test(text),
  apply(words, dialect) {
    const quote = dialect.lex.backticks ? '`' : '"';
    const edits = words.list
      .filter(({ kind, text }) => kind === 'word' && UNUSUAL.test(text))
      .map(({ start, end, text }) => ({ start, end, put: quote + dialect.names.written(text, false) + quote }));
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
