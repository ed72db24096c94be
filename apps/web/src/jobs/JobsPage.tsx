import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Empty, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useConnected } from '../graphql/live';
import { Failed } from '../ui/Failed';
import { ListFoot } from '../ui/ListFoot';
import { Page } from '../ui/Page';
import { useCursor } from '../ui/use-cursor';
import { type JobState, jobsQuery } from './jobs.queries';
import { JobTable } from './JobTable';
import { useLiveJobs } from './use-live-jobs';

const SIZE = 20;
const STATES: readonly JobState[] = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED'];

export default function JobsPage() {
  const { t } = useTranslation('jobs');
  const [state, setState] = useState<JobState>();
  const cursor = useCursor(state ?? '');
  const connected = useConnected();
  const { data, error, refetch } = useQuery({
    ...jobsQuery({ first: SIZE, after: cursor.after, states: state ? [state] : null }, connected),
    placeholderData: keepPreviousData,
  });
  useLiveJobs(data?.nodes ?? []);
  const filter = (
    <Select<JobState>
      allowClear
      placeholder={t('allStates')}
      aria-label={t('state')}
      style={{ width: 160 }}
      value={state}
      onChange={setState}
      options={STATES.map((value) => ({ value, label: t(value) }))}
    />
  );
  return (
    <Page title={t('title')} hint={t('hint')} actions={filter}>
      {error && !data ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <>
          <JobTable
            jobs={data?.nodes}
            empty={
              <Empty
                image={Empty.PRESENTED_IMAGE_SIMPLE}
                description={
                  state ? (
                    t('emptyFiltered')
                  ) : (
                    <>
                      {t('empty')}
                      <br />
                      {t('emptyHint')}
                    </>
                  )
                }
              />
            }
          />
          <ListFoot answer={data} cursor={cursor} size={SIZE} />
        </>
      )}
    </Page>
  );
}
