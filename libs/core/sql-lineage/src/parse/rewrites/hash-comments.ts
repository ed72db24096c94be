import { scan } from '../../split/scan.js';
import { blanked, edited } from '../draft.js';
import type { Rewrite } from './rewrite.js';

/** MySQL: `# …` to the end of the line. The parser knows the other comments. */
export const hashComments: Rewrite = {
  name: 'hash comments',
  concerns: (text, { lex }) => lex.hashComments && text.includes('#'),
  apply({ text }, { lex }) {
    const edits = [...scan(text, lex)]
      .filter(({ kind, start }) => kind === 'blank' && text[start] === '#')
      .map((comment) => blanked(text, comment));
    return edits.length > 0 ? { pieces: edited(text, edits) } : undefined;
  },
};
