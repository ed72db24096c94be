import { DownloadOutlined, PlusOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Modal, Space, type TableColumnsType, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { JobStateTag } from '../jobs/JobStateTag';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { PagedTable } from '../ui/PagedTable';
import { useCursor } from '../ui/use-cursor';
import { ReportForm } from './ReportForm';
import { type Report, reportsQuery } from './reports.queries';

const SIZE = 20;

export default function ReportsPage() {
  const { t } = useTranslation('reports');
  const may = useMay('COMPLIANCE', 'STEWARD', 'ENGINEER');
  const [open, setOpen] = useState(false);
  const cursor = useCursor('');
  const { data, error, refetch } = useQuery({
    ...reportsQuery({ first: SIZE, after: cursor.after }),
    placeholderData: keepPreviousData,
  });
  const columns: TableColumnsType<Report> = [
    { key: 'kind', title: t('kind'), width: 120, render: (_, { kind }) => t(kind) },
    {
      key: 'about',
      title: t('about'),
      render: (_, { sourceName, domain, owner }) =>
        [sourceName, domain, owner].filter((part) => part !== null).join(' · ') || t('all'),
    },
    { key: 'period', title: t('period'), width: 220, render: (_, { from, to }) => `${from} – ${to}` },
    { key: 'language', title: t('language'), width: 100, render: (_, { language }) => t(language) },
    {
      key: 'state',
      title: t('state'),
      render: (_, { state, errorMessage }) => (
        <>
          <JobStateTag state={state} />
          {errorMessage && (
            <Typography.Text type="danger" className="small sentence">
              {errorMessage}
            </Typography.Text>
          )}
        </>
      ),
    },
    {
      key: 'by',
      title: t('by'),
      width: 160,
      render: (_, { requestedBy, dueAt }) => (
        <>
          {requestedBy}
          {dueAt && <div className="small muted">{t('byItself')}</div>}
        </>
      ),
    },
    { key: 'when', title: t('when'), width: 150, render: (_, { requestedAt }) => <Moment at={requestedAt} /> },
    { key: 'files', title: t('files'), width: 220, render: (_, report) => may && <Files report={report} /> },
  ];
  const make = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
      {t('make')}
    </Button>
  );
  return (
    <Page title={t('title')} hint={t('hint')} actions={make}>
      <PagedTable
        columns={columns}
        answer={data}
        error={error}
        retry={refetch}
        cursor={cursor}
        size={SIZE}
        empty={t('empty')}
        hint={t('emptyHint')}
      />
      <Modal title={t('make')} open={open} onCancel={() => setOpen(false)} footer={null} destroyOnHidden>
        <ReportForm done={() => setOpen(false)} />
      </Modal>
    </Page>
  );
}

function Files({ report: { files, sourceName, from, to } }: { readonly report: Report }) {
  const { t } = useTranslation('reports');
  const source = sourceName ?? t('all');
  return (
    <Space wrap>
      {files.map(({ format, path }) => (
        <Button
          key={format}
          size="small"
          icon={<DownloadOutlined />}
          href={path}
          target="_blank"
          rel="noopener"
          aria-label={t('open', { format, source, from, to })}
        >
          {format}
        </Button>
      ))}
    </Space>
  );
}
