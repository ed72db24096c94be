import { termOf } from './bind-expression.js';
import { dayText } from './calendar.js';
import { type ColumnFact, type DatasetFacts } from './facts.js';
import { countIn } from './measured-row.js';
import { type Ask, type MeasuredRow } from './rule-kind.js';
import { all, countWhen, present, table, type Term, type Test } from './sql/term.js';

const DAY = 86_400_000;
/** A century and more of days. */
export const MOST_DAYS = 40_000;

/** Asks how many rows each day has: columns `d` and `n`. Weeks and months are made of days here: no two engines cut them alike. */
export function askDays(target: DatasetFacts, where: Test, column: ColumnFact): Ask {
  const term = termOf(column);
  const onDay: Term =
    column.typeFamily === 'date' ? term : { is: 'cast', of: term, type: { family: 'date' }, safe: false };
  return {
    is: 'query',
    on: 'target',
    maxRows: MOST_DAYS,
    select: {
      items: [
        { as: 'd', term: onDay },
        { as: 'n', term: countWhen() },
      ],
      from: table(target),
      where: all(where, present(term)),
      groupBy: [onDay],
    },
  };
}

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** The first day of the period that a day lies in. */
export function beginOf(at: string, unit: Unit): string {
  const date = new Date(`${at}T00:00:00Z`);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'day':
      return at;
    case 'week':
      return dayText(date.getTime() - ((date.getUTCDay() + 6) % 7) * DAY);
    case 'month':
      return dayText(Date.UTC(year, month, 1));
    case 'quarter':
      return dayText(Date.UTC(year, month - (month % 3), 1));
    case 'year':
      return dayText(Date.UTC(year, 0, 1));
    default:
      return unit satisfies never;
  }
}

/** The first day of the period after it. */
export function nextOf(begin: string, unit: Unit): string {
  const date = new Date(`${begin}T00:00:00Z`);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === 'day' || unit === 'week') return dayText(date.getTime() + (unit === 'day' ? 1 : 7) * DAY);
  return dayText(Date.UTC(year, month + (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12), 1));
}

/** Rows of each period, by its first day. */
export function periodsOf(days: readonly MeasuredRow[], unit: Unit): Map<string, bigint> {
  const periods = new Map<string, bigint>();
  for (const row of days) {
    const period = beginOf(row['d']!.slice(0, 10), unit);
    periods.set(period, (periods.get(period) ?? 0n) + countIn(row, 'n'));
  }
  return periods;
}
