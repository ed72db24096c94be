import '@xyflow/react/dist/style.css';

import { useQuery } from '@tanstack/react-query';
import { Background, Controls, type Edge, MarkerType, type Node, ReactFlow } from '@xyflow/react';
import { Descriptions } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { arrange, heightOf, TABLE_WIDTH } from './arrange';
import { EdgeFacts } from './EdgeFacts';
import { type LineageGraph } from './lineage.queries';
import { type PictureLine, pictureOf, type PictureTable } from './picture';
import { TableNode } from './TableNode';

export type TableNodeOf = Node<{ readonly table: PictureTable; readonly mine: boolean }, 'table'>;

const nodeTypes = { table: TableNode };

/** The graph drawn. Nothing in it is only there: the list says the same in words. */
export function LineagePicture({ graph, datasetId }: { readonly graph: LineageGraph; readonly datasetId: string }) {
  const { t } = useTranslation('lineage');
  const picture = pictureOf(graph);
  const {
    data: places,
    error,
    refetch,
  } = useQuery({
    queryKey: ['lineage-places', picture],
    staleTime: Infinity,
    queryFn: () => arrange(picture),
  });
  const [shown, setShown] = useState<string>();
  if (error) return <Failed error={error} retry={refetch} />;
  if (!places) return <Loading />;
  const nodes: TableNodeOf[] = picture.tables.map((table) => ({
    id: table.id,
    type: 'table',
    position: places.get(table.id) ?? { x: 0, y: 0 },
    data: { table, mine: table.datasetId === datasetId },
    width: TABLE_WIDTH,
    height: heightOf(table),
    ariaLabel: table.qualifiedName,
  }));
  const line = picture.lines.find(({ id }) => id === shown);
  return (
    <>
      <div className="lineage-picture" role="group" aria-label={t('pictureOf', { count: nodes.length })}>
        <ReactFlow<TableNodeOf>
          key={nodes.map(({ id }) => id).join('\n')}
          nodes={nodes}
          edges={picture.lines.map((one) => edgeOf(one, one.id === shown))}
          nodeTypes={nodeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable
          fitView
          fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
          minZoom={0.1}
          onEdgeClick={(_, { id }) => setShown(id)}
          onPaneClick={() => setShown(undefined)}
          proOptions={{ hideAttribution: false }}
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      {line && (
        <Descriptions
          title={t('edge')}
          column={1}
          size="small"
          items={line.edges.map((edge) => ({
            key: edge.id,
            label: edge.scriptName,
            children: <EdgeFacts edge={edge} />,
          }))}
        />
      )}
    </>
  );
}

const edgeOf = (line: PictureLine, selected: boolean): Edge => ({
  id: line.id,
  source: line.from,
  target: line.to,
  sourceHandle: line.fromColumn ?? 'table-out',
  targetHandle: line.toColumn ?? 'table-in',
  selected,
  markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
  style: {
    strokeWidth: selected ? 2.5 : 1.4,
    stroke: selected ? '#c77700' : line.indirect ? '#9aa8a9' : '#0e6b70',
    ...(line.indirect && { strokeDasharray: '5 4' }),
  },
  ariaLabel: `${line.from} → ${line.to}`,
});
