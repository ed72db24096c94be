import type { TableName } from '../types.js';

/** One string for one table, as its name is written. */
export const tableKey = ({ catalog, schema, name }: TableName): string =>
  JSON.stringify([catalog ?? null, schema ?? null, name]);

/** Tables without repetitions, in the order they were first named. */
export function distinctTables<T extends TableName>(tables: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const table of tables) if (!seen.has(tableKey(table))) seen.set(tableKey(table), table);
  return [...seen.values()];
}

/** The name as a person would write it: `sales.orders`. */
export const nameOf = ({ catalog, schema, name }: TableName): string =>
  [catalog, schema, name].filter((part) => part !== undefined).join('.');
