import { type Check } from './definition.js';
import { type SideName, type Statement } from './statements.js';

/** A statement as it was sent to a side. */
export interface Sent extends Omit<Statement, 'maxRows'> {
  readonly side: SideName;
  readonly startedAt: string;
  readonly ms: number;
  readonly rows: number;
}

export type CheckStatus = 'pass' | 'fail' | 'not_evaluated';

/** A figure of both sides. */
export interface Figures {
  readonly left: string | null;
  readonly right: string | null;
  /** Right minus left. */
  readonly difference: string | null;
}

/** A group whose figures differ, or that only one side has. */
export interface GroupFound extends Figures {
  /** In the order of the check's columns. */
  readonly group: readonly (string | null)[];
  /** `rows`, or the column that was summed. */
  readonly figure: string;
}

/** What a check found. */
export interface CheckFound extends Figures {
  readonly kind: Check['kind'];
  /** What was summed or grouped by. */
  readonly of: string;
  readonly absolute: string;
  readonly relative: string;
  readonly status: CheckStatus;
  /** Of a check of groups: how many there are in all, how many of them differ, and the first of those. */
  readonly groups?: { readonly all: number; readonly differing: number; readonly found: readonly GroupFound[] };
}

export const BREAK_KINDS = ['missing_left', 'missing_right', 'value_differs', 'duplicate_key', 'null_key'] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

/** A key whose rows do not agree. */
export interface Break {
  readonly kind: BreakKind;
  /** In the order of the mapped keys. */
  readonly key: readonly (string | null)[];
  /** Mapped columns that differ, by their names on the left. */
  readonly columns: readonly string[];
  /** The values of those, or of all mapped columns where a side has no such row; nothing for keys that are there several times. */
  readonly left?: Readonly<Record<string, string | null>>;
  readonly right?: Readonly<Record<string, string | null>>;
  readonly leftRows: number;
  readonly rightRows: number;
}

/** How far the comparison by keys went. */
export interface KeysLooked {
  readonly buckets: number;
  readonly differingBuckets: number;
  /** Buckets that differ and were not looked into, since they hold too many rows. */
  readonly bucketsLeft: number;
  /** Keys in the buckets looked into whose rows do not have the same hash on both sides. */
  readonly differingKeys: number;
  /** Those of them whose values were read. */
  readonly keysRead: number;
  /** Those read whose values agree after all: within the tolerance, or changed meanwhile. */
  readonly agreeing: number;
  /** Breaks among those read; more than are listed when the list is not complete. */
  readonly breaks: number;
  readonly complete: boolean;
  /** Why no distinct keys had to be counted. */
  readonly uniqueBy: 'left' | 'right' | 'counted';
}

export type Verdict = 'agrees' | 'breaks' | 'not_evaluated';

export interface Reconciled {
  readonly verdict: Verdict;
  /** The moment before which rows counted. */
  readonly cutoff?: Date;
  readonly leftRows: string | null;
  readonly rightRows: string | null;
  readonly checks: readonly CheckFound[];
  readonly keys?: KeysLooked;
  readonly breaks: readonly Break[];
}
