import { type TypeFamily } from '#core/connector-kit';

import { fault } from '../bind-expression.js';
import { type ColumnFact } from '../facts.js';
import { NUMBERS } from '../quantity.js';
import { type MeasuredRow } from '../rule-kind.js';
import {
  absent,
  any,
  call,
  compared,
  countWhen,
  FLOAT,
  INTEGER,
  number,
  type Term,
  type Test,
  TEXT,
  value,
} from '../sql/term.js';

/** A figure of a column in one period: what is asked in SQL, and how it is read together with the number of rows. */
interface ColumnMetric {
  readonly fits: readonly TypeFamily[] | 'all';
  readonly term: (of: Term) => Term;
  /** In percent of the rows. */
  readonly percent?: true;
  /** What is not counted by the term. */
  readonly rest?: true;
}

const aggregate = (fn: Extract<Term, { is: 'aggregate' }>['fn'], of: Term): Term => ({
  is: 'aggregate',
  fn,
  of,
  type: FLOAT,
});
const text = (written: string): Term => value({ family: 'text', text: written });
const length = (of: Term): Term => call('length', INTEGER, of);
const zero = (of: Term): Test => compared(of, 'eq', number(0));
const missing = (of: Term): Test =>
  any(
    absent(of),
    compared(call('trim', TEXT, of), 'eq', text('')),
    compared(call('lower', TEXT, of), 'eq', text('null')),
  );
const truth = (of: Term): Test => ({ is: 'truth', of });
const untruth = (of: Term): Test => ({ is: 'not', of: truth(of) });

const counted = (test: (of: Term) => Test) => (of: Term) => countWhen(test(of));

const numbers = (fn: Parameters<typeof aggregate>[0]): ColumnMetric => ({
  fits: NUMBERS,
  term: (of) => aggregate(fn, of),
});
const texts = (fn: Parameters<typeof aggregate>[0]): ColumnMetric => ({
  fits: ['text'],
  term: (of) => aggregate(fn, length(of)),
});

const METRICS = {
  null_count: { fits: 'all', term: counted(absent) },
  null_percent: { fits: 'all', term: counted(absent), percent: true },
  not_null_percent: { fits: 'all', term: counted(absent), percent: true, rest: true },
  distinct_count: {
    fits: 'all',
    term: (of: Term): Term => ({ is: 'aggregate', fn: 'count', distinct: true, of, type: INTEGER }),
  },
  min: numbers('min'),
  max: numbers('max'),
  avg: numbers('avg'),
  sum: numbers('sum'),
  stddev: numbers('stddev'),
  variance: numbers('variance'),
  zero_count: { fits: NUMBERS, term: counted(zero) },
  zero_percent: { fits: NUMBERS, term: counted(zero), percent: true },
  not_zero_percent: { fits: NUMBERS, term: counted(zero), percent: true, rest: true },
  min_length: texts('min'),
  max_length: texts('max'),
  avg_length: texts('avg'),
  missing_count: { fits: ['text'], term: counted(missing) },
  missing_percent: { fits: ['text'], term: counted(missing), percent: true },
  not_missing_percent: { fits: ['text'], term: counted(missing), percent: true, rest: true },
  true_count: { fits: ['boolean'], term: counted(truth) },
  false_count: { fits: ['boolean'], term: counted(untruth) },
} as const satisfies Record<string, ColumnMetric>;

export type ColumnMetricName = keyof typeof METRICS;
export const COLUMN_METRICS = Object.keys(METRICS) as ColumnMetricName[];

const metricOf = (name: ColumnMetricName): ColumnMetric => METRICS[name];

/** What is asked for each metric, by its name; beside them stands `n`, the number of rows. Throws `InvalidInput` for one that does not fit. */
export function termsOfMetrics(
  column: ColumnFact,
  names: readonly ColumnMetricName[],
): (of: Term) => Record<string, Term> {
  for (const [at, name] of names.entries()) {
    const { fits } = metricOf(name);
    if (fits !== 'all' && !fits.includes(column.typeFamily))
      throw fault(`"${column.name}" is ${column.nativeType ?? column.typeFamily}, which has no ${name}`, [
        'params',
        'metrics',
        String(at),
      ]);
  }
  return (of) => Object.fromEntries(names.map((name) => [name, metricOf(name).term(of)]));
}

/** The metric of a period with rows; undefined when its rows have none, as the average of nothing. */
export function metricIn(row: MeasuredRow, name: ColumnMetricName): number | undefined {
  const given = row[name];
  if (given == null) return undefined;
  const { percent, rest } = metricOf(name);
  const rows = Number(row['n']);
  const counts = rest === true ? rows - Number(given) : Number(given);
  return percent === true ? (100 * counts) / rows : counts;
}
