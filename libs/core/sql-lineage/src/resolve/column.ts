import type { Identifier, Span } from '../parse/tree.js';
import type { SqlDialect, TableName } from '../types.js';
import { distinct, type Influence } from './influence.js';
import { distinctTables, nameOf } from './names.js';
import type { Reading } from './reading.js';
import { isStar, type OutputColumn, type Relation } from './rowset.js';
import type { Scope } from './scope.js';

/** Words that the parser takes for columns, but are values of the session wherever they stand unquoted. */
const SESSION = new Set(
  'default current_user session_user current_role current_catalog current_schema current_date current_time current_timestamp localtime localtimestamp sysdate systimestamp'.split(
    ' ',
  ),
);

const SESSION_OF: Readonly<Partial<Record<SqlDialect, ReadonlySet<string>>>> = {
  postgres: new Set(['user']),
  redshift: new Set(['user']),
  tsql: new Set(['user', 'system_user', '$action']),
  oracle: new Set(['user', 'uid', 'sessiontimezone', 'dbtimezone', 'ora_rowscn']),
  snowflake: new Set(['$$']),
  hive: new Set(['grouping__id']),
  spark: new Set(['grouping__id']),
  databricks: new Set(['grouping__id']),
};

const isSession = (name: string, reading: Reading) =>
  SESSION.has(name.toLowerCase()) || SESSION_OF[reading.dialect.name]?.has(name.toLowerCase()) === true;

/** `ids.NEXTVAL`: a sequence, which is no column of anything. */
export const isSequence = (field: Identifier): boolean =>
  field.quoted !== true && /^(nextval|currval|prevval)$/i.test(field.name);

interface Found {
  readonly certain: readonly (readonly Influence[])[];
  readonly possible: readonly (readonly Influence[])[];
}

const indexes = new WeakMap<readonly OutputColumn[], ReadonlyMap<string, OutputColumn>>();

function indexOf(columns: readonly OutputColumn[], reading: Reading): ReadonlyMap<string, OutputColumn> {
  const known = indexes.get(columns);
  if (known) return known;
  const index = new Map<string, OutputColumn>();
  for (const column of columns) {
    const key = reading.key(column.name);
    if (column.name !== '*' && !index.has(key)) index.set(key, column);
  }
  indexes.set(columns, index);
  return index;
}

/** Snowflake's `t.$2` */
function atPosition({ rows: { columns } }: Relation, name: string, reading: Reading): OutputColumn | undefined {
  if (reading.dialect.name !== 'snowflake' || !/^\$\d+$/.test(name)) return undefined;
  const before = columns.slice(0, Number(name.slice(1)));
  return before.some(isStar) ? undefined : before[Number(name.slice(1)) - 1];
}

/** The column of that name, the first if there are two. */
export const columnIn = (relation: Relation, name: string, reading: Reading): OutputColumn | undefined =>
  indexOf(relation.rows.columns, reading).get(reading.key(name)) ?? atPosition(relation, name, reading);

function lookIn(relation: Relation, name: string, reading: Reading): Found {
  const column = columnIn(relation, name, reading);
  if (column) return { certain: [column.influences], possible: [] };
  return { certain: [], possible: relation.rows.rest ? [relation.rows.rest(name)] : [] };
}

interface Where {
  /** A column it must be able to have. */
  readonly having?: string;
  /** The schema that qualifies the qualifier. */
  readonly schema?: string | undefined;
  /** Tables beside a derived table count, too: it may go through their collections. */
  readonly neighbours?: boolean;
}

