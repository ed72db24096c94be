import { type CharacterRange } from './characters.js';
import { type Pattern, patternOf, WORD } from './pattern.js';

/** Whose grammar a pattern is written in: PostgreSQL's, RE2's, or one of Perl's family (PCRE, ICU, Java, Joni). */
export type RegexGrammar = 'postgres' | 're2' | 'perl';

const spelled = new Map<string, string>();
const MOST_KEPT = 500;

/** A portable pattern, checked when it was bound, in an engine's grammar. Case and classes are written out: an engine's own differ. */
export function spellPattern(source: string, ignoreCase: boolean, grammar: RegexGrammar): string {
  const key = `${grammar} ${ignoreCase} ${source}`;
  const known = spelled.get(key);
  if (known !== undefined) return known;
  const written = spell(patternOf(source, ignoreCase, []), grammar);
  if (spelled.size >= MOST_KEPT) spelled.clear();
  spelled.set(key, written);
  return written;
}

export function spell(pattern: Pattern, grammar: RegexGrammar): string {
  switch (pattern.is) {
    case 'sequence':
      return pattern.of.length === 0 ? '(?:)' : pattern.of.map((part) => inSequence(part, grammar)).join('');
    case 'choice':
      return pattern.of.map((part) => spell(part, grammar)).join('|');
    case 'repeat': {
      const { of, least, most } = pattern;
      const atom = of.is === 'set' ? spell(of, grammar) : `(?:${spell(of, grammar)})`;
      return `${atom}${countOf(least, most)}`;
    }
    case 'set':
      return setOf(pattern, grammar);
    case 'start':
      return '\\A';
    case 'end':
      return grammar === 'postgres' ? '\\Z' : '\\z';
    case 'boundary':
      return boundary(grammar);
    default:
      return pattern satisfies never;
  }
}

const inSequence = (part: Pattern, grammar: RegexGrammar): string =>
  part.is === 'choice' ? `(?:${spell(part, grammar)})` : spell(part, grammar);

function countOf(least: number, most: number | undefined): string {
  if (most === undefined) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

/** RE2's `\b` knows ASCII only, as ours; that of the others knows letters of all scripts. */
function boundary(grammar: RegexGrammar): string {
  if (grammar === 're2') return '\\b';
  const word = setOf({ is: 'set', ranges: WORD, negated: false }, grammar);
  return `(?:(?<!${word})(?=${word})|(?<=${word})(?!${word}))`;
}

function setOf({ ranges, negated }: Extract<Pattern, { is: 'set' }>, grammar: RegexGrammar): string {
  const [only, ...more] = ranges;
  // Nothing is in it: a character that no text has.
  if (only === undefined) return negated ? setOf({ is: 'set', ranges: EVERY, negated: false }, grammar) : '[^\\s\\S]';
  if (!negated && more.length === 0 && only[0] === only[1]) return character(only[0], grammar);
  // Shorter, where all but a few characters are meant.
  const inside = ranges.map(([low, high]) => range(low, high, grammar)).join('');
  return `[${negated ? '^' : ''}${inside}]`;
}

const EVERY: readonly CharacterRange[] = [
  [1, 0xd7ff],
  [0xe000, 0x10ffff],
];

function range(low: number, high: number, grammar: RegexGrammar): string {
  const [from, to] = [character(low, grammar), character(high, grammar)];
  return low === high ? from : high === low + 1 ? from + to : `${from}-${to}`;
}

const PLAIN = /^(?:[0-9A-Za-z_]|(?![\p{C}\p{M}\p{Z}])[\u00a1-\u{10ffff}])$/u;

/** One character that stands for itself, inside a set and outside. */
function character(code: number, grammar: RegexGrammar): string {
  const itself = String.fromCodePoint(code);
  if (PLAIN.test(itself)) return itself;
  const hex = code.toString(16);
  if (grammar !== 'postgres') return `\\x{${hex}}`;
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
