import { type ColumnData, dataOf, type Identifier, kindOf, type Node } from '../parse/tree.js';
import { distinct, indirect, type Influence, through } from './influence.js';
import type { Reading } from './reading.js';
import { isStar, type OutputColumn, type Relation, renamed, type Rowset } from './rowset.js';
import { Scope } from './scope.js';

interface Unpivot {
  readonly this: Node;
  readonly value_column: Identifier;
  readonly extra_value_columns?: readonly Identifier[];
  readonly name_column: Identifier;
  readonly columns: readonly Node[];
  readonly alias?: Identifier | null;
  readonly alias_columns?: readonly Identifier[];
}

interface Pivot {
  readonly this: Node;
  readonly expressions: readonly Node[];
  readonly fields?: readonly Node[];
  readonly using?: readonly Node[];
  readonly group?: Node | null;
  readonly alias?: Identifier | null;
  readonly alias_columns?: readonly Identifier[];
  /** DuckDB's `UNPIVOT t ON a, b INTO NAME n VALUE v`. */
  readonly unpivot?: boolean;
  readonly into?: Node | null;
}

/** What PIVOT and UNPIVOT stand after. */
export interface Input {
  readonly relations: readonly Relation[];
  readonly influences: readonly Influence[];
}

/** `x AS name` in a list of values or columns. */
const plain = (node: Node): Node =>
  kindOf(node) === 'pivot_alias' || kindOf(node) === 'alias' ? dataOf<{ this: Node }>(node).this : node;

const parts = (node: Node): readonly Node[] =>
  kindOf(node) === 'tuple' ? dataOf<{ expressions: readonly Node[] }>(node).expressions : [node];

const columnName = (node: Node, reading: Reading): string | undefined =>
  kindOf(node) === 'column' ? reading.name(dataOf<ColumnData>(node).name) : undefined;

/** All columns of the input but those that are used up. */
function others(input: Input, used: ReadonlySet<string>, reading: Reading): Rowset {
  const rests = input.relations.flatMap(({ rows }) => (rows.rest ? [rows.rest] : []));
  const columns = input.relations.flatMap(({ rows }) =>
    rows.columns.filter((column) => isStar(column) || !used.has(reading.key(column.name))),
  );
  if (rests.length === 0) return { columns, influences: [] };
  return { columns, influences: [], rest: (name) => rests.flatMap((rest) => [...rest(name)]) };
}

function named(rows: Rowset, data: Pick<Unpivot, 'alias' | 'alias_columns'>, input: Input, reading: Reading): Relation {
  const [only, ...more] = input.relations;
  const alias = data.alias ? reading.name(data.alias) : more.length === 0 ? only?.alias : undefined;
  return { ...(alias !== undefined && { alias }), rows: renamed(rows, reading.names(data.alias_columns)) };
}

const inside = (input: Input, outer: Scope): Scope => {
  const scope = new Scope(outer);
  scope.relations.push(...input.relations);
  return scope;
};

interface Listed {
  readonly columns: readonly Node[];
  readonly name: string;
  readonly values: readonly string[];
}

/** T-SQL and BigQuery put the value before the name. */
const VALUE_FIRST = new Set(['tsql', 'bigquery']);

/**
 * Columns become rows: the value column is made of all listed columns. The name column holds their names; it is made of them, too,
 * for it changes when one of them is renamed, dropped or, as far as NULLs leave no row, empty.
 */
function rowsFrom(listed: Listed, input: Input, outer: Scope, reading: Reading): Rowset {
  const scope = inside(input, outer);
  const used = listed.columns.flatMap((node) => parts(plain(node)).map((part) => columnName(part, reading)));
  const kept = others(input, new Set(used.flatMap((name) => (name === undefined ? [] : [reading.key(name)]))), reading);
  const values = listed.values.map((name, at) => ({
    name,
    influences: distinct(
      listed.columns.flatMap((node) => {
        const part = parts(plain(node))[at];
        return part ? reading.expression(part, scope) : [];
      }),
    ),
  }));
  const name = {
    name: listed.name,
    influences: distinct(
      through(
        'TRANSFORMATION',
        values.flatMap((value) => value.influences),
      ),
    ),
  };
  const added = VALUE_FIRST.has(reading.dialect.name) ? [...values, name] : [name, ...values];
  return { ...kept, columns: [...kept.columns, ...added], influences: input.influences };
}

/** `t UNPIVOT (amount FOR month IN (jan, feb AS 'February'))` */
export function unpivoted(node: Node, input: Input, outer: Scope, reading: Reading): Relation {
  const data = dataOf<Unpivot>(node);
  const listed = {
    columns: data.columns,
    name: reading.name(data.name_column),
    values: reading.names([data.value_column, ...(data.extra_value_columns ?? [])]),
  };
  return named(rowsFrom(listed, input, outer, reading), data, input, reading);
}

/** `FOR quarter IN ('Q1' AS q1, 'Q2')`: the columns looked at, and the values that become columns. */
interface Field {
  readonly by: readonly Node[];
  /** Undefined: the values are in the data. */
  readonly values?: readonly Node[];
}

function fieldOf(node: Node): Field {
  if (kindOf(node) !== 'in') return { by: [node] };
  const { this: by, expressions } = dataOf<{ this: Node; expressions?: readonly Node[] }>(node);
  const open = !expressions || expressions.some((value) => ['pivot_any', 'select', 'subquery'].includes(kindOf(value)));
  return { by: parts(by), ...(!open && { values: expressions }) };
}

