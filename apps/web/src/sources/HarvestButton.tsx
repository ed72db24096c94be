import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { isOver } from '../jobs/jobs.queries';
import { useSentence } from '../ui/use-sentence';
import { ConfirmHarvest } from './ConfirmHarvest';
import { harvestSource, type Source } from './sources.queries';

/** Reads the source's metadata now. After a harvest that stopped to ask, one can look at its list and say yes. */
export function HarvestButton({ source, primary }: { readonly source: Source; readonly primary?: boolean }) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('ENGINEER');
  const harvest = useMutation({
    mutationFn: () => harvestSource(source.id),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!may) return null;
  const last = source.lastHarvest;
  const underWay = last?.job != null && !isOver(last.job);
  const size = primary ? 'medium' : 'small';
  return (
    <>
      {last?.state === 'NEEDS_CONFIRMATION' && <ConfirmHarvest runId={last.id} size={size} />}
      <Button
        size={size}
        type={primary ? 'primary' : 'default'}
        aria-label={t('harvestOf', { name: source.name })}
        loading={harvest.isPending}
        disabled={underWay || source.pausedAt !== null}
        onClick={() => harvest.mutate()}
      >
        {t('harvest')}
      </Button>
    </>
  );
}
