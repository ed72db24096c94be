import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Descriptions, Empty, Table, type TableColumnsType, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { DatasetList } from '../dictionary/DatasetList';
import { useMay } from '../identity/me';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { sourcePath } from '../ui/paths';
import { HarvestButton } from './HarvestButton';
import { HarvestState } from './HarvestState';
import { HarvestSchedule } from './HarvestSchedule';
import { PauseButton } from './PauseButton';
import { Renames } from './Renames';
import { RetireButton } from './RetireButton';
import { SensitiveData } from './SensitiveData';
import { type HarvestOfSource, type Source, sourceQuery } from './sources.queries';

export default function SourcePage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery(sourceQuery(id));
  if (error && !data) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  return <SourceView source={data.source} runs={data.harvestRuns.nodes} />;
}

function SourceView({ source, runs }: { readonly source: Source; readonly runs: readonly HarvestOfSource[] }) {
  const { t } = useTranslation('sources');
  const may = useMay('ENGINEER');
  const facts = (['kind', 'domain', 'environment', 'owner', 'description'] as const).filter(
    (name) => source[name] !== '',
  );
  return (
    <Page
      title={source.name}
      hint={<span className="code-small">{source.namespace}</span>}
      actions={
        <>
          {may && (
            <Link to={`${sourcePath(source.id)}/edit`}>
              <Button tabIndex={-1}>{t('edit')}</Button>
            </Link>
          )}
          {may && <PauseButton source={source} />}
          {may && <RetireButton source={source} />}
          <HarvestButton source={source} primary />
        </>
      }
    >
      {source.pausedAt !== null && <Alert type="info" showIcon title={t('pausedHint')} className="stacked" />}
      <Card className="stacked">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2, xl: 4 }}
          items={facts.map((name) => ({ key: name, label: t(name), children: source[name] }))}
        />
      </Card>
      <Renames sourceId={source.id} />
      <SensitiveData sourceId={source.id} />
      <Card title={t('datasets')} className="stacked">
        <DatasetList sourceId={source.id} />
      </Card>
      <Card title={t('harvests')} extra={<HarvestSchedule source={source} />}>
        <Harvests runs={runs} />
      </Card>
    </Page>
  );
}

function Harvests({ runs }: { readonly runs: readonly HarvestOfSource[] }) {
  const { t } = useTranslation('sources');
  const columns: TableColumnsType<HarvestOfSource> = [
    { key: 'when', title: t('requestedAt'), width: 160, render: (_, { requestedAt }) => <Moment at={requestedAt} /> },
    { key: 'state', title: t('state'), render: (_, run) => <HarvestState run={run} /> },
    {
      key: 'problems',
      title: t('problems'),
      render: (_, { reasons }) =>
        reasons.map((sentence) => (
          <Typography.Paragraph key={sentence} className="sentence small">
            {sentence}
          </Typography.Paragraph>
        )),
    },
    {
      key: 'scopes',
      title: t('scopes'),
      width: 280,
      render: (_, { scopes }) => scopes.map(({ name, datasets }) => `${name} (${datasets})`).join(', '),
    },
  ];
  return (
    <Table<HarvestOfSource>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={[...runs]}
      pagination={false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('noHarvests')} /> }}
    />
  );
}
