import {
  type AliasData,
  childrenOf,
  type ColumnData,
  type Connect,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type OrderBy,
  type SelectData,
  type StarData,
} from '../parse/tree.js';
import { bareColumn, columnIn, columnOf, relationNamed } from './column.js';
import { isAggregate } from '../expressions/aggregate-names.js';
import { addQueries, reportUnused } from './ctes.js';
import { addFrom } from './from.js';
import { generate } from './generators.js';
import { computed, distinct, indirect, type Influence, through } from './influence.js';
import { addLateralViews } from './lateral-views.js';
import { outputName } from './output-name.js';
import { textOfColumn } from './text-of-column.js';
import type { Reading } from './reading.js';
import { isStar, type OutputColumn, type Relation, type Rowset } from './rowset.js';
import { Scope } from './scope.js';
import { fieldsAt } from './struct-types.js';

type Rest = NonNullable<Rowset['rest']>;

/** All that a FROM clause offers: what a bare `*` stands for. A column merged by USING comes once, and first. */
function everyColumn(scope: Scope, reading: Reading): OutputColumn[] {
  const merged = [...scope.merged.values()];
  const others = scope.relations
    .filter((relation) => !relation.hidden)
    .flatMap((relation) =>
      relation.rows.columns.filter((column) => isStar(column) || !scope.merged.has(reading.key(column.name))),
    );
  return [...merged, ...others];
}

interface Expanded {
  readonly columns: readonly OutputColumn[];
  readonly rests: readonly Rest[];
}

const restsOf = (relations: readonly Relation[]): Rest[] =>
  relations.flatMap(({ rows, hidden }) => (rows.rest && !hidden && rows.columns.some(isStar) ? [rows.rest] : []));

/** `s.*` where s is a column: its fields, as far as the schema tells us its type. */
function fieldsOf(qualifier: string, data: StarData, scope: Scope, reading: Reading): Expanded | undefined {
  const [first = '', ...more] = qualifier.split('.');
  const owner = more.length > 0 ? relationNamed(first, scope, reading) : undefined;
  const [name = first, ...path] = owner ? more : [first, ...more];
  if (!owner && !hasColumn(name, scope, reading)) return undefined;
  const found = owner ? columnOf(owner, name, reading, data.span) : bareColumn(name, scope, reading, data.span);
  const influences = through('TRANSFORMATION', found);
  const type = (owner ? [owner] : scope.relations).map((each) => columnIn(each, name, reading)?.type).find(Boolean);
  const fields = type === undefined ? undefined : fieldsAt(type, path, reading);
  if (fields) return { columns: fields.map((field) => ({ name: field, influences })), rests: [] };
  reading.because('unknown-columns', `The fields of ${qualifier}.* are not known without the schema.`, data.span);
  return { columns: [{ name: '*', influences }], rests: [() => influences] };
}

const hasColumn = (name: string, scope: Scope, reading: Reading): boolean =>
  scope.relations.some((relation) => columnIn(relation, name, reading) ?? relation.rows.rest);

function expandStar(data: StarData, scope: Scope, reading: Reading): Expanded {
  const qualifier = data.table ? reading.name(data.table) : undefined;
  const relation = qualifier === undefined ? undefined : starRelation(qualifier, scope, reading);
  const fields = qualifier !== undefined && !relation ? fieldsOf(qualifier, data, scope, reading) : undefined;
  if (fields) return fields;
  if (qualifier !== undefined && !relation) {
    reading.because('unknown-column', `There is no table ${qualifier} here for ${qualifier}.*`, data.span);
    return { columns: [], rests: [] };
  }
  const all = relation ? relation.rows.columns : everyColumn(scope, reading);
  // The parser gives EXCLUDE (t.a) with a dot in the name.
  const without = new Set(reading.names(data.except).map((name) => reading.key(name.split('.').at(-1) ?? name)));
  const columns = all
    .filter((column) => !without.has(reading.key(column.name)))
    .map((column) => replaced(column, data, scope, reading));
  if (columns.some(isStar))
    reading.because(
      'unknown-columns',
      `The columns of ${qualifier ?? ''}${qualifier === undefined ? '' : '.'}* are not known without the schema.`,
      data.span,
    );
  return { columns, rests: restsOf(relation ? [relation] : scope.relations) };
}

/** The parser gives `sales.orders.*` with a dot in the qualifier. */
function starRelation(qualifier: string, scope: Scope, reading: Reading): Relation | undefined {
  const whole = relationNamed(qualifier, scope, reading);
  const parts = qualifier.split('.');
  const name = parts.at(-1);
  return (
    whole ?? (parts.length > 1 && name !== undefined ? relationNamed(name, scope, reading, parts.at(-2)) : undefined)
  );
}

