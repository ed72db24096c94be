import { termOf } from '../bind-expression.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import { type Ask, type Compiled } from '../rule-kind.js';
import { all, column, countWhen, type From, present, type Sort, table, type Term, type Test, typeOf } from './term.js';

export const VALUE = 'v';
export const PREVIOUS = 'p';

/** The present values of a column, each beside the one before it: columns `v` and `p` of `w`, and `k1` … for the groups. */
export function besideThePrevious(
  target: DatasetFacts,
  where: Test,
  of: ColumnFact,
  groups: readonly ColumnFact[],
  order: readonly Sort[],
): { from: From; value: Term; previous: Term; items: readonly { as: string; term: Term }[] } {
  const term = termOf(of);
  const keys = groups.map((each) => termOf(each));
  const value = column('w', VALUE, typeOf(term));
  const previous = column('w', PREVIOUS, typeOf(term));
  return {
    value,
    previous,
    items: [
      ...groups.map((each, at) => ({ as: each.name, term: column('w', `k${at + 1}`, typeOf(termOf(each))) })),
      { as: of.name, term: value },
      { as: 'the one before', term: previous },
    ],
    from: {
      is: 'query',
      as: 'w',
      select: {
        items: [
          ...keys.map((each, at) => ({ as: `k${at + 1}`, term: each })),
          { as: VALUE, term },
          { as: PREVIOUS, term: { is: 'window', fn: 'lag', of: term, partition: keys, order, type: typeOf(term) } },
        ],
        from: table(target),
        where: all(where, present(term)),
      },
    },
  };
}

/** Rows that have one before them are checked; those that do not follow it are violations. */
export function compiledSteps({ from, previous, items }: ReturnType<typeof besideThePrevious>, broken: Test): Compiled {
  const violation = all(present(previous), broken);
  const measure: Ask = {
    is: 'query',
    on: 'target',
    maxRows: 1,
    select: {
      items: [
        { as: 'rows', term: countWhen() },
        { as: 'checked', term: countWhen(present(previous)) },
        { as: 'violations', term: countWhen(violation) },
      ],
      from,
    },
  };
  return { asks: { measure }, failing: { items, from, where: violation } };
}
