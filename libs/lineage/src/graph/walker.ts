import { type Closure, type Direction, type EdgeKind, type Paths } from '#core/lineage-graph';

import { type EdgeOrigin } from '../script.entity.js';

/** When the lineage was so, and when we held it to be so. Null: now. */
export interface AsOf {
  readonly validAt: Date | null;
  readonly recordedAt: Date | null;
}

/** Which edges a question is about. */
export interface Selection {
  readonly kinds: readonly EdgeKind[];
  /** Null: all. */
  readonly origins: readonly EdgeOrigin[] | null;
  readonly asOf: AsOf;
}

export interface WalkQuestion extends Selection {
  /** Nodes to begin from. */
  readonly from: readonly number[];
  readonly direction: Direction;
  /** Edges on the way, at most; null: as far as it goes. */
  readonly depth: number | null;
  readonly maximumNodes: number;
}

export interface PathsQuestion extends Selection {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly depth: number | null;
  readonly most: number;
}

/** An edge that is known only between two datasets. */
export interface Pair {
  readonly from: number;
  readonly to: number;
}

/** Finds ways through the graph: in memory, or statement by statement in the database. Both give the same answers. */
export interface Walker {
  /** Several closures over the same state of the graph, in the order of the questions. */
  closures(questions: readonly WalkQuestion[]): Promise<Closure[]>;
  paths(question: PathsQuestion): Promise<Paths>;
  /** Edges between datasets of which one is in the answer, where no edge between columns says which columns. */
  coarse(nodes: readonly number[], selection: Selection, direction: Direction): Promise<Pair[]>;
}
