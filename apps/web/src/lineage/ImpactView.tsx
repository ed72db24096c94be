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

const GROUPINGS = ['byDataset', 'byOwner', 'byDomain', 'reports', 'rules'] as const;
type Grouping = (typeof GROUPINGS)[number];

/** Everything that depends on something: counts first, then table by table. */
export function ImpactView({ wish }: { readonly wish: ImpactWish }) {
  const { t } = useTranslation('lineage');
  const [by, setBy] = useState<Grouping>('byDataset');
  const { data, error, refetch } = useQuery({ ...impactQuery(wish), placeholderData: keepPreviousData });
  if (error) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  if (data.datasets.length + data.reports.length + data.rules.length === 0)
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('nothingDepends')} />;
  return (
    <>
      <div className="controls">
        <strong>{t('depends', { count: data.datasets.length, columns: data.columns })}</strong>
        <Segmented
          aria-label={t('groupedBy')}
          value={by}
          onChange={setBy}
          options={GROUPINGS.map((value) => ({ value, label: labelOf(value, data, t) }))}
          className="end"
        />
      </div>
      {data.truncated && <Alert type="info" showIcon className="stacked" title={t('impactTruncated')} />}
      <Listed impact={data} by={by} />
    </>
  );
}

/** What is asked seldom says how much there is of it. */
const labelOf = (by: Grouping, { reports, rules }: LineageImpact, t: TFunction<'lineage'>): string =>
  by === 'reports' || by === 'rules' ? `${t(by)} (${by === 'reports' ? reports.length : rules.length})` : t(by);

function Listed({ impact, by }: { readonly impact: LineageImpact; readonly by: Grouping }) {
  switch (by) {
    case 'byDataset':
      return <Affected datasets={impact.datasets} />;
    case 'reports':
      return <Reports reports={impact.reports} />;
    case 'rules':
      return <Rules rules={impact.rules} />;
    default:
      return <Groups impact={impact} by={by} />;
  }
}

type Report = LineageImpact['reports'][number];
type Rule = LineageImpact['rules'][number];

function Reports({ reports }: { readonly reports: readonly Report[] }) {
  const { t } = useTranslation('lineage');
  const columns: TableColumnsType<Report> = [
    {
      key: 'name',
      title: t('report'),
      render: (_, { label, name, url }) =>
        url !== null && /^https?:/i.test(url) ? (
          <a href={url} target="_blank" rel="noreferrer">
            {label ?? name}
          </a>
        ) : (
          (label ?? name)
        ),
    },
    { key: 'kind', title: t('reportKind'), dataIndex: 'kind', width: 140 },
    { key: 'owner', title: t('owner'), dataIndex: 'owner', width: 180 },
  ];
  return <Table<Report> size="small" rowKey="id" columns={columns} dataSource={[...reports]} pagination={false} />;
}

function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  const { t, i18n } = useTranslation('lineage');
  const columns: TableColumnsType<Rule> = [
    {
      key: 'name',
      title: t('rule'),
      render: (_, { nameEn, nameZh }) => (i18n.language.startsWith('zh') ? nameZh || nameEn : nameEn || nameZh),
    },
    {
      key: 'dataset',
      title: t('table'),
      render: (_, { datasetId, datasetName }) => (
        <Link to={datasetPath(datasetId, { tab: 'quality' })}>{datasetName}</Link>
      ),
    },
    { key: 'columns', title: t('columns'), render: (_, { fields }) => fields.map(({ name }) => name).join(', ') },
    { key: 'severity', title: t('severity'), dataIndex: 'severity', width: 100 },
  ];
  return (
    <Table<Rule>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={[...rules]}
      pagination={rules.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
    />
  );
}

const keyOf = ({ namespace, qualifiedName }: { namespace: string; qualifiedName: string }) =>
  `${namespace}/${qualifiedName}`;

function Groups({ impact, by }: { readonly impact: LineageImpact; readonly by: 'byOwner' | 'byDomain' }) {
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
