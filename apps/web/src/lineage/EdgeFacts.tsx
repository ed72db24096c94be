import { Tag, Typography } from 'antd';
import { type TFunction } from 'i18next';
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
        {t(edge.scriptOrigin)} · {where(edge, t)}
      </Typography.Text>
    </div>
  );
}

/** The script and its line, and the procedure there. */
function where({ scriptName: name, place }: LineageEdge, t: TFunction<'lineage'>): string {
  if (!place) return name;
  const { line, code } = place;
  return code?.head ? t('inCode', { name, line, code: code.head }) : t('place', { name, line });
}
