import { type Absence } from '#core/connector-kit';
import { type SnapshotChange } from '#dictionary';

/** Fewer may always vanish: a small source would trip over one dropped table. */
const FEW = 5;

/**
 * Whether so many datasets would vanish that a person has to confirm it.
 * @param share of the source's datasets that may vanish without anybody's word; 0: not one.
 */
export const removesTooMuch = (vanished: number, known: number, share: number): boolean =>
  vanished > known * share && (vanished >= FEW || share === 0);

/** The datasets that would vanish and that nobody has confirmed. */
export const unconfirmed = (
  changes: readonly SnapshotChange[],
  confirmed: ReadonlySet<string>,
): readonly SnapshotChange[] =>
  changes.filter(({ outcome, qualifiedName }) => outcome === 'vanished' && !confirmed.has(qualifiedName));

/** A scope that a run has read. */
export interface ReadScope {
  readonly name: string;
  readonly complete: boolean;
  readonly reasons: readonly string[];
}

/** What has not come in a scope, by whether it is gone or may be there unseen. */
export interface Missing {
  readonly gone: readonly string[];
  readonly unseen: readonly string[];
}

/** @param confirmed a person has said that what does not come is gone. */
export function judgeMissing(
  missing: readonly string[],
  complete: boolean,
  absence: Absence | undefined,
  confirmed: boolean,
): Missing {
  if (absence === undefined) return { gone: complete ? missing : [], unseen: [] };
  if (confirmed) return { gone: missing, unseen: [] };
  const gone = new Set(absence.gone);
  return {
    gone: missing.filter((name) => gone.has(name)),
    unseen: missing.filter((name) => !gone.has(name)).sort(),
  };
}

const NAMES_IN_A_REASON = 20;

/** Why things that have not come were kept, and what to do. */
export function unseenReason({ why, remedy }: Absence, names: readonly string[]): string {
  const named = names.slice(0, NAMES_IN_A_REASON).map((name) => JSON.stringify(name));
  const more = names.length - named.length;
  return (
    `${why} ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}; what is known of them was kept. ${remedy} If they are really ` +
    'gone, harvest again with confirmRemovals: true.'
  );
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

/** When there was no scope to read at all. */
export function nothingReadReason(
  source: string,
  asked: readonly string[] | null,
  known: readonly KnownScope[],
): string {
  const name = JSON.stringify(source);
  if (asked === null)
    return `The source ${name} lists no schema or folder to read. Check which it is to read (include, exclude), and what its account may see.`;
  const there = known.length === 0 ? '' : ` It has: ${known.map(({ scope }) => scope).join(', ')}.`;
  return `The source ${name} lists no schema or folder like ${asked.map((glob) => JSON.stringify(glob)).join(', ')}.${there}`;
}
