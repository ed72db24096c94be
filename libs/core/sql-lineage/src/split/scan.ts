import type { LexRules } from '../dialects.js';

/** A piece of SQL text. `blank` is white space and comments. */
export interface Token {
  readonly kind: 'blank' | 'string' | 'quoted' | 'word' | 'other';
  readonly start: number;
  readonly end: number;
}

const WORD_START = /[\p{L}\p{Extended_Pictographic}_]/u;
// What PostgreSQL takes into a bare name: letters, digits, _ and $, and everything outside ASCII.
const WORD = /(?:[\p{L}\p{N}_$]|[^\x00-\x7f\s])+/uy;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const BLANK = /\s+/uy;
const VERSION = /\/\*M?!\d*|\*\//uy;
const Q_QUOTE = /n?q'\S/iuy;
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };
const MAPPER_PARAMETER = /#\{[\w.,= ]+\}/y;

const lineEnd = (text: string, from: number) => {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
};

function commentEnd(text: string, from: number, nested: boolean): number {
  let depth = 1;
  let at = from + 2;
  while (at < text.length && depth > 0) {
    if (text.startsWith('*/', at)) {
      depth--;
      at += 2;
    } else if (nested && text.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else at++;
  }
  return at;
}

/** Where a quoted piece that begins at `from` ends. A doubled quote does not end it; nor does the end of the text begin anything new. */
function quoteEnd(text: string, from: number, quote: string, backslash: boolean): number {
  let at = from + 1;
  while (at < text.length) {
    if (backslash && text[at] === '\\') at += 2;
    else if (text[at] !== quote) at++;
    else if (text[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return text.length;
}

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

/** Where `q'[ … ]'` ends, after its opening sign. */
function quotedDelimiterEnd(text: string, from: number): number {
  const sign = text[from - 1] ?? '';
  const end = text.indexOf(`${CLOSING[sign] ?? sign}'`, from);
  return end === -1 ? text.length : end + 2;
}

function beginsLineComment(text: string, at: number, rules: LexRules): boolean {
  // `#{id}` is a parameter of a mapper, not a comment.
  if (rules.hashComments && text[at] === '#') return matchAt(MAPPER_PARAMETER, text, at) === undefined;
  if (!text.startsWith('--', at)) return false;
  return !rules.dashesNeedBlank || at + 2 >= text.length || /\s/.test(text[at + 2] ?? '');
}

const SPACE = 32;
const QUOTE = 39;
const DELETE = 127;
const DOLLAR_SIGN = 36;
const isAsciiLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
const isAsciiDigit = (code: number) => code >= 48 && code <= 57;
const isAsciiBlank = (code: number) => code === SPACE || (code >= 9 && code <= 13);

/** Where white space that begins at `from` ends. Most of it is ASCII, and needs no look into Unicode's tables. */
function blankEnd(text: string, from: number): number {
  let at = from;
  while (isAsciiBlank(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) >= DELETE ? at + (matchAt(BLANK, text, at)?.length ?? 0) : at;
}

/** Where a word ends, of which all before `from` has been seen. */
function wordEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); ; code = text.charCodeAt(++at))
    if (!isAsciiLetter(code) && !isAsciiDigit(code) && code !== DOLLAR_SIGN) break;
  return text.charCodeAt(at) >= DELETE ? at + (matchAt(WORD, text, at)?.length ?? 0) : at;
}

/** Signs that begin nothing longer in any dialect. */
const PLAIN_SIGNS: ReadonlySet<number> = new Set([...',.();=<>+|&:?'].map((sign) => sign.charCodeAt(0)));

function tokenAt(text: string, at: number, rules: LexRules): Token {
  const token = (kind: Token['kind'], end: number): Token => ({ kind, start: at, end });
  const char = text[at] ?? '';
  const code = text.charCodeAt(at);
  if (code <= SPACE || code >= DELETE) {
    const end = blankEnd(text, at);
    if (end > at) return token('blank', end);
  }
  if (isAsciiLetter(code) && text.charCodeAt(at + 1) !== QUOTE && text.charCodeAt(at + 2) !== QUOTE)
    return token('word', wordEnd(text, at + 1));
  if (PLAIN_SIGNS.has(code)) return token('other', at + 1);
  if (beginsLineComment(text, at, rules)) return token('blank', lineEnd(text, at));
  if (rules.versionComments) {
    // MySQL reads what stands in /*!50001 … */: only the brackets are blank.
    const version = matchAt(VERSION, text, at);
    if (version !== undefined) return token('blank', at + version.length);
  }
  if (text.startsWith('/*', at)) return token('blank', commentEnd(text, at, rules.nestedComments));
  if (char === "'") return token('string', quoteEnd(text, at, "'", rules.backslashStrings));
  if (char === '"') return token('quoted', quoteEnd(text, at, '"', rules.backslashStrings));
  if (char === '`' && rules.backticks) return token('quoted', quoteEnd(text, at, '`', false));
  if (char === '[' && rules.brackets) return token('quoted', quoteEnd(text, at, ']', false));
  // E'…' knows backslashes whatever the dialect's ordinary strings do.
  if ((char === 'E' || char === 'e') && text[at + 1] === "'") return token('string', quoteEnd(text, at + 1, "'", true));
  if (rules.quotedDelimiters && (char === 'q' || char === 'Q' || char === 'n' || char === 'N')) {
    const opening = matchAt(Q_QUOTE, text, at);
    if (opening !== undefined) return token('string', quotedDelimiterEnd(text, at + opening.length));
  }
  if (char === '$' && rules.dollarStrings) {
    const tag = matchAt(DOLLAR, text, at);
    if (tag !== undefined) {
      const end = text.indexOf(tag, at + tag.length);
      return token('string', end === -1 ? text.length : end + tag.length);
    }
  }
  if (code < DELETE && !isAsciiLetter(code)) return token('other', at + 1);
  const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (WORD_START.test(point) || point > '\x7f') {
    const word = matchAt(WORD, text, at);
    if (word !== undefined) return token('word', at + word.length);
  }
  return token('other', at + point.length);
}

/**
 * The text (from an offset on) as tokens that together cover all of it. Unfinished quotes and comments run to the end.
 *
 * @example
 * [...scan("select 'a;b' -- c", rules)].map((token) => token.kind)   // word, blank, string, blank
 */
export function* scan(text: string, rules: LexRules, from = 0): Generator<Token> {
  for (let at = from; at < text.length;) {
    const token = tokenAt(text, at, rules);
    yield token;
    at = token.end;
  }
}
