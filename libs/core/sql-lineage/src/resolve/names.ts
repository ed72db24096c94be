import type { TableName } from '../types.js';

const keys = new WeakMap<TableName, string>();

/** One string for one table, as its name is written. */
export function tableKey(table: TableName): string {
  const known = keys.get(table);
  if (known !== undefined) return known;
  const { catalog, schema, name } = table;
  const key = JSON.stringify([catalog ?? null, schema ?? null, name]);
  keys.set(table, key);
  return key;
}

/** Tables without repetitions, in the order they were first named. */
export function distinctTables<T extends TableName>(tables: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const table of tables) if (!seen.has(tableKey(table))) seen.set(tableKey(table), table);
  return [...seen.values()];
}

/** The name as a person would write it: `sales.orders`. */
export const nameOf = ({ catalog, schema, name }: TableName): string =>
  [catalog, schema, name].filter((part) => part !== undefined).join('.');
