import {
  type DatasetKind,
  type ForeignTable,
  type HarvestedDataset,
  type HarvestedField,
  type HarvestedIndex,
  type HarvestedRoutine,
  type RoutineKind,
} from '#core/connector-kit';
import { qualifiedName } from '#kernel';

import { type DatasetRow, type FieldArrays, type ForeignRow, type IndexRow, type RoutineRow } from './catalog-rows.js';
import { given } from './given.js';
import { namespaceOf } from './names.js';
import { namesByNumber, toConstraints } from './to-constraints.js';
import { typeFamily, typeLimits } from './type-family.js';

/** The type under a domain, by the domain's oid. */
export type Domains = ReadonlyMap<number, DomainRow>;

export interface DomainRow {
  /** An int8, as text. */
  readonly domain: string;
  readonly type_name: string;
  readonly is_array: boolean;
  readonly type_modifier: number;
  /** The domain, or one under it, is NOT NULL. */
  readonly required: boolean;
}

const KINDS = {
  r: 'table',
  v: 'view',
  m: 'materialized_view',
  f: 'foreign_table',
  p: 'partitioned_table',
} as const satisfies Record<string, DatasetKind>;

export function toDataset(row: DatasetRow, database: string, domains: Domains): HarvestedDataset {
  const [, scope, name, , kind, owner, comment, viewSql, , partitionKey, fields, , indexes, foreign] = row;
  const [rows, bytes, partitions] = row[15];
  const { keys, checks, constraints } = toConstraints(row, database);
  const nameOf = namesByNumber(fields);
  return {
    scope,
    name,
    kind: KINDS[kind],
    qualifiedName: qualifiedName(database, scope, name),
    ...given({
      comment,
      viewSql,
      owner,
      rowEstimate: rows,
      sizeBytes: bytes,
      partitions: partitionKey === null ? null : { key: partitionKey, count: partitions ?? 0 },
      foreignOf: foreign === null ? null : toForeignTable(foreign, scope, name),
    }),
    fields: toFields(fields, domains),
    keys,
    constraints,
    ...(kind === 'v' ? {} : { checks, indexes: (indexes ?? []).map((index) => toIndex(index, nameOf)) }),
  };
}

function toFields(arrays: FieldArrays | null, domains: Domains): HarvestedField[] {
  const [names, nativeTypes, typeNames, marks, modifiers, typeIds, expressions, comments] = arrays ?? [];
  return (names ?? []).map((name, at) => {
    const mark = marks![at]!;
    const domain = mark.startsWith('d') ? domains.get(typeIds![at]!) : undefined;
    const own = modifiers![at]!;
    const type =
      domain === undefined
        ? { typeName: typeNames![at]!, isArray: mark[1] === 'A', typeModifier: own }
        : {
            typeName: domain.type_name,
            isArray: domain.is_array,
            typeModifier: own >= 0 ? own : domain.type_modifier,
          };
    const expression = expressions![at];
    const computed = mark[3] === 'i' ? 'identity' : mark[3] === 'g' ? expression : null;
    return {
      name,
      // Dropped columns leave gaps in attnum; the place among the living ones has none.
      ordinal: at + 1,
      nativeType: nativeTypes![at]!,
      typeFamily: typeFamily(type),
      ...typeLimits(type),
      nullable: mark[2] !== 'n' && domain?.required !== true,
      ...given({
        defaultExpression: mark[3] === 'g' ? null : expression,
        comment: comments![at],
        generated: computed,
      }),
    };
  });
}

const toIndex = (
  [name, kind, unique, numbers, expressions, condition]: IndexRow,
  nameOf: (number: number) => string,
): HarvestedIndex => ({
  name,
  kind,
  unique,
  parts: numbers.map((number, at) =>
    number === 0 ? { expression: expressions?.[at] ?? '' } : { field: nameOf(number) },
  ),
  ...given({ condition }),
});

/**
 * The table behind a foreign table of postgres_fdw. Without `dbname` the remote database depends on who asks, so
 * nothing is said. Other wrappers have options of their own.
 */
function toForeignTable(
  [wrapper, serverOptions, tableOptions, fields]: ForeignRow,
  scope: string,
  table: string,
): ForeignTable | undefined {
  if (wrapper !== 'postgres_fdw') return undefined;
  const server = optionsOf(serverOptions);
  const remote = optionsOf(tableOptions);
  const database = server.get('dbname');
  if (database === undefined) return undefined;
  return {
    namespace: namespaceOf(server.get('host') ?? 'localhost', Number(server.get('port') ?? 5432)),
    name: qualifiedName(database, remote.get('schema_name') ?? scope, remote.get('table_name') ?? table),
    columns: Object.fromEntries(
      (fields ?? []).map(([field, options]) => [field, optionsOf(options).get('column_name') ?? field]),
    ),
  };
}

const optionsOf = (options: readonly string[] | null): ReadonlyMap<string, string> =>
  new Map(
    (options ?? []).map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]),
  );

const ROUTINES = { f: 'function', p: 'procedure', a: 'aggregate', w: 'window' } as const satisfies Record<
  string,
  RoutineKind
>;

export function toRoutine(row: RoutineRow, database: string): HarvestedRoutine {
  const [, scope, name, , kind, language, identity, args, returns, body, owner, comment, triggers, searchPath] = row;
  return {
    scope,
    name,
    kind: ROUTINES[kind],
    // Several functions can have one name; the types of their arguments tell them apart.
    qualifiedName: qualifiedName(database, scope, `${name}(${identity})`),
    language,
    arguments: args,
    ...given({ returns, body, owner, comment, triggers, searchPath }),
  };
}
