import { type Graph, type Node, nodeShown, tableKey } from './graph.js';

export interface Box {
  readonly id: string;
  readonly label: string;
  readonly isJob: boolean;
  readonly isUnresolved: boolean;
  readonly columns: readonly { readonly id: string; readonly label: string }[];
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly isDirect: boolean;
}

/** A graph as boxes with columns in them and arrows between: what --mermaid and --dot draw. */
export interface FlowChart {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** Gathers columns into boxes; statements that say the same are one arrow. */
export function flowChartOf({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>): FlowChart {
  const ids = new Map<string, string>();
  let columnCount = 0;
  const home = nodes[0]?.sourceName ?? null;
  const boxes = [...Map.groupBy(nodes, (node) => `${node.kind === 'JOB'} ${tableKey(node)}`).values()].map(
    (ofBox, place): Box => {
      const [first = nodes[0] as Node] = ofBox;
      const id = `t${place + 1}`;
      for (const { id: node, column } of ofBox) if (column === null) ids.set(node, id);
      const columns = ofBox.flatMap(({ id: node, column }) => {
        if (column === null) return [];
        const own = `c${++columnCount}`;
        ids.set(node, own);
        return [{ id: own, label: column }];
      });
      const isJob = first.kind === 'JOB';
      return { id, label: nodeShown({ ...first, column: null }, home), isJob, isUnresolved: !first.resolved, columns };
    },
  );
  const arrows = edges.flatMap(({ from, to, type }): Arrow[] => {
    const [start, end] = [ids.get(from ?? ''), ids.get(to)];
    return start !== undefined && end !== undefined ? [{ from: start, to: end, isDirect: type !== 'INDIRECT' }] : [];
  });
  return { boxes, arrows: [...new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow])).values()] };
}
