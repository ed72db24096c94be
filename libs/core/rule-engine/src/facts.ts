import { type Dialect, type TypeFamily } from '#core/connector-kit';

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
}

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
  /** Earlier measurements, oldest first, for rules that compare with what is usual. */
  readonly series?: readonly SeriesPoint[];
}
