import { digestOf } from './digest.js';
import { type Endpoint, isUnresolved, keyOf } from './endpoint.js';
import { type PlannedReport, type ScriptFacts, type StatementFacts } from './edges-of.js';
import { edgeDigest, type PlannedEdge } from './planned-edge.js';

/** A script, read: what it says, and when that became and ceases to be true. */
export interface Reading extends ScriptFacts {
  readonly scriptId: string;
  readonly versionId: string;
  /** Of everything the reading depends on. */
  readonly digest: string;
  /** The text is another one than when it was last read, or has ended. */
  readonly textChanged: boolean;
  /** When the present text became true; when the script has ended, when that was. */
  readonly since: Date;
  /** Of a pipeline: the namespaces of its datasets. */
  readonly namespaces?: readonly string[];
}

/** A row that is held to be so now. */
export interface KeptRow {
  readonly id: string;
  readonly scriptId: string;
  readonly digest: string;
}

export interface Added<T> {
  readonly reading: Reading;
  readonly digest: string;
  readonly item: T;
}

/** What must be written so that the kept rows say what the readings say. */
export interface Difference<T> {
  readonly added: readonly Added<T>[];
  /** Rows to close; `endedAt` is null for what was never true: the same text, understood better. */
  readonly gone: readonly { readonly id: string; readonly endedAt: Date | null }[];
}

export const statementDigest = (statement: StatementFacts): string => digestOf(statement);

/** Compares the edges (or statements) of some readings with what is kept of the same scripts. */
export function differenceOf<T>(
  readings: readonly Reading[],
  itemsOf: (reading: Reading) => ReadonlyMap<string, T>,
  kept: readonly KeptRow[],
): Difference<T> {
  const gone = new Map<string, Map<string, string>>();
  for (const { id, scriptId, digest } of kept)
    gone.set(scriptId, (gone.get(scriptId) ?? new Map<string, string>()).set(digest, id));
  const added: Added<T>[] = [];
  const ended: { id: string; endedAt: Date | null }[] = [];
  for (const reading of readings) {
    const before = gone.get(reading.scriptId) ?? new Map<string, string>();
    for (const [digest, item] of itemsOf(reading)) if (!before.delete(digest)) added.push({ reading, digest, item });
    for (const id of before.values()) ended.push({ id, endedAt: reading.textChanged ? reading.since : null });
  }
  return { added, gone: ended };
}

export const statementsByDigest = ({ statements }: Reading): ReadonlyMap<string, StatementFacts> =>
  new Map(statements.map((statement) => [statementDigest(statement), statement]));

export const edgesByDigest = ({ edges }: Reading): ReadonlyMap<string, PlannedEdge> =>
  new Map(edges.map((edge) => [edgeDigest(edge), edge]));

export const reportsByDigest = ({ reports = [] }: Reading): ReadonlyMap<string, PlannedReport> =>
  new Map(reports.map((report) => [digestOf({ ...report, uses: report.uses.map(keyOf).sort() }), report]));

/** How many of the edges touch something that the catalog does not know. */
export const unresolvedIn = (edges: readonly PlannedEdge[]): number =>
  edges.filter(({ from, to }) => [from, to].some((end?: Endpoint) => end !== undefined && isUnresolved(end))).length;
