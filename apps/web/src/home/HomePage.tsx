import { useQuery } from '@tanstack/react-query';
import { Button, Card, Statistic, Steps, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { SearchBox } from '../dictionary/SearchBox';
import { useMay } from '../identity/me';
import { Failed } from '../ui/Failed';
import { useTitle } from '../ui/use-title';
import { countsQuery } from './home.queries';

export function HomePage() {
  const { t } = useTranslation('home');
  useTitle(t('title'));
  const { data, error, refetch } = useQuery(countsQuery);
  const counts = [
    { word: 'sources', to: '/sources', value: data?.sources.totalCount },
    { word: 'openIncidents', to: '/incidents', value: data?.incidents.totalCount },
    { word: 'runningJobs', to: '/jobs', value: data?.jobs.totalCount },
  ] as const;
  return (
    <div className="home">
      <h1 className="visually-hidden">{t('title')}</h1>
      <Typography.Title level={2} className="home-lead">
        {t('lead')}
      </Typography.Title>
      <SearchBox size="large" autoFocus />
      {error && !data ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <nav aria-label={t('counts')} className="counts">
          {counts.map(({ word, to, value }) => (
            <Link key={word} to={to}>
              <Card hoverable size="small">
                <Statistic title={t(word)} value={value} loading={value === undefined} />
              </Card>
            </Link>
          ))}
        </nav>
      )}
      {data?.sources.totalCount === 0 && <FirstSteps />}
    </div>
  );
}

function FirstSteps() {
  const { t } = useTranslation('home');
  const may = useMay('ENGINEER');
  return (
    <Card title={t('first')}>
      <Steps
        orientation="vertical"
        size="small"
        items={[
          { title: t('step1'), content: t('step1Hint'), status: 'process' },
          { title: t('step2'), content: t('step2Hint'), status: 'wait' },
          { title: t('step3'), content: t('step3Hint'), status: 'wait' },
        ]}
      />
      {may ? (
        <Link to="/sources/new">
          <Button type="primary" tabIndex={-1}>
            {t('step1')}
          </Button>
        </Link>
      ) : (
        <Typography.Text type="secondary">{t('askEngineer')}</Typography.Text>
      )}
    </Card>
  );
}
