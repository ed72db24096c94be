import type { Dialect } from '../../dialects.js';
import { edited } from '../draft.js';
import { quote } from '../quote.js';
import { type Words, wordSet } from '../words.js';
import type { Rewrite } from './rewrite.js';

/** Words that databases take for the name of a table's alias, and the parser does not. */
const REFUSED =
  'of end key no offset only over range row rows start temp time type use view any first last next prior new old qualify sample schema sort ties top semi anti asof final match_recognize cluster distribute';
const WORDS = wordSet(REFUSED);
const QUALIFIES = new RegExp(`\\b(?:${REFUSED.replaceAll(' ', '|')})\\s*\\.`, 'i');

/** What comes behind the alias of a table. */
const BEHIND = wordSet(
  'left right inner outer full cross natural join straight_join lateral on using where group order having limit union set when window , ) ;',
);

const qualifies = (words: Words, at: number) =>
  words.at(at).kind === 'word' && WORDS.has(words.low(at)) && words.low(at + 1) === '.' && words.low(at - 1) !== '.';

function isAlias(words: Words, at: number): boolean {
  const named = words.low(at - 1) === 'as' || words.low(at - 1) === ')' || words.isName(at - 1);
  return named && (at === words.length - 1 || words.oneOf(at + 1, BEHIND));
}

/** `FROM m_office of LEFT JOIN c ON c.office_id = of.id`: where a word stands before a dot, it is a name, and is put into quotes. */
export const keywordAliases: Rewrite = {
  name: 'keyword aliases',
  concerns: (text) => QUALIFIES.test(text),
  apply(words: Words, dialect: Dialect) {
    const names = new Set([...words.list.keys()].filter((at) => qualifies(words, at)).map((at) => words.low(at)));
    const edits = [...words.list.keys()]
      .filter((at) => names.has(words.low(at)) && (qualifies(words, at) || isAlias(words, at)))
      .map((at) => words.at(at))
      .map(({ start, end, text }) => ({ start, end, put: quote(dialect.names.written(text, false), dialect) }));
    return edits.length > 0 ? { pieces: edited(words.text, edits) } : undefined;
  },
};
