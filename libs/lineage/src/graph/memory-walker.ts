import {
  type Closure,
  closureOf,
  type CompactGraph,
  type Direction,
  type EdgeKind,
  KIND,
  type Mask,
  type Paths,
  pathsBetween,
} from '#core/lineage-graph';

import { originNumber } from './edges.store.js';
import { type AsOf, type Pair, type PathsQuestion, type Selection, type Walker, type WalkQuestion } from './walker.js';

/** Answers from arrays in memory. */
export class MemoryWalker implements Walker {
  constructor(
    private readonly graph: () => CompactGraph,
    private readonly now: Date,
  ) {}

  // No waiting between the questions: they are about one state. What they throw is thrown to who waits.
  async closures(questions: readonly WalkQuestion[]): Promise<Closure[]> {
    const graph = this.graph();
    return questions.map(({ from, direction, depth, maximumNodes, ...selection }) =>
      closureOf(graph, { from, direction, depth, maximumNodes, mask: this.mask(graph, selection) }),
    );
  }

  async paths({ from, to, depth, most, ...selection }: PathsQuestion): Promise<Paths> {
    const graph = this.graph();
    return pathsBetween(graph, { from, to, depth, most, mask: this.mask(graph, selection) });
  }

  async coarse(nodes: readonly number[], selection: Selection, direction: Direction): Promise<Pair[]> {
    const graph = this.graph();
    const mask = (...kinds: EdgeKind[]) => this.mask(graph, { ...selection, kinds });
    return new CoarseEdges(graph, direction, mask(KIND.part), mask(KIND.dataset), mask(...COLUMN_KINDS)).of(nodes);
  }

  private mask(graph: CompactGraph, { kinds, origins, asOf }: Selection): Mask {
    return graph.mask({ kinds, origins: origins?.map(originNumber) ?? null, ...microseconds(asOf, this.now) });
  }
}

export const COLUMN_KINDS: readonly EdgeKind[] = [KIND.direct, KIND.indirect, KIND.rows];

/** Of a time at which we held something to be so, "now" is a moment like any other. */
function microseconds({ validAt, recordedAt }: AsOf, now: Date) {
  const valid = validAt ?? (recordedAt === null ? null : now);
  const of = (time: Date | null) => (time === null ? null : time.getTime() * 1000);
  return { validAt: of(valid), recordedAt: of(recordedAt) };
}

/** Edges between datasets that no edge between their columns explains. */
class CoarseEdges {
  constructor(
    private readonly graph: CompactGraph,
    private readonly direction: Direction,
    private readonly parts: Mask,
    private readonly datasets: Mask,
    private readonly columns: Mask,
  ) {}

  of(nodes: readonly number[]): Pair[] {
    const found: Pair[] = [];
    const seen = new Set<number>();
    for (const node of nodes) {
      const dataset = this.wholeOf(node);
      if (seen.has(dataset)) continue;
      seen.add(dataset);
      if (!this.hasAny(dataset, this.datasets)) continue;
      const others = this.ends(dataset, this.datasets);
      for (const other of this.explained(dataset)) others.delete(other);
      const upstream = this.direction === 'upstream';
      for (const other of others) found.push(upstream ? { from: other, to: dataset } : { from: dataset, to: other });
    }
    return found;
  }

  /** The datasets that columns of a dataset are joined with. */
  private explained(dataset: number): Set<number> {
    const own = [dataset];
    this.graph.neighbours('downstream').some(dataset, (end, holding) => {
      if (this.parts[holding] !== 0) own.push(end);
      return false;
    });
    return new Set(own.flatMap((node) => [...this.ends(node, this.columns)].map((end) => this.wholeOf(end))));
  }

  private hasAny(node: number, mask: Mask): boolean {
    return this.graph.neighbours(this.direction).some(node, (_, holding) => mask[holding] !== 0);
  }

  private ends(node: number, mask: Mask): Set<number> {
    const ends = new Set<number>();
    this.graph.neighbours(this.direction).some(node, (end, holding) => {
      if (mask[holding] !== 0) ends.add(end);
      return false;
    });
    return ends;
  }

  private wholeOf(node: number): number {
    let whole = node;
    this.graph.neighbours('upstream').some(node, (end, holding) => {
      if (this.parts[holding] === 0) return false;
      whole = end;
      return true;
    });
    return whole;
  }
}
