import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Progress, Space, Table, type TableColumnsType, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { LevelTag } from '../dictionary/LevelTag';
import { useLanguage } from '../i18n/use-language';
import { useMay } from '../identity/me';
import { ListFoot } from '../ui/ListFoot';
import { datasetPath } from '../ui/paths';
import { useCursor } from '../ui/use-cursor';
import { useSentence } from '../ui/use-sentence';
import { decideProposals, type Proposal, proposalsQuery } from './sources.queries';

const SIZE = 20;

/** Columns that probably hold sensitive data, with what speaks for it, for a steward to decide; nothing when none are known. */
export function SensitiveData({ sourceId }: { readonly sourceId: string }) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const zh = useLanguage() === 'zh';
  const may = useMay('STEWARD');
  const cursor = useCursor(sourceId);
  const { data } = useQuery(proposalsQuery({ sourceId, first: SIZE, after: cursor.after }));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const decide = useMutation({
    mutationFn: (accepted: boolean) => decideProposals({ ids: [...chosen], accepted }),
    onSuccess: () => setChosen([]),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!data) return null;
  const counts = data.source.sensitiveProposals;
  if (counts.open + counts.accepted + counts.rejected === 0) return null;
  const columns: TableColumnsType<Proposal> = [
    {
      key: 'column',
      title: t('sensitiveColumn'),
      width: 280,
      render: (_, { field: { id, name, dataset } }) => (
        <Link to={datasetPath(dataset.id, { column: id })} className="anywhere">
          {dataset.qualifiedName}#{name}
        </Link>
      ),
    },
    {
      key: 'category',
      title: t('sensitiveCategory'),
      width: 160,
      render: (_, proposal) => (zh ? proposal.categoryZh : proposal.categoryEn),
    },
    {
      key: 'level',
      title: t('sensitiveLevel'),
      width: 140,
      render: (_, { level }) => <LevelTag level={level} />,
    },
    {
      key: 'score',
      title: t('sensitiveScore'),
      width: 140,
      render: (_, { score }) => (
        <Progress size="small" percent={Math.round(score * 100)} status="normal" format={() => score.toFixed(2)} />
      ),
    },
    {
      key: 'because',
      title: t('sensitiveBecause'),
      render: (_, proposal) => (
        <span className="sentence small">
          {(zh ? proposal.explanationZh : proposal.explanationEn).join(zh ? '' : ' ')}
        </span>
      ),
    },
  ];
  return (
    <Card title={t('sensitive')} extra={t('sensitiveCounts', counts)} className="stacked">
      <Typography.Paragraph type="secondary">{t('sensitiveHint')}</Typography.Paragraph>
      <Table<Proposal>
        size="small"
        rowKey="id"
        columns={columns}
        dataSource={data.sensitiveProposals.nodes}
        pagination={false}
        scroll={{ x: 960 }}
        rowSelection={
          may
            ? {
                selectedRowKeys: [...chosen],
                preserveSelectedRowKeys: true,
                onChange: (keys) => setChosen(keys.map(String)),
              }
            : undefined
        }
      />
      <ListFoot answer={data.sensitiveProposals} cursor={cursor} size={SIZE} />
      {may && (
        <Space className="below">
          <Button type="primary" disabled={chosen.length === 0} onClick={() => decide.mutate(true)}>
            {t('sensitiveAccept', { count: chosen.length })}
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => decide.mutate(false)}>
            {t('sensitiveReject')}
          </Button>
        </Space>
      )}
    </Card>
  );
}
