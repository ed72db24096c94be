import { type ConstraintFact, type DatasetFacts, type OtherFacts } from './facts.js';
import { compareQuantities, quantityOf } from './quantity.js';
import { type ColumnFact } from './facts.js';

/** Constraints that together prove a rule; undefined when they do not. */
export type Proof = readonly ConstraintFact[] | undefined;

type Of<T extends ConstraintFact['is']> = Extract<ConstraintFact, { is: T }>;

const constraintsOf = <T extends ConstraintFact['is']>({ vouched }: DatasetFacts, is: T): readonly Of<T>[] =>
  (vouched?.constraints ?? []).filter((each): each is Of<T> => each.is === is);

/** Each of the columns always has a value. */
export function provenPresent(target: DatasetFacts, names: readonly string[]): Proof {
  const found = names.map((name) => constraintsOf(target, 'not_null').find(({ column }) => column === name));
  return found.every((each) => each !== undefined) ? found : undefined;
}

/**
 * No two rows have the same values in the columns. A unique constraint looks away from rows in which one of its columns is absent; so it
 * proves a rule that looks at such rows only when there are none.
 */
export function provenUnique(target: DatasetFacts, names: readonly string[], ignoresAnyNull: boolean): Proof {
  for (const unique of constraintsOf(target, 'unique')) {
    // Rows that differ in some of the columns differ.
    if (!unique.columns.every((name) => names.includes(name))) continue;
    if (ignoresAnyNull) return [unique];
    const present = provenPresent(target, unique.columns);
    if (present !== undefined) return [unique, ...present];
  }
  return undefined;
}

/** Each row's values are found together in the other dataset's columns, unless one of them is absent. */
export function provenFound(
  target: DatasetFacts,
  names: readonly string[],
  other: OtherFacts,
  refNames: readonly string[],
): Proof {
  const pairs = (here: readonly string[], there: readonly string[]) =>
    JSON.stringify(here.map((name, at) => [name, there[at]]).sort());
  const wanted = pairs(names, refNames);
  const foreign = constraintsOf(target, 'foreign').find(
    ({ columns, refersTo, refColumns }) =>
      other.sameConnection && refersTo === other.name && pairs(columns, refColumns) === wanted,
  );
  return foreign && [foreign];
}

/** Families whose bounds a constraint and a rule read alike. A float of single precision is not what it says. */
const EXACT = ['integer', 'decimal', 'date'];

interface Bounds {
  readonly min?: string | number;
  readonly max?: string | number;
  readonly strictMin: boolean;
  readonly strictMax: boolean;
}

/** The values that are there lie between the bounds. */
export function provenBetween(target: DatasetFacts, column: ColumnFact, bounds: Bounds): Proof {
  if (!EXACT.includes(column.typeFamily)) return undefined;
  const checks = constraintsOf(target, 'check').filter((each) => each.column === column.name);
  const sides = [
    sideProof(checks, 'min', bounds.min, bounds.strictMin, column),
    sideProof(checks, 'max', bounds.max, bounds.strictMax, column),
  ].filter((each) => each !== 'open');
  const found = sides.filter((each) => each !== undefined);
  return found.length === sides.length && found.length > 0 ? [...new Set(found)] : undefined;
}

function sideProof(
  checks: readonly Of<'check'>[],
  side: 'min' | 'max',
  wanted: string | number | undefined,
  strict: boolean,
  { typeFamily }: ColumnFact,
): Of<'check'> | 'open' | undefined {
  if (wanted === undefined) return 'open';
  const limit = quantityOf(wanted, typeFamily);
  return checks.find((check) => {
    const given = check[side];
    const bound = given && quantityOf(given.value, typeFamily);
    if (given === undefined || bound === undefined || limit === undefined) return false;
    const inside = side === 'min' ? compareQuantities(bound, limit) : compareQuantities(limit, bound);
    return inside > 0 || (inside === 0 && (given.strict || !strict));
  });
}

/** The values that are there are among these. Texts only: what a number looks like may differ. */
export function provenAmong(target: DatasetFacts, column: ColumnFact, values: readonly unknown[]): Proof {
  if (column.typeFamily !== 'text') return undefined;
  const check = constraintsOf(target, 'check').find(
    (each) => each.column === column.name && each.values?.every((value) => values.includes(value)) === true,
  );
  return check && [check];
}

/** A proof together with others; none when one of them is missing. */
export const provenTogether = (...proofs: readonly Proof[]): Proof =>
  proofs.every((each) => each !== undefined) ? [...new Set(proofs.flat())] : undefined;
