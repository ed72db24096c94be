import { InvalidInput } from './app-error.js';

/**
 * The natural name of a dataset or a column, after OpenLineage's naming: a namespace, a name in it and, for a
 * column, `#column`. `docs/naming.md` has the rules for each kind of source.
 *
 * @example
 * assetUrn('postgres://dwh:5432/risk.dwd.loan#loan_id')
 */
export type AssetUrn = string & { readonly __brand: 'AssetUrn' };

export interface AssetName {
  /** For instance `postgres://dwh:5432` or `file://bureau`. */
  readonly namespace: string;
  /** For instance `risk.dwd.loan`; parts are joined by {@link qualifiedName}. */
  readonly name: string;
  readonly column?: string;
}

const NAMESPACE = /^[a-z][a-z0-9+.-]*:\/\/[^/#]+/i;

const escapeName = (name: string) => name.replaceAll('%', '%25').replaceAll('#', '%23');
const unescapeName = (name: string) => name.replaceAll('%23', '#').replaceAll('%25', '%');

/** Joins the parts of a name with dots; a dot inside a part becomes `%2E`, so that no two names collide. */
export function qualifiedName(...parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('.', '%2E')).join('.');
}

/** The parts that {@link qualifiedName} joined. */
export function nameParts(name: string): string[] {
  return name.split('.').map((part) => part.replaceAll('%2E', '.').replaceAll('%25', '%'));
}

/** Writes a name as one string. */
export function urnOf({ namespace, name, column }: AssetName): AssetUrn {
  const dataset = `${namespace}/${escapeName(name)}`;
  return (column === undefined ? dataset : `${dataset}#${escapeName(column)}`) as AssetUrn;
}

/** Reads a URN written by {@link urnOf}. Throws {@link InvalidInput} when it is not one. */
export function parseUrn(urn: string): AssetName {
  const namespace = NAMESPACE.exec(urn)?.[0];
  const rest = namespace === undefined ? '' : urn.slice(namespace.length + 1);
  if (namespace === undefined || rest === '' || urn[namespace.length] !== '/')
    throw new InvalidInput(
      `${JSON.stringify(urn)} is not the name of an asset. Write it as namespace/name or namespace/name#column, ` +
        'for instance postgres://dwh:5432/risk.dwd.loan#loan_id.',
    );
  const hash = rest.indexOf('#');
  if (hash === -1) return { namespace, name: unescapeName(rest) };
  return { namespace, name: unescapeName(rest.slice(0, hash)), column: unescapeName(rest.slice(hash + 1)) };
}

/** Checks a URN at the edge. */
export function assetUrn(text: string): AssetUrn {
  return urnOf(parseUrn(text));
}
