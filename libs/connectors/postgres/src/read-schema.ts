import { type ClientBase } from 'pg';

import {
  type DatasetKind,
  type ForeignTable,
  type HarvestedConstraint,
  type HarvestedDataset,
  type HarvestedField,
  type HarvestedKey,
} from '#core/connector-kit';
import { qualifiedName } from '#kernel';

import { CONSTRAINTS, DATASETS, FIELDS, FOREIGN_TABLES, KEYS } from './catalog-queries.js';
import { readCheck } from './check-clause.js';
import { namespaceOf } from './names.js';
import { type CatalogType, typeFamily, typeLimits } from './type-family.js';

/** What one schema holds, and which of it the user may not read. */
export interface SchemaReading {
  readonly datasets: readonly HarvestedDataset[];
  readonly unreadable: readonly string[];
}

/** Reads one schema with five statements, however many tables it has. */
export async function readSchema(
  client: ClientBase,
  database: string,
  schema: string,
  partitions: boolean,
): Promise<SchemaReading> {
  const { rows: datasets } = await client.query<DatasetRow>(DATASETS, [schema, partitions]);
  const { rows: fields } = await client.query<FieldRow>(FIELDS, [schema, partitions]);
  const { rows: keys } = await client.query<KeyRow>(KEYS, [schema]);
  const { rows: foreign } = await client.query<ForeignRow>(FOREIGN_TABLES, [schema]);
  const { rows: constraints } = await client.query<ConstraintRow>(CONSTRAINTS, [schema]);
  const fieldsOf = byDataset(fields);
  const keysOf = byDataset(keys);
  const constraintsOf = byDataset(constraints);
  const foreignOf = new Map(foreign.map((row) => [row.dataset_id, row]));
  return {
    datasets: datasets.map((row) => {
      const ownFields = fieldsOf.get(row.id) ?? [];
      return {
        scope: schema,
        name: row.name,
        kind: KINDS[row.kind],
        qualifiedName: qualifiedName(database, schema, row.name),
        ...given({
          comment: row.comment,
          viewSql: row.view_sql,
          owner: row.owner,
          rowEstimate: row.row_estimate,
          foreignOf: toForeignTable(foreignOf.get(row.id), schema, row.name, ownFields),
        }),
        fields: ownFields.map(toField),
        keys: (keysOf.get(row.id) ?? []).map((key) => toKey(key, database)),
        constraints: (constraintsOf.get(row.id) ?? []).flatMap(toConstraint),
      };
    }),
    unreadable: datasets.filter((row) => row.readable === false).map((row) => row.name),
  };
}

interface DatasetRow {
  readonly id: string;
  readonly name: string;
  readonly kind: keyof typeof KINDS;
  readonly owner: string | null;
  readonly comment: string | null;
  readonly row_estimate: number | null;
  readonly view_sql: string | null;
  readonly readable: boolean | null;
}

interface FieldRow {
  readonly dataset_id: string;
  readonly name: string;
  readonly native_type: string;
  readonly type_name: string;
  readonly type_type: string;
  readonly is_array: boolean;
  readonly type_modifier: number;
  readonly nullable: boolean;
  readonly default_expression: string | null;
  readonly generated: string | null;
  readonly comment: string | null;
  readonly foreign_options: readonly string[] | null;
}

interface KeyRow {
  readonly dataset_id: string;
  readonly kind: HarvestedKey['kind'];
  readonly name: string;
  readonly validated: boolean;
  readonly fields: readonly string[];
  readonly ref_schema: string | null;
  readonly ref_name: string | null;
  readonly ref_fields: readonly string[] | null;
}

interface ConstraintRow {
  readonly dataset_id: string;
  readonly kind: HarvestedConstraint['kind'];
  readonly name: string | null;
  readonly field: string;
  readonly quoted_field: string | null;
  readonly definition: string | null;
}

interface ForeignRow {
  readonly dataset_id: string;
  readonly wrapper: string;
  readonly server_options: readonly string[] | null;
  readonly table_options: readonly string[] | null;
}

const KINDS = {
  r: 'table',
  v: 'view',
  m: 'materialized_view',
  f: 'foreign_table',
  p: 'partitioned_table',
} as const satisfies Record<string, DatasetKind>;

function toField(row: FieldRow, at: number): HarvestedField {
  const type: CatalogType = {
    typeName: row.type_name,
    typeType: row.type_type,
    isArray: row.is_array,
    typeModifier: row.type_modifier,
  };
  return {
    name: row.name,
    // Dropped columns leave gaps in attnum; the place among the living ones has none.
    ordinal: at + 1,
    nativeType: row.native_type,
    typeFamily: typeFamily(type),
    ...typeLimits(type),
    nullable: row.nullable,
    ...given({ defaultExpression: row.default_expression, comment: row.comment, generated: row.generated }),
  };
}

const toKey = (row: KeyRow, database: string): HarvestedKey => ({
  kind: row.kind,
  name: row.name,
  fields: row.fields,
  ...(row.ref_schema !== null && row.ref_name !== null && row.ref_fields !== null
    ? { refQualifiedName: qualifiedName(database, row.ref_schema, row.ref_name), refFields: row.ref_fields }
    : {}),
  validated: row.validated,
});

function toConstraint({ kind, name, field, quoted_field, definition }: ConstraintRow): HarvestedConstraint[] {
  if (kind === 'not_null') return [{ kind, field, ...given({ name }) }];
  const checked = readCheck(definition ?? '', quoted_field ?? '');
  return Object.keys(checked).length === 0 ? [] : [{ kind, field, name: name ?? '', ...checked }];
}

/**
 * The table behind a foreign table of postgres_fdw. Without `dbname` the remote database depends on who asks, so
 * nothing is said. Other wrappers have options of their own.
 */
function toForeignTable(
  row: ForeignRow | undefined,
  schema: string,
  table: string,
  fields: readonly FieldRow[],
): ForeignTable | undefined {
  if (row?.wrapper !== 'postgres_fdw') return undefined;
  const server = optionsOf(row.server_options);
  const remote = optionsOf(row.table_options);
  const database = server.get('dbname');
  if (database === undefined) return undefined;
  return {
    namespace: namespaceOf(server.get('host') ?? 'localhost', Number(server.get('port') ?? 5432)),
    name: qualifiedName(database, remote.get('schema_name') ?? schema, remote.get('table_name') ?? table),
    columns: Object.fromEntries(
      fields.map((field) => [field.name, optionsOf(field.foreign_options).get('column_name') ?? field.name]),
    ),
  };
}

const optionsOf = (options: readonly string[] | null): ReadonlyMap<string, string> =>
  new Map(
    (options ?? []).map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]),
  );

function byDataset<T extends { readonly dataset_id: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.dataset_id);
    if (group === undefined) groups.set(row.dataset_id, [row]);
    else group.push(row);
  }
  return groups;
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The properties that have a value: an absent comment is no property, rather than an empty one. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Given<T>;
}
