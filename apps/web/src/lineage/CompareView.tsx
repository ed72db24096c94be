import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Empty, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { type DifferenceWish, differenceQuery } from './lineage.queries';
import { LineageList } from './LineageList';
import { MomentField, typedMoment } from './MomentField';

type Wish = Omit<DifferenceWish, 'from' | 'to'>;

/** What of the lineage came and went between two moments. */
export function CompareView({ wish }: { readonly wish: Wish }) {
  const { t } = useTranslation('lineage');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [knownFrom, setKnownFrom] = useState('');
  const [knownTo, setKnownTo] = useState('');
  return (
    <>
      <div className="controls">
        <MomentField label={t('compareFrom')} value={from} onChange={setFrom} />
        <MomentField label={t('knownAt')} value={knownFrom} onChange={setKnownFrom} />
      </div>
      <div className="controls">
        <MomentField label={t('compareTo')} value={to} onChange={setTo} />
        <MomentField label={t('knownAt')} value={knownTo} onChange={setKnownTo} />
      </div>
      {from === '' && knownFrom === '' ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('chooseMoments')} />
      ) : (
        <Differences
          wish={{
            ...wish,
            from: { asOf: typedMoment(from), knownAt: typedMoment(knownFrom) },
            to: { asOf: typedMoment(to), knownAt: typedMoment(knownTo) },
          }}
        />
      )}
    </>
  );
}

function Differences({ wish }: { readonly wish: DifferenceWish }) {
  const { t } = useTranslation('lineage');
  const { data, error, refetch } = useQuery({ ...differenceQuery(wish), placeholderData: keepPreviousData });
  if (error) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  const { added, removed, nodes, unchanged, truncated } = data;
  return (
    <>
      {truncated && <Alert type="info" showIcon className="stacked" title={t('compareTruncated')} />}
      <p>{t('stayed', { count: unchanged })}</p>
      {[
        { title: t('came', { count: added.length }), edges: added },
        { title: t('went', { count: removed.length }), edges: removed },
      ].map(({ title, edges }) => (
        <section key={title} className="stacked">
          <Typography.Title level={5}>{title}</Typography.Title>
          {edges.length > 0 && <LineageList graph={{ nodes, edges }} />}
        </section>
      ))}
    </>
  );
}
