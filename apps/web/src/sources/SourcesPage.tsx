import { PlusOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Space, type TableColumnsType, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useMay } from '../identity/me';
import { Page } from '../ui/Page';
import { PagedTable } from '../ui/PagedTable';
import { sourcePath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { HarvestButton } from './HarvestButton';
import { HarvestState } from './HarvestState';
import { type Source, sourcesQuery } from './sources.queries';

const SIZE = 20;

export default function SourcesPage() {
  const { t } = useTranslation('sources');
  const may = useMay('ENGINEER');
  const cursor = useCursor('');
  const { data, error, refetch } = useQuery({
    ...sourcesQuery({ first: SIZE, after: cursor.after }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  const register = may && (
    <Link to="/sources/new">
      <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
        {t('register')}
      </Button>
    </Link>
  );
  const columns: TableColumnsType<Source> = [
    {
      key: 'name',
      title: t('name'),
      render: (_, { id, name, namespace, pausedAt }) => (
        <>
          <Link to={sourcePath(id)}>{name}</Link> {pausedAt !== null && <Tag>{t('paused')}</Tag>}
          <br />
          <Typography.Text type="secondary" className="code-small">
            {namespace}
          </Typography.Text>
        </>
      ),
    },
    { key: 'kind', title: t('kind'), dataIndex: 'kind', width: 120 },
    { key: 'domain', title: t('domain'), dataIndex: 'domain', width: 140 },
    { key: 'environment', title: t('environment'), dataIndex: 'environment', width: 140 },
    { key: 'owner', title: t('owner'), dataIndex: 'owner', width: 140 },
    {
      key: 'harvest',
      title: t('lastHarvest'),
      width: 340,
      render: (_, { lastHarvest }) => <HarvestState run={lastHarvest} />,
    },
    {
      key: 'do',
      width: 110,
      align: 'end',
      render: (_, source) => (
        <Space wrap>
          <HarvestButton source={source} />
        </Space>
      ),
    },
  ];
  return (
    <Page title={t('title')} hint={t('hint')} actions={register}>
      <PagedTable
        columns={columns}
        answer={data}
        error={error}
        retry={refetch}
        cursor={cursor}
        size={SIZE}
        empty={t('empty')}
        hint={t('emptyHint')}
      >
        {register}
      </PagedTable>
    </Page>
  );
}
