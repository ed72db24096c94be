import { type Closure } from '#core/lineage-graph';
import { decodeCursor, encodeCursor } from '#kernel';

import { LineageMoved } from '../lineage.errors.js';

/** A node of an answer and how many steps away it is; upstream the number is negative. */
export interface Reached {
  readonly node: number;
  readonly distance: number;
}

/** All nodes of the walks of one answer, each once: near ones first, what feeds before what is fed. */
export function inOrder(closures: readonly { readonly sign: 1 | -1; readonly closure: Closure }[]): Reached[] {
  const [first, second] = closures.map(({ sign, closure }) =>
    // Not minus zero.
    distancesIn(closure).map(({ node, distance }) => ({ node, distance: distance === 0 ? 0 : sign * distance })),
  );
  if (!first || !second) return first ?? [];
  const seen = new Set<number>();
  return [...first, ...second]
    .map((reached, place) => ({ reached, place }))
    .sort((a, b) => Math.abs(a.reached.distance) - Math.abs(b.reached.distance) || a.place - b.place)
    .flatMap(({ reached }) => {
      if (seen.has(reached.node)) return [];
      seen.add(reached.node);
      return [reached];
    });
}

/** The nodes of a walk, each with its steps from where it began. */
export function distancesIn({ nodes, levels }: Pick<Closure, 'nodes' | 'levels'>): Reached[] {
  let distance = -1;
  return nodes.map((node, place) => {
    while ((levels[distance + 1] ?? Infinity) <= place) distance += 1;
    return { node, distance };
  });
}

/** A page of an answer that is worked out anew for each page: that it is still the same is checked, not hoped. */
export function pageOf(
  reached: readonly Reached[],
  first: number,
  after: string | null,
): { readonly start: number; readonly end: number; readonly endCursor: string | null } {
  const print = fingerprintOf(reached);
  const start = after === null ? 0 : startAfter(after, print);
  const end = Math.min(start + first, reached.length);
  return { start, end, endCursor: end === 0 ? null : encodeCursor('lineage', [end, print]) };
}

function startAfter(cursor: string, print: string): number {
  const [start, then] = decodeCursor('lineage', cursor);
  if (then !== print) throw new LineageMoved();
  return Number(start);
}

/** FNV-1a of 32 bits over the nodes, beside their number. */
function fingerprintOf(reached: readonly Reached[]): string {
  let hash = 0x811c9dc5;
  for (const { node } of reached) hash = Math.imul(hash ^ node, 0x01000193);
  return `${reached.length}-${(hash >>> 0).toString(36)}`;
}
