import { CHINESE } from './chinese.js';
import { type Entry, Lexicon } from './lexicon.js';
import { type Piece } from './latin.js';

const LEXICON = new Lexicon([{ table: CHINESE, leastPart: 2 }], (term) => [term.toLowerCase()]);

/** The pieces of a Chinese clause, with the letters in it: at each place the longest term. */
export function piecesOfHan(clause: string): Piece[] {
  const text = clause.toLowerCase();
  const pieces: Piece[] = [];
  let rest = '';
  const flush = () => {
    if (rest !== '') pieces.push({ text: rest, entry: undefined });
    rest = '';
  };
  for (let from = 0; from < text.length;) {
    const found = longestAt(text, from);
    if (found) {
      flush();
      pieces.push(found);
      from += found.text.length;
    } else rest += text[from++];
  }
  flush();
  return pieces;
}

function longestAt(text: string, from: number): { text: string; entry: Entry } | undefined {
  for (let length = Math.min(LEXICON.longest, text.length - from); length > 0; length--) {
    const piece = text.slice(from, from + length);
    const entry = LEXICON.at(piece);
    if (entry) return { text: piece, entry };
  }
  return undefined;
}
