import { bindExpression, columnOf, comparable, fault, termOf } from '../bind-expression.js';
import { type Condition } from '../expression.js';
import { type ColumnFact, type DatasetFacts, type OtherFacts } from '../facts.js';
import { NUMBERS } from '../quantity.js';
import {
  call,
  column,
  DECIMAL,
  type From,
  INTEGER,
  integer,
  number,
  type Select,
  table,
  type Term,
  type Test,
  TRUE,
  typeOf,
} from './term.js';
import { sumWhen } from './occurrences.js';

/** A column here and the one there that it is compared with. */
export interface Pair {
  readonly here: ColumnFact;
  readonly there: ColumnFact;
}

/** Columns here with those there: of the names given, or of the same names. Throws `InvalidInput` for what cannot be compared. */
export function pairsOf(
  here: readonly ColumnFact[],
  other: DatasetFacts,
  names: readonly string[] | undefined,
  path: readonly string[],
): Pair[] {
  if (names !== undefined && names.length !== here.length)
    throw fault(`it names ${here.length} columns here and ${names.length} there`, path);
  return here.map((each, at) => {
    const there = columnOf(other, names?.[at] ?? each.name, names === undefined ? path : [...path, String(at)]);
    if (!comparable(each, there))
      throw fault(`"${each.name}" and "${there.name}" have types that cannot be compared`, path);
    return { here: each, there };
  });
}

export const whereOf = (condition: Condition | undefined, other: OtherFacts, now: Date): Test =>
  condition === undefined ? TRUE : bindExpression(condition, other, ['params', 'otherWhere'], 'o', now);

/** A number rounded before it is compared. */
function shown(term: Term, precision: number | undefined): Term {
  const rounds = precision !== undefined && NUMBERS.includes(typeOf(term).family) && typeOf(term).family !== 'integer';
  return rounds ? call('round', DECIMAL, term, number(precision)) : term;
}

/** Rows of two datasets, each combination of values once: `k1` …, and how often it occurs `here` and `there`. Absent values are alike. */
export function bothSides(
  target: DatasetFacts,
  where: Test,
  other: DatasetFacts,
  otherWhere: Test,
  pairs: readonly Pair[],
  precision?: number,
): { readonly select: Select; readonly terms: readonly Term[] } {
  const side = (dataset: DatasetFacts, alias: string, test: Test, here: boolean): Select => ({
    items: [
      ...pairs.map((pair, at) => ({
        as: `k${at + 1}`,
        term: shown(termOf(here ? pair.here : pair.there, alias), precision),
      })),
      { as: 'a', term: integer(here ? 1 : 0) },
      { as: 'b', term: integer(here ? 0 : 1) },
    ],
    from: table(dataset, alias),
    where: test,
  });
  const terms = pairs.map(({ here }, at) => column('u', `k${at + 1}`, typeOf(termOf(here))));
  const from: From = {
    is: 'union',
    as: 'u',
    selects: [side(target, 't', where, true), side(other, 'o', otherWhere, false)],
  };
  return {
    terms,
    select: {
      items: [
        ...terms.map((term, at) => ({ as: `k${at + 1}`, term })),
        { as: 'here', term: sumWhen(column('u', 'a', INTEGER)) },
        { as: 'there', term: sumWhen(column('u', 'b', INTEGER)) },
      ],
      from,
      groupBy: terms,
    },
  };
}
