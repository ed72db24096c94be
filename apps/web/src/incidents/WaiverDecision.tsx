import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { useSentence } from '../ui/use-sentence';
import { decideWaiver, revokeWaiver, type Waiver } from './incidents.queries';

type What = 'approve' | 'reject' | 'revoke';

/** Grants, refuses or ends a waiver, with words. Who asked cannot grant: the server says so. */
export function WaiverDecision({ waiver }: { readonly waiver: Pick<Waiver, 'id' | 'state'> }) {
  const { t } = useTranslation('incidents');
  const { notification } = App.useApp();
  const sentence = useSentence();
  const queries = useQueryClient();
  const [decides, works] = [useMay('STEWARD', 'COMPLIANCE'), useMay('STEWARD', 'ENGINEER', 'COMPLIANCE')];
  const [what, setWhat] = useState<What>();
  const [text, setText] = useState('');
  const act = useMutation({
    mutationFn: () =>
      what === 'revoke' ? revokeWaiver(waiver.id, text) : decideWaiver(waiver.id, what === 'approve', text),
    onSuccess: () => setWhat(undefined),
    onError: (error) => notification.error({ title: sentence(error) }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['incidents'] }),
        queries.invalidateQueries({ queryKey: ['waivers'] }),
      ]),
  });
  const possible: What[] = [
    ...(waiver.state === 'REQUESTED' && decides ? (['approve', 'reject'] as const) : []),
    ...((waiver.state === 'REQUESTED' || waiver.state === 'APPROVED') && works ? (['revoke'] as const) : []),
  ];
  return (
    <Space>
      {possible.map((one) => (
        <Button key={one} size="small" onClick={() => setWhat(one)}>
          {t(one)}
        </Button>
      ))}
      <Modal
        open={what !== undefined}
        title={what && t(what)}
        okText={t('send')}
        onOk={() => act.mutate()}
        confirmLoading={act.isPending}
        onCancel={() => setWhat(undefined)}
      >
        <Input.TextArea
          aria-label={t(what === 'approve' ? 'commentLabel' : 'reason')}
          placeholder={t(what === 'approve' ? 'commentLabel' : 'reason')}
          value={text}
          onChange={({ target }) => setText(target.value)}
          autoSize={{ minRows: 2 }}
          maxLength={4_000}
        />
      </Modal>
    </Space>
  );
}
