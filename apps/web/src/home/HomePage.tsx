import { useQuery } from '@tanstack/react-query';
import { Card, Statistic } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Failed } from '../ui/Failed';
import { Page } from '../ui/Page';
import { countsQuery } from './home.queries';

export function HomePage() {
  const { t } = useTranslation('home');
  const { data, error, refetch } = useQuery(countsQuery);
  return (
    <Page title={t('title')}>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Link to="/jobs">
          <Card hoverable size="small" className="count">
            <Statistic title={t('runningJobs')} value={data?.running.totalCount} loading={!data} />
          </Card>
        </Link>
      )}
    </Page>
  );
}
