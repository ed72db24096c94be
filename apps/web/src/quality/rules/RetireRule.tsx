import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';

import { useSentence } from '../../ui/use-sentence';
import { retireRule } from './rule-form.queries';

/** Lets a rule run no more, after asking. */
export function RetireRule({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useTranslation('ruleForm');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const retire = useMutation({
    mutationFn: () => retireRule(id),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Popconfirm title={t('retireAsk')} onConfirm={() => retire.mutate()}>
      <Button size="small" danger loading={retire.isPending} aria-label={t('retireOf', { name })}>
        {t('retire')}
      </Button>
    </Popconfirm>
  );
}
