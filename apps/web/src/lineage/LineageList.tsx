import { Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { datasetPath } from '../ui/paths';
import { EdgeFacts } from './EdgeFacts';
import { type LineageEdge, type LineageGraph, type LineageNode } from './lineage.queries';

/** The same as the picture, as a table of connections. */
export function LineageList({ graph }: { readonly graph: Pick<LineageGraph, 'nodes' | 'edges'> }) {
  const { t } = useTranslation('lineage');
  const byKey = new Map(graph.nodes.map((node) => [node.id, node]));
  const columns: TableColumnsType<LineageEdge> = [
    { key: 'from', title: t('from'), render: (_, { from }) => <End node={byKey.get(from ?? '')} /> },
    {
      key: 'to',
      title: t('to'),
      render: (_, { to, type }) => <End node={byKey.get(to)} whole={type === 'INDIRECT'} />,
    },
    { key: 'how', title: t('how'), render: (_, edge) => <EdgeFacts edge={edge} /> },
  ];
  return (
    <Table<LineageEdge>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={[...graph.edges]}
      pagination={graph.edges.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
    />
  );
}

/** One end of a connection. What only decides can decide about a table as a `whole`. */
function End({ node, whole = false }: { readonly node: LineageNode | undefined; readonly whole?: boolean }) {
  const { t } = useTranslation('lineage');
  if (!node) return <>{t('generated')}</>;
  const { datasetId, qualifiedName, column, sourceName, kind } = node;
  return (
    <>
      {datasetId ? (
        <Link to={datasetPath(datasetId, { tab: 'lineage' })}>{qualifiedName}</Link>
      ) : (
        <>
          {qualifiedName} ({t(kind === 'JOB' ? 'job' : 'unresolved')})
        </>
      )}
      {column !== null && <strong> · {column}</strong>}
      {column === null && whole && <strong> · {t('allRows')}</strong>}
      <div className="small muted">{sourceName}</div>
    </>
  );
}
