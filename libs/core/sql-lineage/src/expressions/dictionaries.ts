import { dataOf, kindOf, type Node } from '../parse/tree.js';
import { deciding, type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import type { TableName } from '../types.js';

const text = (node: Node | undefined): string | undefined => {
  if (!node || kindOf(node) !== 'literal') return undefined;
  const { value, literal_type } = dataOf<{ value?: string; literal_type?: string }>(node);
  return literal_type === 'string' ? value : undefined;
};

const attributesOf = (node: Node | undefined): string[] => {
  if (!node) return [];
  if (kindOf(node) === 'tuple') return dataOf<{ expressions: readonly Node[] }>(node).expressions.flatMap(attributesOf);
  const name = text(node);
  return name === undefined ? [] : [name];
};

function dictionaryNamed(name: string, reading: Reading): TableName {
  const [table = name, schema] = name.split('.').reverse();
  return reading.catalog.resolve({ name: table, ...(schema !== undefined && { schema }) });
}

/**
 * ClickHouse's `dictGet('dw.branches', 'name', id)`: the dictionary is a source though its name stands in a literal, and gives the value;
 * the key chooses which. Undefined for other functions.
 */
export function dictionaryGet(
  name: string,
  args: readonly Node[],
  scope: Scope,
  reading: Reading,
): Influence[] | undefined {
  if (reading.dialect.name !== 'clickhouse' || !/^dict(get|has|isin)/i.test(name)) return undefined;
  const dictionary = text(args[0]);
  const isGet = /^dictget/i.test(name) && !/^dictget(hierarchy|children|descendants)/i.test(name);
  const keys = through(
    'TRANSFORMATION',
    deciding('CONDITIONAL', reading.expressions(args.slice(isGet ? 2 : 1), scope)),
  );
  if (dictionary === undefined) {
    reading.because('unnamed-table', `The dictionary that ${name} reads is computed; its name cannot be read.`);
    return keys;
  }
  const table = dictionaryNamed(dictionary, reading);
  reading.read(table);
  const found = (isGet ? attributesOf(args[1]) : []).map((column): Influence => ({
    from: { table, column },
    type: 'DIRECT',
    subtype: 'IDENTITY',
    confidence: 'single-source',
  }));
  return [...found, ...keys];
}
