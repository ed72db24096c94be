import { termOf } from '../bind-expression.js';
import { type ColumnFact, type DatasetFacts } from '../facts.js';
import { type Ask, type MeasuredRow } from '../rule-kind.js';
import {
  all,
  call,
  column,
  countWhen,
  FLOAT,
  type From,
  INTEGER,
  present,
  table,
  type Term,
  type Test,
  TRUE,
} from './term.js';

const double = (of: Term): Term => ({ is: 'cast', of, type: FLOAT, safe: false });
const aggregate = (fn: 'sum' | 'avg', of: Term): Term => ({ is: 'aggregate', fn, of, type: FLOAT });
const times = (one: Term, other: Term): Term => call('multiply', FLOAT, one, other);

/** Rows beside the means of their columns: sums of powers of raw values cancel out, those of distances from the mean do not. */
function besideMeans(target: DatasetFacts, where: Test, columns: readonly ColumnFact[]) {
  const there = all(where, ...columns.map((each) => present(termOf(each))));
  const means: From = {
    is: 'query',
    as: 'm',
    select: {
      items: columns.map((each, at) => ({ as: `m${at + 1}`, term: aggregate('avg', double(termOf(each))) })),
      from: table(target),
      where: there,
    },
  };
  const apart = columns.map((each, at) =>
    call('subtract', FLOAT, double(termOf(each)), column('m', `m${at + 1}`, FLOAT)),
  );
  const from: From = { is: 'join', kind: 'inner', left: table(target), right: means, on: TRUE };
  return { apart, from, where: there };
}

/** Asks for the sums of the second, third and fourth powers of the distances from the mean. */
export function askMoments(target: DatasetFacts, where: Test, of: ColumnFact): Ask {
  const { apart, ...rest } = besideMeans(target, where, [of]);
  const d = apart[0]!;
  const square = times(d, d);
  return {
    is: 'query',
    on: 'target',
    maxRows: 1,
    select: {
      items: [
        { as: 'n', term: countWhen() },
        { as: 's2', term: aggregate('sum', square) },
        { as: 's3', term: aggregate('sum', times(square, d)) },
        { as: 's4', term: aggregate('sum', times(square, square)) },
      ],
      ...rest,
    },
  };
}

/** Asks for the sums from which Pearson's correlation of two columns is made. */
export function askCorrelation(target: DatasetFacts, where: Test, columns: readonly ColumnFact[]): Ask {
  const { apart, ...rest } = besideMeans(target, where, columns);
  const [x, y] = [apart[0]!, apart[1]!];
  return {
    is: 'query',
    on: 'target',
    maxRows: 1,
    select: {
      items: [
        { as: 'xx', term: aggregate('sum', times(x, x)) },
        { as: 'yy', term: aggregate('sum', times(y, y)) },
        { as: 'xy', term: aggregate('sum', times(x, y)) },
      ],
      ...rest,
    },
  };
}

/** Asks how many rows each combination of values has, summed up as entropy needs it: `n` and the sum of `n·ln n`. */
export function askEntropy(
  target: DatasetFacts,
  where: Test,
  columns: readonly ColumnFact[],
  required: readonly ColumnFact[],
): Ask {
  const terms = columns.map((each) => termOf(each));
  const n = double(column('g', 'n', INTEGER));
  return {
    is: 'query',
    on: 'target',
    maxRows: 1,
    select: {
      items: [
        { as: 'n', term: aggregate('sum', n) },
        { as: 's', term: aggregate('sum', times(n, call('ln', FLOAT, n))) },
      ],
      from: {
        is: 'query',
        as: 'g',
        select: {
          items: [...terms.map((term, at) => ({ as: `k${at + 1}`, term })), { as: 'n', term: countWhen() }],
          from: table(target),
          where: all(where, ...required.map((each) => present(termOf(each)))),
          groupBy: terms,
        },
      },
    },
  };
}

const numberIn = (row: MeasuredRow, name: string): number | undefined => {
  const text = row[name];
  return text == null ? undefined : Number(text);
};

/** g₁ = m₃ / m₂^1.5 of the whole population; undefined without spread. */
export function skewnessIn(row: MeasuredRow): number | undefined {
  const [n, s2, s3] = ['n', 's2', 's3'].map((name) => numberIn(row, name));
  return n === undefined || !s2 ? undefined : s3! / n / (s2 / n) ** 1.5;
}

/** g₂ = m₄ / m₂² - 3 of the whole population: 0 for a normal distribution; undefined without spread. */
export function kurtosisIn(row: MeasuredRow): number | undefined {
  const [n, s2, s4] = ['n', 's2', 's4'].map((name) => numberIn(row, name));
  return n === undefined || !s2 ? undefined : s4! / n / (s2 / n) ** 2 - 3;
}

/** r = Σdxdy / √(Σdx²·Σdy²); undefined when one column has no spread. */
export function correlationIn(row: MeasuredRow): number | undefined {
  const [xx, yy, xy] = ['xx', 'yy', 'xy'].map((name) => numberIn(row, name));
  return !xx || !yy ? undefined : xy! / Math.sqrt(xx * yy);
}

/** H = ln N - Σ n·ln n / N, in nats. */
export function entropyIn(row: MeasuredRow): number | undefined {
  const [n, s] = ['n', 's'].map((name) => numberIn(row, name));
  return !n ? undefined : Math.max(0, Math.log(n) - s! / n);
}
