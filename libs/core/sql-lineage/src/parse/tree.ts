// The parts of the parser's tree that we read. Everything else is walked over by `childrenOf`.

/** A node: one key, the node's kind, with its data: `{ column: { name: …, table: … } }`. */
export type Node = Readonly<Record<string, unknown>>;

/** Counted in Unicode characters, not in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Identifier {
  readonly name: string;
  readonly quoted?: boolean;
  readonly span?: Span | null;
}

export interface TableRef {
  readonly name: Identifier;
  readonly schema?: Identifier | null;
  readonly catalog?: Identifier | null;
  readonly alias?: Identifier | null;
  readonly column_aliases?: readonly Identifier[];
  readonly identifier_func?: Node | null;
  readonly system_time?: string | null;
}

export interface ColumnData {
  readonly name: Identifier;
  readonly table?: Identifier | null;
  readonly span?: Span | null;
}

export interface StarData {
  readonly table?: Identifier | null;
  readonly except?: readonly Identifier[] | null;
  readonly replace?: readonly AliasData[] | null;
  readonly rename?: readonly (readonly [Identifier, Identifier])[] | null;
  readonly span?: Span | null;
}

export interface AliasData {
  readonly this: Node;
  readonly alias: Identifier;
  readonly column_aliases?: readonly Identifier[];
}

export interface Cte {
  readonly alias: Identifier;
  readonly this: Node;
  readonly columns: readonly Identifier[];
  /** `name AS (query)`; ClickHouse also has `value AS name`. */
  readonly alias_first?: boolean;
}

export interface With {
  readonly ctes: readonly Cte[];
  readonly recursive: boolean;
}

export interface Join {
  readonly this: Node;
  readonly on: Node | null;
  readonly using: readonly Identifier[];
  readonly kind: string;
}

/** `LATERAL VIEW explode(tags) t AS tag` */
export interface LateralView {
  readonly this: Node;
  readonly table_alias?: Identifier | null;
  readonly column_aliases?: readonly Identifier[];
}

export interface Connect {
  readonly start?: Node | null;
  readonly connect?: Node | null;
}

export interface OrderBy {
  readonly expressions: readonly { readonly this: Node }[];
}

export interface Over {
  readonly window_name?: Identifier | null;
  readonly partition_by?: readonly Node[];
  readonly order_by?: readonly { readonly this: Node }[];
}

export interface SelectData {
  readonly expressions: readonly Node[];
  readonly from: { readonly expressions: readonly Node[] } | null;
  readonly joins: readonly Join[];
  readonly lateral_views?: readonly LateralView[] | null;
  readonly prewhere?: Node | null;
  readonly connect?: Connect | null;
  readonly limit_by?: readonly Node[] | null;
  readonly top?: unknown;
  readonly cluster_by?: unknown;
  readonly sort_by?: unknown;
  readonly for_xml?: readonly Node[] | null;
  readonly for_json?: readonly Node[] | null;
  readonly where_clause: { readonly this: Node } | null;
  readonly group_by: { readonly expressions: readonly Node[]; readonly all?: boolean | null } | null;
  readonly having: { readonly this: Node } | null;
  readonly qualify: { readonly this: Node } | null;
  readonly order_by: OrderBy | null;
  readonly distinct_on: readonly Node[] | null;
  readonly with: With | null;
  readonly windows: readonly { readonly name: Identifier; readonly spec: Over }[] | null;
  readonly into: { readonly this: Node; readonly temporary?: boolean } | null;
}

export interface SetOperationData {
  readonly left: Node;
  readonly right: Node;
  readonly by_name: boolean;
  readonly with: With | null;
  readonly order_by: OrderBy | null;
}

export interface SubqueryData {
  readonly this: Node;
  readonly alias: Identifier | null;
  readonly column_aliases: readonly Identifier[];
  readonly lateral: boolean;
  readonly order_by: OrderBy | null;
}

export interface ValuesData {
  readonly expressions: readonly { readonly expressions: readonly Node[] }[];
  readonly alias?: Identifier | null;
  readonly column_aliases?: readonly Identifier[];
}

export function kindOf(node: Node): string {
  for (const kind in node) return kind;
  return '';
}

/** The node's data. The caller has looked at the kind, and so knows the type. */
export const dataOf = <T>(node: Node): T => (node[kindOf(node)] ?? {}) as T;

/** Keys of data objects that may stand alone in their object without being a node's kind. */
const FIELDS = new Set([
  'this',
  'expressions',
  'expression',
  'name',
  'args',
  'columns',
  'names',
  'items',
  'whens',
  'text',
]);
const KIND = /^[a-z][a-z0-9_]*$/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A node is an object with one key that looks like a kind, and data under it. `whens` is both a kind and a field; as a kind it is walked through. */
export function isNode(value: unknown): value is Node {
  return isObject(value) && !Array.isArray(value) && hasOneKind(value);
}

function hasOneKind(value: Readonly<Record<string, unknown>>): boolean {
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) return false;
    only = key;
  }
  if (only === undefined || FIELDS.has(only) || !KIND.test(only)) return false;
  const data = value[only];
  return data === null || (isObject(data) && !Array.isArray(data));
}

/** The nodes right under a node's data, however deep in lists and plain objects. */
export function childrenOf(data: unknown, skip: readonly string[] = []): Node[] {
  const found: Node[] = [];
  if (Array.isArray(data)) data.forEach((item) => addNodes(item, found));
  else if (isObject(data)) for (const key in data) if (!skip.includes(key)) addNodes(data[key], found);
  return found;
}

/** Trees have thousands of parts that are no nodes: names, places, comments. */
function addNodes(value: unknown, found: Node[]): void {
  if (!isObject(value)) return;
  if (Array.isArray(value)) value.forEach((item) => addNodes(item, found));
  else if (isNode(value)) found.push(value);
  else addParts(value, found);
}

function addParts(data: Readonly<Record<string, unknown>>, found: Node[]): void {
  for (const key in data) addNodes(data[key], found);
}
