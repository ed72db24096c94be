import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../identity/me';
import { Refusal } from '../ui/Failed';
import { Moment } from '../ui/Moment';
import { type Run, signRun } from './reconciliation.queries';

/** Who signed for a run, and a place to sign. */
export function SignOff({ run }: { readonly run: Run }) {
  const { t } = useTranslation('reconciliation');
  const queries = useQueryClient();
  const may = useMay('STEWARD', 'COMPLIANCE');
  const [comment, setComment] = useState('');
  const sign = useMutation({
    mutationFn: () => signRun({ id: run.id, comment }),
    onSuccess: async () => {
      setComment('');
      await queries.invalidateQueries();
    },
  });
  const signable = run.state === 'SUCCEEDED' && run.verdict !== 'ERROR' && run.signed !== 'SIGNED';
  return (
    <section aria-label={t('signed')}>
      {run.signOffs.length === 0 && <div className="muted">{t('nobody')}</div>}
      {run.signOffs.map(({ byWhom, at, comment: said }) => (
        <div key={byWhom}>
          <strong>{byWhom}</strong> <Moment at={at} /> <span className="sentence">{said}</span>
        </div>
      ))}
      {may && signable && (
        <Space orientation="vertical" style={{ width: '100%', marginTop: 8 }}>
          <div className="small muted">{t(run.signed === 'AWAITING_SECOND' ? 'signSecond' : 'signHint')}</div>
          <Refusal error={sign.error} />
          <Space.Compact style={{ width: '100%', maxWidth: 640 }}>
            <Input
              aria-label={t('comment')}
              placeholder={t('comment')}
              maxLength={4_000}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
            <Button
              type="primary"
              disabled={comment.trim() === ''}
              loading={sign.isPending}
              onClick={() => sign.mutate()}
            >
              {t('sign')}
            </Button>
          </Space.Compact>
        </Space>
      )}
    </section>
  );
}
