import { type Call } from './call.js';
import { type Dialect } from './dialect.js';
import { type SnapshotOptions, type SnapshotPart } from './harvested.js';
import { type QueryLog, type QueryLogCall } from './query-log.js';

/**
 * An open way to one source. Nothing can be changed through it. Every call has a signal and a deadline, and stopping it stops
 * the source's work too; what a source cannot do is a method that its connection does not have.
 */
export interface Connection {
  readonly dialect: Dialect;
  /** Tries the source out. What is wrong with it comes back in `problems`; it throws only when the caller stops. */
  test(call: Call): Promise<TestReport>;
  /**
   * Reads the metadata. Scopes come one after the other, each closed by its `scope` part. The number of statements sent to the
   * source does not grow with the number of datasets, and memory does not either where the source can stream.
   */
  snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart>;
  /**
   * A digest of what {@link snapshot} would say of each scope, sizes apart, by as few statements as for one. While it stays the
   * same, the scope need not be read again. A scope that the source would not show completely has none; one that turned out partial
   * when it was read is to be read again whatever its digest is.
   */
  scopeDigests?(options: SnapshotOptions, call: Call): Promise<ReadonlyMap<string, string>>;
  /** Runs one reading statement. Parameters are `$1`, `$2` …; at most `maxRows` rows come back. */
  query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult>;
  /**
   * Some rows of a dataset, bounded in number and length, for detectors and profiles. These are values of the data: they are
   * never logged, stored or put into an error.
   */
  sample(place: DatasetPlace, call: SampleCall): Promise<Sample>;
  /** The query of a view as it is now; undefined for what is no view. */
  viewSql?(place: DatasetPlace, call: Call): Promise<string | undefined>;
  /** The statements that the source ran since a cursor, without values, with how often and how long. */
  queryLog?(call: QueryLogCall): Promise<QueryLog>;
  /** What the source expects of a statement, without running it. */
  explain?(sql: string, params: readonly unknown[], call: Call): Promise<Plan>;
  /** The quoted name of a dataset, for use after FROM. */
  relation(scope: string, name: string): string;
  /** Stops every call that is under way, in the source as well; they end with `SourceCallCancelled`. */
  cancel(): Promise<void>;
  /** Stops what is under way and lets everything go. A second time is harmless. */
  close(): Promise<void>;
}

/** A dataset by its scope and name. */
export interface DatasetPlace {
  readonly scope: string;
  readonly name: string;
}

export interface QueryCall extends Call {
  /** {@link DEFAULT_MAX_ROWS} when left out. */
  readonly maxRows?: number;
}

export const DEFAULT_MAX_ROWS = 1_000;

export interface SampleCall extends Call {
  readonly maxRows: number;
  /** Longer texts are cut by the source itself; {@link DEFAULT_SAMPLE_CHARACTERS} when left out. */
  readonly maxCharacters?: number;
  /** Only these fields; all when left out. */
  readonly fields?: readonly string[];
}

export const DEFAULT_SAMPLE_CHARACTERS = 500;

export interface Sample {
  readonly columns: readonly ResultColumn[];
  /** As texts, cut to the length asked for. Bytes are `\x…`. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Plan {
  /** Rows that the statement would give. */
  readonly rows?: number;
  /** Rows that it would take from all its tables together. */
  readonly rowsTaken?: number;
  /** In units of the source, to compare statements of one source with each other. */
  readonly cost?: number;
}

export interface TestReport {
  readonly ok: boolean;
  /** Product and version, for instance `PostgreSQL 18.4`. */
  readonly server?: string;
  /** The account the source knows us by. */
  readonly user?: string;
  readonly scopes?: number;
  /** How many datasets there are, and how many of them may be read. */
  readonly datasets?: number;
  readonly readableDatasets?: number;
  readonly roundTripMs?: number;
  /** What a person should mend, as sentences. Some do not stand in the way: see `ok`. */
  readonly problems: readonly string[];
}

/**
 * A value in a result. Numbers that JavaScript cannot hold exactly (64-bit integers, decimals) are texts, as are dates,
 * times (zone UTC), JSON and whatever has parts.
 */
export type Cell = string | number | boolean | null;

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** There were more rows than were asked for. */
  readonly truncated: boolean;
}

export interface ResultColumn {
  readonly name: string;
  readonly nativeType: string;
}
