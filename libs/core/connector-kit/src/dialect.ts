import { InvalidInput } from '#kernel';

/** The SQL that a source speaks. */
export const DIALECTS = ['postgres', 'duckdb', 'mysql'] as const;
export type Dialect = (typeof DIALECTS)[number];

// The longest name an engine keeps. PostgreSQL cuts longer ones off silently, which would address another object.
const LONGEST_IDENTIFIER_BYTES: Record<Dialect, number | undefined> = {
  postgres: 63,
  duckdb: undefined,
  mysql: undefined,
};

// NUL, and halves of surrogate pairs: no encoding of a database has them.

const UNHOLDABLE = /\u0000|\p{Surrogate}/u;

/**
 * Writes one name as an identifier of the dialect. Whatever characters the name has, it stays one name: quotes are
 * doubled, and what no engine can hold (the NUL character, half a surrogate pair, nothing at all) is refused.
 *
 * @example
 * quoteIdentifier('postgres', 'say "hi"') // "say ""hi"""
 */
export function quoteIdentifier(dialect: Dialect, name: string): string {
  if (name === '') throw new InvalidInput('An empty text cannot be the name of a table or column.');
  if (UNHOLDABLE.test(name))
    throw new InvalidInput(`${JSON.stringify(name)} has a character that no database allows in a name.`);
  const longest = LONGEST_IDENTIFIER_BYTES[dialect];
  if (longest !== undefined && utf8Length(name) > longest)
    throw new InvalidInput(
      `${JSON.stringify(name)} is longer than the ${longest} bytes that ${dialect} keeps of a name.`,
    );
  const quote = dialect === 'mysql' ? '`' : '"';
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** Writes a name of several parts: `quoteName('postgres', 'risk', 'loan')` is `"risk"."loan"`. */
export const quoteName = (dialect: Dialect, ...parts: readonly string[]): string =>
  parts.map((part) => quoteIdentifier(dialect, part)).join('.');

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
