import { type TypedValue } from '../../typed-values.js';
import { type RegexGrammar } from '../../regex/spell.js';
import { type AggregateName, type FunctionName, type TermType } from '../term.js';

/** What a dialect's functions get: their arguments as SQL already, and the types those have. */
export interface Argument {
  readonly sql: string;
  readonly type: TermType;
}

/** Where dialects differ. Everything else of the SQL is the same in all of them. */
export interface SqlDialect {
  readonly name: string;
  /** One name, quoted so that whatever it holds stays one name. */
  quote(name: string): string;
  /** The n-th bound parameter, counted from 1. */
  placeholder(n: number): string;
  /** A value written into the text, for dialects that do not get parameters. Whatever it holds, it stays one literal. */
  literal?(value: TypedValue): string;
  /** The type in which a bound parameter, which travels as text, becomes a value. */
  typeOf(value: TypedValue): string;
  /** The name of a type, for a cast. `text` is the one in which texts are compared. */
  castType(type: TermType): string;
  /** NULL where the value cannot be read as the type. A text has been looked at: it is written like a value of the type. */
  safeCast(sql: string, from: TermType, to: TermType): string;
  /** A term that is compared, grouped or sorted: texts by their bytes, other types by what all engines share. */
  comparable(sql: string, type: TermType, ordered: boolean): string;
  /** What was made comparable, turned back into what people read. */
  shown(sql: string, type: TermType): string;
  readonly functions: Readonly<Record<FunctionName, (args: readonly Argument[]) => string>>;
  aggregate(fn: Exclude<AggregateName, 'count'>, of: Argument, at?: string): string;
  /** Whether `agg(…) FILTER (WHERE …)` is known. */
  readonly filters: boolean;
  /** Whether `count(x)` is quicker than to look at each `x`. */
  readonly countsColumns?: boolean;
  /** Whether a condition is a value, so that `(x = 1) IS NOT TRUE` can be written. */
  readonly conditionsAreValues: boolean;
  like(of: string, pattern: string): string;
  /** The grammar in which it reads patterns. */
  readonly regex: RegexGrammar;
  /** Whether counts in patterns, `{16}`, take long, so that a length is looked at instead. */
  readonly countsSlowly?: boolean;
  /** Whether the pattern, in that grammar, is found in the text; with regard to case, whatever the column's collation. */
  matches(of: string, pattern: string): string;
  /** The text with everything that the pattern finds replaced. */
  replaced(of: string, pattern: string, by: string): string;
  /** Whether `(a, b) IN (SELECT …)` is how to look something up; EXISTS when left out. */
  readonly findsInLists?: boolean;
  /** Whether a text has nothing but blanks; when left out, it is trimmed and compared with nothing. */
  blank?(sql: string): string;
  /** A number from 0 to 1 by chance, anew for each row. */
  readonly chance: string;
  limit(sql: string, rows: number): string;
  /** An item of ORDER BY. Absent values come last everywhere. */
  sorted(sql: string, descending: boolean): string;
  /** A table or query with the name that its rows have in the statement; `… AS t` when left out. */
  aliased?(relation: string, alias: string): string;
  /** Whether a value is absent; `(… IS NULL)` when left out. */
  absent?(sql: string, type: TermType): string;
}
