import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Space, Table, type TableColumnsType, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { useSentence } from '../ui/use-sentence';
import { decideRenames, type Rename, renamesQuery } from './sources.queries';

/** Tables and columns that probably have another name now, for a steward to decide; nothing when there are none. */
export function Renames({ sourceId }: { readonly sourceId: string }) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const may = useMay('STEWARD');
  const { data } = useQuery(renamesQuery(sourceId));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const decide = useMutation({
    mutationFn: (accepted: boolean) => decideRenames({ ids: [...chosen], accepted }),
    onSuccess: () => setChosen([]),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!data || data.totalCount === 0) return null;
  const columns: TableColumnsType<Rename> = [
    { key: 'from', title: t('oldName'), render: (_, { fromName }) => <del className="anywhere">{fromName}</del> },
    { key: 'to', title: t('newName'), render: (_, { toName }) => <span className="anywhere">{toName}</span> },
  ];
  return (
    <Card title={t('renames')} className="stacked">
      <Typography.Paragraph type="secondary">{t('renamesHint')}</Typography.Paragraph>
      <Table<Rename>
        size="small"
        rowKey="id"
        columns={columns}
        dataSource={data.nodes}
        pagination={false}
        rowSelection={
          may ? { selectedRowKeys: [...chosen], onChange: (keys) => setChosen(keys.map(String)) } : undefined
        }
      />
      {may && (
        <Space className="below">
          <Button type="primary" disabled={chosen.length === 0} onClick={() => decide.mutate(true)}>
            {t('renameAccept', { count: chosen.length })}
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => decide.mutate(false)}>
            {t('renameReject')}
          </Button>
        </Space>
      )}
    </Card>
  );
}
