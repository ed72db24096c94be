/** The OpenLineage namespace of a server. Host names do not differ by case; the colons of IPv6 need brackets. */
export function namespaceOf(host: string, port: number): string {
  const name = host.toLowerCase();
  return `mysql://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`;
}

/** A database, and how its server compares names. */
export interface Scope {
  readonly name: string;
  /** lower_case_table_names is 1 or 2: names that differ only by case are one. */
  readonly folded: boolean;
}

/** Names that a server takes for one are one when folded. */
export const fold =
  ({ folded }: Pick<Scope, 'folded'>) =>
  (name: string): string =>
    folded ? name.toLowerCase() : name;

/** Whether a server takes two names for one. */
export const isSame = (scope: Pick<Scope, 'folded'>, one: string, other: string): boolean =>
  fold(scope)(one) === fold(scope)(other);
