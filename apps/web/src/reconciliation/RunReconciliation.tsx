import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { useSentence } from '../ui/use-sentence';
import { runReconciliation } from './reconciliation.queries';

/** Asks for a run. */
export function RunReconciliation({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useTranslation('reconciliation');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER');
  const run = useMutation({
    mutationFn: () => runReconciliation(id),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSuccess: async () => {
      notification.success({ title: t('started') });
      await queries.invalidateQueries();
    },
  });
  if (!may) return null;
  return (
    <Button loading={run.isPending} aria-label={t('runOf', { name })} onClick={() => run.mutate()}>
      {t('runNow')}
    </Button>
  );
}
