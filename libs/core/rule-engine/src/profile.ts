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
  /** How many of the most frequent values. */
  readonly top?: (column: string) => number;
  /** Whether values of a column may be asked for at all: least, greatest, quantiles, most frequent. All may when left out. */
  readonly values?: (column: string) => boolean;
}

/** A question of a profile: the figures of all columns, or the quantiles or most frequent values of one. */
export interface ProfileStatement extends PlannedStatement {
  readonly asks: 'figures' | 'quantiles' | 'top';
  readonly column?: string;
}

/** The questions of a profile, and how its answers are read. */
export interface ProfilePlan {
  /** The figures come first; what they say can show that another question is not worth asking. */
  readonly statements: readonly ProfileStatement[];
  /** Reads the answers, in the order of the statements. Any but the figures' may be missing: then it has nothing of them. */
  read(answers: readonly (QueryResult | undefined)[]): ColumnProfile[];
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
  { dialect, quantiles = QUANTILES, top = () => 10, values = () => true }: ProfileOptions,
): ProfilePlan {
  const statements: ProfileStatement[] = [];
  const ask = (asks: Pick<ProfileStatement, 'asks' | 'column'>, select: Select, maxRows: number): number => {
    const sql = render(select, SQL_DIALECTS[dialect]);
    statements.push({ purpose: 'measure', on: 'target', ...sql, maxRows, ...asks });
    return statements.length - 1;
  };
  const figures = target.columns.flatMap((column, at) =>
    Object.entries(figuresOf(column, values(column.name))).map(([name, term]) => ({ as: `c${at + 1}_${name}`, term })),
  );
  const scan = ask(
    { asks: 'figures' },
    { items: [{ as: 'rows', term: countWhen() }, ...figures], from: table(target) },
    1,
  );
  const more = target.columns.map((column) => {
    const { name, typeFamily } = column;
    const most = values(name) && typeFamily !== 'json' ? top(name) : 0;
    const ranks = askQuantiles(target, TRUE, column, quantiles, 'linear') as Extract<Ask, { is: 'query' }>;
    return {
      column,
      ranks:
        values(name) && NUMBERS.includes(typeFamily)
          ? ask({ asks: 'quantiles', column: name }, ranks.select, ranks.maxRows)
          : undefined,
      top: most === 0 ? undefined : ask({ asks: 'top', column: name }, topOf(target, column, most), most),
    };
  });
  return {
    statements,
    read: (answers) => {
      const rows = (at: number | undefined) => {
        const answer = at === undefined ? undefined : answers[at];
        return answer === undefined ? [] : measuredRows(answer);
      };
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
            quantiles.flatMap((q) => {
              const value: Quantity | undefined = quantileIn(rows(ranks), q, 'linear', column.typeFamily);
              return value === undefined ? [] : [[q, quantityText(value)]];
            }),
          ),
          top: rows(frequent).map((row) => ({
            value: row['v'] ?? '',
            rows: row['n'] ?? '0',
          })),
        };
      });
    },
  };
}

function figuresOf(column: ColumnFact, values: boolean): Record<string, Term> {
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
    ...(values && ORDERED.includes(column.typeFamily) ? { min: aggregate('min'), max: aggregate('max') } : {}),
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
