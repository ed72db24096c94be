import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Button, Empty } from 'antd';
import { useTranslation } from 'react-i18next';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { lineageQuery, type LineageWish } from './lineage.queries';
import { LineageList } from './LineageList';
import { LineageNotes } from './LineageNotes';
import { LineagePicture } from './LineagePicture';

/** The graph around something, as a picture or a list, with what is missing in it. */
export function LineageAround({
  wish,
  view,
  datasetId,
}: {
  readonly wish: LineageWish;
  readonly view: 'picture' | 'list';
  readonly datasetId: string;
}) {
  const { t } = useTranslation('lineage');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...lineageQuery(wish),
    placeholderData: keepPreviousData,
  });
  if (error) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  const isFiltered = wish.origins != null || wish.asOf != null || wish.knownAt != null;
  return (
    <>
      <LineageNotes graph={data} />
      {data.edges.length === 0 ? (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            <>
              {t(data.hasLineage ? 'noneByColumn' : 'none')}
              <br />
              {t(data.hasLineage ? 'noneByColumnHint' : isFiltered ? 'noneThenHint' : 'noneHint')}
            </>
          }
        />
      ) : view === 'picture' ? (
        <LineagePicture graph={data} datasetId={datasetId} />
      ) : (
        <LineageList graph={data} />
      )}
      {hasNextPage && (
        <p>
          {t('nodesShown', { shown: data.nodes.length, count: data.totalCount })}{' '}
          <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('loadMore')}
          </Button>
        </p>
      )}
    </>
  );
}
