import { childrenOf, dataOf, type Identifier, kindOf, type Node, type TableRef } from '../parse/tree.js';
import { generate, generatorName, makesOwnRows } from './generators.js';
import { indirect, type Influence, through } from './influence.js';
import type { Reading } from './reading.js';
import { type OutputColumn, type Relation, renamed, type Rowset } from './rowset.js';
import type { Scope } from './scope.js';

/** Functions that read a file: the file is the table. */
const READS_FILE =
  /^(read_(csv|csv_auto|json|json_auto|json_objects|ndjson|ndjson_auto|ndjson_objects|parquet|text|blob|xlsx)|parquet_scan|sniff_csv)$/;

/** ClickHouse's functions that name a table elsewhere: `remote('host', db, table)`. */
const NAMES_TABLE = new Set(['remote', 'remotesecure', 'cluster', 'clusterallreplicas']);

/** Flink's windows over a table: its columns, and three of the window's. */
const WINDOWS = new Set(['tumble', 'hop', 'cumulate', 'session']);

interface Call {
  readonly name: string;
  readonly node: Node;
  readonly args: readonly Node[];
}

function literal(node: Node | undefined): string | undefined {
  if (!node || kindOf(node) !== 'literal') return undefined;
  const { value } = dataOf<{ value?: unknown }>(node);
  return typeof value === 'string' ? value : undefined;
}

const valueOf = (node: Node): Node => (kindOf(node) === 'named_argument' ? dataOf<{ value: Node }>(node).value : node);

const argsOf = (node: Node): Node[] => childrenOf(dataOf(node), ['alias', 'offset_alias']);

/** `TABLE(f(x))` is f. */
function callOf(node: Node): Call {
  const args = argsOf(node);
  const [only, ...more] = args;
  const name = generatorName(node);
  const wraps = name === 'table' && only && more.length === 0 && !['column', 'dot'].includes(kindOf(only));
  return wraps ? callOf(valueOf(only)) : { name, node, args };
}

/** The parser takes the name of a table for a column where it expects a value. */
function columnAsTable(node: Node): TableRef | undefined {
  if (kindOf(node) === 'dot') {
    const { this: before, field } = dataOf<{ this: Node; field: Identifier }>(node);
    const path = columnAsTable(before);
    return path && { name: field, schema: path.name, ...(path.schema && { catalog: path.schema }) };
  }
  if (kindOf(node) !== 'column') return undefined;
  const { name, table } = dataOf<{ name: Identifier; table?: Identifier | null }>(node);
  return { name, ...(table && { schema: table }) };
}

/** The table that an argument names: `TABLE orders`, `TABLE(orders)`, `DATA => TABLE orders`. */
function tableArgument(node: Node): TableRef | undefined {
  const value = valueOf(node);
  const kind = kindOf(value);
  if (kind === 'table') return dataOf<TableRef>(value);
  if (kind === 'table_argument') return tableArgument(dataOf<{ this: Node }>(value).this);
  if (kind !== 'function' || generatorName(value) !== 'table') return undefined;
  const [only] = argsOf(value);
  if (!only) return undefined;
  return columnAsTable(only) ?? tableArgument(only);
}

/** T-SQL's old way to say `WITH (NOLOCK)`: what looks like a function is a table with a hint. */
const HINT =
  /^(nolock|readuncommitted|updlock|rowlock|paglock|tablock|tablockx|xlock|holdlock|serializable|repeatableread|readpast|readcommitted|readcommittedlock|snapshot|nowait|forceseek|forcescan|noexpand|keepidentity)$/i;

function hinted({ node, args }: Call, reading: Reading): TableRef | undefined {
  const isHint = (arg: Node) => kindOf(arg) === 'column' && HINT.test(dataOf<{ name: Identifier }>(arg).name.name);
  if (reading.dialect.name !== 'tsql' || args.length === 0 || !args.every(isHint)) return undefined;
  const { name: written } = dataOf<{ name?: unknown }>(node);
  const [name, schema, catalog] = String(written).split('.').reverse();
  if (name === undefined) return undefined;
  return {
    name: { name },
    ...(schema && { schema: { name: schema } }),
    ...(catalog && { catalog: { name: catalog } }),
  };
}