const aliasOf = (node: Node, reading: Reading): string | undefined => {
  if (kindOf(node) === 'alias') return reading.name(dataOf<{ alias: Identifier }>(node).alias);
  if (kindOf(node) !== 'pivot_alias') return undefined;
  const { alias } = dataOf<{ alias: Node }>(node);
  return columnName(alias, reading) ?? textOf(alias, reading);
};

/** A value as the name of a column: Snowflake and Oracle keep the quotes of a text. */
function textOf(node: Node, reading: Reading): string {
  const kind = kindOf(node);
  if (kind === 'literal') {
    const { value, literal_type } = dataOf<{ value: string; literal_type?: string }>(node);
    const quoted = literal_type === 'string' && ['snowflake', 'oracle'].includes(reading.dialect.name);
    return quoted ? `'${value}'` : value;
  }
  if (kind === 'tuple')
    return parts(node)
      .map((part) => textOf(part, reading))
      .join('_');
  return columnName(node, reading) ?? reading.sql(node) ?? '?';
}

/** One name for each combination of the values. */
const combined = (fields: readonly (readonly string[])[]): string[] =>
  fields.reduce<string[]>(
    (all, values) => all.flatMap((left) => values.map((right) => (left ? `${left}_${right}` : right))),
    [''],
  );

/** How a dialect names the column for a value and an aggregate. */
function pivotName(value: string, aggregate: Node, alone: boolean, reading: Reading): string {
  const alias = aliasOf(aggregate, reading);
  const { name } = reading.dialect;
  if (name === 'bigquery') return alias === undefined ? value : `${alias}_${value}`;
  if (name === 'tsql' || (alone && (alias === undefined || name === 'spark' || name === 'databricks'))) return value;
  return `${value}_${alias ?? reading.sql(aggregate) ?? ''}`;
}

function pivotedRows(data: Pivot, fields: readonly Field[], input: Input, outer: Scope, reading: Reading): Rowset {
  const scope = inside(input, outer);
  const aggregates = data.using?.length ? data.using : data.fields?.length ? data.expressions : [];
  const by = fields.flatMap((field) => field.by);
  const decides = indirect('CONDITIONAL', reading.expressions(by, scope));
  const values = aggregates.map((node) => reading.expression(plain(node), scope));
  const used = new Set(
    [...by, ...aggregates.flatMap((node) => columnsIn(plain(node)))].flatMap((node) => keyOf(node, reading)),
  );
  const grouped = data.group ? dataOf<{ expressions: readonly Node[] }>(data.group).expressions : undefined;
  const kept: Rowset = grouped
    ? {
        columns: grouped.map((node) => ({
          name: columnName(node, reading) ?? '?',
          influences: reading.expression(node, scope),
        })),
        influences: [],
      }
    : others(input, used, reading);
  const groups = indirect(
    'GROUP_BY',
    kept.columns.filter((column) => !isStar(column)).flatMap((column) => [...column.influences]),
  );
  const rows: Rowset = { ...kept, influences: [...input.influences, ...groups] };
  const known = fields.flatMap((field) =>
    field.values ? [field.values.map((value) => aliasOf(value, reading) ?? textOf(plain(value), reading))] : [],
  );
  if (known.length < fields.length) {
    const influences = distinct([...values.flat(), ...decides]);
    const open: OutputColumn = { name: '*', influences };
    return { ...rows, columns: [...kept.columns, open], rest: (name) => kept.rest?.(name) ?? influences };
  }
  const made = combined(known).flatMap((value) =>
    aggregates.map((aggregate, at) => ({
      name: pivotName(value, aggregate, aggregates.length === 1, reading),
      influences: [...(values[at] ?? []), ...decides],
    })),
  );
  return { ...rows, columns: [...kept.columns, ...made] };
}

const keyOf = (node: Node, reading: Reading): string[] => {
  const name = columnName(node, reading);
  return name === undefined ? [] : [reading.key(name)];
};

/** The columns named in an expression, wherever they stand. */
function columnsIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(columnsIn);
  if (typeof value !== 'object' || value === null) return [];
  const [key] = Object.keys(value);
  return key === 'column' ? [value as Node] : Object.values(value).flatMap(columnsIn);
}

/**
 * Rows become columns: each value in the list is a column of the aggregate over the rows that have it, and what is neither aggregated
 * nor looked at groups them.
 */
export function pivoted(node: Node, input: Input, outer: Scope, reading: Reading): Relation {
  const data = dataOf<Pivot>(node);
  if (data.unpivot) {
    const names = data.into ? dataOf<{ this: Node; expressions: readonly Node[] }>(data.into) : undefined;
    const word = (part: Node | undefined, otherwise: string) =>
      part && kindOf(part) === 'var' ? dataOf<{ this: string }>(part).this : otherwise;
    const values = (names?.expressions ?? []).map((part) => word(part, 'value'));
    const listed = {
      columns: data.expressions,
      name: word(names?.this, 'name'),
      values: values.length > 0 ? values : ['value'],
    };
    return named(rowsFrom(listed, input, outer, reading), data, input, reading);
  }
  const fields = (data.fields?.length ? data.fields : data.expressions).map(fieldOf);
  return named(pivotedRows(data, fields, input, outer, reading), data, input, reading);
}
