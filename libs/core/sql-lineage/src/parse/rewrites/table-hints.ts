import { blanked, edited } from '../draft.js';
import { wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

const HINTS = wordSet(
  'nolock readpast readuncommitted readcommitted repeatableread serializable updlock holdlock tablock tablockx rowlock xlock paglock nowait ,',
);

/** T-SQL: `FROM dbo.t (NOLOCK)`, a hint without WITH, looks like a call. */
export const tableHints: Rewrite = {
  name: 'table hints',
  concerns: (text, dialect) =>
    dialect.name === 'tsql' && /\(\s*(nolock|read|updlock|holdlock|tablock|rowlock|xlock|paglock|nowait)/i.test(text),
  apply(words) {
    const edits = words.list.flatMap(({ low }, at) => {
      const end = words.pastBrackets(at);
      const hints = words.list.slice(at + 1, end - 1);
      if (low !== '(' || !words.isName(at - 1) || words.low(at - 1) === 'with' || hints.length === 0) return [];
      return hints.every((word) => HINTS.has(word.low)) ? [blanked(words.text, words.range(at, end))] : [];
    });
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
