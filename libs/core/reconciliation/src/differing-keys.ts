import { type QueryResult } from '#core/connector-kit';

import { KEYLESS } from './statements.js';

/** What pass one says of a bucket. */
export interface Bucket {
  readonly rows: number;
  readonly hash: string;
  /** Different keys, where they were counted. */
  readonly keys?: number;
}

export type Buckets = ReadonlyMap<string, Bucket>;

/** Rows of a side that are held in memory at once. */
export const MOST_ROWS_HELD = 100_000;

/** The buckets to look into, and how many of them hold too many rows for it. */
export function differingBuckets(
  left: Buckets,
  right: Buckets,
): { readonly look: readonly string[]; readonly left: number } {
  const differing: { bucket: string; rows: number }[] = [];
  for (const bucket of new Set([...left.keys(), ...right.keys()])) {
    const [here, there] = [left.get(bucket), right.get(bucket)];
    const same = here?.rows === there?.rows && here?.hash === there?.hash;
    const twice = [here, there].some((side) => side?.keys !== undefined && side.keys < side.rows);
    // Rows without a key have no partner, however much the sides agree.
    if (!same || twice || bucket === KEYLESS)
      differing.push({ bucket, rows: Math.max(here?.rows ?? 0, there?.rows ?? 0) });
  }
  // The small ones first, so that as many as can be are looked into; rows without a key last, of which there may be any number.
  differing.sort(
    (one, other) =>
      Number(one.bucket === KEYLESS) - Number(other.bucket === KEYLESS) ||
      one.rows - other.rows ||
      (one.bucket < other.bucket ? -1 : 1),
  );
  const look: string[] = [];
  let rows = 0;
  for (const each of differing) {
    if (rows + each.rows > MOST_ROWS_HELD) continue;
    rows += each.rows;
    look.push(each.bucket);
  }
  return { look: look.toSorted(), left: differing.length - look.length };
}

/** The hashes of the rows of each key, and whether the key lacks a part. */
type Hashes = Map<string, { readonly hashes: string[]; readonly keyless: boolean }>;

function hashesOf({ rows }: QueryResult): Hashes {
  const found: Hashes = new Map();
  for (const [bucket, key, hash] of rows) {
    const known = found.get(String(key));
    if (known === undefined) found.set(String(key), { hashes: [String(hash)], keyless: bucket === KEYLESS });
    else known.hashes.push(String(hash));
  }
  return found;
}

export interface DifferingKey {
  readonly key: string;
  /** On both sides together. */
  readonly rows: number;
}

/** Keys whose rows are not the same one row on both sides. */
export function differingKeys(left: QueryResult, right: QueryResult): DifferingKey[] {
  const [here, there] = [hashesOf(left), hashesOf(right)];
  const found: DifferingKey[] = [];
  for (const key of new Set([...here.keys(), ...there.keys()])) {
    const [one, other] = [here.get(key), there.get(key)];
    const single = one?.hashes.length === 1 && other?.hashes.length === 1;
    if (single && one.hashes[0] === other.hashes[0] && !one.keyless) continue;
    found.push({ key, rows: (one?.hashes.length ?? 0) + (other?.hashes.length ?? 0) });
  }
  return found.toSorted((one, other) => (one.key < other.key ? -1 : 1));
}
