import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  ExclamationCircleOutlined,
  QuestionCircleOutlined,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { type HarvestRunState } from './jobs.queries';

const LOOKS = {
  QUEUED: { color: 'default', icon: <ClockCircleOutlined /> },
  RUNNING: { color: 'blue', icon: <SyncOutlined spin /> },
  SUCCEEDED: { color: 'success', icon: <CheckCircleOutlined /> },
  PARTIAL: { color: 'warning', icon: <ExclamationCircleOutlined /> },
  FAILED: { color: 'error', icon: <CloseCircleOutlined /> },
  CANCELLED: { color: 'default', icon: <StopOutlined /> },
  NEEDS_CONFIRMATION: { color: 'orange', icon: <QuestionCircleOutlined /> },
} as const satisfies Record<HarvestRunState, unknown>;

export function JobStateTag({ state }: { readonly state: HarvestRunState }) {
  const { t } = useTranslation('jobs');
  return <Tag {...LOOKS[state]}>{t(state)}</Tag>;
}
