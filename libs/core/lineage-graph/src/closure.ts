import { at } from './adjacency.js';
import { type CompactGraph, type Mask, PART, WALK } from './compact-graph.js';
import { type Direction } from './edge-kind.js';

export interface ClosureQuestion {
  /** Nodes to begin from; one without edges leads nowhere. */
  readonly from: readonly number[];
  readonly direction: Direction;
  readonly mask: Mask;
  /** Edges on the way, at most; null: as far as it goes. That a column is part of its dataset is no step. */
  readonly depth: number | null;
  readonly maximumNodes: number;
}

/** What is reached. */
export interface Closure {
  /** Near ones first, those it began from among them; equally near ones by number. */
  readonly nodes: readonly number[];
  /** Where each distance begins in `nodes`. */
  readonly levels: readonly number[];
  /** There is more than depth and maximumNodes allow. */
  readonly truncated: boolean;
  /** Nodes of the answer from which it goes on. */
  readonly frontier: readonly number[];
}

/**
 * Everything that is reached from some nodes, each once, by breadth. Upstream, what decides about a dataset's rows decides
 * about each of its columns: from a column the walk goes on through its dataset, which is only named when something decides
 * about it. Downstream, what decides about the rows reaches the dataset and all its columns.
 */
export function closureOf(graph: CompactGraph, question: ClosureQuestion): Closure {
  return new Walk(graph, question).closure();
}

class Walk {
  private readonly seen: Uint8Array;
  private readonly nodes: number[] = [];
  private readonly levels: number[] = [];
  private isCut = false;

  constructor(
    private readonly graph: CompactGraph,
    private readonly question: ClosureQuestion,
  ) {
    this.seen = new Uint8Array(Math.max(graph.nodeCount, ...question.from.map((node) => node + 1)));
  }

  closure(): Closure {
    const { from, depth, maximumNodes, direction } = this.question;
    const upstream = direction === 'upstream';
    let level: number[] = [];
    for (const node of from) this.see(node, level);
    for (let steps = 0; level.length > 0; steps++) {
      level.sort(ascending);
      if (this.nodes.length + level.length > maximumNodes) {
        level = level.slice(0, maximumNodes - this.nodes.length);
        this.isCut = true;
      }
      this.levels.push(this.nodes.length);
      const ends = this.isCut || (depth !== null && steps >= depth);
      if (!ends && upstream) this.addWholes(level);
      for (const node of level) this.nodes.push(node);
      if (ends) return this.answer(this.isCut ? this.nodes : level);
      level = this.step(level);
    }
    return { nodes: this.nodes, levels: this.levels, truncated: false, frontier: [] };
  }

  /** The next distance: ends of edges and, downstream, the columns of datasets among them. */
  private step(level: readonly number[]): number[] {
    const { direction, mask } = this.question;
    const { starts, ends, holdings, added } = this.graph.neighbours(direction);
    const next: number[] = [];
    const reach = (from: readonly number[], begin: number, kind: number) => {
      for (let place = begin; place < from.length; place++) {
        const node = from[place] ?? 0;
        if (node + 1 < starts.length)
          for (let edge = at(starts, node), last = at(starts, node + 1); edge < last; edge++)
            if (mask[at(holdings, edge)] === kind) this.see(at(ends, edge), next);
        const own = added.size === 0 ? undefined : added.get(node);
        if (own !== undefined)
          for (let edge = 0; edge < own.length; edge += 2)
            if (mask[own[edge + 1] ?? 0] === kind) this.see(own[edge] ?? 0, next);
      }
    };
    reach(level, 0, WALK);
    // `next` grows while it is read: a column has no parts, so that ends at once.
    if (direction === 'downstream') reach(next, 0, PART);
    return next;
  }

  /** Adds the datasets of columns about which something decides, at the columns' own distance. */
  private addWholes(level: number[]): void {
    for (let place = 0, columns = level.length; place < columns; place++)
      for (const whole of this.wholesOf(level[place] ?? 0)) if (this.leadsAnywhere(whole)) this.see(whole, level);
  }

  private wholesOf(node: number): number[] {
    const wholes: number[] = [];
    this.graph.neighbours('upstream').some(node, (end, holding) => {
      if (this.question.mask[holding] === PART) wholes.push(end);
      return false;
    });
    return wholes;
  }

  private leadsAnywhere(node: number): boolean {
    return this.graph
      .neighbours(this.question.direction)
      .some(node, (_, holding) => this.question.mask[holding] === WALK);
  }

  /** A walk that was stopped, and where it would go on. */
  private answer(last: readonly number[]): Closure {
    const goesOn = (node: number) =>
      this.graph
        .neighbours(this.question.direction)
        .some(node, (end, holding) => this.question.mask[holding] === WALK && !this.isSeen(end));
    if (this.isCut) {
      this.seen.fill(0);
      for (const node of this.nodes) this.seen[node] = 1;
    }
    const upstream = this.question.direction === 'upstream';
    const frontier = last.filter((node) => goesOn(node) || (upstream && this.wholesOf(node).some(goesOn)));
    return {
      nodes: this.nodes,
      levels: this.levels,
      truncated: this.isCut || frontier.length > 0,
      frontier,
    };
  }

  private isSeen(node: number): boolean {
    return this.seen[node] === 1;
  }

  private see(node: number, into: number[]): void {
    if (this.seen[node] !== 0) return;
    this.seen[node] = 1;
    into.push(node);
  }
}

const ascending = (a: number, b: number) => a - b;
