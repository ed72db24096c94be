import { type Secrets } from '../define-connector.js';

/**
 * A real source that the conformance suite tries a connector on. Whoever writes a connector writes one, in
 * `conformance/subject.ts` of its folder. What an engine does not have is left out, and the cases that want it are passed by.
 */
export interface ConformanceSubject {
  /** Product and version, for instance `MariaDB 10.11.6`. */
  readonly engine: string;
  /** What could not be tried here, as sentences: another product of the same kind, another version. */
  readonly unverified: readonly string[];
  /** Of an account that may read everything the suite makes, and nothing else. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Secrets;
  /** Where the tables of the suite are made. */
  readonly scope: string;
  /** Names that the engine allows for tables and columns: quotes, dots, line ends, Chinese, emoji, as long as can be. */
  readonly names: readonly string[];
  /** Two names that differ only by case, where the engine tells them apart. */
  readonly casePair?: readonly [string, string];
  /** Wrong in one way each, with the error's code. */
  readonly faults: readonly Fault[];
  /** A reading statement that takes very long. */
  readonly endless: string;
  /** Statements that would change `relation`, or the source. */
  writes(relation: string): readonly string[];
  /** A scope that the account cannot read wholly, and a word of the reason. */
  readonly closed?: {
    readonly scope: string;
    readonly word: string;
    /** That it cannot be read comes out only when it is read: it has a digest all the same. */
    readonly foundOutLate?: boolean;
  };
  /** A column of a type that means nothing elsewhere. */
  readonly oddType?: { readonly dataset: string; readonly field: string };
  readonly partitioned?: { readonly dataset: string; readonly partitions: number };
  /** The name of a view in the scope. */
  readonly view?: string;
  /** Makes a table with one column of texts; gives the name that the dataset has. */
  makeTable(name: string, column: string, values: readonly string[]): Promise<string>;
  dropTable(name: string): Promise<void>;
  /** The values of a table that {@link makeTable} made, read by other means than the connector. */
  valuesOf(name: string): Promise<readonly string[]>;
  /** How many statements of the account the server is running; for engines with a server. */
  running?(): Promise<number>;
  /** How many statements of the account the server has seen. */
  statements?(): Promise<number>;
  close(): Promise<void>;
}

export interface Fault {
  /** For instance `a wrong password`. */
  readonly title: string;
  /** In place of those of the subject. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secrets?: Secrets;
  readonly code: string;
}
