import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { type Job } from '../jobs/jobs.queries';
import { useSentence } from '../ui/use-sentence';
import { runRules } from './quality.queries';

/** Asks for a run of some rules; tells the page which job does it. */
export function RunButton(props: {
  readonly ruleIds: readonly string[];
  readonly label: string;
  readonly name?: string;
  readonly primary?: boolean;
  readonly started: (job: Job) => void;
}) {
  const { t } = useTranslation('quality');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER');
  const run = useMutation({
    mutationFn: () => runRules([...props.ruleIds]),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSuccess: async ({ job }) => {
      if (job) props.started(job);
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  if (!may || props.ruleIds.length === 0) return null;
  return (
    <Button
      size={props.primary ? 'medium' : 'small'}
      type={props.primary ? 'primary' : 'default'}
      loading={run.isPending}
      aria-label={props.name === undefined ? undefined : t('runOf', { name: props.name })}
      onClick={() => run.mutate()}
    >
      {props.label}
    </Button>
  );
}
