import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';

import { type Picture, type PictureTable } from './picture';

export const TABLE_WIDTH = 250;
export const HEAD_HEIGHT = 58;
export const COLUMN_HEIGHT = 26;

export const heightOf = ({ columns }: PictureTable): number => HEAD_HEIGHT + columns.length * COLUMN_HEIGHT;

/** Layout is heavy for big graphs, so it happens beside the page. */
const elk = new ELK({ workerFactory: () => new Worker(workerUrl) });

/** Where each table stands: what feeds stands left of what is fed. */
export async function arrange({ tables, lines }: Picture): Promise<ReadonlyMap<string, { x: number; y: number }>> {
  const graph: ElkNode = {
    id: 'all',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': '90',
      'elk.spacing.nodeNode': '28',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: tables.map((table) => ({ id: table.id, width: TABLE_WIDTH, height: heightOf(table) })),
    edges: lines
      .filter(({ from, to }) => from !== to)
      .map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  };
  const { children = [] } = await elk.layout(graph);
  return new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}