/** Functions whose first argument is the name of a table: T-SQL's full text search, the stream over a table. */
const FIRST_IS_TABLE = new Set([
  'containstable',
  'freetexttable',
  'semantickeyphrasetable',
  'semanticsimilaritytable',
  'semanticsimilaritydetailstable',
  'stream',
]);

/** Functions that run a query on another server. */
const ON_ANOTHER_SERVER = new Set(['openquery', 'openrowset', 'opendatasource']);

const isDescriptor = (node: Node): boolean => generatorName(valueOf(node)) === 'descriptor';

type Read = (ref: TableRef) => Relation;

/** `TUMBLE(TABLE bids, DESCRIPTOR(bid_time), INTERVAL '10' MINUTES)` */
function windowed(call: Call, input: Relation, reading: Reading): Rowset {
  const descriptor = call.args.find(isDescriptor);
  const times = descriptor ? argsOf(valueOf(descriptor)) : [];
  const time = through(
    'TRANSFORMATION',
    times.flatMap((node) => columnNamed(node, input, reading)),
  );
  const added = ['window_start', 'window_end', 'window_time'].map((name) => ({ name, influences: time }));
  return { ...input.rows, columns: [...input.rows.columns, ...added] };
}

function columnNamed(node: Node, { rows }: Relation, reading: Reading): readonly Influence[] {
  if (kindOf(node) !== 'column') return [];
  const name = reading.name(dataOf<{ name: Identifier }>(node).name);
  return rows.columns.find((column) => reading.same(column.name, name))?.influences ?? rows.rest?.(name) ?? [];
}

/** A function that takes whole tables: its rows are made of theirs. */
function overTables(call: Call, refs: readonly TableRef[], read: Read, scope: Scope, reading: Reading): Rowset {
  const inputs = refs.map(read);
  const [input] = inputs;
  if (WINDOWS.has(call.name) && input) return windowed(call, input, reading);
  notKnown(call.name, reading);
  const others = call.args.filter((arg) => !tableArgument(arg) && !isDescriptor(arg));
  const own = reading.expressions(others, scope);
  const star = inputs.flatMap(({ rows }) => rows.columns.flatMap((column) => [...column.influences]));
  const influences = through('TRANSFORMATION', [...star, ...own]);
  return { columns: [{ name: '*', influences }], influences: [], rest: () => influences };
}

/** `remote('host', db, table)`, `remote('host', db.table)`, `cluster('c', 'db', 'table')` */
function elsewhere(args: readonly Node[], reading: Reading): TableRef | undefined {
  const identifiers = args.slice(1).flatMap((arg): Identifier[] => {
    const text = literal(arg);
    if (text !== undefined) return [{ name: text, quoted: true }];
    if (kindOf(arg) !== 'column') return [];
    const { name, table } = dataOf<{ name: Identifier; table?: Identifier | null }>(arg);
    return table ? [table, name] : [name];
  });
  const [schema, name] = identifiers;
  if (schema && name) return { name, schema };
  if (schema) return { name: schema };
  reading.because('unnamed-table', 'A table here has no name that can be read.');
  return undefined;
}

const notKnown = (name: string, reading: Reading): void =>
  reading.because('table-function', `What the function ${name} reads is not known; only its arguments were followed.`);

interface ColumnsClause {
  readonly this?: Node;
  readonly passing?: Node | null;
  readonly schema?: Node | null;
  readonly columns?: readonly Node[];
  readonly expressions?: readonly Node[];
}

/** The columns that JSON_TABLE, XMLTABLE and OPENJSON declare, nested ones included. */
function declared(nodes: readonly Node[], from: readonly Influence[], reading: Reading): OutputColumn[] {
  return nodes.flatMap((node): OutputColumn[] => {
    const data = dataOf<{
      name?: Identifier;
      this?: Node | null;
      nested_schema?: Node | null;
      expressions?: readonly Node[];
    }>(node);
    if (kindOf(node) === 'j_s_o_n_schema') return declared(data.expressions ?? [], from, reading);
    if (data.nested_schema) return declared([data.nested_schema], from, reading);
    const name = data.name ?? (data.this && identifierOf(data.this));
    return name ? [{ name: reading.name(name), influences: from }] : [];
  });
}

