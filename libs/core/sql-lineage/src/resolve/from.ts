import {
  type AliasData,
  childrenOf,
  dataOf,
  type Identifier,
  type Join,
  kindOf,
  type Node,
  type SubqueryData,
  type TableRef,
  type ValuesData,
} from '../parse/tree.js';
import { through } from './influence.js';
import { hidesItsColumns, joinInfluences } from './joins.js';
import type { Reading } from './reading.js';
import { EMPTY, type Relation, renamed, type Rowset } from './rowset.js';
import { Scope } from './scope.js';

/** Functions whose rows come from their arguments alone. Of others we cannot know which tables they read. */
const OWN_ROWS = new Set(
  'generate_series unnest generate_subscripts range json_each json_each_text jsonb_each jsonb_each_text json_array_elements json_array_elements_text jsonb_array_elements jsonb_array_elements_text json_to_recordset jsonb_to_recordset json_to_record jsonb_to_record jsonb_path_query regexp_split_to_table regexp_matches string_to_table json_tree flatten explode posexplode json_table'.split(
    ' ',
  ),
);

/** Functions that read a file: the file is the table. */
const READS_FILE =
  /^(read_(csv|csv_auto|json|json_auto|json_objects|ndjson|ndjson_auto|ndjson_objects|parquet|text|blob|xlsx)|parquet_scan|sniff_csv)$/;

interface Place {
  /** Where to look names up inside: what LATERAL and functions see. */
  readonly lateral: Scope;
  /** What an ordinary derived table sees: not its neighbours. */
  readonly outside: Scope;
}

function table(ref: TableRef, place: Place, reading: Reading): Relation {
  const alias = ref.alias ? reading.name(ref.alias) : undefined;
  const written = reading.name(ref.name);
  const columns = reading.names(ref.column_aliases);
  const query = ref.schema ? undefined : place.outside.query(reading.key(written));
  if (query) return { alias: alias ?? written, rows: renamed(reading.named(query), columns) };
  const found = reading.table(ref);
  reading.read(found);
  // A synonym is called by its own name.
  const own = ref.schema || reading.tableItself(ref).name === found.name ? undefined : written;
  const relation = reading.relationOf(found, alias ?? own);
  return columns.length > 0 ? { ...relation, rows: renamed(relation.rows, columns) } : relation;
}

function derived(data: SubqueryData, place: Place, reading: Reading): Relation {
  const scope = data.lateral ? place.lateral : place.outside;
  const rows = reading.query({ subquery: data }, scope);
  return {
    ...(data.alias && { alias: reading.name(data.alias) }),
    rows: renamed(rows, reading.names(data.column_aliases)),
  };
}

/** A function, UNNEST included, as a table: its rows are made of its arguments. */
function tableFunction(
  node: Node,
  alias: string | undefined,
  columns: readonly string[],
  place: Place,
  reading: Reading,
): Relation {
  const data = dataOf<{ name?: unknown; args?: readonly Node[] }>(node);
  const name = (typeof data.name === 'string' ? data.name : kindOf(node)).toLowerCase();
  const file = READS_FILE.test(name) ? literal(data.args?.[0]) : undefined;
  if (file !== undefined) {
    reading.read({ name: file });
    const relation = reading.relationOf({ name: file }, alias ?? name);
    return { ...relation, rows: renamed(relation.rows, columns) };
  }
  const influences = through(
    'TRANSFORMATION',
    reading.expressions(childrenOf(dataOf(node), ['alias', 'offset_alias']), place.lateral),
  );
  if (!OWN_ROWS.has(name))
    reading.because(
      'table-function',
      `What the function ${name} reads is not known; only its arguments were followed.`,
    );
  const names = columns.length > 0 ? columns : [alias ?? name];
  const rows: Rowset = {
    columns: names.map((column) => ({ name: column, influences })),
    influences: [],
    rest: () => influences,
  };
  return { alias: alias ?? name, rows };
}

