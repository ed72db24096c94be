import { termOf } from '../bind-expression.js';
import { literalOf, localOf, momentOf } from '../calendar.js';
import { type ColumnFact } from '../facts.js';
import {
  all,
  call,
  compared,
  DECIMAL,
  FLOAT,
  INTEGER,
  number,
  type Term,
  type TermType,
  type Test,
  value,
} from '../sql/term.js';
import { typedValue } from '../typed-values.js';
import { beginOfPeriod, type Window } from './window.js';

const DAY = 86_400_000;
const SECONDS = { hour: 3_600, day: 86_400, week: 604_800 } as const;
const TIMESTAMP: TermType = { family: 'timestamp' };

/** A column as points in time: a date is the midnight with which it begins. */
export const timeOf = (column: ColumnFact): Term =>
  column.typeFamily === 'date' ? { is: 'cast', of: termOf(column), type: TIMESTAMP, safe: false } : termOf(column);

/** A time of the zone's clocks as a literal for that. */
export function timeLiteral(local: number, column: ColumnFact, zone: string): Term {
  const as: ColumnFact = column.typeFamily === 'date' ? { name: column.name, typeFamily: 'timestamp' } : column;
  const moment = momentOf(local, zone);
  const text =
    as.typeFamily === 'timestamptz' ? literalOf(moment, as, zone) : new Date(local).toISOString().slice(0, -1);
  return value(typedValue(text, as, ['columns']));
}

/** Rows of the window's whole periods, or of some time before it besides. */
export function within(window: Window, column: ColumnFact, before = 0): Test {
  const at = (local: number) => timeLiteral(local, column, window.zone);
  const time = timeOf(column);
  return all(compared(time, 'gte', at(window.begin - before)), compared(time, 'lt', at(window.end)));
}

/** In which period of the window a row lies, counted from 0. */
export function periodTerm(window: Window, column: ColumnFact): Term {
  const { unit, count } = window.bucket;
  if (unit === 'month') return byBounds(window, column);
  const begin = timeLiteral(window.begin, column, window.zone);
  const apart = call('seconds_between', DECIMAL, begin, timeOf(column));
  const shifted = column.typeFamily === 'timestamptz' ? call('add', DECIMAL, apart, shift(window, column)) : apart;
  const place = call('floor', FLOAT, call('divide', FLOAT, shifted, number(SECONDS[unit] * count)));
  return { is: 'cast', of: place, type: INTEGER, safe: false };
}

/** Months have no length, so that their bounds are written out. */
function byBounds(window: Window, column: ColumnFact): Term {
  const time = timeOf(column);
  const whens = Array.from({ length: window.periods }, (_, n): readonly [Test, Term] => [
    compared(time, 'lt', timeLiteral(beginOfPeriod(window, n + 1), column, window.zone)),
    number(n),
  ]);
  return { is: 'case', whens, otherwise: number(window.periods) };
}

/** By how many seconds clocks of the zone were put forward since the window began: a day of summer time begins an hour early. */
function shift({ zone, begin, end }: Window, column: ColumnFact): Term {
  const ahead = (moment: number) => localOf(moment, zone) - moment;
  const from = momentOf(begin, zone);
  const whens: (readonly [Test, Term])[] = [];
  for (let at = from; zone !== 'UTC' && at < momentOf(end, zone); at += DAY) {
    if (ahead(at) === ahead(at + DAY)) continue;
    let [low, high] = [at, at + DAY];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (ahead(middle) === ahead(at)) low = middle;
      else high = middle;
    }
    const since = value(typedValue(literalOf(high, column, zone), column, ['columns']));
    // The latest change comes first, as the first that holds decides.
    whens.unshift([compared(timeOf(column), 'gte', since), number((ahead(high) - ahead(from)) / 1_000)]);
  }
  return whens.length === 0 ? number(0) : { is: 'case', whens, otherwise: number(0) };
}
