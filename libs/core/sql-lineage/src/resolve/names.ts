import type { Dialect } from '../dialects.js';
import type { Identifier, Node, TableRef } from '../parse/tree.js';
import { dataOf, kindOf } from '../parse/tree.js';
import type { TableName } from '../types.js';

const keys = new WeakMap<TableName, string>();

/** With its length, so that two names never look like one. */
const part = (text: string | undefined): string => (text === undefined ? '-' : `${text.length}:${text}`);

/** One string for one table, as its name is written. */
export function tableKey(table: TableName): string {
  const known = keys.get(table);
  if (known !== undefined) return known;
  const { catalog, schema, name } = table;
  const key = part(catalog) + part(schema) + part(name);
  keys.set(table, key);
  return key;
}

/** Tables without repetitions, in the order they were first named. */
export function distinctTables<T extends TableName>(tables: readonly T[]): T[] {
  if (tables.length < 2) return [...tables];
  const seen = new Map<string, T>();
  for (const table of tables) {
    const key = tableKey(table);
    if (!seen.has(key)) seen.set(key, table);
  }
  return [...seen.values()];
}

/** The name as a person would write it: `sales.orders`. */
export const nameOf = ({ catalog, schema, name }: TableName): string =>
  [catalog, schema, name].filter((part) => part !== undefined).join('.');

/** The name in `IDENTIFIER('sales.orders')`; undefined when it is put together at run time. */
function namedByFunction(node: Node | null | undefined): string[] | undefined {
  const [argument] = node ? (dataOf<{ args?: readonly Node[] }>(node).args ?? []) : [];
  if (!argument) return undefined;
  if (kindOf(argument) === 'literal') return dataOf<{ value: string }>(argument).value.split('.');
  if (kindOf(argument) === 'identifier') return [dataOf<Identifier>(argument).name];
  return undefined;
}

/** A table's name as it is written, before defaults: split, freed of quotes, and told apart from files and temporary tables. */
export function tableName(ref: TableRef, dialect: Dialect): TableName {
  const { written } = dialect.names;
  const whole = (parts: readonly string[]): TableName => {
    const [name = '', schema, ...catalog] = [...parts].reverse();
    if (dialect.temporaryPrefixes.some((prefix) => name.startsWith(prefix))) return { name, temporary: true };
    return {
      ...(catalog.length > 0 && { catalog: catalog.reverse().join('.') }),
      ...(schema !== undefined && schema !== '' && { schema }),
      name,
    };
  };
  const parts = [ref.catalog, ref.schema, ref.name].filter((part) => part != null);
  if (ref.name.name === '?') return { name: '' };
  if (ref.name.name === '') {
    const named = namedByFunction(ref.identifier_func);
    return whole((named ?? ['']).map((part) => written(part, false)));
  }
  if (dialect.dotsInQuotes)
    return whole(parts.flatMap((part) => part.name.split('.').map((name) => written(name, part.quoted === true))));
  const format = ref.catalog ? undefined : ref.schema?.name.toLowerCase();
  if (format !== undefined && ref.name.quoted && dialect.fileFormats.has(format) && /[/.:*]/.test(ref.name.name))
    return { name: ref.name.name, path: true };
  return whole(parts.map((part) => written(part.name, part.quoted === true)));
}

/** A table as the protocol writes it: parts with dots in quotes, files as `path:`. */
export const protocolName = ({ catalog, schema, name, path }: TableName): string => {
  if (path) return `path:${name}`;
  const quoted = (part: string) => (part.includes('.') ? `"${part}"` : part);
  return [catalog, ...[schema, name].map((part) => (part === undefined ? part : quoted(part)))]
    .filter((part) => part !== undefined)
    .join('.');
};
