import { termOf } from '../bind-expression.js';
import {
  addFractions,
  compareFractions,
  type Decimal,
  type Fraction,
  multiplyFractions,
  negated,
  toFraction,
} from '../exact.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import { sameWriting } from '../quantity.js';
import { type Ask, type MeasuredRow } from '../rule-kind.js';
import { table, type Term, type Test } from './term.js';

/** More groups than these are not compared: they would have to be held in memory. */
export const MOST_GROUPS = 10_000;

/** Figures of a dataset, or of each of its groups: columns `k1` … and the figures. */
export function askFigures(
  on: 'target' | 'other',
  dataset: DatasetFacts,
  where: Test,
  keys: readonly ColumnFact[],
  figures: Readonly<Record<string, Term>>,
): Ask {
  const alias = on === 'target' ? 't' : 'o';
  const terms = keys.map((each) => termOf(each, alias));
  return {
    is: 'query',
    on,
    maxRows: keys.length === 0 ? 1 : MOST_GROUPS,
    select: {
      items: [
        ...terms.map((term, at) => ({ as: `k${at + 1}`, term })),
        ...Object.entries(figures).map(([as, term]) => ({ as, term })),
      ],
      from: table(dataset, alias),
      where,
      ...(keys.length === 0 ? {} : { groupBy: terms }),
    },
  };
}

/** The groups of both sides, matched by their keys: two engines may write the same number or time differently. */
export function matched(
  here: readonly MeasuredRow[],
  there: readonly MeasuredRow[],
  keys: readonly ColumnFact[],
): readonly { readonly here?: MeasuredRow; readonly there?: MeasuredRow }[] {
  const keyOf = (row: MeasuredRow) =>
    JSON.stringify(keys.map(({ typeFamily }, at) => sameWriting(row[`k${at + 1}`] ?? null, comparedAs(typeFamily))));
  const groups = new Map<string, { here?: MeasuredRow; there?: MeasuredRow }>();
  for (const row of here) groups.set(keyOf(row), { here: row });
  for (const row of there) groups.set(keyOf(row), { ...groups.get(keyOf(row)), there: row });
  return [...groups.values()];
}

/** A whole number here may be a decimal there. */
const comparedAs = (family: ColumnFact['typeFamily']): ColumnFact['typeFamily'] =>
  family === 'integer' || family === 'float' ? 'decimal' : family;

/** Whether two numbers are as near as one of two tolerances allows; the relative one is of the second. */
export function isNear(one: Fraction, other: Fraction, absolute: Decimal, relative: Decimal): boolean {
  const apart = magnitude(addFractions(one, negated(other)));
  return (
    compareFractions(apart, toFraction(absolute)) <= 0 ||
    compareFractions(apart, multiplyFractions(toFraction(relative), magnitude(other))) <= 0
  );
}

const magnitude = (fraction: Fraction): Fraction => (fraction.numerator < 0n ? negated(fraction) : fraction);
