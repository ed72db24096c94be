import { createHash } from 'node:crypto';

/** What the hash of an entry covers. */
export interface ChainedFacts {
  readonly number: string;
  readonly recordedAt: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subjectName: string;
  readonly details: unknown;
  readonly requestId: string | null;
}

/** The hash before the first entry. */
export const FIRST_HASH = '0'.repeat(64);

/**
 * SHA-256 (hex) over the previous entry's hash and this entry's facts, as JSON with sorted keys, so that a store
 * that reorders keys (jsonb does) gives the same hash.
 */
export function hashOf(previousHash: string, facts: ChainedFacts): string {
  const { number, recordedAt, actorKind, actorId, actorName, action, subjectKind, subjectId, subjectName } = facts;
  const covered = [
    ...[previousHash, number, recordedAt.toISOString(), actorKind, actorId, actorName, action, subjectKind],
    ...[subjectId, subjectName, sorted(facts.details), facts.requestId],
  ];
  return createHash('sha256').update(JSON.stringify(covered)).digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