/** The relation that a qualifier names, here or further out. */
export function relationAt(
  alias: string,
  scope: Scope,
  reading: Reading,
  { schema, neighbours, having }: Where = {},
): Relation | undefined {
  const fits = (relation: Relation) =>
    relation.alias !== undefined &&
    (having === undefined || relation.rows.rest !== undefined || columnIn(relation, having, reading) !== undefined) &&
    reading.same(relation.alias, alias) &&
    (schema === undefined || (relation.schema !== undefined && reading.same(relation.schema, schema)));
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.relations.find(fits) ?? (neighbours ? at.beside?.relations.find(fits) : undefined);
    if (found) return found;
  }
  // Not every database minds that a table with an alias is called by its own name.
  const own = scope.relations.filter(({ table }) => table && reading.same(table.name, alias));
  if (own.length === 1 && schema === undefined) return own[0];
  return schema === undefined ? scope.variables?.relation(alias) : undefined;
}

/**
 * The relation that qualifies a column. MySQL looks further out when the nearest of that name does not have the column; elsewhere that
 * is an error.
 */
export const ownerOf = (alias: string, column: string, scope: Scope, reading: Reading): Relation | undefined =>
  (reading.dialect.lex.code === 'mysql' ? relationAt(alias, scope, reading, { having: column }) : undefined) ??
  relationAt(alias, scope, reading);

export const relationNamed = (alias: string, scope: Scope, reading: Reading, schema?: string): Relation | undefined =>
  relationAt(alias, scope, reading, { schema });

/** A column that a qualifier gives to one relation. */
export function columnOf(relation: Relation, name: string, reading: Reading, span?: Span | null): Influence[] {
  const { certain, possible } = lookIn(relation, name, reading);
  const found = certain[0] ?? possible[0];
  if (found) return [...found];
  const { table } = relation;
  if (reading.dialect.systemColumns.some((system) => reading.same(system, name)))
    return table ? [{ from: { table, column: name }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'schema' }] : [];
  return missing(name, relation.alias, table, reading, span);
}

/** True for an unquoted word that names no column: DEFAULT, CURRENT_USER. */
export const isSessionWord = (name: Identifier, reading: Reading): boolean =>
  name.quoted !== true && isSession(name.name, reading);

/** An expression with that name, unless we are in it. */
function itemIn(scope: Scope, key: string, reading: Reading): readonly Influence[] | undefined {
  const item = scope.items.get(key);
  if (!item || item.busy) return undefined;
  item.busy = true;
  item.value ??= distinct(reading.expression(item.node, scope));
  item.busy = false;
  return item.value;
}

/** In ClickHouse a name given in the query wins over a column of a table. */
function givenName(key: string, scope: Scope, reading: Reading): readonly Influence[] | undefined {
  if (reading.dialect.name !== 'clickhouse') return undefined;
  const own = itemIn(scope, key, reading);
  if (own) return own;
  for (let at = scope.parent; at; at = at.parent) if (at.items.get(key)?.everywhere) return itemIn(at, key, reading);
  return undefined;
}

/** An unqualified column: the nearest scope that has it. */
export function bareColumn(name: string, scope: Scope, reading: Reading, span?: Span | null): Influence[] {
  const key = reading.key(name);
  if (scope.isParameter(key)) return [];
  const variable = scope.variables?.value(name);
  // No column is named @x, and MySQL takes a variable before a column of the same name.
  if (name.startsWith('@') || (variable && reading.dialect.lex.code === 'mysql')) return [...(variable ?? [])];
  const given = givenName(key, scope, reading);
  if (given) return [...given];
  let possible: (readonly Influence[])[] = [];
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const merged = at.merged.get(key);
    const relations = at.relations.filter((relation) => !relation.absent && !relation.qualifiedOnly);
    const found = relations.map((relation) => lookIn(relation, name, reading));
    const certain = merged ? [merged.influences] : found.flatMap((one) => one.certain);
    if (variable && certain.length > 0 && reading.dialect.lex.code === 'plpgsql')
      reading.because('ambiguous-variable', `${name} is a column and a variable; it was taken for the column.`, span);
    if (certain.length > 0 && possible.length === 0)
      return certain.length === 1 ? [...(certain[0] ?? [])] : oneOf(name, certain, reading, span);
    if (certain.length > 0) return oneOf(name, [...possible, ...certain], reading, span);
    const alias = at.aliases.get(key);
    if (alias && possible.length === 0) return [...alias];
    const tables = found.filter((_, which) => relations[which]?.computed !== true);
    const likely = tables.flatMap((one) => one.possible);
    possible = possible.concat(likely.length > 0 ? likely : found.flatMap((one) => one.possible));
    // Only the nearest scope with tables of unknown columns: further out is not asked for what is likely here.
    if (possible.length > 0 && !certainFurtherOut(name, at.parent, reading)) break;
  }
  // A table whose columns nobody knows might have one of that name; the variable is there.
  if (variable) return [...variable];
  if (possible.length === 1) return [...(possible[0] ?? [])];
  if (possible.length > 1) return oneOf(name, possible, reading, span);
  return otherMeaning(name, scope, reading, span);
}

