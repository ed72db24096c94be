import { type DatasetKind, type HarvestedDataset, type HarvestedField, type HarvestedKey } from '#core/connector-kit';
import { qualifiedName } from '#kernel';

import { DATASETS, FIELDS, FOREIGN_KEYS, JSON_CHECKS, PARTLY_GRANTED, UNIQUE_KEYS, VIEWS } from './catalog-queries.js';
import { type Session } from './mysql-sessions.js';
import { literalOf } from './parameters.js';
import { typeFamily, typeLimits } from './type-family.js';

/** What one database holds, and which of it the user may not read. */
export interface SchemaReading {
  readonly datasets: readonly HarvestedDataset[];
  /** Nothing of these may be selected. */
  readonly unreadable: readonly string[];
  /** Of these only some columns show. */
  readonly partly: readonly string[];
  /** Views whose text is not shown. */
  readonly withoutSql: readonly string[];
}

/** Reads one database with six or seven statements, however many tables it has. */
export async function readSchema(session: Session, scope: string): Promise<SchemaReading> {
  const rowsOf = async <T extends { readonly scope: string }>(sql: string): Promise<T[]> => {
    const rows = await session.ask<T>(sql.replaceAll(':scope', literalOf(scope)));
    return rows.filter((row) => row.scope === scope);
  };
  const tables = (await rowsOf<DatasetRow>(DATASETS)).filter(({ type }) => type !== 'SEQUENCE');
  const views = new Map((await rowsOf<ViewRow>(VIEWS)).map((row) => [row.name, row]));
  const fields = byDataset(await rowsOf<FieldRow>(FIELDS));
  const unique = byDataset(await rowsOf<KeyRow>(UNIQUE_KEYS));
  const foreign = byDataset(await rowsOf<ForeignKeyRow>(FOREIGN_KEYS));
  const json = session.isMariaDb ? byDataset(await rowsOf<JsonRow>(JSON_CHECKS)) : new Map<string, JsonRow[]>();
  const partly = await rowsOf<{ scope: string; dataset: string }>(PARTLY_GRANTED);
  const datasets = tables.map((row): HarvestedDataset => {
    const view = views.get(row.name);
    const documents = new Set(
      (json.get(row.name) ?? []).flatMap(({ field, clause }) =>
        clause === `json_valid(\`${field.replaceAll('`', '``')}\`)` ? [field] : [],
      ),
    );
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
      }),
      fields: (fields.get(row.name) ?? []).map((field, at) =>
        toField(field, at, documents.has(field.name), session.isMariaDb),
      ),
      keys: [...uniqueKeys(unique.get(row.name) ?? []), ...foreignKeys(foreign.get(row.name) ?? [])],
      // A CHECK is none: rows that were loaded with check_constraint_checks = 0 are not looked at again.
      constraints: ['view', 'foreign_table'].includes(kindOf(row))
        ? []
        : (fields.get(row.name) ?? []).flatMap(({ name, nullable }) =>
            Number(nullable) === 1 ? [] : [{ kind: 'not_null', field: name } as const],
          ),
    };
  });
  return {
    datasets,
    unreadable: tables
      .map(({ name }) => name)
      .filter((name) => !(fields.get(name) ?? []).some(({ readable }) => Number(readable) === 1)),
    partly: partly.map(({ dataset }) => dataset),
    withoutSql: [...views.values()].filter(({ view_sql: sql }) => !sql).map(({ name }) => name),
  };
}

interface DatasetRow {
  readonly scope: string;
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly options: string | null;
  readonly row_estimate: string | number | null;
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

interface KeyRow {
  readonly scope: string;
  readonly dataset: string;
  readonly name: string;
  /** Absent for an index on an expression. */
  readonly field: string | null;
}

interface ForeignKeyRow extends KeyRow {
  readonly field: string;
  readonly ref_scope: string;
  readonly ref_dataset: string;
  readonly ref_field: string;
}

interface JsonRow {
  readonly scope: string;
  readonly dataset: string;
  readonly field: string;
  readonly clause: string;
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
  const expression = row.generated || undefined;
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

function uniqueKeys(rows: readonly KeyRow[]): HarvestedKey[] {
  return [...byName(rows)].flatMap(([name, parts]): HarvestedKey[] => {
    // An expression vouches for no column.
    const fields = parts.flatMap(({ field }) => (field === null ? [] : [field]));
    if (fields.length < parts.length) return [];
    return [{ kind: name === 'PRIMARY' ? 'primary' : 'unique', name, fields, validated: true }];
  });
}

const foreignKeys = (rows: readonly ForeignKeyRow[]): HarvestedKey[] =>
  [...byName(rows)].map(([name, parts]) => ({
    kind: 'foreign',
    name,
    fields: parts.map(({ field }) => field),
    refQualifiedName: qualifiedName(parts[0]!.ref_scope, parts[0]!.ref_dataset),
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

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The properties that have a value: an absent comment is no property, rather than an empty one. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Given<T>;
}
