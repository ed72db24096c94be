import { type CompactGraph, type Mask, PART, WALK } from './compact-graph.js';

export interface PathQuestion {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly mask: Mask;
  /** Most paths in the answer. */
  readonly most: number;
  /** Longest path, in edges between columns or datasets; null: any. */
  readonly depth: number | null;
}

export interface Paths {
  /** Nodes in the direction of the data, shortest paths first; none passes a node twice. */
  readonly paths: readonly (readonly number[])[];
  /** There are more. */
  readonly truncated: boolean;
}

interface Step {
  readonly node: number;
  readonly before: Step | undefined;
  readonly length: number;
}

/** Work that is done before an answer is cut: steps taken up. */
const MOST_STEPS = 500_000;

/**
 * Ways by which data gets from some nodes to others. The distance to the end is known of each node before the search
 * begins, so that the shortest way is found without a detour and the next ones by length.
 */
export function pathsBetween(graph: CompactGraph, { from, to, mask, most, depth }: PathQuestion): Paths {
  const left = distancesTo(graph, to, mask);
  const ends = new Set(to);
  const queue = new ByLength<Step>();
  for (const node of new Set(from)) {
    const rest = left.get(node);
    if (rest !== undefined) queue.push(rest, { node, before: undefined, length: 0 });
  }
  const paths: number[][] = [];
  for (let steps = 0; ; steps++) {
    const step = queue.pop();
    if (step === undefined) return { paths, truncated: false };
    if (paths.length >= most || steps >= MOST_STEPS) return { paths, truncated: true };
    if (ends.has(step.node) && step.before !== undefined) {
      paths.push(nodesOf(step));
      continue;
    }
    const taken = new Set<number>();
    graph.neighbours('downstream').some(step.node, (end, holding) => {
      const kind = mask[holding] ?? 0;
      const rest = left.get(end);
      if (kind === 0 || rest === undefined || taken.has(end) || isOn(step, end)) return false;
      taken.add(end);
      const length = step.length + (kind === WALK ? 1 : 0);
      if (depth === null || length + rest <= depth) queue.push(length + rest, { node: end, before: step, length });
      return false;
    });
  }
}

/** Steps from every node that leads there; that a column is part of its dataset is none. */
function distancesTo(graph: CompactGraph, to: readonly number[], mask: Mask): Map<number, number> {
  const left = new Map<number, number>();
  let level = [...to];
  for (let distance = 0; level.length > 0; distance++) {
    const next: number[] = [];
    // Grows while it is read: datasets are as far away as their columns.
    for (const node of level) {
      if (left.has(node)) continue;
      left.set(node, distance);
      graph.neighbours('upstream').some(node, (end, holding) => {
        if (!left.has(end)) (mask[holding] === PART ? level : mask[holding] === WALK ? next : []).push(end);
        return false;
      });
    }
    level = next;
  }
  return left;
}

function isOn(step: Step, node: number): boolean {
  for (let each: Step | undefined = step; each; each = each.before) if (each.node === node) return true;
  return false;
}

function nodesOf(last: Step): number[] {
  const nodes: number[] = [];
  for (let each: Step | undefined = last; each; each = each.before) nodes.push(each.node);
  return nodes.reverse();
}

/** A queue by small whole numbers; of equals, the one that came first. */
class ByLength<T> {
  private readonly queues: { items: T[]; next: number }[] = [];

  push(length: number, item: T): void {
    (this.queues[length] ??= { items: [], next: 0 }).items.push(item);
  }

  pop(): T | undefined {
    for (const queue of this.queues) {
      if (queue === undefined || queue.next >= queue.items.length) continue;
      return queue.items[queue.next++];
    }
    return undefined;
  }
}
