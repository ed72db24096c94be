import { type Edge, type Graph, type ReachedNode } from '../graph.js';

/**
 * A graph for a test. Edges are `a#x > t#x` (gives the value) and `a#x ~ t` (decides about it); `job etl` is a job. Nodes come
 * from the edges; `more` has others, with their distance.
 */
export function aGraph(
  roots: readonly string[],
  edges: readonly string[],
  more: Readonly<Record<string, number>> = {},
): Graph {
  const made = edges.map((text) => {
    const [, from = '', sign, to = ''] = /^(.*) ([>~]) (.*)$/.exec(text) ?? [];
    return anEdge(sign === '>' ? { from, to } : { from, to, type: 'INDIRECT', subtype: 'FILTER' });
  });
  const names = [...new Set([...roots, ...Object.keys(more), ...made.flatMap(({ from, to }) => [from ?? to, to])])];
  const nodes = names.map((name) => aNode(name, more[name] ?? (roots.includes(name) ? 0 : 1)));
  const now = '2026-06-30T00:00:00.000Z';
  return {
    ...{ nodes, edges: made, totalCount: nodes.length, hasLineage: made.length > 0 },
    ...{ truncated: false, frontier: [], coarse: [], notUnderstood: 0 },
    ...{ asOf: now, knownAt: now, freshAsOf: now },
  };
}

export function aNode(name: string, distance = 0): ReachedNode {
  const job = /^job (.*)$/.exec(name)?.[1];
  const [table = '', column = null] = name.split('#');
  return {
    ...{ id: name, namespace: 'postgres://dwh:5432', qualifiedName: job ?? table, column, distance },
    ...{ kind: job !== undefined ? 'JOB' : column === null ? 'DATASET' : 'COLUMN', sourceName: '数仓', resolved: true },
  };
}

let last = 0;

export const anEdge = (edge: Partial<Edge> & Pick<Edge, 'from' | 'to'>): Edge => ({
  ...{ id: `e${++last}`, type: 'DIRECT', subtype: 'IDENTITY', expression: null, origin: 'PARSED' },
  ...{ confidence: 'schema', scriptName: 'a.sql', place: { line: 1 } },
  ...edge,
});
