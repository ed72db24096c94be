import {
  CheckCircleOutlined,
  CloseCircleOutlined,
  DisconnectOutlined,
  ExclamationCircleOutlined,
  MinusCircleOutlined,
} from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { type RuleResult } from './quality.queries';

const LOOKS = {
  PASS: { color: 'success', icon: <CheckCircleOutlined /> },
  WARN: { color: 'warning', icon: <ExclamationCircleOutlined /> },
  FAIL: { color: 'error', icon: <CloseCircleOutlined /> },
  ERROR: { color: 'magenta', icon: <DisconnectOutlined /> },
  NOT_EVALUATED: { color: 'default', icon: <MinusCircleOutlined /> },
  SKIPPED: { color: 'default', icon: <MinusCircleOutlined /> },
  NEVER: { color: 'default', icon: undefined },
} as const satisfies Record<RuleResult['status'] | 'NEVER', unknown>;

export function StatusTag({ status }: { readonly status: RuleResult['status'] | 'NEVER' }) {
  const { t } = useTranslation('quality');
  return <Tag {...LOOKS[status]}>{t(status)}</Tag>;
}

const SEVERITIES = { S1: 'red', S2: 'orange', S3: 'gold', S4: 'default' } as const;

export function SeverityTag({ severity }: { readonly severity: RuleResult['severity'] }) {
  return <Tag color={SEVERITIES[severity]}>{severity}</Tag>;
}
