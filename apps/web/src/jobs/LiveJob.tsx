import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Progress, Typography } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { useConnected } from '../graphql/live';
import { useLanguage } from '../i18n/use-language';
import { isOver, type Job, jobQuery } from './jobs.queries';
import { JobStateTag } from './JobStateTag';
import { useLiveJobs } from './use-live-jobs';

/** A job that is under way. When it ends, everything on the screen is asked for anew: it may have changed. */
export function LiveJob({ job: asked }: { readonly job: Job }) {
  const { t } = useTranslation('jobs');
  const language = useLanguage();
  const queries = useQueryClient();
  const { data: job } = useQuery(jobQuery(asked, useConnected()));
  useLiveJobs([job]);
  const over = isOver(job);
  useEffect(() => {
    if (over) void queries.invalidateQueries();
  }, [over, queries]);
  const title = language === 'zh' ? job.titleZh : job.titleEn;
  return (
    <div aria-live="polite">
      <JobStateTag state={job.state} />
      {!over && (
        <Progress
          size="small"
          percent={Math.round(job.progress * 100)}
          aria-label={t('progressOf', { title })}
          style={{ maxWidth: 220 }}
        />
      )}
      {job.message && !over && (
        <Typography.Text type="secondary" className="small">
          {job.message}
        </Typography.Text>
      )}
      {job.errorMessage && (
        <Typography.Text type="danger" className="small sentence">
          {job.errorMessage}
        </Typography.Text>
      )}
    </div>
  );
}
