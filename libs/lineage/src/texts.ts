// PostgreSQL's text holds neither the NUL character nor halves of surrogate pairs.
const NO_TEXT = /\u0000|\p{Surrogate}/u;

/** Where a text has a character that cannot be kept; undefined when it has none. */
export function unholdableAt(text: string): number | undefined {
  const at = text.search(NO_TEXT);
  return at < 0 ? undefined : at;
}

/** The address of a repository without the name and the token of who reads it: `https://li:ghp_1@git.bank/etl` → `https://git.bank/etl`. */
export const publicRepository = (address: string | null): string | null =>
  address === null
    ? null
    : address
        .trim()
        .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*(?:@[^/@]*)*@/i, '$1')
        .replace(/[?#].*$/, '');