function literal(node: Node | undefined): string | undefined {
  if (!node || kindOf(node) !== 'literal') return undefined;
  const { value } = dataOf<{ value?: unknown }>(node);
  return typeof value === 'string' ? value : undefined;
}

function values(data: ValuesData, reading: Reading, place: Place): Relation {
  const rows = reading.query({ values: data }, place.lateral);
  return {
    ...(data.alias && { alias: reading.name(data.alias) }),
    rows: renamed(rows, reading.names(data.column_aliases)),
  };
}

/** `(a JOIN b) AS c`: one relation; without the alias its tables stand beside the others. */
function joinedTable(
  data: { left: Node; joins: readonly Join[]; alias: Identifier | null },
  place: Place,
  reading: Reading,
): Found {
  const scope = new Scope(place.lateral);
  const influences = addFrom([data.left], data.joins, scope, reading, place.outside);
  if (!data.alias) return { relations: scope.relations, influences, merged: scope.merged };
  const rows: Rowset = {
    columns: scope.relations.flatMap((relation) => [...relation.rows.columns]),
    influences,
  };
  return { relations: [{ alias: reading.name(data.alias), rows }], influences: [] };
}

interface Found {
  readonly relations: readonly Relation[];
  readonly influences: Rowset['influences'];
  readonly merged?: Scope['merged'];
}

const one = (relation: Relation): Found => ({ relations: [relation], influences: relation.rows.influences });

function relationsOf(node: Node, place: Place, reading: Reading): Found {
  const kind = kindOf(node);
  switch (kind) {
    case 'table':
      return one(table(dataOf<TableRef>(node), place, reading));
    case 'stage_reference':
      // T-SQL's `FROM @rows r`.
      return one(table({ name: { name: dataOf<{ name: string }>(node).name } }, place, reading));
    case 'subquery': {
      const data = dataOf<SubqueryData>(node);
      // Brackets around a table or a join.
      if (['table', 'joined_table', 'paren'].includes(kindOf(data.this)) && !data.alias)
        return relationsOf(data.this, place, reading);
      return one(derived(data, place, reading));
    }
    case 'paren':
      return relationsOf(dataOf<{ this: Node }>(node).this, place, reading);
    case 'joined_table':
      return joinedTable(dataOf(node), place, reading);
    case 'values':
      return one(values(dataOf<ValuesData>(node), reading, place));
    case 'select':
    case 'union':
    case 'intersect':
    case 'except':
      return one({ rows: reading.query(node, place.outside) });
    case 'alias': {
      const data = dataOf<AliasData>(node);
      const alias = reading.name(data.alias);
      const columns = reading.names(data.column_aliases);
      if (['select', 'subquery', 'values', 'union', 'table', 'stage_reference'].includes(kindOf(data.this))) {
        const found = relationsOf(data.this, place, reading);
        const rows = found.relations[0]?.rows ?? EMPTY;
        return one({ alias, rows: renamed(rows, columns) });
      }
      return one(tableFunction(data.this, alias, columns, place, reading));
    }
    case 'lateral': {
      const data = dataOf<{
        this: Node;
        alias: string | null;
        alias_quoted?: boolean;
        column_aliases?: readonly string[];
      }>(node);
      const alias =
        data.alias === null ? undefined : reading.dialect.names.written(data.alias, data.alias_quoted === true);
      const columns = (data.column_aliases ?? []).map((name) => reading.dialect.names.written(name, false));
      if (kindOf(data.this) === 'subquery' || kindOf(data.this) === 'select')
        return one({
          ...(alias !== undefined && { alias }),
          rows: renamed(reading.query(data.this, place.lateral), columns),
        });
      return one(tableFunction(data.this, alias, columns, place, reading));
    }
    case 'function':
    case 'unnest':
    case 'explode':
    case 'generate_series':
    case 'read_c_s_v':
    case 'read_parquet': {
      const data = dataOf<{ alias?: Identifier | null }>(node);
      return one(tableFunction(node, data.alias ? reading.name(data.alias) : undefined, [], place, reading));
    }
    case 'rows_from': {
      const { expressions, alias } = dataOf<{ expressions: readonly Node[]; alias?: Node | null }>(node);
      const influences = through('TRANSFORMATION', reading.expressions(expressions, place.lateral));
      const named = alias ? aliasOf(alias, reading) : { columns: [] };
      const rows: Rowset = {
        columns: named.columns.map((name) => ({ name, influences })),
        influences: [],
        rest: () => influences,
      };
      return one({ ...(named.alias !== undefined && { alias: named.alias }), rows });
    }
    case 'tuple': {
      // `f(1) AS x (a int, b text)` comes as the function and its alias in a tuple.
      const [call, alias] = dataOf<{ expressions: readonly Node[] }>(node).expressions;
      if (call && alias && kindOf(alias) === 'table_alias') {
        const named = aliasOf(alias, reading);
        return one(tableFunction(call, named.alias, named.columns, place, reading));
      }
      return unknownItem(node, place, reading);
    }
    default:
      return unknownItem(node, place, reading);
  }
}

