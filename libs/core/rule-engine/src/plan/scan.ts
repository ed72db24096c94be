import { type Ask } from '../rule-kind.js';
import { oppositeOfAbsence } from '../sql/nullness.js';
import { all, countWhen, type Select, table, type Term, type Test, TRUE } from '../sql/term.js';

type ScanAsk = Extract<Ask, { is: 'rows' | 'values' }>;

/** One ask's part of a scan that it shares with others. */
export interface ScanPart {
  readonly rule: number;
  readonly ask: string;
  readonly what: ScanAsk;
  readonly where: Test;
}

/** Where a value stands in the row that comes back: the name of a column, or of two of which the second is taken off the first. */
export type Slot = string | { readonly of: string; readonly less: string };

/** Where a part's values stand, by their names. */
export type Slots = Readonly<Record<string, Slot>>;

export interface Scan {
  readonly select: Select;
  readonly slots: readonly { readonly part: ScanPart; readonly columns: Slots }[];
}

/**
 * One SELECT for many asks of the same dataset. Rules with the same filter share its WHERE; otherwise each value has its own. What
 * two rules ask alike is computed once.
 */
export function scanOf(relation: string, parts: readonly ScanPart[]): Scan {
  const wheres = new Set(parts.map(({ where }) => JSON.stringify(where)));
  const shared = wheres.size === 1 ? parts[0]!.where : undefined;
  const items = new Map<string, { as: string; term: Term }>();
  const place = (term: Term): string => {
    const key = JSON.stringify(term);
    const known = items.get(key);
    if (known !== undefined) return known.as;
    const as = `v${items.size + 1}`;
    items.set(key, { as, term });
    return as;
  };
  const slots = parts.map((part) => {
    const filter = shared === undefined ? part.where : TRUE;
    const at = (term: Term) => place(filtered(term, filter));
    return { part, columns: part.what.is === 'values' ? mapped(part.what.values, at) : countsOf(part.what, at) };
  });
  return {
    select: {
      items: [...items.values()],
      from: table({ relation }),
      ...(shared === undefined ? {} : { where: shared }),
    },
    slots,
  };
}

const mapped = (values: Readonly<Record<string, Term>>, at: (term: Term) => string): Slots =>
  Object.fromEntries(Object.entries(values).map(([name, term]) => [name, at(term)]));

/**
 * Most rows are checked and few are not: to count those few takes less than to count all others, and several rules share what they
 * leave out with a rule that wants a value.
 */
function countsOf({ checked, violation }: Extract<ScanAsk, { is: 'rows' }>, at: (term: Term) => string): Slots {
  const rows = at(countWhen());
  const leftOut = oppositeOfAbsence(checked);
  const counted = leftOut === undefined ? at(countWhen(checked)) : { of: rows, less: at(countWhen(leftOut)) };
  return { rows, checked: counted, violations: at(countWhen(violation)) };
}

/** The same value, of those rows only that pass the filter. Aggregates may stand inside calls. */
function filtered(term: Term, filter: Test): Term {
  if (filter.is === 'all' && filter.of.length === 0) return term;
  switch (term.is) {
    case 'aggregate':
      return { ...term, when: term.when === undefined ? filter : all(filter, term.when) };
    case 'call':
      return { ...term, args: term.args.map((arg) => filtered(arg, filter)) };
    case 'cast':
      return { ...term, of: filtered(term.of, filter) };
    case 'case':
    case 'window':
      throw new Error(`a ${term.is} among the values of a scan`);
    case 'replaced':
      return { ...term, of: filtered(term.of, filter) };
    case 'column':
    case 'value':
    case 'number':
    case 'null':
      return term;
    default:
      return term satisfies never;
  }
}
