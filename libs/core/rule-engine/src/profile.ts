import { type QueryResult } from '#core/connector-kit';

import { termOf } from './bind-expression.js';
import { type ColumnFact, type DatasetFacts } from './facts.js';
import { countIn, measuredRows, oneRow } from './measured-row.js';
import { type PlannedStatement, type PlanOptions } from './plan/plan-rules.js';
import { NUMBERS, ORDERED, type Quantity, quantityText } from './quantity.js';
import { type Ask } from './rule-kind.js';
import { SQL_DIALECTS } from './sql/dialects/index.js';
import { occurrences, occurring, OCCURS } from './sql/occurrences.js';
import { askQuantiles, quantileIn } from './sql/ranks.js';
import { render } from './sql/render.js';
import { call, countWhen, FLOAT, INTEGER, present, type Select, table, type Term, TRUE, typeOf } from './sql/term.js';

/** What a column is like. Counts and values are texts, as in verdicts. */
export interface ColumnProfile {
  readonly column: string;
  readonly rows: string;
  readonly nulls: string;
  /** Different values; absent for documents, which have no notion of "the same". */
  readonly distinct?: string;
  readonly min?: string;
  readonly max?: string;
  readonly avg?: string;
  readonly stddev?: string;
  readonly shortest?: string;
  readonly longest?: string;
  /** By quantile: `0.5` is the median. */
  readonly quantiles: Readonly<Record<string, string>>;
  /** The most frequent values, the most frequent first. */
  readonly top: readonly { readonly value: string; readonly rows: string }[];
}

export interface ProfileOptions extends Pick<PlanOptions, 'dialect'> {
  readonly quantiles?: readonly string[];
  /** How many of the most frequent values; none for columns whose values are secret. */
  readonly top?: (column: string) => number;
}

/** The questions of a profile, and how its answers are read. */
export interface ProfilePlan {
  readonly statements: readonly PlannedStatement[];
  /** Reads the answers, in the order of the statements. */
  read(answers: readonly QueryResult[]): ColumnProfile[];
}

const QUANTILES = ['0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99'];

/**
 * Plans the profile of a dataset: one scan for all columns, and for each column a statement for its quantiles and one for its most
 * frequent values.
 *
 * @example
 * const plan = planProfile(facts, { dialect: 'postgres' });
 * plan.read(await Promise.all(plan.statements.map(({ sql, params, maxRows }) => connection.query(sql, params, { ...call, maxRows }))));
 */
export function planProfile(
  target: DatasetFacts,
  { dialect, quantiles = QUANTILES, top = () => 10 }: ProfileOptions,
): ProfilePlan {
  const statements: PlannedStatement[] = [];
  const ask = (select: Select, maxRows: number): number => {
    statements.push({ purpose: 'measure', on: 'target', ...render(select, SQL_DIALECTS[dialect]), maxRows });
    return statements.length - 1;
  };
  const figures = target.columns.flatMap((column, at) =>
    Object.entries(figuresOf(column)).map(([name, term]) => ({ as: `c${at + 1}_${name}`, term })),
  );
  const scan = ask({ items: [{ as: 'rows', term: countWhen() }, ...figures], from: table(target) }, 1);
  const more = target.columns.map((column) => {
    const most = top(column.name);
    const ranks = askQuantiles(target, TRUE, column, quantiles, 'linear') as Extract<Ask, { is: 'query' }>;
    return {
      column,
      ranks: NUMBERS.includes(column.typeFamily) ? ask(ranks.select, ranks.maxRows) : undefined,
      top: most === 0 || column.typeFamily === 'json' ? undefined : ask(topOf(target, column, most), most),
    };
  });
  return {
    statements,
    read: (answers) => {
      const rows = (at: number) => measuredRows(answers[at]!);
      const all = oneRow(rows(scan));
      return more.map(({ column, ranks, top: frequent }, at) => {
        const of = (name: string) => all[`c${at + 1}_${name}`] ?? undefined;
        const given = {
          distinct: of('distinct'),
          min: of('min'),
          max: of('max'),
          avg: of('avg'),
          stddev: of('stddev'),
          shortest: of('shortest'),
          longest: of('longest'),
        };
        return {
          column: column.name,
          rows: String(countIn(all, 'rows')),
          nulls: String(countIn(all, 'rows') - BigInt(of('there') ?? '0')),
          ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
          quantiles: Object.fromEntries(
            (ranks === undefined ? [] : quantiles).flatMap((q) => {
              const value: Quantity | undefined = quantileIn(rows(ranks!), q, 'linear', column.typeFamily);
              return value === undefined ? [] : [[q, quantityText(value)]];
            }),
          ),
          top: (frequent === undefined ? [] : rows(frequent)).map((row) => ({
            value: row['v'] ?? '',
            rows: row['n'] ?? '0',
          })),
        };
      });
    },
  };
}

function figuresOf(column: ColumnFact): Record<string, Term> {
  const of = termOf(column);
  const aggregate = (fn: 'min' | 'max' | 'avg' | 'stddev', term = of): Term => ({
    is: 'aggregate',
    fn,
    of: term,
    type: fn === 'min' || fn === 'max' ? typeOf(term) : FLOAT,
  });
  const length = call('length', INTEGER, of);
  return {
    there: countWhen(present(of)),
    ...(column.typeFamily === 'json'
      ? {}
      : { distinct: { is: 'aggregate', fn: 'count', distinct: true, of, type: INTEGER } }),
    ...(ORDERED.includes(column.typeFamily) ? { min: aggregate('min'), max: aggregate('max') } : {}),
    ...(NUMBERS.includes(column.typeFamily) ? { avg: aggregate('avg'), stddev: aggregate('stddev') } : {}),
    ...(column.typeFamily === 'text' ? { shortest: aggregate('min', length), longest: aggregate('max', length) } : {}),
  };
}

function topOf(target: DatasetFacts, column: ColumnFact, most: number): Select {
  const [value] = occurring([column]);
  return {
    items: [
      { as: 'v', term: value! },
      { as: 'n', term: OCCURS },
    ],
    from: occurrences(target, TRUE, [column]),
    where: present(value!),
    // The value as well, so that those equally frequent come in the same order each time.
    orderBy: [{ by: OCCURS, descending: true }, { by: value! }],
    limit: most,
  };
}
