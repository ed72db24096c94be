/** Asks for the rows of one database. */
export type RowsOf = <T extends { readonly scope: string }>(sql: string) => Promise<T[]>;

/** The session's zone is UTC. */
export const isoOf = (at: string | null): string | undefined =>
  at === null || at.startsWith('0000') ? undefined : `${at.replace(' ', 'T')}Z`;

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The properties that have a value: an absent comment is no property, rather than an empty one. */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Given<T>;
}
