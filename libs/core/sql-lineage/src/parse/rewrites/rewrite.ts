import type { Dialect } from '../../dialects.js';

/** Writes a statement in other words of the same meaning. When the length stays the same, reasons keep their exact places. */
export interface Rewrite {
  readonly name: string;
  /** The same text when there is nothing to rewrite. */
  apply(text: string, dialect: Dialect): string;
}
