/** A cell of a case's table. Dates are ISO texts, and so are infinities. */
export type CaseCell = string | number | boolean | null;

export const CASE_TYPES = [
  'string',
  'int',
  'bigint',
  'double',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
] as const;
export type CaseType = (typeof CASE_TYPES)[number];

export interface CaseTable {
  readonly columns: readonly { readonly name: string; readonly type: CaseType }[];
  readonly rows: readonly (readonly CaseCell[])[];
}

/** A case: a rule of another tool on a small table, and what that tool says of it. */
export interface QualityCase {
  readonly id: string;
  readonly suite: string;
  readonly rule: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly table: CaseTable;
  readonly otherTables?: Readonly<Record<string, CaseTable>>;
  /** The clock of the case. */
  readonly now?: string;
  readonly expect: {
    /** null: `observed` is a measured value, or `error` says that there has to be an error and no verdict. */
    readonly success: boolean | null;
    readonly outcome?: string;
    readonly observed?: unknown;
    readonly error?: unknown;
    readonly errorContains?: string;
    readonly unexpectedCount?: number;
    readonly elementCount?: number;
    readonly tolerance?: number;
  };
  readonly onlyFor?: readonly string[];
  readonly notFor?: readonly string[];
  readonly flags?: readonly string[];
}

/** Cases that say nothing about what a rule means: their flags, and rules that are out of scope. */
const SKIPPED_FLAGS = new Set([
  'statistical',
  'engine-type-names',
  'dialect-specific',
  'non-sql-only',
  'pandas-row-condition',
  'suite-parameter',
  'no-sql-provider-in-anchor',
  'anchor-specific-semantics',
]);
const OUT_OF_SCOPE = new Set([
  'chisquare_p_gt',
  'consistent_casing',
  'cramers_phi_lt',
  'date_parseable',
  'holt_winters',
  'kl_divergence_lt',
  'online_normal',
  'schema_changes',
  'zscore_lt',
]);

export const isSkipped = ({ flags = [], rule, onlyFor, notFor }: QualityCase, engine: string): boolean =>
  OUT_OF_SCOPE.has(rule) ||
  flags.some((flag) => SKIPPED_FLAGS.has(flag)) ||
  (onlyFor !== undefined && !onlyFor.includes(engine)) ||
  notFor?.includes(engine) === true;
