import { type TypeFamily } from '#core/connector-kit';

import { oppositeOfAbsence } from '../sql/nullness.js';
import { all, countWhen, INTEGER, type Select, table, type Term, type Test, TRUE } from '../sql/term.js';
import { type BoundScope } from '../scope.js';
import { type Ask } from '../rule-kind.js';
import { difference, type Slot, type Slots, sum } from './slots.js';

export type ScanAsk = Extract<Ask, { is: 'rows' | 'values' }>;

/** One ask's part of a scan that it shares with others. */
export interface ScanPart {
  readonly rule: number;
  readonly ask: string;
  readonly what: ScanAsk;
  readonly where: Test;
}

export interface Scan {
  readonly select: Select;
  readonly slots: readonly { readonly part: ScanPart; readonly columns: Slots }[];
}

/** Types whose values every engine counts by `count(x)`. */
const COUNTABLE: readonly TypeFamily[] = [
  ...(['text', 'integer', 'decimal', 'float', 'boolean', 'date', 'time', 'timestamp', 'timestamptz', 'uuid'] as const),
];

/**
 * One SELECT for many asks of the same part of a dataset. Rules with the same filter share its WHERE; otherwise each value has its own. What
 * two rules ask alike is computed once.
 */
export function scanOf(
  { relation, scope: { rows, sample } = ALL_ROWS }: Scanned,
  parts: readonly ScanPart[],
  countsColumns = false,
): Scan {
  const wheres = new Set(parts.map(({ where }) => JSON.stringify(where)));
  const shared = wheres.size === 1 ? parts[0]!.where : undefined;
  const items = new Map<string, { as: string; term: Term }>();
  const place = (term: Term): Slot => {
    const key = JSON.stringify(term);
    const as = items.get(key)?.as ?? `v${items.size + 1}`;
    items.set(key, { as, term });
    return [{ column: as, sign: 1 }];
  };
  const slots = parts.map(({ what, where, ...part }) => {
    const filter = shared === undefined ? where : TRUE;
    const counted = (test: Test): Slot => {
      // Engines count a column's values faster than they look at each.
      if (countsColumns && test.is === 'null' && test.of.is === 'column' && COUNTABLE.includes(test.of.type.family))
        return difference(counted(TRUE), place(filtered({ ...countWhen(), of: test.of } as Term, filter)));
      return place(filtered(countWhen(test), filter));
    };
    return { part: { what, where, ...part }, columns: slotsOf(what, counted, (term) => place(filtered(term, filter))) };
  });
  return {
    select: {
      items: [...items.values()],
      from: { is: 'table', relation, as: 't', ...(sample === undefined ? {} : { sample }) },
      where: all(rows, shared ?? TRUE),
    },
    slots,
  };
}

/** What a scan reads. */
export interface Scanned {
  readonly relation: string;
  readonly scope?: BoundScope;
}

const ALL_ROWS: BoundScope = { rows: TRUE };

/**
 * Each count by a branch of its own, `SELECT 7 AS at, count(*) AS n … UNION ALL …`. Where columns are stored apart, a branch reads only
 * its own, and what the statistics of a file rule out is not read at all.
 */
export function countsApart({ relation, scope = ALL_ROWS }: Scanned, parts: readonly ScanPart[]): Scan {
  const tests = new Map<string, { readonly at: number; readonly where: Test }>();
  const slots = parts.map((part) => {
    const counted = (test: Test): Slot => {
      const where = all(scope.rows, part.where, test);
      const key = JSON.stringify(where);
      const known = tests.get(key) ?? { at: tests.size + 1, where };
      tests.set(key, known);
      return [{ column: `v${known.at}`, sign: 1 }];
    };
    return { part, columns: slotsOf(part.what, counted, notACount) };
  });
  const at = { family: 'integer', nativeType: 'small' } as const;
  const branches = [...tests.values()].map(({ at: place, where }): Select => ({
    items: [
      { as: 'at', term: { is: 'number', number: place } },
      { as: 'n', term: countWhen() },
    ],
    from: table({ relation }),
    where,
  }));
  return {
    select: {
      items: [
        { as: 'at', term: { is: 'column', of: 'u', name: 'at', type: at } },
        { as: 'n', term: { is: 'column', of: 'u', name: 'n', type: INTEGER } },
      ],
      from: { is: 'union', as: 'u', selects: branches },
    },
    slots,
  };
}

/** Whether an ask counts rows and does nothing else. */
export const onlyCounts = (ask: ScanAsk): boolean =>
  ask.is === 'rows' || Object.values(ask.values).every((term) => countedIn(term) !== undefined);

const notACount = (): never => {
  throw new TypeError('an ask that does not only count rows cannot be counted apart');
};

/** The test whose rows a term counts; undefined when it does something else. */
const countedIn = (term: Term): Test | undefined =>
  term.is === 'aggregate' && term.fn === 'count' && term.of === undefined ? (term.when ?? TRUE) : undefined;

function slotsOf(ask: ScanAsk, counted: (test: Test) => Slot, place: (term: Term) => Slot): Slots {
  if (ask.is === 'rows') return countsOf(ask, counted);
  return Object.fromEntries(
    Object.entries(ask.values).map(([name, term]) => {
      const test = countedIn(term);
      return [name, test === undefined ? place(term) : counted(test)];
    }),
  );
}

/**
 * Most rows are checked and few are not: to count those few takes less than to count all others, and several rules share what they
 * leave out with a rule that wants a value.
 */
function countsOf({ checked, violation }: Extract<ScanAsk, { is: 'rows' }>, counted: (test: Test) => Slot): Slots {
  const rows = counted(TRUE);
  const violations = counted(violation);
  const leftOut = oppositeOfAbsence(checked);
  if (leftOut !== undefined) return { rows, checked: difference(rows, counted(leftOut)), violations };
  const passed = otherThan(violation, checked);
  return { rows, checked: passed === undefined ? counted(checked) : sum(counted(passed), violations), violations };
}

/** Where checked rows are those that pass and those that do not: the test of those that pass. */
function otherThan(violation: Test, checked: Test): Test | undefined {
  if (checked.is !== 'any' || checked.of.length !== 2 || violation.is !== 'true' || violation.of.is !== 'not')
    return undefined;
  const [passes, breaks] = checked.of;
  const apart = JSON.stringify(breaks) === JSON.stringify(violation);
  return apart && JSON.stringify(passes) === JSON.stringify({ is: 'true', of: violation.of.of }) ? passes : undefined;
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
