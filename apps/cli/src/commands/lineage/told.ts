import { type Graph, type Node, nodeShown } from './graph.js';

const MOST_NAMED = 5;

/** What a person must know beside a graph to trust it: where it was cut, where it has gaps, what was not understood. */
export function toldOf(graph: Graph): string[] {
  const { nodes, totalCount, frontier, truncated, coarse, notUnderstood } = graph;
  const home = nodes[0]?.sourceName ?? null;
  const names = (some: readonly Node[]) => named(some.map((node) => nodeShown(node, home)));
  const sources = [...new Set(nodes.flatMap(({ sourceName }) => sourceName ?? []))];
  return [
    ...(nodes.length < totalCount
      ? [`Stopped after ${nodes.length} of ${totalCount} nodes, near ones first; more with --limit.`]
      : []),
    ...(truncated ? [`Cut: it goes on from ${names(frontier) || 'here'}. More with --depth.`] : []),
    ...(coarse.length > 0
      ? [
          `Gaps: ${coarse.length} ${coarse.length === 1 ? 'flow is' : 'flows are'} known only between datasets, not by column: ` +
            `${named(coarse.map(({ from, to }) => `${nodeShown(from, home)} → ${nodeShown(to, home)}`))}. See them with --level dataset.`,
        ]
      : []),
    ...(notUnderstood > 0
      ? [
          `${notUnderstood} ${notUnderstood === 1 ? 'statement was' : 'statements were'} not wholly understood, so something may be missing: ` +
            `${sources.map((source) => `plumbline lineage not-understood ${JSON.stringify(source)}`).join('; ')}.`,
        ]
      : []),
  ];
}

/** The first few names, and how many more there are. */
export function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