/** `* REPLACE (x + 1 AS x)` and `* RENAME (x AS y)` */
function replaced(column: OutputColumn, data: StarData, scope: Scope, reading: Reading): OutputColumn {
  const replacement = data.replace?.find(({ alias }) => reading.same(reading.name(alias), column.name));
  if (replacement)
    return {
      name: column.name,
      influences: reading.expression(replacement.this, scope),
      ...sqlText(replacement.this, reading),
    };
  const rename = data.rename?.find(([from]) => reading.same(reading.name(from), column.name));
  return rename ? { ...column, name: reading.name(rename[1]) } : column;
}

const PLAIN = new Set(['column', 'star', 'dot']);

const sqlText = (node: Node, reading: Reading): { expression?: string } => {
  const { this: value, alias } = kindOf(node) === 'alias' ? dataOf<AliasData>(node) : { this: node };
  if (PLAIN.has(kindOf(value))) return {};
  const sql = alias ? reading.sqlNamed(value, alias) : reading.sql(value);
  return sql === undefined ? {} : { expression: sql };
};

/** T-SQL's `total = a + b` in a SELECT list is `a + b AS total`: it has no comparisons there. */
function aliased(node: Node, reading: Reading): Node {
  if (reading.dialect.name !== 'tsql' || kindOf(node) !== 'eq') return node;
  const { left, right } = dataOf<{ left: Node; right: Node }>(node);
  if (kindOf(left) !== 'column' || dataOf<ColumnData>(left).table) return node;
  return { alias: { this: right, alias: dataOf<ColumnData>(left).name } };
}

/** Hive's `` `(ds|hr)?+.+` ``: every column but these. */
function patternStar({ name, table }: ColumnData, reading: Reading): StarData | undefined {
  const listed = reading.dialect.name === 'hive' ? /^\(([^()]*)\)\?\+\.\+$/.exec(name.name)?.[1] : undefined;
  if (listed === undefined) return undefined;
  return { table: table ?? null, except: listed.split('|').map((each) => ({ name: each })) };
}

const starOf = (node: Node, reading: Reading): StarData | undefined => {
  if (kindOf(node) === 'star') return dataOf<StarData>(node);
  if (kindOf(node) === 'column') {
    const { name, table } = dataOf<ColumnData>(node);
    if (name.name === '*') return { table: table ?? null };
    if (name.quoted) return patternStar(dataOf<ColumnData>(node), reading);
  }
  if (kindOf(node) === 'dot') {
    const { this: row, field } = dataOf<{ this: Node; field: { name: string } }>(node);
    const inner = kindOf(row) === 'paren' ? dataOf<{ this: Node }>(row).this : row;
    if (field.name === '*' && kindOf(inner) === 'column')
      return { table: dataOf<{ name: StarData['table'] }>(inner).name ?? null };
  }
  return undefined;
};

/** DuckDB's `COLUMNS('^a')` as an item of the SELECT list. */
function columnsPattern(node: Node, reading: Reading): RegExp | undefined {
  if (kindOf(node) !== 'function' || !['duckdb', 'clickhouse'].includes(reading.dialect.name)) return undefined;
  const { name, args = [] } = dataOf<{ name?: string; args?: readonly Node[] }>(node);
  const [only] = args;
  if (name?.toLowerCase() !== 'columns' || !only || kindOf(only) !== 'literal') return undefined;
  try {
    return new RegExp(dataOf<{ value: string }>(only).value, 'u');
  } catch {
    return undefined;
  }
}

function matching(pattern: RegExp, scope: Scope, reading: Reading): Expanded {
  const { columns, rests } = expandStar({}, scope, reading);
  return { columns: columns.filter((column) => isStar(column) || pattern.test(column.name)), rests };
}

/** ClickHouse's `* APPLY(sum)`: the function over each column of the star. */
function appliedTo(
  node: Node,
  reading: Reading,
): { readonly to: Node; readonly as: 'AGGREGATION' | 'TRANSFORMATION' } | undefined {
  if (kindOf(node) !== 'apply') return undefined;
  const { this: to, expression } = dataOf<{ this: Node; expression: Node }>(node);
  const name = kindOf(expression) === 'column' ? reading.name(dataOf<ColumnData>(expression).name) : '';
  return { to, as: isAggregate(name, reading.dialect.name) ? 'AGGREGATION' : 'TRANSFORMATION' };
}

/** `posexplode(xs) AS (pos, x)`: several columns of one function. */
function severalColumns(node: Node, scope: Scope, reading: Reading): OutputColumn[] | undefined {
  if (kindOf(node) !== 'alias') return undefined;
  const { this: value, column_aliases: names } = dataOf<AliasData>(node);
  if (!names || names.length === 0) return undefined;
  const text = sqlText(value, reading);
  return generate(value, undefined, reading.names(names), scope, reading).columns.map((each) => ({ ...each, ...text }));
}

