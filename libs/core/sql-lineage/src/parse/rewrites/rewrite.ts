import type { Dialect } from '../../dialects.js';
import type { Piece, Remark } from '../draft.js';
import type { Words } from '../words.js';

export interface Rewritten {
  readonly pieces: readonly Piece[];
  /** What this way of writing loses. */
  readonly remarks?: readonly Remark[];
}

/** Writes a statement in other words of the same meaning, or says what is lost. */
export interface Rewrite {
  readonly name: string;
  /** A quick look at the text, so that most statements need no more than that. */
  concerns(text: string, dialect: Dialect): boolean;
  /** Undefined when there is nothing to rewrite. */
  apply(words: Words, dialect: Dialect): Rewritten | undefined;
}
