import {
  type DatasetKind,
  type HarvestedCheck,
  type HarvestedDataset,
  type HarvestedField,
  type HarvestedIndex,
  type HarvestedKey,
  type HarvestedRoutine,
  type Partitions,
} from '#core/connector-kit';
import { nameParts, qualifiedName } from '#kernel';

import { CHECKS, DATASETS, FIELDS, FOREIGN_KEYS, INDEXES, PARTITIONS, VIEWS } from './catalog-queries.js';
import { goneBy, type Grants, readGrants } from './grants.js';
import { type Session } from './mysql-sessions.js';
import { fold, isSame, type Scope } from './names.js';
import { literalOf } from './parameters.js';
import { readRoutines } from './read-routines.js';
import { given, isoOf, type RowsOf } from './rows.js';
import { typeFamily, typeLimits } from './type-family.js';

/** What one database holds, and which of it the user may not read. */
export interface SchemaReading {
  readonly datasets: readonly HarvestedDataset[];
  readonly routines: readonly HarvestedRoutine[];
  /** Nothing of these may be selected. */
  readonly unreadable: readonly string[];
  /** No column of these shows, so they are no datasets. */
  readonly withoutColumns: readonly string[];
  /** Of these only some columns show. */
  readonly partly: readonly string[];
  /** Views whose text is not shown. */
  readonly withoutSql: readonly string[];
  /** Routines whose text is not shown. */
  readonly withoutBody: readonly string[];
  /** Where not all tables show: qualified names of those that the user may read and that are not there. */
  readonly goneTables?: readonly string[];
  /** The same of routines. */
  readonly goneRoutines?: readonly string[];
}

/** Reads one database with nine or ten statements and one look at the user's rights, however many tables it has. */
export async function readSchema(session: Session, place: Scope): Promise<SchemaReading> {
  const { name: scope, folded } = place;
  const same = (one: string, other: string) => isSame(place, one, other);
  const rowsOf: RowsOf = async <T extends { readonly scope: string }>(sql: string): Promise<T[]> => {
    const rows = await session.ask<T>(sql.replaceAll(':scope', literalOf(scope)));
    return rows.filter((row) => same(row.scope, scope));
  };
  const all = await rowsOf<DatasetRow>(DATASETS);
  const listed = all.filter(({ type }) => type !== 'SEQUENCE');
  const views = new Map((await rowsOf<ViewRow>(VIEWS)).map((row) => [row.name, row]));
  const fields = byDataset(await rowsOf<FieldRow>(FIELDS));
  // A view that is broken has none. A table has: no right on it, or it was dropped after it was listed.
  const isBare = ({ name }: DatasetRow) => !fields.has(name) && !views.has(name);
  const tables = listed.filter((row) => !isBare(row));
  const indexed = byDataset(await rowsOf<IndexRow>(INDEXES(session.isMariaDb)));
  const foreign = byDataset(await rowsOf<ForeignKeyRow>(FOREIGN_KEYS));
  const checked = byDataset(await rowsOf<CheckRow>(CHECKS(session.isMariaDb)));
  const shared = tables.some((row) => kindOf(row) === 'partitioned_table')
    ? new Map((await rowsOf<PartitionRow>(PARTITIONS)).map((row) => [row.dataset, row]))
    : new Map<string, PartitionRow>();
  // With lower_case_table_names = 2 a key may name its table by other letters than the table has.
  const spelling = new Map(tables.map(({ name }) => [folded ? name.toLowerCase() : name, name]));
  const target = (row: ForeignKeyRow) =>
    same(row.ref_scope, scope)
      ? qualifiedName(scope, spelling.get(folded ? row.ref_dataset.toLowerCase() : row.ref_dataset) ?? row.ref_dataset)
      : qualifiedName(row.ref_scope, row.ref_dataset);
  const { routines, withoutBody } = await readRoutines(rowsOf, scope);
  const before = session.grants;
  const after = await readGrants(session);
  const inPart = new Set([...before.partly(place), ...after.partly(place)].map(fold(place)));
  const gone = (named: (grants: Grants) => readonly string[] | undefined, shown: readonly string[]) =>
    goneBy([named(before), named(after)], shown, fold(place))?.map((name) => qualifiedName(scope, name));
  const narrowed = new Set(tables.map(({ name }) => name).filter((name) => inPart.has(fold(place)(name))));
  const datasets = tables.map((row): HarvestedDataset => {
    const view = views.get(row.name);
    const own = fields.get(row.name) ?? [];
    const checks = checked.get(row.name) ?? [];
    // MariaDB stores JSON as text with a check of the column's name; nothing else tells.
    const documents = new Set(session.isMariaDb ? checks.filter(isJsonCheck).map(({ name }) => name) : []);
    const indexes = indexed.get(row.name) ?? [];
    return {
      scope,
      name: row.name,
      kind: kindOf(row),
      qualifiedName: qualifiedName(scope, row.name),
      ...given({
        // What stands there for a view is the word VIEW, or why it is broken.
        comment: view === undefined ? row.comment || undefined : undefined,
        viewSql: view?.view_sql || undefined,
        owner: view?.definer || undefined,
        rowEstimate: row.row_estimate === null ? undefined : Number(row.row_estimate),
        sizeBytes: row.bytes === null ? undefined : Number(row.bytes),
        alteredAt: view === undefined ? isoOf(row.made_at) : undefined,
        partitions: toPartitions(shared.get(row.name)),
        incomplete: narrowed.has(row.name) || (view !== undefined && (own.length === 0 || !view.view_sql)) || undefined,
      }),
      fields: own.map((field, at) => toField(field, at, documents.has(field.name), session.isMariaDb)),
      keys: [...uniqueKeys(indexes), ...foreignKeys(foreign.get(row.name) ?? [], target)],
      ...(view === undefined
        ? {
            checks: checks
              .filter((check) => !(session.isMariaDb && isJsonCheck(check)))
              .map((check) => toCheck(check, session.isMariaDb)),
            indexes: toIndexes(indexes),
          }
        : {}),
      // A CHECK is none: rows that were loaded with check_constraint_checks = 0 are not looked at again.
      constraints: ['view', 'foreign_table'].includes(kindOf(row))
        ? []
        : own.flatMap(({ name, nullable }) =>
            Number(nullable) === 1 ? [] : [{ kind: 'not_null', field: name } as const],
          ),
    };
  });
  return {
    datasets,
    routines,
    withoutBody,
    unreadable: tables
      .map(({ name }) => name)
      .filter((name) => !(fields.get(name) ?? []).some(({ readable }) => Number(readable) === 1)),
    withoutColumns: listed.filter(isBare).map(({ name }) => name),
    partly: [...narrowed],
    withoutSql: [...views.values()].filter(({ view_sql: sql }) => !sql).map(({ name }) => name),
    ...given({
      goneTables: gone(
        (grants) => (grants.showsAllTables(place) ? undefined : grants.tablesOf(place)),
        all.map(({ name }) => name),
      ),
      goneRoutines: gone(
        (grants) => (grants.showsAllRoutines(place) ? undefined : grants.routinesOf(place)),
        routines.map((routine) => nameParts(routine.qualifiedName).at(-1)!),
      ),
    }),
  };
}

