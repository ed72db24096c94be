import { type Static, type TObject } from 'typebox';

import { type TypeFamily, type Words } from '#core/connector-kit';

import { termOf } from './bind-expression.js';
import { type Proof } from './constraint-proof.js';
import { type ColumnFact, type DatasetFacts, type OtherFacts, type SeriesPoint } from './facts.js';
import { type Quantity } from './quantity.js';
import { type Dimension, type NullPolicy, type Rule } from './rule.js';
import { brokenThough } from './sql/nullness.js';
import { absent, any, not, notTrue, type Select, type Term, type Test, TRUE } from './sql/term.js';
import { type Status } from './verdict.js';

/** One row that a statement gave, by the names of its columns; numbers as texts. */
export type MeasuredRow = Readonly<Record<string, string | null>>;

/** What came back for each ask of a kind, by the ask's name. */
export type Measurements = Readonly<Record<string, readonly MeasuredRow[]>>;

/** What was counted, in whole numbers. */
export interface Counts {
  readonly rows: bigint;
  readonly checked: bigint;
  readonly violations: bigint;
  /** For a kind that measures one value: that value; absent when there is none, as the average of nothing. */
  readonly value?: Quantity;
  readonly metrics?: Readonly<Record<string, bigint | string>>;
}

/** What a kind gets to compile a rule: columns that exist, parameters that fit. */
export interface Bound<P> {
  readonly target: DatasetFacts;
  readonly columns: readonly ColumnFact[];
  readonly params: P;
  readonly nullPolicy: NullPolicy;
  /** Which rows of the target are looked at; its rows are called `t`. `rows` and `values` are filtered already. */
  readonly where: Test;
  readonly other?: OtherFacts;
  /** The time of the run, from who started it. */
  readonly now: Date;
  /** Why SQL that people wrote must not be run; there is none unless the plan was given a reader of SQL. */
  readonly refusalOf?: (sql: string) => string | undefined;
  /** Earlier measurements of the same thing, oldest first, from who started the run. */
  readonly series: readonly SeriesPoint[];
}

/** What a kind asks of the data. */
export type Ask =
  /** Of each row: is it checked, does it break the rule? Counted in one scan with other rules. Gives `rows`, `checked`, `violations`. */
  | { readonly is: 'rows'; readonly checked: Test; readonly violation: Test }
  /** Aggregates over the rows, in one scan with other rules. */
  | { readonly is: 'values'; readonly values: Readonly<Record<string, Term>> }
  /** A statement of its own. */
  | {
      readonly is: 'query';
      readonly on: 'target' | 'other';
      readonly select: Select;
      readonly maxRows: number;
      /** Makes little of much as soon as it has come: only what this gives is kept until the rule is judged. */
      readonly fold?: (rows: readonly MeasuredRow[]) => readonly MeasuredRow[];
      /** Whether it can be asked at all is the question: gives `reached` 1 or 0, `ms` and `reason`, and never an error. */
      readonly attempt?: true;
    }
  /** SQL that people wrote and a reader let through, sent as it is. */
  | { readonly is: 'sql'; readonly sql: string; readonly maxRows: number }
  /** What is known without asking. */
  | { readonly is: 'known'; readonly row: MeasuredRow };

/** A rule as questions. */
export interface Compiled {
  /** By name; `measure` is the one whose counts are taken when the kind does not count itself. */
  readonly asks: Readonly<Record<string, Ask>>;
  /** For a kind that measures one value: the type as which a threshold of metric `value` is read. */
  readonly measures?: TypeFamily;
  /** Asked only when the first asks leave the verdict open. */
  readonly then?: {
    /** As a function when what is asked depends on the first answers. */
    readonly asks: Readonly<Record<string, Ask>> | ((measured: Measurements) => Readonly<Record<string, Ask>>);
    readonly isOpen: (measured: Measurements) => boolean;
  };
  /** Which rows are checked, of a kind that constraints can prove and whose asks do not say it. */
  readonly looksAt?: Test;
  /** Some rows that break the rule; when left out, those that the ask of shape `rows` counts. */
  readonly failing?: Select;
}

