import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { useSentence } from '../ui/use-sentence';
import { cancelJob, isOver, type Job } from './jobs.queries';

export function CancelJob({ job, title }: { readonly job: Job; readonly title: string }) {
  const { t } = useTranslation('jobs');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER', 'COMPLIANCE');
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.id),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  if (isOver(job) || !may) return null;
  if (job.cancelRequested) return <>{t('cancelling')}</>;
  return (
    <Popconfirm
      title={t('cancelAsk')}
      description={t('cancelHint')}
      okText={t('cancelYes')}
      cancelText={t('cancelNo')}
      onConfirm={() => cancel.mutate()}
    >
      <Button size="small" danger loading={cancel.isPending} aria-label={t('cancelOf', { title })}>
        {t('cancel')}
      </Button>
    </Popconfirm>
  );
}
