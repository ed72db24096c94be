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
  constraints: ConstraintArrays,
  indexes: readonly IndexRow[] | null,
  foreign: ForeignRow | null,
  /** Whether other tables' rows show in it, and foreign ones among them. */
  heirs: 'own' | 'foreign' | null,
  sizes: readonly [rows: number | null, bytes: number | null, partitions: number | null],
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
  numbers: readonly number[],
];

/** One array a property; all are NULL where there is none. Fields are given by their numbers. */
export type ConstraintArrays = readonly [
  kinds: readonly ('p' | 'u' | 'f' | 'c' | 'n')[] | null,
  names: readonly string[],
  sound: readonly boolean[],
  /** It does not hold for the rows of children. */
  ownOnly: readonly boolean[],
  /** Of a constraint on one field. */
  numbers: readonly (number | null)[],
  more: readonly (ForeignKeyPart | CheckPart | readonly [numbers: readonly number[]] | null)[],
];

export type ForeignKeyPart = readonly [
  numbers: readonly number[],
  refScope: string,
  refName: string,
  refFields: readonly string[],
];

export type CheckPart = readonly [expression: string, quotedField: string | null];

export type IndexRow = readonly [
  name: string,
  kind: string,
  unique: boolean,
  /** 0 for an expression. */
  numbers: readonly number[],
  expressions: readonly string[] | null,
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
  triggers: readonly string[] | null,
  searchPath: string | null,
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
