import { termOf } from '../bind-expression.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import { type Ask, type MeasuredRow } from '../rule-kind.js';
import { sameWriting } from '../quantity.js';
import { all, column, INTEGER, table, type Term, type Test, typeOf } from '../sql/term.js';
import { periodTerm, within } from './period-term.js';
import { type PeriodFigure } from './judge-series.js';
import { type Window } from './window.js';

/** Periods times groups: more would have to be held in memory. */
const MOST_FIGURES = 50_000;

/** What is asked of the rows of each period, and perhaps of each group in it. */
export interface SeriesQuestion {
  readonly window: Window;
  readonly time: ColumnFact;
  readonly keys?: readonly ColumnFact[];
  /** Values of single rows, by name. */
  readonly values?: Readonly<Record<string, Term>>;
  /** Figures made of them, by name; `of` gives such a value. */
  readonly figures: (of: (name: string) => Term) => Readonly<Record<string, Term>>;
  /** Rows so long before the window are looked at as well, in milliseconds. */
  readonly before?: number;
}

/** One statement for all periods: columns `p`, the place of the period, `k1` … for the groups, and the figures. */
export function askSeries(target: DatasetFacts, where: Test, question: SeriesQuestion): Ask {
  const { window, time, keys = [], values = {}, figures, before } = question;
  const of = (name: string): Term => column('b', name, typeOf(values[name]!));
  const period = column('b', 'p', INTEGER);
  const groups = keys.map((each, at) => column('b', `k${at + 1}`, typeOf(termOf(each))));
  return {
    is: 'query',
    on: 'target',
    maxRows: MOST_FIGURES,
    select: {
      items: [
        { as: 'p', term: period },
        ...groups.map((term, at) => ({ as: `k${at + 1}`, term })),
        ...Object.entries(figures(of)).map(([as, term]) => ({ as, term })),
      ],
      from: {
        is: 'query',
        as: 'b',
        select: {
          items: [
            { as: 'p', term: periodTerm(window, time) },
            ...keys.map((each, at) => ({ as: `k${at + 1}`, term: termOf(each) })),
            ...Object.entries(values).map(([as, term]) => ({ as, term })),
          ],
          from: table(target),
          where: all(where, within(window, time, before)),
        },
      },
      groupBy: [period, ...groups],
    },
  };
}

export const periodIn = (row: MeasuredRow): number => Number(row['p']);

/** The rows of each group, with the group's values as people read them. */
export function byGroup(
  rows: readonly MeasuredRow[],
  keys: readonly ColumnFact[],
): readonly { readonly group?: string; readonly rows: readonly MeasuredRow[] }[] {
  if (keys.length === 0) return [{ rows }];
  const groups = new Map<string, { group: string; rows: MeasuredRow[] }>();
  for (const row of rows) {
    const values = keys.map((_, at) => row[`k${at + 1}`] ?? null);
    const key = JSON.stringify(values.map((value, at) => sameWriting(value, keys[at]!.typeFamily)));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { group: values.map((value) => value ?? '').join('; '), rows: [row] });
    else known.rows.push(row);
  }
  return [...groups.values()];
}

/** A figure of every period of the window: `otherwise` where no row gave one. */
export function filled(
  figures: readonly PeriodFigure[],
  { periods }: Window,
  from: number,
  otherwise: number,
): PeriodFigure[] {
  const known = new Map(figures.map(({ period, value }) => [period, value]));
  return Array.from({ length: Math.max(0, periods - from) }, (_, at): PeriodFigure => ({
    period: from + at,
    value: known.get(from + at) ?? otherwise,
  }));
}

/** The first period that has rows; none, when no period has any. */
export const firstOf = (figures: readonly PeriodFigure[], { periods }: Window): number =>
  Math.min(...figures.map(({ period }) => period), periods);
