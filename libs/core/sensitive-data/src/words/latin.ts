import { ENGLISH } from './english.js';
import { type Entry, Lexicon } from './lexicon.js';
import { PINYIN } from './pinyin.js';

const NUMBER_WORDS = ['no', 'number', 'num', 'nbr'];

/** `card no` is also written card number, card num … */
function spellingsOf(term: string): string[] {
  const words = term.split(/\s+/);
  if (words.length === 1 || words.at(-1) !== 'no') return [words.join('')];
  return NUMBER_WORDS.map((word) => [...words.slice(0, -1), word].join(''));
}

// First letters of pinyin are found in anything; only whole syllables may be glued.
const LEXICON = new Lexicon(
  [
    { table: ENGLISH, leastPart: 3 },
    { table: PINYIN, leastPart: 6 },
  ],
  spellingsOf,
);

/** A stretch of a name: a term of the tables, or words that are in none. */
export interface Piece {
  readonly text: string;
  readonly entry: Entry | undefined;
}

/** The longest name that is looked at; databases end at 128. */
const LONGEST_NAME = 300;
const MOST_WORDS = 7;

/** The words of a name: parted where it is not a letter or digit and where small letters meet capitals. */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, LONGEST_NAME)
    .normalize('NFKC')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/**
 * The pieces of a name or an English phrase: at each place the longest term.
 *
 * @example
 * piecesOf(['cust', 'id', 'card', 'no']) // cust · id card no
 * piecesOf(['clientname'])               // client · name
 */
export function piecesOf(words: readonly string[]): Piece[] {
  const parts = words.flatMap(partsOf);
  const pieces: Piece[] = [];
  for (let from = 0; from < parts.length;) {
    const found = longestAt(parts, from);
    pieces.push(found ?? { text: parts[from]!, entry: undefined });
    from += found?.words ?? 1;
  }
  return pieces;
}

/** The term that the last words of one name and all words of another make together. */
export function termAcross(before: readonly string[], words: readonly string[]): Entry | undefined {
  if (words.length === 0 || words.length > 3) return undefined;
  const singular = before.map((word) => (word.length > 3 ? word.replace(/s$/, '') : word));
  for (const count of [2, 1]) {
    const entry = singular.length >= count ? LEXICON.at([...singular.slice(-count), ...words].join('')) : undefined;
    if (entry) return entry;
  }
  return undefined;
}

function longestAt(parts: readonly string[], from: number): (Piece & { words: number }) | undefined {
  for (let words = Math.min(MOST_WORDS, parts.length - from); words > 0; words--) {
    const text = parts.slice(from, from + words).join('');
    const entry = termAt(text);
    if (entry) return { text, entry, words };
  }
  return undefined;
}

/** A term, with a number behind it (address1) or in the plural. */
function termAt(text: string): Entry | undefined {
  const found = LEXICON.at(text) ?? LEXICON.at(text.replace(/\d+$/, ''));
  if (found || text.length < 4 || !text.endsWith('s')) return found;
  return LEXICON.at(text.slice(0, -1)) ?? LEXICON.at(text.replace(/ies$/, 'y'));
}

const SHORT_ENDS = new Set(['no', 'id', 'ip', 'nm']);

/** A word that was glued together out of known ones, parted again; any other word as it is. */
function partsOf(word: string): string[] {
  if (word.length < 6 || word.length > 40 || termAt(word)) return [word];
  const best: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = 0; start < end; start++) {
      const before = best[start];
      const part = word.slice(start, end);
      if (!before) continue;
      const fits = part.length >= 3 ? LEXICON.isPart(part) : end === word.length && SHORT_ENDS.has(part);
      if (fits && before.length + 1 < (best[end]?.length ?? Infinity)) best[end] = [...before, part];
    }
  }
  return best[word.length] ?? [word];
}