interface DatasetRow {
  readonly scope: string;
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly options: string | null;
  readonly row_estimate: string | number | null;
  readonly bytes: string | number | null;
  readonly made_at: string | null;
  readonly comment: string | null;
}

interface ViewRow {
  readonly scope: string;
  readonly name: string;
  readonly view_sql: string | null;
  readonly definer: string | null;
}

interface FieldRow {
  readonly scope: string;
  readonly dataset: string;
  readonly name: string;
  readonly data_type: string;
  readonly native_type: string;
  readonly nullable: string | number;
  readonly default_value: string | null;
  readonly length: string | number | null;
  readonly digits: string | number | null;
  readonly scale: string | number | null;
  readonly fraction: string | number | null;
  readonly extra: string | null;
  readonly generated: string | null;
  readonly comment: string | null;
  readonly readable: string | number;
}

interface NamedRow {
  readonly scope: string;
  readonly dataset: string;
  readonly name: string;
}

interface IndexRow extends NamedRow {
  readonly is_unique: string | number;
  readonly kind: string;
  /** Absent for an index on an expression. */
  readonly field: string | null;
  readonly expression: string | null;
}

interface ForeignKeyRow extends NamedRow {
  readonly field: string;
  readonly ref_scope: string;
  readonly ref_dataset: string;
  readonly ref_field: string;
}

interface CheckRow extends NamedRow {
  readonly clause: string;
  readonly enforced: string | number;
}

interface PartitionRow {
  readonly scope: string;
  readonly dataset: string;
  readonly method: string | null;
  readonly expression: string | null;
  readonly sub_method: string | null;
  readonly sub_expression: string | null;
  readonly parts: string | number;
}

/** Engines whose tables lie in another server. */
const ELSEWHERE = /^(federated|connect|spider)$/i;

function kindOf({ type, engine, options }: DatasetRow): DatasetKind {
  if (type === 'VIEW' || type === 'SYSTEM VIEW') return 'view';
  if (engine !== null && ELSEWHERE.test(engine)) return 'foreign_table';
  return /\bpartitioned\b/i.test(options ?? '') ? 'partitioned_table' : 'table';
}

