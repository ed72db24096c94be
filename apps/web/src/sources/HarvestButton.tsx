import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { isOver } from '../jobs/jobs.queries';
import { useSentence } from '../ui/use-sentence';
import { harvestSource, type Source } from './sources.queries';

/** Reads the source's metadata now. After a harvest that stopped before it removed too much, one can say "yes, do". */
export function HarvestButton({ source, primary }: { readonly source: Source; readonly primary?: boolean }) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('ENGINEER');
  const harvest = useMutation({
    mutationFn: (confirmRemovals: boolean) => harvestSource(source.id, confirmRemovals),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!may) return null;
  const last = source.lastHarvest;
  const underWay = last?.job != null && !isOver(last.job);
  const stopped = last?.errorCode === 'HARVEST_WOULD_REMOVE_TOO_MUCH';
  return (
    <>
      {stopped && (
        <Button size={primary ? 'medium' : 'small'} danger disabled={underWay} onClick={() => harvest.mutate(true)}>
          {t('harvestConfirm')}
        </Button>
      )}
      <Button
        size={primary ? 'medium' : 'small'}
        type={primary ? 'primary' : 'default'}
        aria-label={t('harvestOf', { name: source.name })}
        loading={harvest.isPending}
        disabled={underWay}
        onClick={() => harvest.mutate(false)}
      >
        {t('harvest')}
      </Button>
    </>
  );
}
