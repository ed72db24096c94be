import { type Dialect as ParserDialect, generate, parse as polyglotParse } from '@polyglot-sql/sdk';
import type { Dialect } from '../dialects.js';
import { repair } from './repairs/index.js';
import { REWRITES } from './rewrites/index.js';
import { isNode, kindOf, type Node } from './tree.js';

export type Parsed =
  | { readonly ok: true; readonly nodes: readonly Node[]; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly start?: number; readonly end?: number };

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

const alive = (dialect: Dialect): boolean => polyglotParse('select 1', dialect.parser as ParserDialect).success;

function parseAs(text: string, dialect: Dialect): Parsed {
  let result: ReturnType<typeof polyglotParse>;
  try {
    result = polyglotParse(text, dialect.parser as ParserDialect);
  } catch (error) {
    throw new ParserBroken(error instanceof Error ? error.message : String(error));
  }
  if (!result.success) {
    const { error, errorStart, errorEnd } = result;
    if (error.startsWith(TRAPPED) && !alive(dialect)) throw new ParserBroken(error);
    return {
      ok: false,
      message: error,
      ...(errorStart !== undefined && { start: utf16(text, errorStart) }),
      ...(errorEnd !== undefined && { end: utf16(text, errorEnd) }),
    };
  }
  return { ok: true, nodes: (result.ast as readonly unknown[]).filter(isNode).map((node) => repair(node, text)), text };
}

/** `TABLE orders` is taken for a column with an alias; a statement is never just a value. */
const misread = (nodes: readonly Node[]): boolean => nodes.some((node) => kindOf(node) === 'alias');

/** Parses one statement. What the parser refuses is written differently by each rewrite in turn, and tried again. */
export function parse(text: string, dialect: Dialect): Parsed {
  const first = parseAs(text, dialect);
  if (first.ok && !misread(first.nodes)) return first;
  let current = text;
  for (const rewrite of REWRITES) {
    const next = rewrite.apply(current, dialect);
    if (next === current) continue;
    const again = parseAs(next, dialect);
    if (again.ok) return again;
    current = next;
  }
  return first;
}

/** The SQL of an expression; undefined for what the parser cannot write. */
export function sqlOf(node: Node, dialect: Dialect): string | undefined {
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
