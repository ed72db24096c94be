import type { Dialect } from '../dialects.js';

/** A name in the quotes of a dialect. */
export function quote(name: string, { lex }: Dialect): string {
  if (lex.backticks) return `\`${name.replaceAll('`', '``')}\``;
  if (lex.brackets) return `[${name.replaceAll(']', ']]')}]`;
  return `"${name.replaceAll('"', '""')}"`;
}
