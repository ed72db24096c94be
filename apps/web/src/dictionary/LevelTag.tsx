import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { type SecurityLevel } from './dictionary.queries';

export const LEVELS: readonly SecurityLevel[] = ['L1', 'L2', 'L3', 'L4', 'L5'];

const COLORS = { L1: 'default', L2: 'blue', L3: 'gold', L4: 'orange', L5: 'red' } as const;

export function LevelTag({ level }: { readonly level: SecurityLevel | null | undefined }) {
  const { t } = useTranslation('dictionary');
  return level ? <Tag color={COLORS[level]}>{t(level)}</Tag> : null;
}
