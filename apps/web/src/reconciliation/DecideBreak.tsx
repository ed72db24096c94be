import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { Refusal } from '../ui/Failed';
import { keyText } from './key-text';
import { type Break, decideBreak } from './reconciliation.queries';

/** Says why a key does not agree, or that nothing more is done about it. */
export function DecideBreak({ found }: { readonly found: Break }) {
  const { t } = useTranslation('reconciliation');
  const queries = useQueryClient();
  const may = useMay('STEWARD');
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const decide = useMutation({
    mutationFn: (decision: 'EXPLAINED' | 'WRITTEN_OFF') => decideBreak({ id: found.id, decision, reason }),
    onSuccess: async () => {
      setOpen(false);
      await queries.invalidateQueries();
    },
  });
  if (!may) return null;
  const title = t('decideOf', { key: keyText(found.key) });
  const blank = reason.trim() === '';
  return (
    <>
      <Button size="small" aria-label={title} onClick={() => setOpen(true)}>
        {t('decide')}
      </Button>
      <Modal
        open={open}
        title={title}
        onCancel={() => setOpen(false)}
        footer={
          <Space>
            <Button disabled={blank} loading={decide.isPending} onClick={() => decide.mutate('WRITTEN_OFF')}>
              {t('writeOff')}
            </Button>
            <Button
              type="primary"
              disabled={blank}
              loading={decide.isPending}
              onClick={() => decide.mutate('EXPLAINED')}
            >
              {t('explain')}
            </Button>
          </Space>
        }
      >
        <Refusal error={decide.error} />
        <Input.TextArea
          aria-label={t('reason')}
          placeholder={t('reason')}
          rows={3}
          maxLength={4_000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Modal>
    </>
  );
}