interface Named {
  readonly alias?: string;
  readonly columns: readonly string[];
}

function aliasOf(node: Node, reading: Reading): Named {
  const data = dataOf<{ this?: Node | null; columns?: readonly Node[] }>(node);
  const columns = (data.columns ?? []).map((column) =>
    reading.name(
      kindOf(column) === 'column_def' ? dataOf<{ name: Identifier }>(column).name : dataOf<Identifier>(column),
    ),
  );
  return { ...(data.this && { alias: reading.name(dataOf<Identifier>(data.this)) }), columns };
}

const ITEMS = new Set([
  'table',
  'subquery',
  'select',
  'joined_table',
  'pivot',
  'unpivot',
  'alias',
  'values',
  'lateral',
]);

function unknownItem(node: Node, place: Place, reading: Reading): Found {
  const kind = kindOf(node);
  reading.because(
    'unknown-node',
    `The parser's node "${kind}" in a FROM clause is not understood; only what it is made of was taken.`,
  );
  const parts = childrenOf(dataOf(node)).filter((part) => ITEMS.has(kindOf(part)));
  const found = parts.map((part) => relationsOf(part, place, reading));
  return {
    relations: found.flatMap((each) => [...each.relations]),
    influences: found.flatMap((each) => [...each.influences]),
  };
}

/** Puts the relations of a FROM clause into a scope, and gives what decides about their rows. */
export function addFrom(
  items: readonly Node[],
  joins: readonly Join[],
  scope: Scope,
  reading: Reading,
  outside: Scope = scope,
): Rowset['influences'] {
  const lateral = scope;
  // A derived table sees the CTEs and outer queries, but not its neighbours; a scope without relations shows just that.
  const place: Place = { lateral, outside: outside === scope ? withoutRelations(scope) : outside };
  const influences: Rowset['influences'][number][] = [];
  const add = (node: Node, hidden: boolean): readonly Relation[] => {
    const found = relationsOf(node, place, reading);
    const relations = found.relations.map((relation) => (hidden ? { ...relation, hidden } : relation));
    scope.relations.push(...relations);
    for (const [key, column] of found.merged ?? []) scope.merged.set(key, column);
    influences.push(...found.influences);
    return relations;
  };
  for (const item of items) add(item, false);
  for (const join of joins) {
    const before = [...scope.relations];
    const joined = add(join.this, hidesItsColumns(join));
    influences.push(...joinInfluences(join, before, joined, scope, reading));
  }
  return influences;
}

function withoutRelations(scope: Scope): Scope {
  const outside = new Scope(scope.parent);
  for (const [key, query] of scope.queries) outside.queries.set(key, query);
  return outside;
}
