import { type ConstraintBound, type Dialect, type TypeFamily } from '#core/connector-kit';

/** What the catalog knows of a column. Rules can name no other columns than those that facts list. */
export interface ColumnFact {
  readonly name: string;
  readonly typeFamily: TypeFamily;
  /** As the source writes it; tells single from double precision. */
  readonly nativeType?: string;
}

export interface DatasetFacts {
  /** The quoted name for use after FROM, from the connection's `relation()`. */
  readonly relation: string;
  /** The name for sentences. */
  readonly name: string;
  readonly columns: readonly ColumnFact[];
  /** Columns that tell one row from another, shown with failing rows. */
  readonly keyColumns?: readonly string[];
  /** About how many rows it has, as the source says. */
  readonly rowEstimate?: number;
  /** What the source itself keeps true of every row. */
  readonly vouched?: Vouched;
}

/** What a source vouches for, and since when we know it. */
export interface Vouched {
  readonly constraints: readonly ConstraintFact[];
  /** When the harvest that read them ended, as an ISO text. */
  readonly readAt: string;
  /** The id of that harvest. */
  readonly harvest?: string;
}

/**
 * A constraint that was checked for every row and is enforced since. What is only declared (a foreign key that is NOT VALID, RELY NOVALIDATE,
 * whatever a lake's catalog says of its files) is none.
 */
export type ConstraintFact =
  | { readonly is: 'not_null'; readonly column: string; readonly name?: string }
  /** Rows in which one of the columns is absent are not looked at by it. */
  | { readonly is: 'unique'; readonly columns: readonly string[]; readonly name: string }
  | {
      readonly is: 'foreign';
      readonly columns: readonly string[];
      readonly name: string;
      /** `DatasetFacts.name` of the dataset it points to. */
      readonly refersTo: string;
      readonly refColumns: readonly string[];
    }
  /** Values that are there lie between bounds, or in a list. */
  | {
      readonly is: 'check';
      readonly column: string;
      readonly name: string;
      readonly min?: ConstraintBound;
      readonly max?: ConstraintBound;
      readonly values?: readonly string[];
    };

/** The second dataset of a rule that looks at two. */
export interface OtherFacts extends DatasetFacts {
  readonly dialect: Dialect;
  /** One statement can read both. */
  readonly sameConnection: boolean;
}

/** What a rule measured at an earlier time; `value` is a numeral. */
export interface SeriesPoint {
  readonly at: string;
  readonly value: string;
  /** Left out when the usual is learned: an incident, a migration. */
  readonly excluded?: boolean;
}

export interface RuleFacts {
  readonly target: DatasetFacts;
  readonly other?: OtherFacts;
  /** The time from which rows are new to the rule, as an ISO text; it has not run before when left out. */
  readonly since?: string;
  /** Earlier measurements, oldest first, for rules that compare with what is usual. */
  readonly series?: readonly SeriesPoint[];
}
