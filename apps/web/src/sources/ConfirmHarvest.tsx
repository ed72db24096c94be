import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, List, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { useSentence } from '../ui/use-sentence';
import { confirmHarvest, vanishingQuery } from './sources.queries';

interface Props {
  readonly runId: string;
  readonly size: 'small' | 'medium';
}

/** Shows what a harvest that stopped to ask would end, and lets it. */
export function ConfirmHarvest({ runId, size }: Props) {
  const { t } = useTranslation('sources');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const confirm = useMutation({
    mutationFn: () => confirmHarvest(runId),
    onSuccess: () => setOpen(false),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <>
      <Button size={size} danger onClick={() => setOpen(true)}>
        {t('confirm')}
      </Button>
      <Modal
        open={open}
        title={t('confirmTitle')}
        okText={t('confirmYes')}
        okButtonProps={{ danger: true }}
        cancelText={t('confirmNo')}
        confirmLoading={confirm.isPending}
        onOk={() => confirm.mutate()}
        onCancel={() => setOpen(false)}
      >
        {open && <Vanishing runId={runId} />}
      </Modal>
    </>
  );
}

function Vanishing({ runId }: { readonly runId: string }) {
  const { t } = useTranslation('sources');
  const { data, error, refetch } = useQuery(vanishingQuery(runId));
  if (error) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  const gone = data.nodes.filter(({ outcome }) => outcome === 'VANISHED');
  return (
    <>
      <Alert type="warning" showIcon title={t('confirmHint')} className="stacked" />
      <List
        size="small"
        className="tall"
        dataSource={gone}
        renderItem={({ qualifiedName }) => <List.Item className="code-small anywhere">{qualifiedName}</List.Item>}
      />
      {data.totalCount > data.nodes.length && t('confirmMore', { count: data.totalCount - data.nodes.length })}
    </>
  );
}
