import { useQuery } from '@tanstack/react-query';
import { Card, Collapse, Tabs } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';

import { QualityTab } from '../quality/QualityTab';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { ColumnsTab } from './ColumnsTab';
import { DatasetHeader } from './DatasetHeader';
import { type Dataset, datasetQuery } from './dictionary.queries';
import { HistoryTab } from './HistoryTab';

const LineageTab = lazy(() => import('../lineage/LineageTab'));

/** A table, view or file, whole. The tab stands in the address, so that it can be sent to others. */
export default function DatasetPage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery(datasetQuery(id));
  if (error && !data) return <Failed error={error} retry={refetch} />;
  return data ? <DatasetView dataset={data} /> : <Loading />;
}

function DatasetView({ dataset }: { readonly dataset: Dataset }) {
  const { t } = useTranslation('dictionary');
  const [params, setParams] = useSearchParams();
  const open = (tab: string) =>
    setParams((now) => {
      now.set('tab', tab);
      return now;
    });
  return (
    <>
      <DatasetHeader dataset={dataset} />
      <Card>
        <Tabs
          activeKey={params.get('tab') ?? 'columns'}
          onChange={open}
          destroyOnHidden
          items={[
            {
              key: 'columns',
              label: `${t('columns')} (${dataset.fields.length})`,
              children: (
                <>
                  <ColumnsTab dataset={dataset} marked={params.get('column')} />
                  {dataset.viewSql && (
                    <Collapse
                      className="view-sql"
                      items={[
                        {
                          key: 'sql',
                          label: t('viewSql'),
                          children: <pre className="code">{dataset.viewSql}</pre>,
                        },
                      ]}
                    />
                  )}
                </>
              ),
            },
            {
              key: 'lineage',
              label: t('lineage'),
              children: (
                <Suspense fallback={<Loading />}>
                  <LineageTab dataset={dataset} />
                </Suspense>
              ),
            },
            { key: 'quality', label: t('quality'), children: <QualityTab datasetId={dataset.id} /> },
            { key: 'history', label: t('history'), children: <HistoryTab datasetId={dataset.id} /> },
          ]}
        />
      </Card>
    </>
  );
}
