import { Adjacency, at, type EdgeColumns } from './adjacency.js';
import { type Direction, type EdgeKind, KIND } from './edge-kind.js';

/** What edges have in common beside their ends. Times are microseconds since 1970, or ±Infinity. */
export interface Holding {
  readonly kind: EdgeKind;
  /** Any small number: where it is known from. */
  readonly origin: number;
  readonly validFrom: number;
  readonly validTo: number;
  readonly recordedFrom: number;
  readonly recordedTo: number;
}

/** Which edges count. */
export interface Wanted {
  readonly kinds: readonly EdgeKind[];
  /** Null: all. */
  readonly origins: readonly number[] | null;
  /** When it was so and when it was held to be so; null: now. In microseconds since 1970. */
  readonly validAt: number | null;
  readonly recordedAt: number | null;
}

/** By holding: 0 does not count, {@link WALK} is an edge, {@link PART} leads to or from a dataset's columns. */
export type Mask = Uint8Array;
export const WALK = 1;
export const PART = 2;

/** Bytes that an edge costs while it is here. While the arrays are made it costs 12 more. */
export const BYTES_PER_EDGE = 16;
const BYTES_PER_HOLDING = 200;

/**
 * A graph of nodes that are small whole numbers, in arrays, with all edges of all times: an edge that is over keeps its
 * place, with a holding that says so. Edges alike in everything but their ends share a holding, so that a question about
 * another time costs one look at each holding and nothing at each edge.
 */
export class CompactGraph {
  private nodes: number;
  private edges: number;
  /** Edges that came since the arrays were made. */
  private late = 0;
  private arrays: Record<Direction, Adjacency>;
  private readonly masks = new Map<string, Mask>();

  private constructor(
    private readonly holdings: Holdings,
    { src, dst, held, count }: GraphColumns,
  ) {
    this.edges = count;
    this.nodes = 0;
    for (let edge = 0; edge < count; edge++) this.nodes = Math.max(this.nodes, at(src, edge) + 1, at(dst, edge) + 1);
    this.arrays = bothWays(this.nodes, src, dst, held, count);
  }

  /** Makes a graph of the edges that were put into a {@link GraphBuilder}. */
  static of(columns: GraphColumns): CompactGraph {
    return new CompactGraph(columns.holdings, columns);
  }

  /** One more than the greatest node. */
  get nodeCount(): number {
    return this.nodes;
  }

  get edgeCount(): number {
    return this.edges;
  }

  get bytes(): number {
    return this.edges * BYTES_PER_EDGE + this.late * 16 + this.nodes * 8 + this.holdings.all.length * BYTES_PER_HOLDING;
  }

  neighbours(direction: Direction): Adjacency {
    return this.arrays[direction];
  }

  add(src: number, dst: number, holding: Holding): void {
    const held = this.holdings.placeOf(holding);
    this.arrays.downstream.add(src, dst, held);
    this.arrays.upstream.add(dst, src, held);
    this.nodes = Math.max(this.nodes, src + 1, dst + 1);
    this.edges += 1;
    this.late += 1;
    if (this.late > 50_000 && this.late > this.edges / 10) this.compact();
  }

  /** An edge that is here has another holding from now on. False when there is none with the one before. */
  change(src: number, dst: number, before: Holding, after: Holding): boolean {
    const [old, now] = [this.holdings.placeOf(before), this.holdings.placeOf(after)];
    if (!this.arrays.downstream.change(src, dst, old, now)) return false;
    return this.arrays.upstream.change(dst, src, old, now);
  }

  /** Which holdings count for a question. */
  mask(wanted: Wanted): Mask {
    const key = JSON.stringify([wanted.kinds, wanted.origins, wanted.validAt, wanted.recordedAt]);
    const known = this.masks.get(key);
    if (known?.length === this.holdings.all.length) return known;
    const mask = new Uint8Array(this.holdings.all.length);
    for (const [place, holding] of this.holdings.all.entries())
      mask[place] = counts(holding, wanted) ? (holding.kind === KIND.part ? PART : WALK) : 0;
    if (this.masks.size >= MOST_MASKS) this.masks.clear();
    this.masks.set(key, mask);
    return mask;
  }

