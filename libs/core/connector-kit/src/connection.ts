import { type Call } from './call.js';
import { type Dialect } from './dialect.js';
import { type SnapshotOptions, type SnapshotPart } from './harvested.js';

/** An open way to one source. Nothing can be changed through it. */
export interface Connection {
  readonly dialect: Dialect;
  /** Tries the source out. What is wrong with it comes back in `problems`; it throws only when the caller stops. */
  test(call: Call): Promise<TestReport>;
  /** Reads the metadata. Scopes come one after the other, each closed by its `scope` part. */
  snapshot(options: SnapshotOptions, call: Call): AsyncIterable<SnapshotPart>;
  /** Runs one reading statement. Parameters are `$1`, `$2` …; at most `maxRows` rows come back. */
  query(sql: string, params: readonly unknown[], call: QueryCall): Promise<QueryResult>;
  /** What the source expects of a reading statement, by its own plan. Nothing is run. Left out by sources that make no plans. */
  estimate?(sql: string, params: readonly unknown[], call: Call): Promise<Estimate>;
  /** The quoted name of a dataset, for use after FROM. */
  relation(scope: string, name: string): string;
  close(): Promise<void>;
}

export interface Estimate {
  /** Rows of all tables that it would read. */
  readonly rows: number;
  /** The whole, in the planner's own unit, where it has one. */
  readonly cost?: number;
}

export interface QueryCall extends Call {
  /** {@link DEFAULT_MAX_ROWS} when left out. */
  readonly maxRows?: number;
}

export const DEFAULT_MAX_ROWS = 1_000;

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
