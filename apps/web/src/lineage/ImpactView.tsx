import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Collapse, Empty, Segmented, Table, type TableColumnsType, Tag } from 'antd';
import { type TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { datasetPath } from '../ui/paths';
import { type ImpactedDataset, impactQuery, type ImpactWish, type LineageImpact } from './lineage.queries';

const GROUPINGS = ['byDataset', 'byOwner', 'byDomain'] as const;
type Grouping = (typeof GROUPINGS)[number];

/** Everything that depends on something: counts first, then table by table. */
export function ImpactView({ wish }: { readonly wish: ImpactWish }) {
  const { t } = useTranslation('lineage');
  const [by, setBy] = useState<Grouping>('byDataset');
  const { data, error, refetch } = useQuery({ ...impactQuery(wish), placeholderData: keepPreviousData });
  if (error) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  if (data.datasets.length === 0)
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('nothingDepends')} />;
  return (
    <>
      <div className="controls">
        <strong>{t('depends', { count: data.datasets.length, columns: data.columns })}</strong>
        <Segmented
          aria-label={t('groupedBy')}
          value={by}
          onChange={setBy}
          options={GROUPINGS.map((value) => ({ value, label: t(value) }))}
          className="end"
        />
      </div>
      {data.truncated && <Alert type="info" showIcon className="stacked" title={t('impactTruncated')} />}
      {by === 'byDataset' ? <Affected datasets={data.datasets} /> : <Groups impact={data} by={by} />}
    </>
  );
}

const keyOf = ({ namespace, qualifiedName }: { namespace: string; qualifiedName: string }) =>
  `${namespace}/${qualifiedName}`;

function Groups({ impact, by }: { readonly impact: LineageImpact; readonly by: Exclude<Grouping, 'byDataset'> }) {
  const { t } = useTranslation('lineage');
  const all = new Map(impact.datasets.map((dataset) => [keyOf(dataset), dataset]));
  return (
    <Collapse
      defaultActiveKey={impact[by].map(({ name }) => name)}
      items={impact[by].map(({ name, columns, datasets }) => ({
        key: name,
        label: (
          <>
            <strong>{name || t('nobodySaid')}</strong>{' '}
            <span className="muted">{t('groupSize', { count: datasets.length, columns })}</span>
          </>
        ),
        children: <Affected datasets={datasets.flatMap((dataset) => all.get(keyOf(dataset)) ?? [])} />,
      }))}
    />
  );
}

function Affected({ datasets }: { readonly datasets: readonly ImpactedDataset[] }) {
  const { t } = useTranslation('lineage');
  const columns: TableColumnsType<ImpactedDataset> = [
    {
      key: 'dataset',
      title: t('table'),
      render: (_, { datasetId, qualifiedName, sourceName, isJob }) => (
        <>
          {isJob && <Tag>{t('job')}</Tag>}
          {datasetId ? <Link to={datasetPath(datasetId, { tab: 'lineage' })}>{qualifiedName}</Link> : qualifiedName}
          <div className="small muted">{sourceName ?? (isJob ? '' : t('unresolved'))}</div>
        </>
      ),
    },
    { key: 'distance', title: t('depth'), dataIndex: 'distance', width: 80 },
    { key: 'columns', title: t('columns'), render: (_, dataset) => <>{whatOf(dataset, t)}</> },
    { key: 'owner', title: t('owner'), dataIndex: 'owner', width: 140 },
    { key: 'domain', title: t('domain'), dataIndex: 'domain', width: 140 },
  ];
  return (
    <Table<ImpactedDataset>
      size="small"
      rowKey={keyOf}
      columns={columns}
      dataSource={[...datasets]}
      pagination={datasets.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
    />
  );
}

/** The columns that get the value, those that are only decided about, and whether all rows are. */
function whatOf({ rows, coarse, isJob, columns }: ImpactedDataset, t: TFunction<'lineage'>): string {
  const names = (direct: boolean) => columns.filter((column) => column.direct === direct).map(({ name }) => name);
  const [values, decided] = [names(true), names(false)];
  return [
    ...(values.length > 0 ? [values.join(', ')] : []),
    ...(rows ? [t('allRowsDecided')] : decided.length > 0 ? [t('onlyDecided', { names: decided.join(', ') })] : []),
    ...(coarse && !isJob ? [t('columnsNotKnown')] : []),
  ].join(' · ');
}
