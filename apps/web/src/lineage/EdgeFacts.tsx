import { Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { type LineageEdge } from './lineage.queries';

/** In what way one thing feeds another, and which statement says so. */
export function EdgeFacts({ edge }: { readonly edge: LineageEdge }) {
  const { t } = useTranslation('lineage');
  return (
    <div>
      <Tag color={edge.type === 'INDIRECT' ? 'default' : 'cyan'}>{edge.subtype ? t(edge.subtype) : t('feeds')}</Tag>
      {edge.expression && <code className="code-small anywhere">{edge.expression}</code>}
      <Typography.Text type="secondary" className="small">
        {t(edge.origin)} · {edge.place ? t('place', { name: edge.scriptName, line: edge.place.line }) : edge.scriptName}
      </Typography.Text>
    </div>
  );
}
