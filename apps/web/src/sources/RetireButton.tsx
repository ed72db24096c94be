import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { useSentence } from '../ui/use-sentence';
import { retireSource, type Source } from './sources.queries';

/** Takes a source off the list, after a second thought. */
export function RetireButton({ source }: { readonly source: Source }) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const retire = useMutation({
    mutationFn: () => retireSource(source.id),
    onSuccess: async () => {
      await navigate('/sources');
      await queries.invalidateQueries();
    },
    onError: (error) => notification.error({ title: sentence(error) }),
  });
  return (
    <Popconfirm
      title={t('retireTitle', { name: source.name })}
      description={<span className="retire-hint">{t('retireHint')}</span>}
      okText={t('retireYes')}
      okButtonProps={{ danger: true }}
      cancelText={t('retireNo')}
      onConfirm={() => retire.mutate()}
    >
      <Button loading={retire.isPending}>{t('retire')}</Button>
    </Popconfirm>
  );
}
