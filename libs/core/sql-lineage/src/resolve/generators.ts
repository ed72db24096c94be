import { childrenOf, dataOf, kindOf, type Node } from '../parse/tree.js';
import { distinct, type Influence, through } from './influence.js';
import type { Reading } from './reading.js';
import type { OutputColumn } from './rowset.js';
import type { Scope } from './scope.js';

/** What a function that makes rows gives: names of columns and the arguments each is made of. */
interface Shape {
  readonly name: string;
  readonly from: readonly Node[];
}

const words = (text: string) => text.split(' ');

/** The columns of functions that make rows, as the databases name them. What is not here has one column, named by its alias. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  explode: ['col'],
  explode_outer: ['col'],
  posexplode: ['pos', 'col'],
  posexplode_outer: ['pos', 'col'],
  flatten: words('SEQ KEY PATH INDEX VALUE THIS'),
  split_to_table: words('SEQ INDEX VALUE'),
  strtok_split_to_table: words('SEQ INDEX VALUE'),
  string_split: ['value', 'ordinal'],
  open_j_s_o_n: ['key', 'value', 'type'],
  openjson: ['key', 'value', 'type'],
  json_each: ['key', 'value'],
  json_each_text: ['key', 'value'],
  jsonb_each: ['key', 'value'],
  jsonb_each_text: ['key', 'value'],
  numbers: ['number'],
  numbers_mt: ['number'],
  zeros: ['zero'],
};

/** Of these the columns depend on the data: any name may be one of them. */
const OPEN = new Set(['inline', 'inline_outer', 'json_to_record', 'jsonb_to_record', 'json_tree']);

/** Functions whose rows come from their arguments alone. Of others we cannot know which tables they read. */
const OWN_ROWS = new Set([
  ...Object.keys(NAMES),
  ...OPEN,
  ...words(
    'generate_series unnest generate_subscripts range json_array_elements json_array_elements_text jsonb_array_elements jsonb_array_elements_text json_to_recordset jsonb_to_recordset jsonb_path_query regexp_split_to_table regexp_matches string_to_table stack json_tuple parse_url_tuple json_table x_m_l_table j_s_o_n_table sequence generate_date_array generate_timestamp_array exploding_generate_series explode_split explode_numbers explode_bitmap explode_json_array_int explode_json_array_string explode_json_array_double explode_json_array_json explode_json_object explode_map explode_split_outer explode_numbers_outer explode_bitmap_outer generate values null sql_keywords',
  ),
]);

/** The name by which a function that makes rows is known, whether the parser has a node for it or not. */
export function generatorName(node: Node): string {
  const { name } = dataOf<{ name?: unknown }>(node);
  const written = typeof name === 'string' ? name : kindOf(node);
  return written.toLowerCase().replace(/ with ordinality$/, '');
}

export const makesOwnRows = (name: string): boolean => OWN_ROWS.has(name);

const argsOf = (node: Node): Node[] => childrenOf(dataOf(node), ['alias', 'offset_alias']);

const numbered = (nodes: readonly (readonly Node[])[], from: number): Shape[] =>
  nodes.map((parts, at) => ({ name: `col${at + from}`, from: parts }));

/** `stack(2, 'x', a, 'y', b)`: two rows of two columns. */
function stackShapes(args: readonly Node[]): Shape[] | undefined {
  const [count, ...cells] = args;
  const rows = count && kindOf(count) === 'literal' ? Number(dataOf<{ value: string }>(count).value) : NaN;
  if (!(rows >= 1)) return undefined;
  const width = Math.ceil(cells.length / rows);
  return numbered(
    Array.from({ length: width }, (_, column) => cells.filter((_cell, at) => at % width === column)),
    0,
  );
}

function shapesOf(node: Node, wanted: number): Shape[] | undefined {
  const name = generatorName(node);
  const args = argsOf(node);
  const all = (names: readonly string[]): Shape[] => names.map((each) => ({ name: each, from: args }));
  if (name === 'stack') return stackShapes(args);
  if (name === 'json_tuple' || name === 'parse_url_tuple')
    return args.slice(1).map((_, at) => ({ name: `c${at}`, from: args.slice(0, 1) }));
  const { with_ordinality: counted } = dataOf<{ with_ordinality?: boolean }>(node);
  const ordinal = counted === true || / with ordinality$/i.test(String(dataOf<{ name?: unknown }>(node).name));
  const own = name === 'unnest' && args.length > 1 && wanted === args.length + (ordinal ? 1 : 0);
  const values = own ? args.map((arg) => ({ name: '', from: [arg] })) : undefined;
  if (ordinal && wanted > 1)
    return [...(values ?? all(Array<string>(wanted - 1).fill(''))), { name: 'ordinality', from: args }];
  if (values) return values;
  // A map has two columns where an array has one.
  if (name.startsWith('explode') && wanted === 2) return all(['key', 'value']);
  const names = NAMES[name];
  return names && all(names);
}

export interface Generated {
  readonly columns: readonly OutputColumn[];
  /** What a column that is not listed would be made of; absent when all are. */
  readonly others?: readonly Influence[];
}

/** The columns that a function gives which makes rows. `names` are those given by an alias. */
export function generate(
  node: Node,
  alias: string | undefined,
  names: readonly string[],
  scope: Scope,
  reading: Reading,
): Generated {
  const name = generatorName(node);
  const made = (parts: readonly Node[]) => distinct(through('TRANSFORMATION', reading.expressions(parts, scope)));
  const shapes = shapesOf(node, names.length);
  if (shapes && shapes.length >= names.length)
    return { columns: shapes.map((shape, at) => ({ name: names[at] ?? shape.name, influences: made(shape.from) })) };
  const influences = made(argsOf(node));
  const given = names.length > 0 ? names : OPEN.has(name) ? ['*'] : [alias ?? name];
  return {
    columns: given.map((each) => ({ name: each, influences })),
    ...(names.length === 0 && { others: influences }),
  };
}
