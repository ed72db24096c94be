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

/** Writes the sort key of a row of a list as an opaque cursor: `encodeCursor('sources', [source.name])`. */
export function encodeCursor(list: string, key: readonly unknown[]): string {
  const text = JSON.stringify(key);
  return Buffer.from(checkOf(list, text) + text, 'utf8').toString('base64url');
}

/** Reads a cursor that {@link encodeCursor} wrote for the same list. Throws {@link InvalidInput} for any other text. */
export function decodeCursor(list: string, cursor: string): unknown[] {
  const read = Buffer.from(cursor, 'base64url').toString('utf8');
  const text = read.slice(CHECK_LENGTH);
  if (read.slice(0, CHECK_LENGTH) !== checkOf(list, text))
    throw new InvalidInput('"after" is not a cursor of this list. Take it from pageInfo.endCursor.', [], ['after']);
  return JSON.parse(text) as unknown[];
}

const CHECK_LENGTH = 8;

/**
 * FNV-1a of the list's name and the key: a cursor of another list, or one that somebody made up, would reach the
 * database as values of the wrong types. It keeps no secret: a cursor says no more than the row it was taken from.
 */
function checkOf(list: string, text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${list}\n${text}`, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(CHECK_LENGTH, '0');
}
