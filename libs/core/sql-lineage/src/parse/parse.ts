import { type Dialect as ParserDialect, generate, parse as polyglotParse } from '@polyglot-sql/sdk';
import type { Dialect } from '../dialects.js';
import { Draft, type Remark } from './draft.js';
import { repair } from './repairs/index.js';
import { FIRST_REWRITES, REWRITES } from './rewrites/index.js';
import type { Rewrite } from './rewrites/rewrite.js';
import { dataOf, isNode, kindOf, type Node, type Span } from './tree.js';

/** A statement as trees. Usually one; some statements stand for several. */
export interface ParsedOk {
  readonly ok: true;
  readonly nodes: readonly Node[];
  /** What a rewrite had to leave out. */
  readonly remarks: readonly Remark[];
  /** Where a node stands in the statement's text, in UTF-16 units. */
  place(span: Span): Span;
}

export interface Refused {
  readonly ok: false;
  readonly message: string;
  readonly start?: number;
  readonly end?: number;
}

export type Parsed = ParsedOk | Refused;

/**
 * The parser could not go on for a reason of its own (a trap, an exhausted stack). Its instance may be broken: whoever
 * runs it should throw the thread away.
 */
export class ParserBroken extends Error {
  override readonly name = 'ParserBroken';
  /** The sign by which a pool of threads knows to replace the thread. */
  readonly breaksThread = true;
}

/** How the parser's wrapper reports what its WebAssembly threw. After an exhausted stack it usually lives on. */
const TRAPPED = 'WASM parse failed';

/** Its own place counts from the statement's beginning, which nobody sees; `start` and `end` say it better. */
const STATED_PLACE = /^(?:Parse|Tokenization) error at line \d+, column \d+: /;

const SIGNS: Readonly<Record<string, string>> = {
  ...{ LParen: '(', RParen: ')', LBracket: '[', RBracket: ']', LBrace: '{', RBrace: '}', Comma: ',', Semicolon: ';' },
  ...{ Dot: '.', Colon: ':', Slash: '/', Backslash: '\\', Hash: '#', Star: '*', Plus: '+', Dash: '-', Percent: '%' },
  ...{
    Eq: '=',
    Neq: '<>',
    Lt: '<',
    Lte: '<=',
    Gt: '>',
    Gte: '>=',
    Amp: '&',
    Pipe: '|',
    Caret: '^',
    Tilde: '~',
    Dollar: '$',
  },
};

/** The parser's message with signs for the names of its tokens: `Expected RParen, got As ('as')` is `expected ")", got "as"`. */
const inWords = (message: string): string =>
  `The parser does not go on here: ${message
    .replace(/^Invalid expression \/ Unexpected token$/, 'something else is expected')
    .replace(/\b[A-Z]\w* \('([^']*)'\)/g, '"$1"')
    .replace(/\bgot "String"$/, 'got a string')
    .replace(/\b(Expected|Unexpected token:|got|or) ([A-Z]\w+)\b/g, (all, word: string, token: string) => {
      const sign = SIGNS[token];
      return sign === undefined ? all : `${word} "${sign}"`;
    })
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;

const alive = (dialect: Dialect): boolean => polyglotParse('select 1', dialect.parser as ParserDialect).success;

function parseAs(draft: Draft, dialect: Dialect): Parsed {
  const { text, remarks } = draft;
  let result: ReturnType<typeof polyglotParse>;
  try {
    result = polyglotParse(text, dialect.parser as ParserDialect);
  } catch (error) {
    throw new ParserBroken(error instanceof Error ? error.message : String(error));
  }
  const wide = SURROGATE.test(text);
  const original = (characters: number) =>
    draft.original(wide ? utf16(text, characters) : Math.min(characters, text.length));
  if (!result.success) {
    const { error, errorStart, errorEnd } = result;
    if (error.startsWith(TRAPPED) && !alive(dialect)) throw new ParserBroken(error);
    return {
      ok: false,
      message: inWords(error.replace(STATED_PLACE, '')),
      ...(errorStart !== undefined && { start: original(errorStart) }),
      ...(errorEnd !== undefined && { end: original(errorEnd) }),
    };
  }
  return {
    ok: true,
    nodes: (result.ast as readonly unknown[]).filter(isNode).map((node) => repair(node, text)),
    remarks,
    place: ({ start, end }) => ({ start: original(start), end: original(end) }),
  };
}

/** `TABLE orders` is taken for a column with an alias; a statement is never just a value, and what begins like a query is not a command. */
const NOT_STATEMENTS = new Set(['alias', 'column', 'command', 'raw', 'identifier', 'function', 'paren']);
const isMisread = (node: Node): boolean => {
  if (kindOf(node) !== 'insert') return NOT_STATEMENTS.has(kindOf(node));
  const { query } = dataOf<{ readonly query?: Node | null }>(node);
  return query != null && kindOf(query) === 'command';
};
const misread = (nodes: readonly Node[]): boolean => nodes.some(isMisread);

/** Deeper than this no person and no program writes brackets; a rewrite would look through all of them at each. */
const DEEPEST = 6_000;

function rewritten(draft: Draft, rewrite: Rewrite, dialect: Dialect): Draft | undefined {
  if (!rewrite.concerns(draft.text, dialect)) return undefined;
  const words = draft.words(dialect.lex);
  const result = words.deepest > DEEPEST ? undefined : rewrite.apply(words, dialect);
  return result && draft.rewritten(result.pieces, result.remarks);
}

/** Parses one statement. What the parser refuses is written differently by each rewrite in turn, and tried again. */
export function parse(text: string, dialect: Dialect): Parsed {
  let draft = Draft.of(text);
  for (const rewrite of FIRST_REWRITES) draft = rewritten(draft, rewrite, dialect) ?? draft;
  const first = parseAs(draft, dialect);
  if (first.ok && !misread(first.nodes)) return first;
  for (const rewrite of REWRITES) {
    const next = rewritten(draft, rewrite, dialect);
    if (!next) continue;
    const again = parseAs(next, dialect);
    if (again.ok && !misread(again.nodes)) return again;
    draft = next;
  }
  return first;
}

/** Constants that every dialect writes alike; asking the parser for them takes as long as parsing a short query. */
const PLAIN_TEXT = /^[^'\\\p{Cc}]*$/u;
const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;

function constant(node: Node): string | undefined {
  if (kindOf(node) !== 'literal') return undefined;
  const { literal_type: type, value } = dataOf<{ readonly literal_type?: string; readonly value?: string }>(node);
  if (type === 'string' && value !== undefined && PLAIN_TEXT.test(value)) return `'${value}'`;
  return type === 'number' && value !== undefined && PLAIN_NUMBER.test(value) ? value : undefined;
}

/** The SQL of an expression; undefined for what the parser cannot write. */
export function sqlOf(node: Node, dialect: Dialect): string | undefined {
  const plain = constant(node);
  if (plain !== undefined) return plain;
  const result = generate([node], dialect.parser as ParserDialect);
  return result.success ? result.sql?.[0] : undefined;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Turns an offset in Unicode characters into one in UTF-16 units. */
export function utf16(text: string, characters: number): number {
  if (!SURROGATE.test(text)) return Math.min(characters, text.length);
  let at = 0;
  for (let seen = 0; seen < characters && at < text.length; seen++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
