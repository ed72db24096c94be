import type { Node } from '../tree.js';

/** Puts right what the parser understands wrongly. */
export interface Repair {
  readonly name: string;
  /** A quick look at the text, so that most statements need no walk over the tree. */
  concerns(text: string): boolean;
  apply(node: Node): Node;
}
