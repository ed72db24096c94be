import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { isOver } from '../jobs/jobs.queries';
import { JobStateTag } from '../jobs/JobStateTag';
import { LiveJob } from '../jobs/LiveJob';
import { Moment } from '../ui/Moment';
import { type Harvest } from './sources.queries';

/** How a harvest stands or ended: progress, counts, or the sentence that says what to mend. */
export function HarvestState({ run }: { readonly run: Harvest | null }) {
  const { t } = useTranslation('sources');
  if (!run) return <Typography.Text type="secondary">{t('never')}</Typography.Text>;
  if (run.job && !isOver(run.job)) return <LiveJob key={run.job.id} job={run.job} />;
  const { added, changed, vanished, unchanged } = run;
  return (
    <>
      <JobStateTag state={run.state} /> <Moment at={run.finishedAt ?? run.requestedAt} />
      {run.errorMessage ? (
        <Typography.Text type="danger" className="small sentence">
          {run.errorMessage}
        </Typography.Text>
      ) : (
        <Typography.Text type="secondary" className="small">
          {t('counts', { added, changed, vanished, unchanged })}
        </Typography.Text>
      )}
    </>
  );
}
