import type { ColumnData, Identifier, Node, StarData } from '../parse/tree.js';
import { childrenOf, dataOf, kindOf } from '../parse/tree.js';
import {
  bareColumn,
  columnIn,
  columnOf,
  isSequence,
  isSessionWord,
  notDeclared,
  ownerOf,
  relationNamed,
} from '../resolve/column.js';
import { distinct, type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import type { Meaning, Meanings } from './expression.js';

function column(data: ColumnData, scope: Scope, reading: Reading): Influence[] {
  const name = reading.name(data.name);
  if (!data.table && isSessionWord(data.name, reading)) return [];
  if (!data.table) return bareColumn(name, scope, reading, data.span);
  const qualifier = reading.name(data.table);
  const relation = ownerOf(qualifier, name, scope, reading);
  if (relation) return columnOf(relation, name, reading, data.span);
  if (scope.isParameter(reading.key(qualifier)) || isSequence(data.name)) return [];
  const declared = scope.variables?.value(qualifier);
  if (declared) return through('TRANSFORMATION', declared);
  // Oracle reads an attribute of an object only through an alias: without one, a.b is of a package.
  if ((scope.variables?.inside && scope.bare) || reading.dialect.lex.code === 'plsql')
    return notDeclared(`${qualifier}.${name}`, reading, data.span);
  // No table of that name: a.b may be the field b of a column a.
  if (known(qualifier, scope, reading))
    return through('TRANSFORMATION', bareColumn(qualifier, scope, reading, data.span));
  reading.because(
    'unknown-column',
    `There is no table ${qualifier} here for the column ${qualifier}.${name}.`,
    data.span,
  );
  return [{ from: { column: name }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'unknown' }];
}

const known = (name: string, scope: Scope, reading: Reading): boolean => {
  for (let at: Scope | undefined = scope; at; at = at.parent)
    if (at.relations.some((relation) => columnIn(relation, name, reading) ?? relation.rows.rest)) return true;
  return false;
};

interface Dot {
  readonly this: Node;
  readonly field: Identifier;
}

/** `a.b.c`: schema, table and column, or a field of a column. The parser cannot know. */
function dot(data: Dot, scope: Scope, reading: Reading): Influence[] {
  const path = dotted(data);
  if (path) {
    const names = reading.names(path);
    // From the longest qualifier to the shortest: catalog.schema.table.column, then schema.table.column.
    for (let at = Math.min(names.length - 2, 2); at >= 1; at--) {
      const [schema, table, name] = [names[at - 1], names[at], names[at + 1]];
      const relation = table === undefined ? undefined : relationNamed(table, scope, reading, schema);
      if (!relation || name === undefined) continue;
      const found = columnOf(relation, name, reading, path[at + 1]?.span);
      return names.length > at + 2 ? through('TRANSFORMATION', found) : found;
    }
  }
  if (path && isSequence(data.field)) return [];
  return through('TRANSFORMATION', reading.expression(data.this, scope));
}

function dotted(data: Dot): Identifier[] | undefined {
  const kind = kindOf(data.this);
  if (kind === 'column') {
    const { table, name } = dataOf<ColumnData>(data.this);
    return table ? [table, name, data.field] : [name, data.field];
  }
  const before = kind === 'dot' ? dotted(dataOf<Dot>(data.this)) : undefined;
  return before && [...before, data.field];
}

/** A star inside an expression: `count(t.*)`, `row(t.*)`. */
function star(data: StarData, scope: Scope, reading: Reading): Influence[] {
  const one = data.table ? relationNamed(reading.name(data.table), scope, reading) : undefined;
  const relations = data.table ? (one ? [one] : []) : scope.relations;
  return distinct(relations.flatMap((relation) => relation.rows.columns.flatMap((each) => [...each.influences])));
}

/** DuckDB's `COLUMNS('pattern')` inside another expression makes many columns of one; here they are taken as one. */
function columns(scope: Scope, reading: Reading): Influence[] {
  reading.because(
    'unknown-node',
    'COLUMNS(…) inside an expression is not understood; it was taken to mean every column.',
  );
  return through('TRANSFORMATION', star({}, scope, reading));
}

/** Snowflake's `$2` is the second column of what stands in FROM. */
const parameter: Meaning = (data, scope, reading) => {
  const { index, style } = data as { readonly index?: number | null; readonly style?: string };
  const isColumn = reading.dialect.name === 'snowflake' && style === 'Dollar' && index != null;
  return isColumn && scope.relations.length > 0 ? bareColumn(`$${index}`, scope, reading) : [];
};

/** The parser takes names in some places for words: `CONNECT_BY_ROOT name`, `JSON_OBJECTAGG(name, …)`. */
function named(node: Node): Node {
  if (kindOf(node) === 'var') return { column: { name: { name: dataOf<{ this: string }>(node).this } } };
  if (kindOf(node) !== 'dot') return node;
  const { this: before, field } = dataOf<Dot>(node);
  if (kindOf(before) !== 'var') return node;
  return { column: { name: field, table: { name: dataOf<{ this: string }>(before).this } } };
}

const ofNames: Meaning = (data, scope, reading) =>
  through('TRANSFORMATION', reading.expressions(childrenOf(data).map(named), scope));

/** Columns, by whatever way they are named. */
export const COLUMNS: Meanings = {
  column: (data, scope, reading) => column(data as ColumnData, scope, reading),
  dot: (data, scope, reading) => dot(data as Dot, scope, reading),
  star: (data, scope, reading) => star(data as StarData, scope, reading),
  parameter,
  connect_by_root: ofNames,
  j_s_o_n_key_value: ofNames,
  columns: (_data, scope, reading) => columns(scope, reading),
};