/** Hive's `TRANSFORM (a, b) USING 'script' AS (c, d)`: what the script does is its own; each column is made of all. */
function scriptColumns(node: Node, scope: Scope, reading: Reading): OutputColumn[] | undefined {
  if (kindOf(node) !== 'query_transform') return undefined;
  const { expressions, schema } = dataOf<{ expressions: readonly Node[]; schema?: Node | null }>(node);
  const influences = through('TRANSFORMATION', reading.expressions(expressions, scope));
  const names = schema ? columnNames(schema, reading) : ['key', 'value'];
  return names.map((name) => ({ name, influences }));
}

/** The names in `(a, b INT)`. */
const columnNames = (schema: Node, reading: Reading): string[] =>
  (dataOf<{ expressions?: readonly Node[] }>(schema).expressions ?? []).flatMap((each) => {
    const { name } = dataOf<{ name?: Identifier | string }>(each);
    if (typeof name === 'string') return [reading.dialect.names.written(name, false)];
    return name ? [reading.name(name)] : [];
  });

export function project(
  nodes: readonly Node[],
  scope: Scope,
  reading: Reading,
): { columns: OutputColumn[]; rests: Rest[] } {
  const columns: OutputColumn[] = [];
  const rests: Rest[] = [];
  for (const written of nodes) {
    const node = aliased(written, reading);
    const star = starOf(node, reading);
    const applied = star ? undefined : appliedTo(node, reading);
    if (applied) {
      const inner = project([applied.to], scope, reading);
      columns.push(...inner.columns.map((each) => ({ ...each, influences: through(applied.as, each.influences) })));
      rests.push(...inner.rests);
      continue;
    }
    const pattern = columnsPattern(node, reading);
    if (star || pattern) {
      const expanded = pattern ? matching(pattern, scope, reading) : expandStar(star ?? {}, scope, reading);
      columns.push(...expanded.columns);
      rests.push(...expanded.rests);
      continue;
    }
    const several = scriptColumns(node, scope, reading) ?? severalColumns(node, scope, reading);
    if (several) {
      columns.push(...several);
      continue;
    }
    // Without repetitions at each step: a chain of queries that each read the one before twice would double them.
    const found = distinct(reading.expression(node, scope));
    const text = sqlText(node, reading);
    const influences = text.expression === undefined ? found : computed(found);
    const name = outputName(node, reading, text.expression, columns);
    columns.push({
      name,
      influences,
      ...(text.expression === undefined ? textOfColumn(node, influences, scope, reading) : text),
    });
    // A column of the table wins over a name of the list; `a || b AS a` shows that the table has an a.
    const ownColumn = influences.some(({ from }) => reading.same(from.column, name));
    if (reading.dialect.lateralAliases && kindOf(node) === 'alias' && !ownColumn)
      scope.aliases.set(reading.key(name), influences);
  }
  return { columns, rests };
}

/** `GROUP BY 1`, `ORDER BY total`: a position, a name of the SELECT list, or an expression. */
function outputOr(
  node: Node,
  columns: readonly OutputColumn[],
  scope: Scope,
  reading: Reading,
  preferOutput: boolean,
  rest?: Rest,
): readonly Influence[] {
  if (kindOf(node) === 'literal') {
    const { literal_type, value } = dataOf<{ literal_type?: string; value?: string }>(node);
    return literal_type === 'number' ? (columns[Number(value) - 1]?.influences ?? []) : [];
  }
  if (kindOf(node) === 'column' && preferOutput) {
    const { name, table } = dataOf<{ name: { name: string; quoted?: boolean }; table?: unknown }>(node);
    const output = table ? undefined : columns.find((column) => reading.same(column.name, reading.name(name)));
    if (output) return output.influences;
    // Above a set operation there are no tables; what its stars hide is asked for by name.
    if (!table && rest && scope.relations.length === 0) return rest(reading.name(name));
  }
  return reading.expression(node, scope);
}

export const sortedBy = (
  order: OrderBy | null | undefined,
  columns: readonly OutputColumn[],
  scope: Scope,
  reading: Reading,
  rest?: Rest,
): Influence[] =>
  indirect(
    'SORT',
    (order?.expressions ?? []).flatMap(({ this: node }) =>
      isAll(node, reading)
        ? columns.flatMap((column) => [...column.influences])
        : [...outputOr(node, columns, scope, reading, true, rest)],
    ),
  );

/** DuckDB's `ORDER BY ALL`. */
const isAll = (node: Node, reading: Reading): boolean => {
  if (reading.dialect.name !== 'duckdb' || kindOf(node) !== 'column') return false;
  const { name, table } = dataOf<ColumnData>(node);
  return !table && name.quoted !== true && name.name.toLowerCase() === 'all';
};

