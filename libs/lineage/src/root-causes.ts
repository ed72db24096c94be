/**
 * Which of some things lies most upstream of each, over edges between nodes. Things are numbered, and the one with the
 * lower number is preferred; what lies in a circle belongs to the lowest of it. Linear in nodes and edges.
 *
 * @param nodesOf the nodes of each thing.
 * @param pairs whether the second may be said to come from the first.
 */
export function rootCauses(
  nodesOf: readonly (readonly number[])[],
  edges: readonly (readonly [from: number, to: number])[],
  pairs: (root: number, thing: number) => boolean,
): (number | undefined)[] {
  const own = new Map<number, number>();
  nodesOf.forEach((nodes, thing) => {
    for (const node of nodes) if (!own.has(node)) own.set(node, thing);
  });
  const labels = labelled(own, edges);
  const found = nodesOf.map((nodes, thing) => {
    const roots = nodes.flatMap((node) => labels.get(node) ?? []);
    const fitting = roots.filter((root) => root !== thing && pairs(root, thing));
    return fitting.length === 0 ? undefined : Math.min(...fitting);
  });
  return found.map((_, thing) => topOf(found, thing));
}

/** The most upstream thing at or above each node, in an order in which causes come first. */
function labelled(
  own: ReadonlyMap<number, number>,
  edges: readonly (readonly [number, number])[],
): ReadonlyMap<number, number> {
  const next = new Map<number, number[]>();
  const waitsFor = new Map<number, number>();
  for (const node of own.keys()) waitsFor.set(node, 0);
  for (const [from, to] of edges) {
    if (from === to) continue;
    next.set(from, [...(next.get(from) ?? []), to]);
    waitsFor.set(from, waitsFor.get(from) ?? 0);
    waitsFor.set(to, (waitsFor.get(to) ?? 0) + 1);
  }
  const labels = new Map<number, number>();
  const done = new Set<number>();
  const rank = (node: number) => own.get(node) ?? Number.MAX_SAFE_INTEGER;
  const byRank = (one: number, other: number) => rank(one) - rank(other) || one - other;
  const ready = [...waitsFor].filter(([, n]) => n === 0).map(([node]) => node);
  const visit = (first: number) => {
    const queue = [first];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (done.has(node)) continue;
      done.add(node);
      const label = labels.get(node) ?? own.get(node);
      if (label !== undefined) labels.set(node, label);
      for (const there of next.get(node) ?? []) {
        const before = labels.get(there);
        if (label !== undefined && !done.has(there)) labels.set(there, Math.min(before ?? label, label));
        const left = (waitsFor.get(there) ?? 0) - 1;
        waitsFor.set(there, left);
        if (left === 0) queue.push(there);
      }
    }
  };
  ready.sort(byRank).forEach(visit);
  // What is left waits in circles: the lowest of them begins.
  for (const node of [...waitsFor.keys()].filter((each) => !done.has(each)).sort(byRank)) visit(node);
  return labels;
}

/** The end of a chain of causes; none for the lowest of a circle. */
function topOf(parents: readonly (number | undefined)[], thing: number): number | undefined {
  const seen = [thing];
  for (let up = parents[thing]; up !== undefined; up = parents[up]) {
    const at = seen.indexOf(up);
    if (at < 0) {
      seen.push(up);
      continue;
    }
    const lowest = Math.min(...seen.slice(at));
    return lowest === thing ? undefined : lowest;
  }
  return seen.length === 1 ? undefined : seen.at(-1);
}
