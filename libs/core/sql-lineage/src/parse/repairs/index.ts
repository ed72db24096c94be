import type { Node } from '../tree.js';
import { liftSetOperations } from './lift-set-operations.js';
import type { Repair } from './repair.js';

const REPAIRS: readonly Repair[] = [liftSetOperations];

/** The tree as it should have been. */
export const repair = (node: Node, text: string): Node =>
  REPAIRS.reduce((tree, each) => (each.concerns(text) ? each.apply(tree) : tree), node);
