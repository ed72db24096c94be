import { InvalidInput } from './app-error.js';

/** Which part of a list is wanted: `first` rows after the row that `after` names. */
export interface PageRequest {
  readonly first: number;
  readonly after?: string;
}

/** A part of a list. `total` counts the whole list under the same filters. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNext: boolean;
  readonly total: number;
}

/** The largest part of a list handed out at once. */
export const MAX_PAGE = 500;

/** Checks a page request from outside; `first` is 50 when not given. Throws {@link InvalidInput}. */
export function pageRequest(first?: number | null, after?: string | null): PageRequest {
  const size = first ?? 50;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new InvalidInput(`"first" is ${size}, but must be a whole number from 1 to ${MAX_PAGE}.`, [], ['first']);
  return after == null ? { first: size } : { first: size, after };
}

/** Writes the sort key of a row as an opaque cursor. */
export const encodeCursor = (key: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');

/** Reads a cursor of {@link encodeCursor}. Throws {@link InvalidInput} when it is not one. */
export function decodeCursor(cursor: string): unknown[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key)) return key;
  } catch {
    // Said below: whatever is wrong with it, the caller's way out is the same.
  }
  throw new InvalidInput('"after" is not a cursor of this list. Take it from pageInfo.endCursor.', [], ['after']);
}
