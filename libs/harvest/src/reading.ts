import { type Actor } from '#kernel';

/** What a harvest is asked to do. */
export interface HarvestWish {
  /** Any number of datasets may vanish, and scopes that the source lists no more. */
  readonly confirmRemovals?: boolean;
  /** A run that stopped to ask: what it would have ended may vanish. */
  readonly confirms?: string;
  /** Globs: only these scopes. */
  readonly scopes?: readonly string[];
  /** Also scopes that the source says are unchanged. */
  readonly readAll?: boolean;
  /** Tell what would change, and change nothing. */
  readonly dry?: boolean;
}

/** A run as a worker carries it out. */
export interface Reading extends HarvestWish {
  readonly runId: string;
  readonly sourceId: string;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message: string): void;
}
