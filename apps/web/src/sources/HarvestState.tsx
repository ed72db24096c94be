import { Typography } from 'antd';
import { type ReactNode } from 'react';
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
        <Fault run={run} />
      ) : (
        <Typography.Text type="secondary" className="small">
          {t('counts', { added, changed, vanished, unchanged })}
        </Typography.Text>
      )}
    </>
  );
}

/** In the reader's words what it is about, and the sentence with names and numbers behind it. */
function Fault({ run: { state, errorCode, errorMessage } }: { readonly run: Harvest }): ReactNode {
  const { t } = useTranslation('sources');
  const heading = errorCode !== null && isKnown(errorCode) ? t(errorCode) : undefined;
  const type = state === 'NEEDS_CONFIRMATION' ? 'warning' : 'danger';
  return (
    <Typography.Paragraph type={type} className="small sentence anywhere">
      {heading !== undefined && <strong>{heading}</strong>} {errorMessage}
    </Typography.Paragraph>
  );
}

const KNOWN = [
  'SOURCE_UNREACHABLE',
  'SOURCE_LOGIN_REFUSED',
  'SOURCE_DATABASE_UNKNOWN',
  'SOURCE_PERMISSION_DENIED',
  'SOURCE_TIMED_OUT',
  'SOURCE_PAUSED',
  'HARVEST_WOULD_REMOVE_TOO_MUCH',
] as const;

const isKnown = (code: string): code is (typeof KNOWN)[number] => (KNOWN as readonly string[]).includes(code);
