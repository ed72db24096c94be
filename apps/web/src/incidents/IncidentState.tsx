import { Tag, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

import { Moment } from '../ui/Moment';
import { type Incident } from './incidents.queries';

const COLORS = {
  OPEN: 'error',
  ACKNOWLEDGED: 'blue',
  ASSIGNED: 'blue',
  FIXING: 'processing',
  AWAITING_VERIFICATION: 'purple',
  RESOLVED: 'success',
  WAIVED: 'gold',
  FALSE_POSITIVE: 'default',
} as const satisfies Record<Incident['state'], string>;

/** How an incident stands, and whether it flaps. */
export function IncidentState({ state, flappingSince }: Pick<Incident, 'state' | 'flappingSince'>) {
  const { t } = useTranslation('incidents');
  return (
    <>
      <Tag color={COLORS[state]}>{t(state)}</Tag>
      {flappingSince && (
        <Tooltip title={t('flappingHint')}>
          <Tag color="magenta">{t('flapping')}</Tag>
        </Tooltip>
      )}
    </>
  );
}

const isOver = (state: Incident['state']) => state === 'RESOLVED' || state === 'FALSE_POSITIVE';

/** The time that is left, or since when none is. */
export function IncidentClock({ state, dueAt, waivedAt }: Pick<Incident, 'state' | 'dueAt' | 'waivedAt'>) {
  const { t } = useTranslation('incidents');
  if (isOver(state) || !dueAt) return <>—</>;
  if (waivedAt) return <span className="muted">{t('clockStopped')}</span>;
  if (new Date(dueAt) > new Date()) return <Moment at={dueAt} />;
  return (
    <Tag color="error">
      {t('dueOver')} <Moment at={dueAt} />
    </Tag>
  );
}
