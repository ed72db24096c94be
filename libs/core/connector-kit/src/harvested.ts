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
  /** What it takes on disk with its indexes, as far as the source knows without looking at the data. */
  readonly sizeBytes?: number;
  /** When the source last changed its definition; for a file, when it was last written. ISO 8601. */
  readonly alteredAt?: string;
  readonly fields: readonly HarvestedField[];
  readonly keys: readonly HarvestedKey[];
  /** Left out when the source does not tell of checks. */
  readonly checks?: readonly HarvestedCheck[];
  /** Left out when the source does not tell of indexes. */
  readonly indexes?: readonly HarvestedIndex[];
  /** Its partitions are no datasets of their own: they are folded into it. */
  readonly partitions?: Partitions;
  /** What else the source keeps true of every row, and vouches for. */
  readonly constraints?: readonly HarvestedConstraint[];
  /** For a foreign table: the table in another source that it shows. */
  readonly foreignOf?: ForeignTable;
  /**
   * The account may see it, and not all of it: columns or the query of a view can be missing here that are there. What was
   * known of it then stays as it was. Its scope has to say why, and cannot be complete.
   */
  readonly incomplete?: true;
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

/** A condition that every row has to meet. */
export interface HarvestedCheck {
  readonly name: string;
  /** As the source writes it, without the word CHECK. */
  readonly expression: string;
  /** The source vouches that every row obeys; false when old rows were not looked at, or nobody looks. */
  readonly validated: boolean;
}

export interface HarvestedIndex {
  readonly name: string;
  /** For instance `btree`, `hash`, `gin`, `fulltext`. */
  readonly kind: string;
  readonly unique: boolean;
  /** What it is built on, in its order: a field by its name, or an expression as the source writes it. */
  readonly parts: readonly IndexPart[];
  /** Only rows that meet this are in it. */
  readonly condition?: string;
}

export type IndexPart = { readonly field: string } | { readonly expression: string };

export interface Partitions {
  /** How rows are shared out, as the source writes it: `RANGE (booked)`. */
  readonly key: string;
  readonly count: number;
}

/** A procedure or a function that is kept in the source. What a source does not tell is left out. */
export interface HarvestedRoutine {
  readonly scope: string;
  readonly name: string;
  readonly kind: RoutineKind;
  /** Its name inside the source's namespace; where one name can stand for several, the types of the arguments are part of it. */
  readonly qualifiedName: string;
  /** For instance `sql`, `plpgsql`. */
  readonly language: string;
  /** The arguments as the source writes them, for instance `day date, OUT n integer`. */
  readonly arguments: string;
  /** The type of what a function gives back. */
  readonly returns?: string;
  /** The SQL (or other text) between BEGIN and END, or after AS. Left out when it is no text, or may not be seen. */
  readonly body?: string;
  /** Where it looks for bare names, when it says so itself: `etl, public`. */
  readonly searchPath?: string;
  /** Of the function of triggers: the statements that made those that are on, in their order. */
  readonly triggers?: readonly string[];
  readonly comment?: string;
  readonly owner?: string;
  readonly alteredAt?: string;
  /** The account may not see its text, which is no reason to forget it. */
  readonly incomplete?: true;
}

export const ROUTINE_KINDS = ['procedure', 'function', 'aggregate', 'window', 'package'] as const;
export type RoutineKind = (typeof ROUTINE_KINDS)[number];

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
 * A snapshot is a stream of datasets and routines; each scope is closed by a part that says whether it was read completely.
 * Only in a complete scope does "not seen" mean "gone", and of that only what {@link Absence} lets through. A complete scope can have
 * reasons too: remarks on what is hidden in it.
 */
export type SnapshotPart =
  | { readonly part: 'dataset'; readonly scope: string; readonly dataset: HarvestedDataset }
  | { readonly part: 'routine'; readonly scope: string; readonly routine: HarvestedRoutine }
  | {
      readonly part: 'scope';
      readonly scope: string;
      readonly complete: boolean;
      readonly reasons: readonly string[];
      /** Left out where all datasets of the scope show. */
      readonly absentDatasets?: Absence;
      /** Left out where all routines of the scope show. */
      readonly absentRoutines?: Absence;
    };

/**
 * What it means that something did not come, where a source shows an account only what it has a right on: a thing may have been dropped,
 * or the right on it was taken away. The listing itself was read to its end, so what is known to be gone is gone also in a scope
 * that is not complete.
 */
export interface Absence {
  /** Qualified names of what is gone for certain: the account still has its right on it. Names that nobody knew may be among them. */
  readonly gone: readonly string[];
  /** Why others may be there unseen: the beginning of a sentence that their names end. */
  readonly why: string;
  /** What to do that they are seen again, as a sentence. */
  readonly remedy: string;
}

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
