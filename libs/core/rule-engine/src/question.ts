import { type Condition } from './condition.js';
import { type ColumnFact } from './facts.js';

/** What a rule asks of the data, before any SQL. */
export type Question =
  /** Of each row: is it checked, does it break the rule? */
  | {
      readonly shape: 'rows';
      readonly columns: readonly ColumnFact[];
      readonly checked: Condition;
      readonly violation: Condition;
    }
  /** How often does each combination of values occur? */
  | {
      readonly shape: 'groups';
      readonly columns: readonly ColumnFact[];
      /** Combinations that are not looked at: with an absent value, with nothing but absent values, or none. */
      readonly ignored: 'any_null' | 'all_null' | 'none';
    }
  /** Has each row a partner in the other dataset? `checked` and `violation` may ask whether it is `matched`. */
  | {
      readonly shape: 'partners';
      readonly columns: readonly ColumnFact[];
      readonly otherColumns: readonly ColumnFact[];
      readonly otherWhere: Condition;
      readonly checked: Condition;
      readonly violation: Condition;
    }
  /** How many rows are there? */
  | { readonly shape: 'count' };
