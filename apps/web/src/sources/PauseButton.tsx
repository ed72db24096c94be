import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useSentence } from '../ui/use-sentence';
import { pauseSource, type Source } from './sources.queries';

/** Stops all reading from a source for a while, or lets it be read again. */
export function PauseButton({ source }: { readonly source: Source }) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const paused = source.pausedAt !== null;
  const pause = useMutation({
    mutationFn: () => pauseSource(source.id, !paused),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Button loading={pause.isPending} onClick={() => pause.mutate()}>
      {paused ? t('resume') : t('pause')}
    </Button>
  );
}
