import { type SnapshotDifference } from '#dictionary';

/** Fewer may always vanish: a small source would trip over one dropped table. */
const FEW = 5;
/** The share of a source's datasets that may vanish without anybody's word. */
const SHARE = 0.2;

/** Whether so many datasets would vanish that a person has to confirm it. */
export const removesTooMuch = ({ vanished, known }: Pick<SnapshotDifference, 'vanished' | 'known'>): boolean =>
  vanished >= FEW && vanished > known * SHARE;

/** A scope that a run has read. */
export interface ReadScope {
  readonly name: string;
  readonly complete: boolean;
  readonly reasons: readonly string[];
}

/** A scope with datasets in the dictionary. */
export interface KnownScope {
  readonly scope: string;
  readonly datasets: number;
}

/**
 * Scopes that the dictionary knows and the source did not list, though it was asked for them. A source lists no more
 * what was dropped, and some sources what the account may not see, so they are not taken for gone without a word.
 */
export function unlistedScopes(
  known: readonly KnownScope[],
  read: readonly ReadScope[],
  wanted: (scope: string) => boolean,
): KnownScope[] {
  const listed = new Set(read.map(({ name }) => name));
  return known.filter(({ scope }) => !listed.has(scope) && wanted(scope));
}

export const unlistedReason = ({ scope, datasets }: KnownScope): string =>
  `The source lists no scope "${scope}" any more; its ${datasets} datasets were kept. If it is really gone, harvest again with ` +
  'confirmRemovals: true.';
