import type { LexRules } from '../dialects.js';
import { scan, type Token } from './scan.js';

/** A token that is not blank. `word` is a bare word in lower case, or a sign; empty for strings and quoted names. */
export interface Lexeme extends Token {
  readonly word: string;
  /** True after a blank (or at the beginning). */
  readonly spaced: boolean;
}

/** Reads a text lexeme by lexeme, looking ahead as far as asked. Blanks and comments are passed over. */
export class Cursor {
  /** Where the last lexeme that was taken ends. */
  end: number;
  /** What ends a statement besides a semicolon (`DELIMITER //`). */
  delimiter: string | undefined;
  private ahead: Lexeme[] = [];
  private head = 0;
  private tokens: Generator<Token>;

  constructor(
    readonly text: string,
    readonly rules: LexRules,
    from = 0,
    readonly to: number = text.length,
  ) {
    this.end = from;
    this.tokens = scan(text, rules, from);
  }

  peek(count = 0): Lexeme | undefined {
    while (this.ahead.length - this.head <= count) {
      const lexeme = this.read();
      if (!lexeme) return undefined;
      this.ahead.push(lexeme);
    }
    return this.ahead[this.head + count];
  }

  /** The word `count` lexemes ahead; empty at the end. */
  word(count = 0): string {
    return this.peek(count)?.word ?? '';
  }

  next(): Lexeme | undefined {
    const lexeme = this.peek();
    if (!lexeme) return undefined;
    this.head++;
    if (this.head > 1_000) {
      this.ahead = this.ahead.slice(this.head);
      this.head = 0;
    }
    this.end = lexeme.end;
    return lexeme;
  }

  /** Goes on from an offset. */
  seek(offset: number): void {
    this.ahead = [];
    this.head = 0;
    this.end = offset;
    this.tokens = scan(this.text, this.rules, offset);
  }

  /** Another delimiter counts from the next lexeme on. */
  endsWith(delimiter: string | undefined, from: number): void {
    this.delimiter = delimiter === ';' ? undefined : delimiter;
    this.seek(from);
  }

  slice(lexeme: Pick<Token, 'start' | 'end'>): string {
    return this.text.slice(lexeme.start, lexeme.end);
  }

  /** True when the words come next. */
  has(...words: readonly string[]): boolean {
    return words.every((word, at) => this.word(at) === word);
  }

  /** Takes the words when they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.has(...words)) return false;
    for (let at = 0; at < words.length; at++) this.next();
    return true;
  }

  /** True when the next lexeme is the first on its line. */
  get atLineStart(): boolean {
    const next = this.peek();
    if (!next) return false;
    let at = next.start;
    while (at > 0 && (this.text[at - 1] === ' ' || this.text[at - 1] === '\t')) at--;
    return at === 0 || this.text[at - 1] === '\n';
  }

  /** The rest of the line from an offset on, without blanks at its end. */
  lineFrom(offset: number): string {
    const newline = this.text.indexOf('\n', offset);
    return this.text.slice(offset, newline === -1 ? this.to : Math.min(newline, this.to)).trimEnd();
  }

  private read(): Lexeme | undefined {
    let spaced = false;
    for (;;) {
      const token = this.tokens.next().value as Token | undefined;
      if (!token || token.start >= this.to) return undefined;
      if (token.kind === 'blank') {
        spaced = true;
        continue;
      }
      return this.lexeme(token, spaced);
    }
  }

  private lexeme(token: Token, spaced: boolean): Lexeme {
    const { start } = token;
    let end = Math.min(token.end, this.to);
    const { delimiter } = this;
    if (delimiter !== undefined && (token.kind === 'word' || token.kind === 'other')) {
      if (this.text.startsWith(delimiter, start)) {
        end = start + delimiter.length;
        this.tokens = scan(this.text, this.rules, end);
        return { kind: 'other', start, end, word: DELIMITER, spaced };
      }
      const within = token.kind === 'word' ? this.text.slice(start, end).indexOf(delimiter) : -1;
      if (within > 0) {
        end = start + within;
        this.tokens = scan(this.text, this.rules, end);
      }
    }
    const word =
      token.kind === 'word'
        ? this.text.slice(start, end).toLowerCase()
        : token.kind === 'other'
          ? this.text.slice(start, end)
          : '';
    return { kind: token.kind, start, end, word, spaced };
  }
}

/** The word of the delimiter that `DELIMITER` has set; no other lexeme has it. */
export const DELIMITER = ' delimiter ';