const certainFurtherOut = (name: string, scope: Scope | undefined, reading: Reading): boolean => {
  for (let at = scope; at; at = at.parent)
    if (at.relations.some((relation) => !relation.qualifiedOnly && columnIn(relation, name, reading))) return true;
  return false;
};

/** Several relations could have the column. One edge, with the tables it could come from. */
function oneOf(
  name: string,
  choices: readonly (readonly Influence[])[],
  reading: Reading,
  span?: Span | null,
): Influence[] {
  const candidates = distinctTables(
    choices.flat().flatMap(({ from }) => (from.table ? [from.table] : (from.candidates ?? []))),
  );
  reading.because(
    'ambiguous-column',
    `${name} is not qualified and could be a column of ${candidates.map(nameOf).join(' or ') || 'several queries'}.`,
    span,
  );
  return [{ from: { column: name, candidates }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'ambiguous' }];
}

/** A whole row (`SELECT t FROM t`), a system column, or nothing that we know. */
function otherMeaning(name: string, scope: Scope, reading: Reading, span?: Span | null): Influence[] {
  const relation = relationNamed(name, scope, reading);
  if (relation) return distinct(relation.rows.columns.flatMap((column) => [...column.influences]));
  if (reading.dialect.systemColumns.some((system) => reading.same(system, name))) {
    const [only, ...more] = scope.relations;
    if (only && more.length === 0) return columnOf(only, name, reading, span);
  }
  if (scope.variables?.inside && scope.bare) return notDeclared(name, reading, span);
  // A name of the SELECT list where only some dialects allow it: in WHERE, or before it is given.
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const item = itemIn(at, reading.key(name), reading);
    if (item) return [...item];
  }
  if (!anyRelation(scope)) return unbound(name, reading, span);
  const [only, ...others] = scope.relations;
  return missing(name, undefined, others.length === 0 ? only?.table : undefined, reading, span);
}

/** In code, where no table is in sight: a variable of a package, a function without brackets. */
export function notDeclared(name: string, reading: Reading, span?: Span | null): Influence[] {
  reading.because('unknown-variable', `${name} is declared elsewhere; what it holds is not known.`, span);
  return [];
}

const anyRelation = (scope: Scope): boolean =>
  scope.relations.length > 0 || (scope.parent !== undefined && anyRelation(scope.parent));

/** A name where no table is read at all: a variable or a parameter of the code around. No column is lost. */
function unbound(name: string, reading: Reading, span?: Span | null): Influence[] {
  reading.because('unbound-name', `No table is read here; ${name} is taken for a variable or a parameter.`, span);
  return [{ from: { column: name }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'unknown' }];
}

function missing(
  name: string,
  qualifier: string | undefined,
  table: TableName | undefined,
  reading: Reading,
  span?: Span | null,
): Influence[] {
  const where = qualifier === undefined ? 'No table here has' : `${qualifier} does not have`;
  reading.because('unknown-column', `${where} a column ${name}.`, span);
  return [
    { from: { ...(table && { table }), column: name }, type: 'DIRECT', subtype: 'IDENTITY', confidence: 'unknown' },
  ];
}
