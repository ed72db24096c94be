import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Checkbox, Empty, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { type Dataset } from '../dictionary/dictionary.queries';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { lineageQuery, type LineageWish } from './lineage.queries';
import { LineageList } from './LineageList';
import { LineagePicture } from './LineagePicture';

const MOST_NODES = 400;
const DIRECTIONS = ['BOTH', 'UPSTREAM', 'DOWNSTREAM'] as const;
const DEPTHS = [1, 2, 3, 5, 10] as const;
const ALL = 0;

/** What feeds a table or one of its columns, and what it feeds. */
export default function LineageTab({ dataset }: { readonly dataset: Dataset }) {
  const { t } = useTranslation('lineage');
  const [params, setParams] = useSearchParams();
  const [direction, setDirection] = useState<LineageWish['direction']>('BOTH');
  const [depth, setDepth] = useState<number>(2);
  const [indirect, setIndirect] = useState(false);
  const [view, setView] = useState<'picture' | 'list'>('picture');
  const column = dataset.fields.find(({ id }) => id === params.get('column'))?.id;
  const { data, error, refetch } = useQuery({
    ...lineageQuery({
      of: column ?? dataset.id,
      level: column === undefined ? 'DATASET' : 'COLUMN',
      direction,
      depth: depth === ALL ? null : depth,
      kinds: indirect ? null : ['DIRECT'],
      first: MOST_NODES,
    }),
    placeholderData: keepPreviousData,
  });
  const choose = (id: string | undefined) =>
    setParams((now) => {
      if (id === undefined) now.delete('column');
      else now.set('column', id);
      return now;
    });
  return (
    <>
      <div className="controls">
        <label>
          {t('about')}{' '}
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('about')}
            style={{ width: 260 }}
            value={column ?? ''}
            onChange={(id) => choose(id === '' ? undefined : id)}
            options={[
              { value: '', label: t('whole') },
              ...dataset.fields.map(({ id, name, entry }) => ({
                value: id,
                label: entry?.businessName ? `${name} (${entry.businessName})` : name,
              })),
            ]}
          />
        </label>
        <Segmented
          aria-label={t('direction')}
          value={direction}
          onChange={setDirection}
          options={DIRECTIONS.map((value) => ({ value, label: t(value) }))}
        />
        <label>
          {t('depth')}{' '}
          <Select
            aria-label={t('depth')}
            value={depth}
            onChange={setDepth}
            style={{ width: 80 }}
            options={[
              ...DEPTHS.map((value) => ({ value, label: String(value) })),
              { value: ALL, label: t('depthAll') },
            ]}
          />
        </label>
        {column !== undefined && (
          <Checkbox checked={indirect} onChange={(event) => setIndirect(event.target.checked)}>
            {t('indirect')}
          </Checkbox>
        )}
        <Segmented
          aria-label={t('view')}
          value={view}
          onChange={setView}
          options={(['picture', 'list'] as const).map((value) => ({ value, label: t(value) }))}
          className="end"
        />
      </div>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : !data ? (
        <Loading />
      ) : data.edges.length === 0 ? (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            <>
              {t('none')}
              <br />
              {t('noneHint')}
            </>
          }
        />
      ) : (
        <>
          {data.truncated && (
            <Alert type="info" showIcon title={t('truncated')} description={t('truncatedHint')} className="stacked" />
          )}
          {view === 'picture' ? <LineagePicture graph={data} datasetId={dataset.id} /> : <LineageList graph={data} />}
        </>
      )}
    </>
  );
}
