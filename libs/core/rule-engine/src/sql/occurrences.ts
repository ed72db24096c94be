import { termOf } from '../bind-expression.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import {
  call,
  column,
  countWhen,
  type From,
  INTEGER,
  integer,
  table,
  type Term,
  type Test,
  TRUE,
  typeOf,
} from './term.js';

/** How many rows a combination of values has, in the rows of `occurrences`. */
export const OCCURS: Term = column('g', 'n', INTEGER);

/** The values of the n-th column of `occurrences`. */
export const occurring = (columns: readonly ColumnFact[]): Term[] =>
  columns.map((each, at) => column('g', `k${at + 1}`, typeOf(termOf(each))));

/** Each combination of values once, with the number of its rows: columns `k1` … and `n` of `g`. */
export function occurrences(target: DatasetFacts, where: Test, columns: readonly ColumnFact[]): From {
  const terms = columns.map((each) => termOf(each));
  return {
    is: 'query',
    as: 'g',
    select: {
      items: [...terms.map((term, at) => ({ as: `k${at + 1}`, term })), { as: 'n', term: countWhen() }],
      from: table(target),
      where,
      groupBy: terms,
    },
  };
}

/** A sum that is zero, not absent, when there is nothing to add. */
export const sumWhen = (of: Term, when: Test = TRUE): Term =>
  call(
    'coalesce',
    INTEGER,
    { is: 'aggregate', fn: 'sum', of, ...(when.is === 'all' && when.of.length === 0 ? {} : { when }), type: INTEGER },
    integer(0),
  );