/** A small table and what the rule finds in it. Run on every engine by the tests, and shown in the docs. */
export interface Example {
  readonly title: string;
  /** Columns by name, with the family of their type. */
  readonly columns: Readonly<Record<string, ColumnFact['typeFamily']>>;
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly other?: Pick<Example, 'columns' | 'rows'>;
  /** Earlier measurements that the run is given. */
  readonly series?: readonly SeriesPoint[];
  readonly rule: Partial<Omit<Rule, 'kind' | 'params'>> & { readonly params?: Readonly<Record<string, unknown>> };
  readonly expect: {
    readonly status: Status;
    readonly rows?: number;
    readonly checked?: number;
    readonly violations?: number;
    readonly metrics?: Readonly<Record<string, string>>;
    /** How many failing rows, or groups, are shown. */
    readonly failingRows?: number;
  };
}

/** A kind of rule as its author writes it. */
export interface RuleKindDefinition<P extends TObject> {
  readonly code: string;
  readonly title: Words;
  readonly description: Words;
  readonly dimension: Dimension;
  /** How many columns the rule names; `[0, 0]` for a rule on the whole dataset. */
  readonly columns: readonly [fewest: number, most: number];
  /** A second dataset: not needed, one that the same statement can read, or any. */
  readonly other: 'none' | 'same_connection' | 'any';
  /** Whether the common `nullPolicy` means something here. */
  readonly nullPolicy: boolean;
  readonly params: P;
  /** What a row, or the dataset, that obeys is like: the first half of each sentence. */
  says(rule: { readonly columns: readonly string[]; readonly params: Static<P> }): Words;
  compile(bound: Bound<Static<P>>): Compiled;
  /**
   * The constraints of the source by which no row of the whole dataset can break the rule. Asked for rules without a filter and without
   * a scope only. Whether there is a row to check is looked up beside.
   */
  provenBy?(bound: Bound<Static<P>>): Proof;
  /** Counts from measured rows; when left out, `rows`, `checked` and `violations` of the measure. */
  count?(measurements: Measurements, params: Static<P>, bound: Bound<Static<P>>): Counts;
  /** What was found, the second half of the sentence, where "… of … rows" does not fit. */
  found?(counts: Counts): Words | undefined;
  readonly examples: readonly Example[];
}

/** A kind of rule, as the engine uses it: its parameters are known to fit once `checkRule` has seen them. */
export type RuleKind = RuleKindDefinition<TObject>;

/**
 * Makes a kind of rule: one value in one file of `rule-kinds`, and a line in `rule-kinds/index.ts`.
 *
 * @example
 * export const notNull = defineRuleKind({
 *   code: 'not_null',
 *   …
 *   compile: ({ columns }) => [{ purpose: 'measure', on: 'target', question: { shape: 'rows', … } }],
 *   examples: [{ title: 'one is missing', columns: { x: 'text' }, rows: [['a'], [null]], rule: { columns: ['x'] }, … }],
 * });
 */
export function defineRuleKind<P extends TObject>(definition: RuleKindDefinition<P>): RuleKind {
  // The engine hands a kind only the parameters that the kind's own schema let through.
  return definition;
}

/** What a rule about single rows asks: `passes` says what a row without absent values has to be like. */
export function rowsThatPass(
  columns: readonly ColumnFact[],
  passes: Test,
  nullPolicy: NullPolicy,
): Extract<Ask, { is: 'rows' }> {
  const terms = columns.map((each) => termOf(each));
  const missing = any(...terms.map(absent));
  switch (nullPolicy) {
    case 'ignore':
      return { is: 'rows', checked: not(missing), violation: brokenThough(terms, passes) };
    case 'pass':
      return { is: 'rows', checked: TRUE, violation: brokenThough(terms, passes) };
    case 'fail':
      return { is: 'rows', checked: TRUE, violation: any(missing, notTrue(passes)) };
    default:
      return nullPolicy satisfies never;
  }
}

/** What is shown of failing rows: the columns that tell one row from another, then those that the rule looks at. */
export function itemsShown({ columns, keyColumns = [] }: DatasetFacts, looked: readonly ColumnFact[]): Select['items'] {
  const keys = keyColumns.flatMap((name) => columns.filter((each) => each.name === name));
  const shown = new Map([...keys, ...looked].map((each) => [each.name, each]));
  return [...shown.values()].map((each) => ({ as: each.name, term: termOf(each) }));
}