function grouping(data: SelectData, columns: readonly OutputColumn[], scope: Scope, reading: Reading): Influence[] {
  const by = data.group_by;
  if (!by) return [];
  const all = by.all ? columns.filter((column) => !column.influences.some((one) => one.subtype === 'AGGREGATION')) : [];
  return indirect('GROUP_BY', [
    ...by.expressions.flatMap((node) => [...outputOr(node, columns, scope, reading, false)]),
    ...all.flatMap((column) => [...column.influences]),
  ]);
}

/** `FOR XML` and `FOR JSON`: all rows become one text. */
function asText(data: SelectData, columns: readonly OutputColumn[]): readonly OutputColumn[] {
  if (!data.for_xml?.length && !data.for_json?.length) return columns;
  const influences = through(
    'AGGREGATION',
    columns.flatMap((column) => [...column.influences]),
  );
  return [{ name: data.for_xml?.length ? 'XML' : 'JSON', influences: distinct(influences) }];
}

/** Clauses that are lists of expressions, and what they decide. DISTRIBUTE BY decides where rows are, not which. */
const DECIDING = [
  ['limit_by', 'FILTER'],
  ['top', 'FILTER'],
  ['cluster_by', 'SORT'],
  ['sort_by', 'SORT'],
] as const;

/** START WITH chooses the roots, CONNECT BY joins the table with itself. */
const hierarchy = ({ start, connect }: Connect, scope: Scope, reading: Reading): Influence[] => [
  ...(start ? indirect('FILTER', reading.expression(start, scope)) : []),
  ...(connect ? indirect('JOIN', reading.expression(connect, scope)) : []),
];

/** Names of the SELECT list, for dialects that let them be used elsewhere; ClickHouse names parts of expressions, too. */
function nameItems(nodes: readonly Node[], scope: Scope, reading: Reading): void {
  const { lateralAliases, name } = reading.dialect;
  if (!lateralAliases && name !== 'generic') return;
  for (const node of nodes) {
    if (kindOf(node) === 'alias') {
      const { this: value, alias } = dataOf<AliasData>(node);
      const key = reading.key(reading.name(alias));
      if (!scope.items.has(key)) scope.items.set(key, { node: value, everywhere: false, busy: false });
    }
    if (name === 'clickhouse' && !QUERIES.has(kindOf(node))) nameItems(childrenOf(dataOf(node)), scope, reading);
  }
}

const QUERIES = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'column', 'literal']);

/** A SELECT: CTEs, FROM, the SELECT list, and what decides about the rows. */
export function selectRows(data: SelectData, outer: Scope, reading: Reading): Rowset {
  const scope = new Scope(outer);
  const queries = addQueries(data.with, scope, reading);
  nameItems(data.expressions, scope, reading);
  const influences = [...addFrom(data.from?.expressions ?? [], data.joins, scope, reading)];
  addLateralViews(data.lateral_views, scope, reading);
  if (data.prewhere) influences.push(...indirect('FILTER', reading.expression(data.prewhere, scope)));
  if (data.connect) influences.push(...hierarchy(data.connect, scope, reading));
  for (const { name, spec } of data.windows ?? []) scope.windows.set(reading.key(reading.name(name)), spec);

  for (const [clause, subtype] of DECIDING)
    influences.push(...indirect(subtype, reading.expressions(childrenOf(data[clause]), scope)));

  // WHERE is read before the SELECT list: it does not know that list's names.
  if (data.where_clause) influences.push(...indirect('FILTER', reading.expression(data.where_clause.this, scope)));
  const { columns, rests } = project(data.expressions, scope, reading);
  for (const column of columns)
    if (!isStar(column) && !scope.aliases.has(reading.key(column.name)))
      scope.aliases.set(reading.key(column.name), column.influences);

  const filters = [data.having, data.qualify].flatMap((clause) => (clause ? [clause.this] : []));
  influences.push(...indirect('FILTER', reading.expressions(filters, scope)));
  influences.push(...grouping(data, columns, scope, reading));
  influences.push(
    ...indirect(
      'GROUP_BY',
      (data.distinct_on ?? []).flatMap((node) => [...outputOr(node, columns, scope, reading, false)]),
    ),
  );
  influences.push(...sortedBy(data.order_by, columns, scope, reading));
  const { limit, offset, fetch } = data as { limit?: unknown; offset?: unknown; fetch?: unknown };
  influences.push(...indirect('FILTER', reading.expressions(childrenOf([limit, offset, fetch]), scope)));
  reportUnused(queries, reading);

  const rest = rests.length > 0 ? (name: string) => rests.flatMap((each) => [...each(name)]) : undefined;
  return { columns: asText(data, columns), influences: distinct(influences), ...(rest && { rest }) };
}