  /** Puts what was added into the arrays. */
  private compact(): void {
    const [src, dst, held] = [new Int32Array(this.edges), new Int32Array(this.edges), new Int32Array(this.edges)];
    let count = 0;
    for (let node = 0; node < this.nodes; node++)
      this.arrays.downstream.some(node, (end, holding) => {
        src[count] = node;
        dst[count] = end;
        held[count] = holding;
        count += 1;
        return false;
      });
    this.arrays = bothWays(this.nodes, src, dst, held, count);
    this.late = 0;
  }
}

const MOST_MASKS = 64;

function counts(
  { kind, origin, validFrom, validTo, recordedFrom, recordedTo }: Holding,
  { kinds, origins, validAt, recordedAt }: Wanted,
): boolean {
  if (!kinds.includes(kind)) return false;
  // That a column is part of a dataset is of no time and of no origin.
  if (kind === KIND.part) return recordedTo === Infinity && validTo === Infinity;
  if (origins !== null && !origins.includes(origin)) return false;
  const valid = validAt === null ? validTo === Infinity : validFrom <= validAt && validTo > validAt;
  return (
    valid && (recordedAt === null ? recordedTo === Infinity : recordedFrom <= recordedAt && recordedTo > recordedAt)
  );
}

function bothWays(nodes: number, src: Int32Array, dst: Int32Array, holdings: Int32Array, count: number) {
  const columns = (here: Int32Array, there: Int32Array): EdgeColumns => ({ count, here, there, holdings });
  return {
    downstream: new Adjacency(nodes, columns(src, dst)),
    upstream: new Adjacency(nodes, columns(dst, src)),
  };
}

/** Holdings, each once, in the order in which they came. */
class Holdings {
  readonly all: Holding[] = [];
  private readonly places = new Map<string, number>();

  placeOf(holding: Holding): number {
    const { kind, origin, validFrom, validTo, recordedFrom, recordedTo } = holding;
    const key = `${kind} ${origin} ${validFrom} ${validTo} ${recordedFrom} ${recordedTo}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.all.length);
    return this.all.push(holding) - 1;
  }
}

interface GraphColumns {
  readonly holdings: Holdings;
  readonly src: Int32Array;
  readonly dst: Int32Array;
  readonly held: Int32Array;
  readonly count: number;
}

/** Collects edges, many of one holding at a time, without an object for each. */
export class GraphBuilder implements GraphColumns {
  readonly holdings = new Holdings();
  src = new Int32Array(1 << 16);
  dst = new Int32Array(1 << 16);
  held = new Int32Array(1 << 16);
  count = 0;

  /** `pairs`: source and target of each edge, four bytes each, the greatest first, as PostgreSQL's int4send writes them. */
  add(holding: Holding, pairs: Uint8Array): void {
    const place = this.holdings.placeOf(holding);
    const edges = pairs.byteLength / 8;
    while (this.count + edges > this.src.length) this.grow();
    const view = new DataView(pairs.buffer, pairs.byteOffset, pairs.byteLength);
    for (let edge = 0; edge < edges; edge++) {
      this.src[this.count] = view.getInt32(edge * 8);
      this.dst[this.count] = view.getInt32(edge * 8 + 4);
      this.held[this.count] = place;
      this.count += 1;
    }
  }

  /** What a graph of these edges takes while it is made. */
  get bytes(): number {
    return this.count * (BYTES_PER_EDGE + 12) + this.holdings.all.length * BYTES_PER_HOLDING;
  }

  private grow(): void {
    const more = (array: Int32Array) => {
      const grown = new Int32Array(Math.ceil(array.length * 1.5));
      grown.set(array);
      return grown;
    };
    [this.src, this.dst, this.held] = [more(this.src), more(this.dst), more(this.held)];
  }
}
