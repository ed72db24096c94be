import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Card, Empty, Segmented, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { Failed } from '../ui/Failed';
import { ListFoot } from '../ui/ListFoot';
import { Loading } from '../ui/Loading';
import { useCursor } from '../ui/use-cursor';
import { useTitle } from '../ui/use-title';
import { searchQuery } from './dictionary.queries';
import { SearchBox } from './SearchBox';
import { SearchHit } from './SearchHit';

const SIZE = 20;
const KINDS = { everything: null, datasets: ['DATASET'], fields: ['FIELD'] } as const;
type Kinds = keyof typeof KINDS;

export default function SearchPage() {
  const { t } = useTranslation('dictionary');
  const [params] = useSearchParams();
  const text = params.get('text') ?? '';
  useTitle(text === '' ? t('search') : t('searchTitle', { text }));
  return (
    <>
      <h1 className="visually-hidden">{t('search')}</h1>
      <SearchBox start={text} size="large" autoFocus={text === ''} />
      {text === '' ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('searchHint')} />
      ) : (
        <Results text={text} />
      )}
    </>
  );
}

function Results({ text }: { readonly text: string }) {
  const { t } = useTranslation('dictionary');
  const [kinds, setKinds] = useState<Kinds>('everything');
  const cursor = useCursor(`${kinds} ${text}`);
  const of = KINDS[kinds];
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...searchQuery({ text, kinds: of && [...of], first: SIZE, after: cursor.after }),
    placeholderData: keepPreviousData,
  });
  const words = text.split(/\s+/u);
  return (
    <>
      <div className="results-head">
        <Typography.Text role="status" type="secondary">
          {data && !isPlaceholderData && t('results', { count: data.totalCount })}
        </Typography.Text>
        <Segmented<Kinds>
          aria-label={t('kinds')}
          value={kinds}
          onChange={setKinds}
          options={(['everything', 'datasets', 'fields'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </div>
      {error ? (
        <Failed error={error} retry={refetch} />
      ) : !data ? (
        <Loading />
      ) : data.nodes.length === 0 ? (
        <Card>
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={
              <>
                {t('nothing')}
                <br />
                {t('nothingHint')}
              </>
            }
          />
        </Card>
      ) : (
        <>
          <ol className="hits" aria-busy={isPlaceholderData}>
            {data.nodes.map((hit) => (
              <li key={hit.asset.id}>
                <SearchHit hit={hit} words={words} />
              </li>
            ))}
          </ol>
          <ListFoot answer={data} cursor={cursor} size={SIZE} />
        </>
      )}
    </>
  );
}
