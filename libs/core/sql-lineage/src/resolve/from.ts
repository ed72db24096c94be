import {
  type AliasData,
  childrenOf,
  type ColumnData,
  dataOf,
  type Identifier,
  type Join,
  kindOf,
  type Node,
  type SubqueryData,
  type TableRef,
  type ValuesData,
} from '../parse/tree.js';
import type { TableName } from '../types.js';
import { addArrayJoin, isArrayJoin } from './array-join.js';
import { collectionIn } from './collections.js';
import { through } from './influence.js';
import { hidesItsColumns, joinInfluences } from './joins.js';
import { matched } from './match-recognize.js';
import { pivoted, unpivoted } from './pivot.js';
import type { Reading } from './reading.js';
import { EMPTY, type Relation, renamed, type Rowset } from './rowset.js';
import { Scope } from './scope.js';
import { tableFunction } from './table-functions.js';
import { aliasInVersion, versionInfluences } from './versions.js';

interface Place {
  /** Where to look names up inside: what LATERAL and functions see. */
  readonly lateral: Scope;
  /** What an ordinary derived table sees: not its neighbours. */
  readonly outside: Scope;
}

function table(ref: TableRef, place: Place, reading: Reading): Relation {
  const named = ref.alias ?? aliasInVersion(ref);
  const alias = named ? reading.name(named) : undefined;
  const written = reading.name(ref.name);
  const columns = reading.names(ref.column_aliases);
  const query = ref.schema ? undefined : place.outside.query(reading.key(written));
  if (query) return { alias: alias ?? written, rows: renamed(reading.named(query), columns) };
  const inside = collectionIn(ref, place.lateral, alias, reading) ?? collectionIn(ref, place.outside, alias, reading);
  if (inside) return { ...inside, rows: renamed(inside.rows, columns) };
  const found = reading.table(ref);
  if (isDual(found, reading)) return { alias: alias ?? written, rows: DUAL };
  reading.read(found);
  // A synonym is called by its own name.
  const own = ref.schema || reading.tableItself(ref).name === found.name ? undefined : written;
  const relation = reading.relationOf(found, alias ?? own);
  const version = versionInfluences(ref, place.lateral, reading);
  const rows = renamed(relation.rows, columns);
  return { ...relation, rows: version.length > 0 ? { ...rows, influences: [...rows.influences, ...version] } : rows };
}

/** Dialects in which a table called dual, of no schema, has one row and nothing in it. */
const WITH_DUAL = new Set(['oracle', 'mysql', 'doris', 'starrocks', 'snowflake', 'hive', 'generic']);

/** Oracle's has one column, with an X in it. */
const DUAL: Rowset = { columns: [{ name: 'DUMMY', influences: [] }], influences: [] };

const isDual = (found: TableName, reading: Reading): boolean =>
  WITH_DUAL.has(reading.dialect.name) &&
  found.name.toLowerCase() === 'dual' &&
  (found.schema === undefined || found.schema.toLowerCase() === 'sys' || !reading.catalog.columnsOf(found));

function derived(data: SubqueryData, place: Place, reading: Reading): Relation {
  const scope = data.lateral ? place.lateral : place.outside;
  const rows = reading.query({ subquery: data }, scope);
  return {
    ...(data.alias && { alias: reading.name(data.alias) }),
    rows: renamed(rows, reading.names(data.column_aliases)),
  };
}

const functionTable = (
  node: Node,
  alias: string | undefined,
  columns: readonly string[],
  place: Place,
  reading: Reading,
): Relation => tableFunction(node, alias, columns, place.lateral, (ref) => table(ref, place, reading), reading);

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
      return one(functionTable(data.this, alias, columns, place, reading));
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
      return one(functionTable(data.this, alias, columns, place, reading));
    }
    case 'pivot':
      return one(pivoted(node, inputOf(node, place, reading), place.lateral, reading));
    case 'match_recognize':
      return one(matched(node, inputOf(node, place, reading), place.lateral, reading));
    case 'unpivot':
      return one(unpivoted(node, inputOf(node, place, reading), place.lateral, reading));
    case 'function':
    case 'j_s_o_n_table':
    case 'x_m_l_table':
    case 'open_j_s_o_n':
    case 'unnest':
    case 'explode':
    case 'generate_series':
    case 'read_c_s_v':
    case 'read_parquet': {
      const data = dataOf<{ alias?: Identifier | null }>(node);
      return one(functionTable(node, data.alias ? reading.name(data.alias) : undefined, [], place, reading));
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
        return one(functionTable(call, named.alias, named.columns, place, reading));
      }
      return unknownItem(node, place, reading);
    }
    default:
      return unknownItem(node, place, reading);
  }
}

/** What a PIVOT stands after. DuckDB's statement of that name has a column where the table should be. */
function inputOf(node: Node, place: Place, reading: Reading): Found {
  const { this: input } = dataOf<{ this: Node }>(node);
  if (kindOf(input) !== 'column') return relationsOf(input, place, reading);
  const { name, table: schema } = dataOf<ColumnData>(input);
  return relationsOf({ table: { name, ...(schema && { schema }) } }, place, reading);
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
  // What stands after APPLY sees its neighbours.
  const apart: Place = { lateral, outside: scope };
  const add = (node: Node, hidden: boolean, applied: boolean): readonly Relation[] => {
    const found = relationsOf(node, applied ? apart : place, reading);
    const relations = found.relations.map((relation) => (hidden ? { ...relation, hidden } : relation));
    scope.relations.push(...relations);
    for (const [key, column] of found.merged ?? []) scope.merged.set(key, column);
    influences.push(...found.influences);
    return relations;
  };
  for (const item of items) add(item, false, false);
  for (const join of joins) {
    if (isArrayJoin(join)) {
      addArrayJoin(join, scope, reading);
      continue;
    }
    const before = [...scope.relations];
    const hides = hidesItsColumns(join);
    const joined = add(join.this, hides, join.kind.endsWith('Apply'));
    influences.push(...joinInfluences(join, before, joined, scope, reading));
    if (hides)
      scope.relations.splice(before.length, joined.length, ...joined.map((each) => ({ ...each, absent: true })));
  }
  return influences;
}

function withoutRelations(scope: Scope): Scope {
  const outside = new Scope(scope.parent, scope);
  for (const [key, query] of scope.queries) outside.queries.set(key, query);
  return outside;
}