const numeric = (value: string | number | null): number | null => (value === null ? null : Number(value));

function toField(row: FieldRow, at: number, isJson: boolean, isMariaDb: boolean): HarvestedField {
  const type = {
    dataType: row.data_type,
    nativeType: row.native_type,
    isJson,
    length: numeric(row.length),
    digits: numeric(row.digits),
    scale: numeric(row.scale),
    fraction: numeric(row.fraction),
  };
  const extra = row.extra ?? '';
  const counts = /\bauto_increment\b/i.test(extra);
  const expression = row.generated ? expressionOf(row.generated, isMariaDb) : undefined;
  return {
    name: row.name,
    // A column that the user may not see leaves a gap in ORDINAL_POSITION; the place among the visible ones has none.
    ordinal: at + 1,
    nativeType: row.native_type,
    typeFamily: typeFamily(type),
    ...typeLimits(type),
    nullable: Number(row.nullable) === 1,
    ...given({
      defaultExpression: expression === undefined ? defaultOf(row, extra, isMariaDb) : undefined,
      comment: row.comment || undefined,
      generated: expression ?? (counts ? 'identity' : undefined),
    }),
  };
}

const NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year|bit)$/i;

/** MariaDB gives a default as SQL, and the word NULL for none; MySQL gives the bare value of a literal. */
function defaultOf(
  { default_value: value, data_type }: FieldRow,
  extra: string,
  isMariaDb: boolean,
): string | undefined {
  if (value === null || (isMariaDb && value === 'NULL')) return undefined;
  if (isMariaDb || NUMBERS.test(data_type) || /\bDEFAULT_GENERATED\b/i.test(extra)) return value;
  return `'${value.replaceAll("'", "''")}'`;
}

/** MySQL shows an expression with a backslash before each quote; MariaDB as it is. */
const expressionOf = (text: string, isMariaDb: boolean): string => (isMariaDb ? text : text.replaceAll("\\'", "'"));

const isJsonCheck = ({ name, clause }: CheckRow): boolean => clause === `json_valid(\`${name.replaceAll('`', '``')}\`)`;

const toCheck = ({ name, clause, enforced }: CheckRow, isMariaDb: boolean): HarvestedCheck => ({
  name,
  expression: expressionOf(clause, isMariaDb),
  validated: Number(enforced) === 1,
});

const toIndexes = (rows: readonly IndexRow[]): HarvestedIndex[] =>
  [...byName(rows)].map(([name, parts]) => ({
    name,
    kind: parts[0]!.kind.toLowerCase(),
    unique: Number(parts[0]!.is_unique) === 1,
    parts: parts.map(({ field, expression }) =>
      field === null ? { expression: expressionOf(expression ?? '', false) } : { field },
    ),
  }));

function toPartitions(row: PartitionRow | undefined): Partitions | undefined {
  if (row === undefined) return undefined;
  const key = (method: string | null, expression: string | null) => `${method ?? ''} (${expression ?? ''})`.trim();
  const sub = row.sub_method === null ? '' : `, ${key(row.sub_method, row.sub_expression)}`;
  return { key: key(row.method, row.expression) + sub, count: Number(row.parts) };
}

function uniqueKeys(rows: readonly IndexRow[]): HarvestedKey[] {
  const unique = rows.filter(({ is_unique: is }) => Number(is) === 1);
  return [...byName(unique)].flatMap(([name, parts]): HarvestedKey[] => {
    // An expression vouches for no column.
    const fields = parts.flatMap(({ field }) => (field === null ? [] : [field]));
    if (fields.length < parts.length) return [];
    return [{ kind: name === 'PRIMARY' ? 'primary' : 'unique', name, fields, validated: true }];
  });
}

const foreignKeys = (rows: readonly ForeignKeyRow[], target: (row: ForeignKeyRow) => string): HarvestedKey[] =>
  [...byName(rows)].map(([name, parts]) => ({
    kind: 'foreign',
    name,
    fields: parts.map(({ field }) => field),
    refQualifiedName: target(parts[0]!),
    refFields: parts.map(({ ref_field }) => ref_field),
    // Dumps are loaded with foreign_key_checks = 0, and nothing looks at those rows again or remembers that.
    validated: false,
  }));

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

const byDataset = <T extends { readonly dataset: string }>(rows: readonly T[]) =>
  grouped(rows, ({ dataset }) => dataset);
const byName = <T extends { readonly name: string }>(rows: readonly T[]) => grouped(rows, ({ name }) => name);
