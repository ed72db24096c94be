import { type ClientBase } from 'pg';

import { type CatalogQuestion, type Rank, RANKS, snapshotRows } from './catalog-queries.js';
import { streamRows } from './stream-rows.js';

/** What every row begins with: its place among the objects. */
type Place<R extends Rank> = readonly [rank: R, scope: string, name: string, id: string];

export type SchemaRow = Place<typeof RANKS.schema>;

export type DatasetRow = readonly [
  ...Place<typeof RANKS.dataset>,
  kind: 'r' | 'v' | 'm' | 'f' | 'p',
  owner: string,
  comment: string | null,
  viewSql: string | null,
  readable: boolean | null,
  partitionKey: string | null,
  fields: FieldArrays | null,
  constraints: readonly ConstraintRow[] | null,
  indexes: readonly IndexRow[] | null,
  foreign: ForeignRow | null,
  sizes: readonly [rows: number | null, bytes: number | null, partitions: number | null],
  /** What the table declares holds for all rows that show in it. */
  enforced: boolean,
  /** No rows of children show in it. */
  ownRows: boolean,
];

/** One array a property; all are NULL for a table without columns. */
export type FieldArrays = readonly [
  names: readonly string[] | null,
  nativeTypes: readonly string[],
  typeNames: readonly string[],
  /** pg_type.typtype; A for an array; n for NOT NULL; i for identity, g for generated; a dash for none of these. */
  marks: readonly string[],
  typeModifiers: readonly number[],
  typeIds: readonly number[],
  expressions: readonly (string | null)[],
  comments: readonly (string | null)[],
];

export type ConstraintRow = readonly [
  kind: 'p' | 'u' | 'f' | 'c' | 'n',
  name: string,
  /** Every row obeys it. */
  validated: boolean,
  fields: readonly string[] | null,
  refScope: string | null,
  refName: string | null,
  refFields: readonly string[] | null,
  expression: string | null,
];

export type IndexRow = readonly [
  name: string,
  kind: string,
  unique: boolean,
  parts: readonly (readonly [field: string | null, expression: string | null])[],
  condition: string | null,
  declared: boolean,
];

type Options = readonly string[] | null;

export type ForeignRow = readonly [
  wrapper: string,
  server: Options,
  table: Options,
  fields: readonly (readonly [name: string, options: Options])[] | null,
];

export type RoutineRow = readonly [
  ...Place<typeof RANKS.routine>,
  kind: 'f' | 'p' | 'a' | 'w',
  language: string,
  identity: string,
  args: string,
  returns: string | null,
  body: string | null,
  owner: string,
  comment: string | null,
];

export type CatalogRow = SchemaRow | DatasetRow | RoutineRow;

/** The rows of a snapshot as they arrive, some at a time. */
export async function* catalogRows(
  client: ClientBase,
  question: CatalogQuestion,
): AsyncGenerator<CatalogRow[], void, undefined> {
  for await (const rows of streamRows(client, snapshotRows(question)))
    yield rows.map((row) => JSON.parse(row) as CatalogRow);
}
