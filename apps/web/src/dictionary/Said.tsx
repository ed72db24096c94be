import { Tooltip, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { Moment } from '../ui/Moment';
import { type Entry } from './dictionary.queries';

/** Who said what is said of an asset, and when. */
export function Said({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('dictionary');
  return (
    <Tooltip title={<Moment at={entry.changedAt} />}>
      <Typography.Text type="secondary" className="small">
        {t('describedBy', { who: entry.changedBy, origin: t(entry.origin) })}
      </Typography.Text>
    </Tooltip>
  );
}
