import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { Alert, Button, Progress, Table, type TableColumnsType, Typography } from 'antd';
import { type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { Facts } from '../ui/Facts';
import { Moment } from '../ui/Moment';
import { CancelJob } from './CancelJob';
import { type Job } from './jobs.queries';
import { JobStateTag } from './JobStateTag';

/** Jobs with their progress; a row opens to what came out of it. */
export function JobTable({ jobs, empty }: { readonly jobs: readonly Job[] | undefined; readonly empty: ReactNode }) {
  const { t } = useTranslation('jobs');
  const language = useLanguage();
  const titleOf = (job: Job) => (language === 'zh' ? job.titleZh : job.titleEn);
  const columns: TableColumnsType<Job> = [
    {
      key: 'what',
      title: t('what'),
      render: (_, job) => (
        <>
          {titleOf(job)}
          <br />
          <Typography.Text type="secondary" className="code-small">
            {job.name}
          </Typography.Text>
        </>
      ),
    },
    { key: 'state', title: t('state'), width: 280, render: (_, job) => <JobState job={job} title={titleOf(job)} /> },
    { key: 'by', title: t('by'), dataIndex: 'requestedBy', width: 160 },
    { key: 'when', title: t('when'), width: 150, render: (_, { requestedAt }) => <Moment at={requestedAt} /> },
    { key: 'took', title: t('took'), width: 110, render: (_, job) => tookOf(job, language) },
    {
      key: 'cancel',
      width: 110,
      align: 'end',
      render: (_, job) => <CancelJob job={job} title={titleOf(job)} />,
    },
  ];
  return (
    <Table<Job>
      size="middle"
      rowKey="id"
      columns={columns}
      dataSource={jobs ? [...jobs] : []}
      loading={!jobs}
      pagination={false}
      scroll={{ x: 960 }}
      locale={{ emptyText: jobs ? empty : ' ' }}
      expandable={{
        expandedRowRender: (job) => <JobDetails job={job} />,
        expandIcon: ({ expanded, onExpand, record }) => (
          <Button
            type="text"
            size="small"
            icon={expanded ? <DownOutlined /> : <RightOutlined />}
            aria-expanded={expanded}
            aria-label={t('details', { title: titleOf(record) })}
            onClick={(event) => onExpand(record, event)}
          />
        ),
      }}
    />
  );
}

function JobState({ job, title }: { readonly job: Job; readonly title: string }) {
  const { t } = useTranslation('jobs');
  return (
    <>
      <JobStateTag state={job.state} />
      {job.state === 'RUNNING' && (
        <Progress
          size="small"
          percent={Math.round(job.progress * 100)}
          aria-label={t('progressOf', { title })}
          style={{ maxWidth: 220 }}
        />
      )}
      {job.state === 'RUNNING' && job.message && (
        <Typography.Text type="secondary" className="small">
          {job.message}
        </Typography.Text>
      )}
      {job.state === 'FAILED' && (
        <Typography.Text type="danger" className="small sentence">
          {job.errorMessage}
        </Typography.Text>
      )}
    </>
  );
}

function JobDetails({ job }: { readonly job: Job }) {
  const { t } = useTranslation('jobs');
  if (job.errorMessage)
    return (
      <Alert
        type="error"
        title={<span className="sentence">{job.errorMessage}</span>}
        description={`${job.errorCode ?? ''} · ${t('attempts')}: ${job.attempt}`}
      />
    );
  if (job.result === null) return <Typography.Text type="secondary">{job.message ?? t('noDetails')}</Typography.Text>;
  return <Facts value={job.result} />;
}

function tookOf({ startedAt, finishedAt }: Job, language: string): string {
  if (!startedAt || !finishedAt) return '—';
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [seconds / 60, 'minute'];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
    unitDisplay: 'short',
  }).format(value);
}
