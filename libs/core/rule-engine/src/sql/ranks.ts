import {
  addFractions,
  type Fraction,
  multiplyFractions,
  negated,
  toDecimal,
  toFraction,
  wholeFraction,
} from '../exact.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import { termOf } from '../bind-expression.js';
import { type Quantity, quantityOf } from '../quantity.js';
import { type Ask, type MeasuredRow } from '../rule-kind.js';
import {
  all,
  any,
  call,
  column,
  compared,
  countWhen,
  DECIMAL,
  FLOAT,
  type From,
  INTEGER,
  integer,
  present,
  type Select,
  table,
  type Term,
  type Test,
  typeOf,
  value,
} from './term.js';

/**
 * `linear` interpolates between the two neighbours of rank `q·(n-1)` (Hyndman and Fan's type 7, as PERCENTILE_CONT); `nearest_rank`
 * takes the first value with at least a share of `q` at or below it (type 1, as PERCENTILE_DISC).
 */
export type QuantileMethod = 'linear' | 'nearest_rank';

const decimal = (text: string): Term => value({ family: 'decimal', text });

/** The present values of a column with their ranks, counted from 1. Every engine has these two windows; few have PERCENTILE_CONT. */
function ranked(target: DatasetFacts, where: Test, of: ColumnFact, partition: readonly ColumnFact[]): From {
  const term = termOf(of);
  const keys = partition.map((each) => termOf(each));
  const select: Select = {
    items: [
      ...keys.map((each, at) => ({ as: `k${at + 1}`, term: each })),
      { as: 'v', term },
      { as: 'r', term: { is: 'window', fn: 'row_number', partition: keys, order: [{ by: term }], type: INTEGER } },
      { as: 'n', term: { is: 'window', fn: 'count', partition: keys, order: [], type: INTEGER } },
    ],
    from: table(target),
    where: all(where, present(term)),
  };
  return { is: 'query', as: 'r', select };
}

const r = column('r', 'r', INTEGER);
const n = column('r', 'n', INTEGER);

/** `q·(n-1)`, the rank counted from 0 and not whole. */
const rankOf = (q: string): Term => call('multiply', DECIMAL, decimal(q), call('subtract', INTEGER, n, integer(1)));

/** The one or two rows from which a quantile is made. */
function neighbours(q: string, method: QuantileMethod): Test {
  if (method === 'linear') {
    const h = rankOf(q);
    return all(compared(r, 'gt', h), compared(r, 'lt', call('add', DECIMAL, h, integer(2))));
  }
  const share = call('multiply', DECIMAL, decimal(q), n);
  const first = all(compared(r, 'eq', integer(1)), compared(share, 'lte', integer(0)));
  const below = compared(call('subtract', INTEGER, r, integer(1)), 'lt', share);
  return any(first, all(below, compared(r, 'gte', share)));
}

/** Asks for the rows from which quantiles are made: columns `v`, `r` and `n`. */
export const askQuantiles = (
  target: DatasetFacts,
  where: Test,
  of: ColumnFact,
  quantiles: readonly string[],
  method: QuantileMethod,
): Ask => ({
  is: 'query',
  on: 'target',
  maxRows: quantiles.length * 2,
  select: {
    items: ['v', 'r', 'n'].map((as) => ({
      as,
      term: as === 'v' ? column('r', as, typeOf(termOf(of))) : as === 'r' ? r : n,
    })),
    from: ranked(target, where, of, []),
    where: any(...quantiles.map((q) => neighbours(q, method))),
  },
});

/** A quantile from those rows; undefined when there are no values. */
export function quantileIn(
  rows: readonly MeasuredRow[],
  q: string,
  method: QuantileMethod,
  family: ColumnFact['typeFamily'],
): Quantity | undefined {
  const count = rows[0]?.['n'];
  if (count == null) return undefined;
  const at = (rank: bigint): Quantity => {
    const row = rows.find((each) => each['r'] === String(rank));
    const found = row?.['v'] == null ? undefined : quantityOf(row['v'], family);
    if (found === undefined) throw new TypeError(`the measured rows have no value of rank ${rank}`);
    return found;
  };
  const share = toFraction(toDecimal(q)!);
  if (method === 'nearest_rank') {
    const { numerator, denominator } = multiplyFractions(share, wholeFraction(BigInt(count)));
    const rank = (numerator + denominator - 1n) / denominator;
    return at(rank < 1n ? 1n : rank);
  }
  const { numerator, denominator } = multiplyFractions(share, wholeFraction(BigInt(count) - 1n));
  const low = at(numerator / denominator + 1n);
  const part: Fraction = { numerator: numerator % denominator, denominator };
  if (part.numerator === 0n || typeof low === 'string') return low;
  const high = at(numerator / denominator + 2n);
  if (typeof high === 'string') return high;
  return addFractions(low, multiplyFractions(part, addFractions(high, negated(low))));
}

/** The quantile of each group, interpolated in the statement: the neighbours weighted by how near they are. */
export function quantileByGroup(
  target: DatasetFacts,
  where: Test,
  of: ColumnFact,
  q: string,
  keys: readonly ColumnFact[],
): { select: Select; measured: Term } {
  const v: Term = { is: 'cast', of: column('r', 'v', typeOf(termOf(of))), type: FLOAT, safe: false };
  const away = call('abs', DECIMAL, call('subtract', DECIMAL, call('subtract', INTEGER, r, integer(1)), rankOf(q)));
  const weight = call('subtract', DECIMAL, integer(1), away);
  const weighted: Term = {
    is: 'aggregate',
    fn: 'sum',
    of: call('multiply', FLOAT, v, { is: 'cast', of: weight, type: FLOAT, safe: false }),
    type: FLOAT,
  };
  const grouped = keys.map((each, at) => column('r', `k${at + 1}`, typeOf(termOf(each))));
  return {
    measured: column('g', 'v', FLOAT),
    select: {
      items: [
        ...grouped.map((term, at) => ({ as: `k${at + 1}`, term })),
        { as: 'n', term: countWhen() },
        { as: 'v', term: weighted },
      ],
      from: ranked(target, where, of, keys),
      where: neighbours(q, 'linear'),
      groupBy: grouped,
    },
  };
}
