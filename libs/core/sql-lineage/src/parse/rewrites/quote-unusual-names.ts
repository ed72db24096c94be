import { scan } from '../../split/scan.js';
import type { Rewrite } from './rewrite.js';

/** Bare names with signs that the parser does not take for letters (emoji, full-width brackets): databases do. */
export const quoteUnusualNames: Rewrite = {
  name: 'quote unusual names',
  apply(text, dialect) {
    let result = '';
    for (const token of scan(text, dialect.lex)) {
      const piece = text.slice(token.start, token.end);
      const unusual = token.kind === 'word' && /[^\p{L}\p{N}_$]/u.test(piece);
      const quote = dialect.lex.backticks ? '`' : '"';
      result += unusual ? quote + dialect.names.written(piece, false) + quote : piece;
    }
    return result;
  },
};
