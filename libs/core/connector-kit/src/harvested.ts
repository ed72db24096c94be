/** Kinds of column types that mean the same in every source. */
export const TYPE_FAMILIES = [
  'text',
  'integer',
  'decimal',
  'float',
  'boolean',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'binary',
  'json',
  'uuid',
  'array',
  'other',
] as const;
export type TypeFamily = (typeof TYPE_FAMILIES)[number];

export type DatasetKind = 'table' | 'view' | 'materialized_view' | 'foreign_table' | 'partitioned_table' | 'file';

/** A table, view or file as the source describes it. What a source does not tell is left out, never made up. */
export interface HarvestedDataset {
  /** The part of the source that it belongs to: a schema, a folder. */
  readonly scope: string;
  readonly name: string;
  readonly kind: DatasetKind;
  /** Its OpenLineage name inside the source's namespace, for instance `risk.dwd.loan`. */
  readonly qualifiedName: string;
  readonly comment?: string;
  readonly viewSql?: string;
  readonly owner?: string;
  /** The source's own guess at the number of rows. */
  readonly rowEstimate?: number;
  readonly fields: readonly HarvestedField[];
  readonly keys: readonly HarvestedKey[];
  /** What else the source keeps true of every row, and vouches for. */
  readonly constraints?: readonly HarvestedConstraint[];
  /** For a foreign table: the table in another source that it shows. */
  readonly foreignOf?: ForeignTable;
}

export interface HarvestedField {
  readonly name: string;
  /** Its place among the fields, from 1, without gaps. */
  readonly ordinal: number;
  /** The type as the source writes it, for instance `numeric(18,2)`. */
  readonly nativeType: string;
  readonly typeFamily: TypeFamily;
  /** Longest text, in characters. */
  readonly length?: number;
  /** All digits of a number; digits of the seconds' fraction of a time. */
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable: boolean;
  readonly defaultExpression?: string;
  readonly comment?: string;
  /** The source computes it: the expression, or the word `identity`. */
  readonly generated?: string;
}

export interface HarvestedKey {
  readonly kind: 'primary' | 'unique' | 'foreign';
  readonly name: string;
  readonly fields: readonly string[];
  /** For a foreign key: the dataset it points to, in the same namespace. */
  readonly refQualifiedName?: string;
  readonly refFields?: readonly string[];
  /** The source vouches that every row obeys; false for a key that was added without checking old rows. */
  readonly validated: boolean;
}

/**
 * Something that the source has checked for every row and enforces since. What is only declared, or was added without looking at the
 * old rows, is left out: rules take these for proofs.
 */
export type HarvestedConstraint =
  | { readonly kind: 'not_null'; readonly field: string; readonly name?: string }
  /** Values that are there lie between bounds, or in a list. Numbers and dates as numerals and ISO texts. */
  | {
      readonly kind: 'check';
      readonly field: string;
      readonly name: string;
      readonly min?: ConstraintBound;
      readonly max?: ConstraintBound;
      readonly values?: readonly string[];
    };

export interface ConstraintBound {
  readonly value: string;
  /** The bound itself is no allowed value. */
  readonly strict: boolean;
}

export interface ForeignTable {
  readonly namespace: string;
  readonly name: string;
  /** The remote column behind each local one. */
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * A snapshot is a stream of datasets; each scope is closed by a part that says whether it was read completely. Only
 * in a complete scope does "not seen" mean "gone".
 */
export type SnapshotPart =
  | { readonly part: 'dataset'; readonly scope: string; readonly dataset: HarvestedDataset }
  | { readonly part: 'scope'; readonly scope: string; readonly complete: boolean; readonly reasons: readonly string[] };

/** Which scopes to read, by their names; `*` stands for any characters and `?` for one. */
export interface SnapshotOptions {
  /** Only these; everything when left out. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Of those, only these. */
  readonly only?: readonly string[];
  /** Names, not globs, of scopes that are not read: somebody knows already what is in them. */
  readonly skip?: readonly string[];
}
