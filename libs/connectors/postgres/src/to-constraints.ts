import { type HarvestedCheck, type HarvestedConstraint, type HarvestedKey } from '#core/connector-kit';
import { qualifiedName } from '#kernel';

import { type CheckPart, type DatasetRow, type FieldArrays, type ForeignKeyPart } from './catalog-rows.js';
import { readCheck } from './check-clause.js';
import { given } from './given.js';

/** What a dataset declares of its rows, and which of it holds for every row that a SELECT shows. */
export interface Declared {
  readonly keys: readonly HarvestedKey[];
  readonly checks: readonly HarvestedCheck[];
  readonly constraints: readonly HarvestedConstraint[];
}

const KEY_KINDS = { p: 'primary', u: 'unique', f: 'foreign' } as const;

/** The names of fields by their numbers in pg_attribute. */
export function namesByNumber(fields: FieldArrays | null): (number: number) => string {
  const [names, , , , , , , , numbers] = fields ?? [];
  const known = new Map((numbers ?? []).map((number, at) => [number, names![at]!]));
  return (number) => known.get(number) ?? '';
}

/**
 * Reads keys, checks and NOT NULLs. A key holds for the rows of a table itself, not for those of its children, which a SELECT shows as
 * well; partitions have the key too. Nobody enforces what a foreign table among the heirs declares.
 */
export function toConstraints(row: DatasetRow, database: string): Declared {
  const [kinds, names, sound, ownOnly, numbers, more] = row[11];
  const [kind, heirs] = [row[4], row[14]];
  const nameOf = namesByNumber(row[10]);
  const ownRows = kind === 'p' || heirs === null;
  const enforced = heirs !== 'foreign';
  const keys: HarvestedKey[] = [];
  const checks: HarvestedCheck[] = [];
  const constraints: HarvestedConstraint[] = [];
  const required = new Map<string, { readonly name: string; readonly holds: boolean }>();
  (kinds ?? []).forEach((letter, at) => {
    const name = names[at]!;
    const part = more[at] ?? null;
    const only = numbers[at] ?? null;
    // One that is not inherited says nothing of the rows of children.
    const holds = sound[at]! && enforced && (!ownOnly[at]! || heirs === null);
    switch (letter) {
      case 'p':
      case 'u':
      case 'f': {
        const [several, refScope, refName, refFields] = (part ?? []) as Partial<ForeignKeyPart>;
        const fields = (several ?? (only === null ? [] : [only])).map(nameOf);
        const ref =
          refScope === undefined || refName === undefined
            ? {}
            : { refQualifiedName: qualifiedName(database, refScope, refName), refFields: refFields ?? [] };
        const validated = sound[at]! && enforced && ownRows;
        keys.push({ kind: KEY_KINDS[letter], name, fields, ...ref, validated });
        return;
      }
      case 'c': {
        const [expression, quoted] = part as CheckPart;
        checks.push({ name, expression, validated: holds });
        const said = holds && only !== null && quoted !== null ? readCheck(`CHECK (${expression})`, quoted) : {};
        if (Object.keys(said).length > 0) constraints.push({ kind: 'check', field: nameOf(only!), name, ...said });
        return;
      }
      case 'n':
        if (only !== null) required.set(nameOf(only), { name, holds });
        return;
      default:
        letter satisfies never;
    }
  });
  const isStored = kind === 'r' || kind === 'p';
  return {
    keys: [...keys, ...undeclaredKeys(row, nameOf, ownRows && enforced)],
    checks,
    constraints: isStored ? [...constraints, ...notNulls(row[10], required, enforced)].sort(byField) : [],
  };
}

/** A unique index that no constraint declares vouches as well, unless it has a condition or an expression. */
const undeclaredKeys = (row: DatasetRow, nameOf: (number: number) => string, validated: boolean): HarvestedKey[] =>
  (row[12] ?? []).flatMap(([name, , unique, numbers, expressions, condition, declared]): HarvestedKey[] =>
    unique && !declared && condition === null && expressions === null
      ? [{ kind: 'unique', name, fields: numbers.map(nameOf), validated }]
      : [],
  );

/**
 * Columns that never lack a value. A domain's NOT NULL is none of these: rows get past it. Since PostgreSQL 18 a NOT NULL is a constraint
 * of its own, which may be NOT VALID or not inherited.
 */
function notNulls(
  fields: FieldArrays | null,
  named: ReadonlyMap<string, { readonly name: string; readonly holds: boolean }>,
  enforced: boolean,
): HarvestedConstraint[] {
  const [names, , , marks] = fields ?? [];
  return (names ?? []).flatMap((field, at): HarvestedConstraint[] => {
    const constraint = named.get(field);
    if (marks![at]![2] !== 'n' || !enforced || constraint?.holds === false) return [];
    return [{ kind: 'not_null', field, ...given({ name: constraint?.name }) }];
  });
}

const byField = (one: HarvestedConstraint, other: HarvestedConstraint): number =>
  compare(one.kind, other.kind) || compare(one.field, other.field) || compare(one.name ?? '', other.name ?? '');

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
