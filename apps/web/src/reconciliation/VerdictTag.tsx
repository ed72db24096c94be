import { CheckCircleOutlined, CloseCircleOutlined, DisconnectOutlined, MinusCircleOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Run } from './reconciliation.queries';

const LOOKS = {
  AGREES: { color: 'success', icon: <CheckCircleOutlined /> },
  BREAKS: { color: 'error', icon: <CloseCircleOutlined /> },
  ERROR: { color: 'magenta', icon: <DisconnectOutlined /> },
  NOT_EVALUATED: { color: 'default', icon: <MinusCircleOutlined /> },
} as const satisfies Record<NonNullable<Run['verdict']>, unknown>;

/** What a run came to; how it stands until then. */
export function VerdictTag({ run }: { readonly run: Pick<Run, 'verdict' | 'state'> | null | undefined }) {
  const { t } = useTranslation('reconciliation');
  if (!run) return <Tag>{t('never')}</Tag>;
  return run.verdict ? (
    <Tag {...LOOKS[run.verdict]}>{t(run.verdict)}</Tag>
  ) : (
    <Tag color="processing">{t(run.state)}</Tag>
  );
}

const SIGNED = { UNSIGNED: 'default', AWAITING_SECOND: 'warning', SIGNED: 'success' } as const;

export function SignedTag({ signed }: { readonly signed: Run['signed'] }) {
  const { t } = useTranslation('reconciliation');
  return <Tag color={SIGNED[signed]}>{t(signed)}</Tag>;
}
