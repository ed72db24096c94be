/** Words with a meaning of their own; a column of such a name is written in double quotes. */
export const KEYWORDS = [
  'and',
  'or',
  'not',
  'in',
  'between',
  'is',
  'null',
  'like',
  'matches',
  'case',
  'when',
  'then',
  'else',
  'end',
  'cast',
  'as',
  'true',
  'false',
] as const;
export type Keyword = (typeof KEYWORDS)[number];

export type Token =
  | { readonly is: 'keyword'; readonly word: Keyword; readonly at: number; readonly text: string }
  | { readonly is: 'name'; readonly name: string; readonly quoted: boolean; readonly at: number; readonly text: string }
  | { readonly is: 'text'; readonly value: string; readonly at: number; readonly text: string }
  | { readonly is: 'number'; readonly at: number; readonly text: string }
  | { readonly is: 'sign'; readonly at: number; readonly text: string }
  | { readonly is: 'end'; readonly at: number; readonly text: '' };

const BARE_NAME = /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SIGN = /<>|<=|>=|!=|==|[-+*/%=<>(),]/y;
const BLANK = /\s+/uy;

/** A name that can be written without quotes. */
export function isBareName(name: string): boolean {
  BARE_NAME.lastIndex = 0;
  return BARE_NAME.exec(name)?.[0] === name && !isKeyword(name.toLowerCase());
}

const isKeyword = (word: string): word is Keyword => KEYWORDS.some((keyword) => keyword === word);

/** Cuts a condition into tokens. `refuse` is told the place of what is no token, and throws. */
export function tokensOf(source: string, refuse: (message: string, at: number) => never): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (take(BLANK) !== undefined || at < source.length) {
    const start = at;
    if (start === source.length) break;
    const quote = source[start];
    if (quote === "'" || quote === '"') {
      const value = quotedFrom(source, start, quote, refuse);
      at = value.end;
      const text = source.slice(start, at);
      if (quote === "'") tokens.push({ is: 'text', value: value.inside, at: start, text });
      else tokens.push({ is: 'name', name: value.inside, quoted: true, at: start, text });
      continue;
    }
    const word = take(BARE_NAME);
    if (word !== undefined) {
      const lower = word.toLowerCase();
      tokens.push(
        isKeyword(lower)
          ? { is: 'keyword', word: lower, at: start, text: word }
          : { is: 'name', name: word, quoted: false, at: start, text: word },
      );
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      tokens.push({ is: 'number', at: start, text: number });
      continue;
    }
    const sign = take(SIGN);
    if (sign === undefined)
      return refuse(`${JSON.stringify(String.fromCodePoint(source.codePointAt(start)!))} means nothing here`, start);
    tokens.push({ is: 'sign', at: start, text: sign });
  }
  tokens.push({ is: 'end', at: source.length, text: '' });
  return tokens;
}

/** What stands between quotes; a quote inside is written twice. */
function quotedFrom(
  source: string,
  start: number,
  quote: string,
  refuse: (message: string, at: number) => never,
): { inside: string; end: number } {
  let inside = '';
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] !== quote) inside += source[at];
    else if (source[at + 1] === quote) {
      inside += quote;
      at++;
    } else return { inside, end: at + 1 };
  }
  return refuse(quote === "'" ? 'this text has no closing quote' : 'this name has no closing quote', start);
}
