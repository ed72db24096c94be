import {
  type DatasetKind,
  type ForeignTable,
  type HarvestedConstraint,
  type HarvestedDataset,
  type HarvestedField,
  type HarvestedIndex,
  type HarvestedKey,
  type HarvestedRoutine,
  type RoutineKind,
} from '#core/connector-kit';
import { qualifiedName } from '#kernel';

import {
  type ConstraintRow,
  type DatasetRow,
  type FieldArrays,
  type ForeignRow,
  type IndexRow,
  type RoutineRow,
} from './catalog-rows.js';
import { readCheck } from './check-clause.js';
import { namespaceOf } from './names.js';
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
  const [, scope, name, , kind, owner, comment, viewSql, , partitionKey, fields, constraints, indexes, foreign] = row;
  const [rows, bytes, partitions] = row[14];
  const [enforced, ownRows] = [row[15], row[16]];
  const all = constraints ?? [];
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
    keys: [
      ...all.flatMap((each) => toKey(each, database)),
      ...(indexes ?? []).flatMap((index) => toUndeclaredKey(index, enforced && ownRows)),
    ],
    constraints: toConstraints(all, fields, enforced),
    ...(kind === 'v'
      ? {}
      : {
          checks: all.flatMap(([type, check, validated, , , , , expression]) =>
            type === 'c' && expression !== null ? [{ name: check, expression, validated }] : [],
          ),
          indexes: (indexes ?? []).map(toIndex),
        }),
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

const KEY_KINDS = { p: 'primary', u: 'unique', f: 'foreign' } as const;

function toKey(row: ConstraintRow, database: string): HarvestedKey[] {
  const [type, name, validated, fields, refScope, refName, refFields] = row;
  if (type === 'c' || type === 'n' || fields === null) return [];
  const ref =
    refScope !== null && refName !== null && refFields !== null
      ? { refQualifiedName: qualifiedName(database, refScope, refName), refFields }
      : {};
  return [{ kind: KEY_KINDS[type], name, fields, ...ref, validated }];
}

/** A unique index that no constraint declares vouches as well, unless it has a condition or an expression. */
function toUndeclaredKey([name, , unique, parts, condition, declared]: IndexRow, validated: boolean): HarvestedKey[] {
  const fields = parts.flatMap(([field]) => (field === null ? [] : [field]));
  if (!unique || declared || condition !== null || fields.length < parts.length) return [];
  return [{ kind: 'unique', name, fields, validated }];
}

/** Columns that never lack a value, and conditions on one column, as far as every row is known to obey. */
function toConstraints(
  all: readonly ConstraintRow[],
  arrays: FieldArrays | null,
  enforced: boolean,
): HarvestedConstraint[] {
  const ofOneField = (wanted: 'c' | 'n') =>
    all.flatMap(([type, name, validated, fields, , , , expression]) =>
      type === wanted && fields?.length === 1 ? [{ name, validated, field: fields[0]!, expression }] : [],
    );
  const declared = new Map(ofOneField('n').map((each) => [each.field, each]));
  const [names, , , marks] = arrays ?? [];
  const notNull = (names ?? []).flatMap((field, at): HarvestedConstraint[] => {
    const { name, validated = enforced } = declared.get(field) ?? {};
    return marks![at]![2] === 'n' && validated ? [{ kind: 'not_null', field, ...given({ name }) }] : [];
  });
  const checks = ofOneField('c').flatMap(({ name, validated, field, expression }): HarvestedConstraint[] => {
    const checked = validated && expression !== null ? readCheck(expression, field) : {};
    return Object.keys(checked).length === 0 ? [] : [{ kind: 'check', field, name, ...checked }];
  });
  return [...notNull, ...checks];
}

const toIndex = ([name, kind, unique, parts, condition]: IndexRow): HarvestedIndex => ({
  name,
  kind,
  unique,
  parts: parts.map(([field, expression]) => (field === null ? { expression: expression ?? '' } : { field })),
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
  const [, scope, name, , kind, language, identity, args, returns, body, owner, comment] = row;
  return {
    scope,
    name,
    kind: ROUTINES[kind],
    // Several functions can have one name; the types of their arguments tell them apart.
    qualifiedName: qualifiedName(database, scope, `${name}(${identity})`),
    language,
    arguments: args,
    ...given({ returns, body, owner, comment }),
  };
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The properties that have a value: an absent comment is no property, rather than an empty one. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Given<T>;
}
