import DataLoader from 'dataloader';

import { type GraphqlContext } from './request.js';

/**
 * A batched, cached look-up that lives as long as one GraphQL operation. `batch` gets all keys asked for in one
 * tick and gives a map; a key it lacks becomes `undefined`.
 *
 * @example
 * readonly fieldsOf = perRequest((ids: readonly string[]) => this.fields.ofDatasets(ids));
 * // in a resolver: return this.fieldsOf(context).load(dataset.id)
 */
export function perRequest<V>(
  batch: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (context: GraphqlContext) => DataLoader<string, V | undefined> {
  const loaders = new WeakMap<GraphqlContext, DataLoader<string, V | undefined>>();
  return (context) => {
    let loader = loaders.get(context);
    if (!loader) {
      loader = new DataLoader<string, V | undefined>(async (keys) => {
        const found = await batch(keys);
        return keys.map((key) => found.get(key));
      });
      loaders.set(context, loader);
    }
    return loader;
  };
}

/** Rows by a key, for `perRequest`. */
export function byKey<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Lists of rows by a key, for `perRequest`; keys without a row get an empty list. */
export function groupedBy<R>(keys: readonly string[], rows: readonly R[], keyOf: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return groups;
}
