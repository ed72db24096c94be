import { type Ask } from '../rule-kind.js';
import { all, countWhen, type Select, table, type Term, type Test, TRUE } from '../sql/term.js';

type ScanAsk = Extract<Ask, { is: 'rows' | 'values' }>;

/** One ask's part of a scan that it shares with others. */
export interface ScanPart {
  readonly rule: number;
  readonly ask: string;
  readonly what: ScanAsk;
  readonly where: Test;
}

/** Where a part's values stand in the row that comes back: name of the value by name of the statement's column. */
export type Slots = Readonly<Record<string, string>>;

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
    const columns = Object.entries(valuesOf(part.what)).map(
      ([name, term]) => [name, place(filtered(term, filter))] as const,
    );
    return { part, columns: Object.fromEntries(columns) };
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

const valuesOf = (ask: ScanAsk): Readonly<Record<string, Term>> =>
  ask.is === 'values'
    ? ask.values
    : { rows: countWhen(), checked: countWhen(ask.checked), violations: countWhen(ask.violation) };

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
