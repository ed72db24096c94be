import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { useMay } from '../identity/me';
import { Moment } from '../ui/Moment';
import { useSentence } from '../ui/use-sentence';
import { type Dataset, takeStatistics } from './dictionary.queries';

/** Of how many rows the figures beside the columns are, and since when; who may can have them taken. */
export function StatisticsLine({ dataset: { id, statistics } }: { readonly dataset: Dataset }) {
  const { t } = useTranslation('dictionary');
  const language = useLanguage();
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'ENGINEER');
  const take = useMutation({
    mutationFn: () => takeStatistics(id),
    onSuccess: () => notification.info({ title: t('statisticsTaking') }),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  const count = (value: number) => new Intl.NumberFormat(language).format(value);
  return (
    <div className="small">
      <Typography.Text type="secondary">
        {statistics?.takenAt == null ? (
          t('statisticsNone')
        ) : (
          <>
            {statistics.rowCount === null
              ? t('statisticsRowsUnknown')
              : t('statisticsRows', { rows: count(statistics.rowCount) })}
            {statistics.sampledRows !== null && t('statisticsSampled', { rows: count(statistics.sampledRows) })}
            {' · '}
            <Moment at={statistics.takenAt} />
          </>
        )}{' '}
        {statistics?.problem != null && t('statisticsProblem', { code: statistics.problem })}
      </Typography.Text>
      {may && (
        <Button type="link" size="small" loading={take.isPending} onClick={() => take.mutate()}>
          {t('statisticsTake')}
        </Button>
      )}
    </div>
  );
}
