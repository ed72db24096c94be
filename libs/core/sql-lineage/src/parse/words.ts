import type { LexRules } from '../dialects.js';
import { scan, type Token } from '../split/scan.js';
import type { Range } from './draft.js';

/** A token that is not blank. */
export interface Word extends Token {
  readonly text: string;
  /** In lower case; empty for strings and quoted names, so that they are never taken for a keyword. */
  readonly low: string;
  /** How many brackets are open around it; a bracket itself stands outside. */
  readonly depth: number;
  /** The index of the nearest of them; -1 when there is none. */
  readonly around: number;
}

const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);

/** The tokens of a statement, for rewrites that look for clauses. Beyond either end there is a word that is nothing. */
export class Words {
  readonly list: readonly Word[];
  /** How many brackets stand in each other at most. */
  readonly deepest: number;
  /** For each bracket that is opened, by its index: that of the one that closes it. */
  private readonly closing = new Map<number, number>();

  constructor(
    readonly text: string,
    lex: LexRules,
  ) {
    const list: Word[] = [];
    const open: number[] = [];
    let deepest = 0;
    for (const token of scan(text, lex)) {
      if (token.kind === 'blank') continue;
      const piece = text.slice(token.start, token.end);
      const sign = token.kind === 'other' || token.kind === 'word';
      if (sign && CLOSE.has(piece)) {
        const opened = open.pop();
        if (opened !== undefined) this.closing.set(opened, list.length);
      }
      list.push({
        ...token,
        text: piece,
        low: sign ? piece.toLowerCase() : '',
        depth: open.length,
        around: open.at(-1) ?? -1,
      });
      if (sign && OPEN.has(piece)) deepest = Math.max(deepest, open.push(list.length - 1));
    }
    this.list = list;
    this.deepest = deepest;
  }

  get length(): number {
    return this.list.length;
  }

  at(index: number): Word {
    const end = this.text.length;
    return this.list[index] ?? { kind: 'other', text: '', low: '', start: end, end, depth: 0, around: -1 };
  }

  /** The index of the first word that begins at an offset or behind it. */
  indexFrom(offset: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  low(index: number): string {
    return this.at(index).low;
  }

  /** True when these words stand here. */
  is(index: number, phrase: string): boolean {
    return phrase.split(' ').every((word, at) => this.low(index + at) === word);
  }

  oneOf(index: number, words: ReadonlySet<string>): boolean {
    return words.has(this.low(index));
  }

  /** The index behind the words when they stand here; else the index itself. */
  past(index: number, ...phrases: readonly string[]): number {
    const phrase = phrases.find((each) => this.is(index, each));
    return phrase === undefined ? index : index + phrase.split(' ').length;
  }

  /** The index behind the bracket that is opened here; the index itself when none is. */
  pastBrackets(index: number): number {
    if (!OPEN.has(this.low(index))) return index;
    return (this.closing.get(index) ?? this.length) + 1;
  }

  /** The index behind a name with dots; the index itself when there is none. */
  pastName(index: number): number {
    if (!this.isName(index)) return index;
    let at = index + 1;
    // `#t` and `##t`
    while (/^[#@]$/.test(this.low(at - 1)) && this.isName(at) && this.at(at).start === this.at(at - 1).end) at++;
    for (;;) {
      // The signs of `a-b` and `db..t`, and names that begin with a digit, belong to the name only when nothing is between.
      const glued = this.at(at).start === this.at(at - 1).end;
      if (this.low(at) === '.' && (this.isName(at + 1) || this.low(at + 1) === '.')) at += this.isName(at + 1) ? 2 : 1;
      else if (glued && /^\d$/.test(this.low(at))) at++;
      else if (glued && this.at(at).kind === 'word' && /^\d$/.test(this.low(at - 1))) at++;
      else return at;
    }
  }

  isName(index: number): boolean {
    const { kind, text } = this.at(index);
    return kind === 'word' || kind === 'quoted' || text === '#' || text === '@' || text === '&';
  }

  /** The first index from here, at this depth, where one of the words stands; -1 when none does before the bracket closes. */
  find(from: number, depth: number, words: ReadonlySet<string>): number {
    for (let at = from; at < this.length && this.at(at).depth >= depth; at++)
      if (this.at(at).depth === depth && words.has(this.low(at))) return at;
    return -1;
  }

  /** The text from one word up to, but not with, another. */
  range(from: number, to: number): Range {
    return { start: this.at(from).start, end: to > from ? this.at(to - 1).end : this.at(from).start };
  }

  textOf(from: number, to: number): string {
    const { start, end } = this.range(from, to);
    return this.text.slice(start, end);
  }

  /** The parts between commas of the bracket that is opened here: from and to of each. */
  items(open: number): (readonly [number, number])[] {
    const close = this.pastBrackets(open) - 1;
    const depth = this.at(open).depth + 1;
    const found: (readonly [number, number])[] = [];
    let from = open + 1;
    for (let at = from; at <= close; at++) {
      if (at < close && !(this.low(at) === ',' && this.at(at).depth === depth)) continue;
      if (at > from) found.push([from, at]);
      from = at + 1;
    }
    return found;
  }
}

export const wordSet = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
