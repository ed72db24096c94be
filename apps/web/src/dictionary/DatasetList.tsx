import { SearchOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Empty, Input, Table, type TableColumnsType } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { Failed } from '../ui/Failed';
import { ListFoot } from '../ui/ListFoot';
import { datasetPath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { type DatasetRow, datasetsQuery } from './dictionary.queries';
import { KindTag } from './KindTag';

const SIZE = 20;

/** The datasets of a source, to leaf through. */
export function DatasetList({ sourceId }: { readonly sourceId: string }) {
  const { t } = useTranslation('dictionary');
  const words = useTranslation('sources').t;
  const language = useLanguage();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const cursor = useCursor(wanted);
  const { data, error, refetch } = useQuery({
    ...datasetsQuery({ sourceId, first: SIZE, after: cursor.after, nameContains: wanted === '' ? null : wanted }),
    placeholderData: keepPreviousData,
  });
  const columns: TableColumnsType<DatasetRow> = [
    { key: 'name', title: t('name'), render: (_, { id, name }) => <Link to={datasetPath(id)}>{name}</Link> },
    { key: 'businessName', title: t('businessName'), render: (_, { entry }) => entry?.businessName },
    { key: 'scope', title: t('scope'), dataIndex: 'scope' },
    { key: 'kind', title: t('kind'), width: 160, render: (_, { kind }) => <KindTag kind={kind} /> },
    {
      key: 'rows',
      title: t('rows'),
      width: 140,
      align: 'end',
      render: (_, { rowEstimate }) =>
        rowEstimate === null ? '—' : new Intl.NumberFormat(language, { notation: 'compact' }).format(rowEstimate),
    },
    { key: 'comment', title: t('comment'), dataIndex: 'comment', ellipsis: true },
  ];
  if (error && !data) return <Failed error={error} retry={refetch} />;
  return (
    <>
      <Input
        allowClear
        className="filter"
        prefix={<SearchOutlined />}
        aria-label={words('filter')}
        placeholder={words('filter')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Table<DatasetRow>
        size="small"
        rowKey="id"
        columns={columns}
        dataSource={data?.nodes ?? []}
        loading={!data}
        pagination={false}
        locale={{
          emptyText: data ? (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={words(wanted === '' ? 'noDatasets' : 'noDatasetsLike')}
            />
          ) : (
            ' '
          ),
        }}
      />
      <ListFoot answer={data} cursor={cursor} size={SIZE} />
    </>
  );
}
