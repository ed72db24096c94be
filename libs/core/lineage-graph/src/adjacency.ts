/** Edges as three columns: `here[i]` and `there[i]` are joined by an edge of holding `holdings[i]`. */
export interface EdgeColumns {
  readonly count: number;
  readonly here: Int32Array;
  readonly there: Int32Array;
  readonly holdings: Int32Array;
}

/**
 * The neighbours of each node in one direction: sorted arrays (compressed sparse rows, 8 bytes an edge and 4 a node) that do
 * not grow, and beside them what was added since.
 */
export class Adjacency {
  /** Edges of node `n` are at `starts[n]` up to `starts[n + 1]`; nodes from `starts.length - 1` on have none here. */
  readonly starts: Uint32Array;
  readonly ends: Int32Array;
  readonly holdings: Int32Array;
  /** By node: end, holding, end, holding … */
  readonly added = new Map<number, number[]>();

  constructor(nodes: number, { count, here, there, holdings }: EdgeColumns) {
    this.starts = new Uint32Array(nodes + 1);
    for (let edge = 0; edge < count; edge++) this.starts[at(here, edge) + 1]! += 1;
    for (let node = 0; node < nodes; node++) this.starts[node + 1]! += at(this.starts, node);
    const next = this.starts.slice(0, nodes);
    this.ends = new Int32Array(count);
    this.holdings = new Int32Array(count);
    for (let edge = 0; edge < count; edge++) {
      const place = next[at(here, edge)]!++;
      this.ends[place] = at(there, edge);
      this.holdings[place] = at(holdings, edge);
    }
  }

  add(node: number, end: number, holding: number): void {
    const own = this.added.get(node);
    if (own) own.push(end, holding);
    else this.added.set(node, [end, holding]);
  }

  /** Gives another holding to an edge; false when there is none with the one before. */
  change(node: number, end: number, before: number, after: number): boolean {
    const last = node + 1 < this.starts.length ? at(this.starts, node + 1) : 0;
    for (let edge = last === 0 ? 0 : at(this.starts, node); edge < last; edge++)
      if (this.ends[edge] === end && this.holdings[edge] === before) {
        this.holdings[edge] = after;
        return true;
      }
    const own = this.added.get(node) ?? [];
    for (let edge = 0; edge < own.length; edge += 2)
      if (own[edge] === end && own[edge + 1] === before) {
        own[edge + 1] = after;
        return true;
      }
    return false;
  }

  /** Calls for each edge of a node; stops and gives true when a call does. */
  some(node: number, visit: (end: number, holding: number) => boolean): boolean {
    if (node + 1 < this.starts.length)
      for (let edge = at(this.starts, node), last = at(this.starts, node + 1); edge < last; edge++)
        if (visit(at(this.ends, edge), at(this.holdings, edge))) return true;
    const own = this.added.get(node);
    if (own !== undefined)
      for (let edge = 0; edge < own.length; edge += 2) if (visit(own[edge] ?? 0, own[edge + 1] ?? 0)) return true;
    return false;
  }
}

/** A place that is known to be in the array. */
export const at = (array: Int32Array | Uint32Array, place: number): number => array[place] as number;
