import { type Static, type TObject } from 'typebox';

import { type Words } from '#core/connector-kit';

import { type Condition, TRUE } from './condition.js';
import { type ColumnFact, type OtherFacts } from './facts.js';
import { type Question } from './question.js';
import { type Dimension, type NullPolicy, type Rule } from './rule.js';
import { type Status } from './verdict.js';

export type Purpose = 'measure' | 'other_side';

/** One row of counts, by the names in the statement. */
export type MeasuredRow = Readonly<Record<string, string>>;

/** The rows that the plan's statements gave. */
export interface Measurements {
  readonly measure: MeasuredRow;
  readonly otherSide?: MeasuredRow;
}

/** What was counted, in whole numbers. */
export interface Counts {
  readonly rows: bigint;
  readonly checked: bigint;
  readonly violations: bigint;
  readonly metrics?: Readonly<Record<string, bigint | string>>;
}

/** What a kind gets to compile a rule: columns that exist, parameters that fit. */
export interface Bound<P> {
  readonly columns: readonly ColumnFact[];
  readonly params: P;
  readonly nullPolicy: NullPolicy;
  readonly other?: OtherFacts;
}

export interface Ask {
  readonly purpose: Purpose;
  readonly on: 'target' | 'other';
  readonly question: Question;
  /** The filter on the other dataset; the target's is the rule's. */
  readonly where?: Condition;
}

/** A small table and what the rule finds in it. Run on every engine by the tests, and shown in the docs. */
export interface Example {
  readonly title: string;
  /** Columns by name, with the family of their type. */
  readonly columns: Readonly<Record<string, ColumnFact['typeFamily']>>;
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly other?: Pick<Example, 'columns' | 'rows'>;
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
  compile(bound: Bound<Static<P>>): readonly Ask[];
  /** Counts from measured rows; when left out, `rows`, `checked` and `violations` of the measure. */
  count?(measurements: Measurements, params: Static<P>): Counts;
  /** What was found, the second half of the sentence, where "… of … rows" does not fit. */
  found?(counts: Counts): Words;
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

/** The question of a rule about single rows: `passes` says what a row without absent values has to be like. */
export function rowsThatPass(
  columns: readonly ColumnFact[],
  passes: Condition,
  nullPolicy: NullPolicy,
): Pick<Extract<Question, { shape: 'rows' }>, 'columns' | 'checked' | 'violation'> {
  const absent: Condition = { is: 'any', of: columns.map((column) => ({ is: 'null', column })) };
  const present: Condition = { is: 'not', of: absent };
  const broken: Condition = { is: 'not_true', of: passes };
  switch (nullPolicy) {
    case 'ignore':
      return { columns, checked: present, violation: { is: 'all', of: [present, broken] } };
    case 'pass':
      return { columns, checked: TRUE, violation: { is: 'all', of: [present, broken] } };
    case 'fail':
      return { columns, checked: TRUE, violation: { is: 'any', of: [absent, broken] } };
    default:
      return nullPolicy satisfies never;
  }
}
