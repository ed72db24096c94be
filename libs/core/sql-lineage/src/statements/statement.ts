import type { Node } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { Rowset } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';
import type { StatementKind } from '../types.js';

/** What was read in a statement. */
export interface Read {
  readonly kind: StatementKind;
  /** The rows it gives back: RETURNING. */
  readonly rows?: Rowset;
  /** Said of statements that may move data in a way that cannot be read. */
  readonly opaque?: string;
  /** What the script knows from now on; done when the whole statement has been read. */
  readonly afterwards?: () => void;
}

/** A kind of statement: the parser's nodes it comes as, and how to read it. */
export interface Statement {
  readonly nodes: readonly string[];
  read(node: Node, scope: Scope, reading: Reading): Read;
}
