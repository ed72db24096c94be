import { type TypeFamily } from '#core/connector-kit';

import { type Comparison } from '../expression.js';
import { type TypedValue } from '../typed-values.js';

/** The type of a term: the family decides what may be done with it, the native type only how exact a float is. */
export interface TermType {
  readonly family: TypeFamily;
  readonly nativeType?: string;
}

/** Functions of one row. Each dialect writes them so that they mean the same; `functions.ts` says what they mean. */
export const FUNCTIONS = [
  'length',
  'lower',
  'upper',
  'trim',
  'substring',
  'replace',
  'position',
  'concat',
  'coalesce',
  'nullif',
  'abs',
  'round',
  'floor',
  'ceil',
  'add',
  'subtract',
  'multiply',
  'divide',
  'modulo',
  'negate',
  'ln',
  'year',
  'month',
  'day',
  'hour',
  'seconds_between',
  'days_between',
  'add_days',
  'hash',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Functions of many rows. `quantile` interpolates between neighbours; `stddev` and `variance` are of a sample unless `_pop`. */
export const AGGREGATES = [
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'stddev',
  'stddev_pop',
  'variance',
  'variance_pop',
  'quantile',
] as const;
export type AggregateName = (typeof AGGREGATES)[number];

export const WINDOW_FUNCTIONS = ['lag', 'lead', 'row_number', 'count', 'sum', 'min', 'max'] as const;
export type WindowName = (typeof WINDOW_FUNCTIONS)[number];

/**
 * A value of one row (or, with aggregates, of many), whose columns exist and whose literals have the columns' types. This is all
 * that can get into SQL: a name comes from facts, a literal is a typed value, and everything else is one of these words.
 */
export type Term =
  | { readonly is: 'column'; readonly of: string; readonly name: string; readonly type: TermType }
  | { readonly is: 'value'; readonly value: TypedValue }
  | { readonly is: 'null'; readonly type: TermType }
  /** A whole number that a kind or a function's definition brings along: a place, a weight. It is written as it is. */
  | { readonly is: 'number'; readonly number: number }
  /** A text in which whatever the pattern finds is replaced; the pattern is a portable one. */
  | { readonly is: 'replaced'; readonly of: Term; readonly pattern: string; readonly by: string }
  | { readonly is: 'call'; readonly fn: FunctionName; readonly args: readonly Term[]; readonly type: TermType }
  | { readonly is: 'cast'; readonly of: Term; readonly type: TermType; readonly safe: boolean }
  | { readonly is: 'case'; readonly whens: readonly (readonly [Test, Term])[]; readonly otherwise: Term }
  | {
      readonly is: 'aggregate';
      readonly fn: AggregateName;
      /** Without it, `count` counts rows. */
      readonly of?: Term;
      readonly distinct?: boolean;
      /** Only rows for which this is true. */
      readonly when?: Test;
      /** For `quantile`: from 0 to 1. */
      readonly at?: string;
      readonly type: TermType;
    }
  | {
      readonly is: 'window';
      readonly fn: WindowName;
      readonly of?: Term;
      readonly partition: readonly Term[];
      readonly order: readonly Sort[];
      /** Rows before this one only. */
      readonly before?: boolean;
      readonly type: TermType;
    };

export interface Sort {
  readonly by: Term;
  readonly descending?: boolean;
}

/** A condition: true, false, or neither where a value is absent. */
export type Test =
  | { readonly is: 'all' | 'any'; readonly of: readonly Test[] }
  | { readonly is: 'not' | 'not_true' | 'true'; readonly of: Test }
  | { readonly is: 'compared'; readonly by: Comparison; readonly left: Term; readonly right: Term }
  | { readonly is: 'null'; readonly of: Term }
  | { readonly is: 'in'; readonly of: Term; readonly values: readonly TypedValue[] }
  | { readonly is: 'like'; readonly of: Term; readonly pattern: string }
  /** The pattern, a portable one, is found in the text. */
  | { readonly is: 'matches'; readonly of: Term; readonly pattern: string; readonly ignoreCase: boolean }
  /** A term that is a truth value itself. */
  | { readonly is: 'truth'; readonly of: Term }
  /** The combination of terms is among those of some rows. Nothing on either side may be absent. */
  | {
      readonly is: 'found';
      readonly of: readonly Term[];
      readonly keys: readonly Term[];
      readonly from: From;
      readonly where: Test;
    };

/** Rows: of a table, of a query, of two of them joined. `relation` is the quoted name from the connection. */
export type From =
  /** `sample` is the share of the rows that is drawn by chance, as a numeral. */
  | { readonly is: 'table'; readonly relation: string; readonly as: string; readonly sample?: string }
  | { readonly is: 'query'; readonly select: Select; readonly as: string }
  /** All rows of several queries with the same items. With grouping it does what FULL JOIN does, and every engine has it. */
  | { readonly is: 'union'; readonly selects: readonly Select[]; readonly as: string }
  | {
      readonly is: 'join';
      readonly kind: 'left' | 'inner' | 'full';
      readonly left: From;
      readonly right: From;
      readonly on: Test;
    };

/** A query. A kind writes it once; each dialect renders it. */
export interface Select {
  readonly items: readonly { readonly as: string; readonly term: Term }[];
  readonly from: From;
  readonly where?: Test;
  readonly groupBy?: readonly Term[];
  readonly having?: Test;
  readonly orderBy?: readonly Sort[];
  readonly limit?: number;
  readonly distinct?: boolean;
}

export const TRUE: Test = { is: 'all', of: [] };
export const FALSE: Test = { is: 'any', of: [] };

export const INTEGER: TermType = { family: 'integer' };
/** A whole number that stays far from 64 bits whatever is done with it: a place, a length, a weight. */
export const SMALL: TermType = { family: 'integer', nativeType: 'small' };
export const DECIMAL: TermType = { family: 'decimal' };
export const FLOAT: TermType = { family: 'float' };
export const TEXT: TermType = { family: 'text' };

export const all = (...of: readonly Test[]): Test => {
  const parts = of.filter((test) => !(test.is === 'all' && test.of.length === 0));
  return parts.length === 1 ? parts[0]! : { is: 'all', of: parts };
};
export const any = (...of: readonly Test[]): Test => (of.length === 1 ? of[0]! : { is: 'any', of });
export const not = (of: Test): Test => ({ is: 'not', of });
export const notTrue = (of: Test): Test => ({ is: 'not_true', of });
export const absent = (of: Term): Test => ({ is: 'null', of });
export const present = (of: Term): Test => not(absent(of));
export const compared = (left: Term, by: Comparison, right: Term): Test => ({ is: 'compared', by, left, right });
export const column = (of: string, name: string, type: TermType): Term => ({ is: 'column', of, name, type });
export const value = (typed: TypedValue): Term => ({ is: 'value', value: typed });
export const number = (number: number): Term => ({ is: 'number', number });
export const integer = (number: number | bigint): Term => value({ family: 'integer', text: String(number) });
export const matches = (of: Term, pattern: string, ignoreCase = false): Test => ({
  is: 'matches',
  of,
  pattern,
  ignoreCase,
});
export const call = (fn: FunctionName, type: TermType, ...args: readonly Term[]): Term => ({
  is: 'call',
  fn,
  args,
  type,
});

/** How many rows there are for which the test is true. */
export const countWhen = (when: Test = TRUE): Term => ({
  is: 'aggregate',
  fn: 'count',
  ...(when.is === 'all' && when.of.length === 0 ? {} : { when }),
  type: INTEGER,
});

export const typeOf = (term: Term): TermType => {
  switch (term.is) {
    case 'value':
      return { family: term.value.family };
    case 'case':
      return typeOf(term.otherwise);
    case 'number':
      return SMALL;
    case 'replaced':
      return TEXT;
    case 'column':
    case 'null':
    case 'call':
    case 'cast':
    case 'aggregate':
    case 'window':
      return term.type;
    default:
      return term satisfies never;
  }
};

/** The rows of a dataset, called `t` unless said otherwise. */
export const table = ({ relation }: { readonly relation: string }, as = 't'): From => ({ is: 'table', relation, as });