const identifierOf = (node: Node): Identifier =>
  kindOf(node) === 'var' ? { name: dataOf<{ this: string }>(node).this } : dataOf<Identifier>(node);

const DECLARING = new Set(['j_s_o_n_table', 'x_m_l_table', 'open_j_s_o_n']);

function declaring(node: Node, scope: Scope, reading: Reading): Rowset | undefined {
  if (!DECLARING.has(kindOf(node))) return undefined;
  const { this: input, passing, schema, columns, expressions } = dataOf<ColumnsClause>(node);
  const parts = [input, passing].filter((part) => part != null);
  const from = through('TRANSFORMATION', reading.expressions(parts, scope));
  const all = declared([...(schema ? [schema] : []), ...(columns ?? []), ...(expressions ?? [])], from, reading);
  return all.length > 0 ? { columns: all, influences: [] } : undefined;
}

/** A function, UNNEST included, as a table. */
export function tableFunction(
  node: Node,
  alias: string | undefined,
  columns: readonly string[],
  scope: Scope,
  read: Read,
  reading: Reading,
): Relation {
  const call = callOf(node);
  const { name, args } = call;
  const named = (relation: Relation): Relation => ({
    ...relation,
    ...(alias !== undefined && { alias, schema: undefined }),
    rows: renamed(relation.rows, columns),
  });
  const file = READS_FILE.test(name) ? literal(args[0]) : undefined;
  if (file !== undefined) {
    reading.read({ name: file });
    return named(reading.relationOf({ name: file }, alias ?? name));
  }
  if (NAMES_TABLE.has(name)) {
    const ref = elsewhere(args, reading);
    if (ref) return named(read(ref));
  }
  const withHint = hinted(call, reading);
  if (withHint) return named(read(withHint));
  const [first] = args;
  const within = FIRST_IS_TABLE.has(name) && first ? columnAsTable(first) : undefined;
  if (within) {
    const relation = read(within);
    // A stream has the table's rows; a search has keys and ranks.
    if (name === 'stream') return named(relation);
    const influences = through(
      'TRANSFORMATION',
      relation.rows.columns.flatMap((column) => [...column.influences]),
    );
    const found = ['KEY', 'RANK'].map((column) => ({ name: column, influences }));
    return named({ alias: alias ?? name, rows: { columns: found, influences: [] } });
  }
  if (ON_ANOTHER_SERVER.has(name)) {
    notKnown(name, reading);
    return named({
      alias: alias ?? name,
      rows: { columns: [{ name: '*', influences: [] }], influences: [], rest: () => [] },
    });
  }
  const tables = args.map(tableArgument).filter((ref) => ref !== undefined);
  if (tables.length > 0) return named({ alias: alias ?? name, rows: overTables(call, tables, read, scope, reading) });
  const rows = declaring(call.node, scope, reading);
  if (rows) return named({ alias: alias ?? name, rows });
  const own = scope.variables?.rowsOf(name);
  if (own) {
    // What is given to it decides which rows come.
    const influences = indirect('FILTER', reading.expressions(args, scope));
    return named({ alias: alias ?? name, rows: { ...own, influences: [...own.influences, ...influences] } });
  }
  const { offset_alias: offset } = dataOf<{ offset_alias?: Identifier | null }>(call.node);
  const made = generate(call.node, alias, columns, scope, reading);
  const known = makesOwnRows(name) || kindOf(call.node) === 'column' || kindOf(call.node) === 'dot' || name === 'table';
  if (!known) notKnown(name, reading);
  const others = made.others;
  const position = made.columns[0]?.influences ?? [];
  return {
    alias: alias ?? name,
    computed: known,
    rows: {
      columns: [...made.columns, ...(offset ? [{ name: reading.name(offset), influences: position }] : [])],
      influences: [],
      ...(others && { rest: () => others }),
    },
  };
}
