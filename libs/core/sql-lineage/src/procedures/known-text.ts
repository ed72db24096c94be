import type { LexRules } from '../dialects.js';
import { Cursor, type Lexeme } from '../split/cursor.js';
import type { Range } from './step.js';

/** A text that is certain when the code is read: a literal, or literals put together. */
export interface KnownText {
  readonly text: string;
  /** Where it stands in the script; its text is that of the script when `exact`. */
  readonly place: Range;
  readonly exact: boolean;
}

interface Piece {
  readonly text: string;
  readonly known?: KnownText;
  /** Where the text of a literal begins, when it is written as it is. */
  readonly from?: number;
}

/** The text in a string literal, and where it begins. */
export function literalText(
  literal: string,
  rules: LexRules,
): { readonly text: string; readonly from: number; readonly exact: boolean } {
  const dollar = /^\$[^$]*\$/.exec(literal)?.[0];
  if (dollar !== undefined)
    return { text: literal.slice(dollar.length, -dollar.length), from: dollar.length, exact: true };
  const q = /^n?q'/i.exec(literal)?.[0];
  if (q !== undefined) return { text: literal.slice(q.length + 1, -2), from: q.length + 1, exact: true };
  const quote = literal.search(/['"]/);
  const inner = literal.slice(quote + 1, -1);
  const sign = literal[quote] ?? "'";
  const backslashes = rules.backslashStrings || /^e/i.test(literal);
  let text = inner.replaceAll(sign + sign, sign);
  if (backslashes) text = text.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
  return { text, from: quote + 1, exact: text === inner };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Reads an expression as a text, when it is put together of literals and variables whose text is certain. */
class TextReader {
  private readonly at: Cursor;

  constructor(
    text: string,
    private readonly rules: LexRules,
    { start, end }: Range,
    private readonly lookup: (name: string) => KnownText | undefined,
  ) {
    this.at = new Cursor(text, rules, start, end);
  }

  whole(): Piece | undefined {
    const piece = this.sum();
    return this.at.peek() ? undefined : piece;
  }

  private sum(): Piece | undefined {
    let sum = this.operand();
    while (sum && this.operator()) {
      const next = this.operand();
      sum = next && { text: sum.text + next.text };
    }
    return sum;
  }

  private operator(): boolean {
    if (this.rules.code === 'tsql') return this.at.accept('+');
    return this.rules.code !== 'mysql' && this.at.accept('|', '|');
  }

  private operand(): Piece | undefined {
    const next = this.at.peek();
    if (!next) return undefined;
    if (
      next.kind === 'string' ||
      (next.kind === 'quoted' && this.rules.code === 'mysql' && this.at.slice(next).startsWith('"'))
    )
      return this.literal();
    if (next.word === 'n' && this.at.peek(1)?.kind === 'string' && this.at.peek(1)?.spaced === false) {
      this.at.next();
      return this.literal();
    }
    if (/^\d$/.test(next.word)) return this.number();
    if (this.at.accept('(')) {
      const inner = this.sum();
      return this.at.accept(')') ? inner : undefined;
    }
    if (this.at.word(1) === '(') return this.call(next);
    return this.variable(next);
  }

  private literal(): Piece | undefined {
    const token = this.at.next();
    if (!token) return undefined;
    const { text, from, exact } = literalText(this.at.slice(token), this.rules);
    return { text, ...(exact && { from: token.start + from }) };
  }

  private number(): Piece {
    let text = '';
    while (/^[\d.]$/.test(this.at.word())) text += this.at.next()?.word ?? '';
    return { text };
  }

  private variable(first: Lexeme): Piece | undefined {
    const { start } = first;
    while (this.at.accept('@'));
    const last = this.at.next();
    if (!last) return undefined;
    const known = this.lookup(this.at.text.slice(start, last.end));
    return known && { text: known.text, known };
  }

  /** `CONCAT(a, b)`, `CHR(10)`, and `format('… %I …', 'a')` with nothing but literals. */
  private call({ word }: Lexeme): Piece | undefined {
    this.at.next();
    this.at.next();
    const values: Piece[] = [];
    while (!this.at.accept(')')) {
      const value = this.sum();
      if (!value) return undefined;
      values.push(value);
      if (!this.at.accept(',') && this.at.word() !== ')') return undefined;
    }
    const texts = values.map(({ text }) => text);
    if (word === 'concat') return { text: texts.join('') };
    if (word === 'chr' || word === 'char') return { text: String.fromCharCode(Number(texts[0])) };
    if (word === 'format' && this.rules.code === 'plpgsql') return formatted(texts);
    return undefined;
  }
}

/** PostgreSQL's format(). */
function formatted([pattern = '', ...values]: readonly string[]): Piece | undefined {
  let next = 0;
  let isKnown = true;
  const text = pattern.replace(/%(?:(\d+)\$)?([sIL%])/g, (_, position: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = position === undefined ? values[next++] : values[Number(position) - 1];
    if (value === undefined) isKnown = false;
    const given = value ?? '';
    if (kind === 'L') return `'${given.replaceAll("'", "''")}'`;
    return kind === 's' || /^[a-z_][a-z0-9_]*$/.test(given) ? given : `"${given.replaceAll('"', '""')}"`;
  });
  return isKnown ? { text } : undefined;
}

/**
 * The text that an expression is certain to give; undefined when it depends on what is only known when the code runs.
 *
 * @example
 * knownText("'insert into ' || l_table", …)   // { text: 'insert into dwd_loan' } when l_table is a constant
 */
export function knownText(
  text: string,
  rules: LexRules,
  range: Range,
  place: (range: Range) => Range,
  lookup: (name: string) => KnownText | undefined,
): KnownText | undefined {
  const piece = new TextReader(text, rules, range, lookup).whole();
  if (!piece) return undefined;
  if (piece.known) return piece.known;
  if (piece.from === undefined) return { text: piece.text, place: place(range), exact: false };
  const literal = { start: piece.from, end: piece.from + piece.text.length };
  return { text: piece.text, place: place(literal), exact: true };
}
