import { type Client } from '../../client/client.js';
import { EDGE, type Graph, NODE, TIMES } from './graph.js';
import { FILTER_ARGS, FILTER_PARAMS, TIME_ARGS, TIME_PARAMS } from './filter.js';

/** Nodes of a page. */
const PAGE = 1000;

interface Page extends Graph {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const QUERY = `
  query ($of: ID!, $direction: LineageDirection!, $level: LineageLevel!, ${FILTER_PARAMS}, ${TIME_PARAMS}, $first: Int!, $after: String) {
    lineage(of: $of, direction: $direction, level: $level, ${FILTER_ARGS}, ${TIME_ARGS}, first: $first, after: $after) {
      nodes { ${NODE} distance } edges { ${EDGE} }
      hasLineage totalCount truncated frontier { ${NODE} } coarse { from { ${NODE} } to { ${NODE} } }
      notUnderstood pageInfo { hasNextPage endCursor } ${TIMES} } }`;

/** Reads a graph page by page until it is whole or has `limit` nodes. */
export async function readGraph(client: Client, variables: object, limit: number): Promise<Graph> {
  const pages: Page[] = [];
  let after: string | null = null;
  for (let missing = limit; missing > 0; missing -= PAGE) {
    const { lineage }: { lineage: Page } = await client.ask(QUERY, {
      ...variables,
      first: Math.min(PAGE, missing),
      after,
    });
    pages.push(lineage);
    after = lineage.pageInfo.endCursor;
    if (!lineage.pageInfo.hasNextPage) break;
  }
  return joined(pages);
}

/** What concerns the whole answer stands on each of its pages. */
function joined(pages: readonly Page[]): Graph {
  const [first] = pages;
  if (!first) throw new RangeError('A graph has at least one page.');
  const { pageInfo: _, ...whole } = first;
  return { ...whole, nodes: pages.flatMap(({ nodes }) => nodes), edges: pages.flatMap(({ edges }) => edges) };
}
