import { FieldBinaryOutlined, FileOutlined, EyeOutlined, TableOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Dataset } from './dictionary.queries';

const ICONS = {
  FIELD: <FieldBinaryOutlined />,
  TABLE: <TableOutlined />,
  PARTITIONED_TABLE: <TableOutlined />,
  FOREIGN_TABLE: <TableOutlined />,
  VIEW: <EyeOutlined />,
  MATERIALIZED_VIEW: <EyeOutlined />,
  FILE: <FileOutlined />,
} as const satisfies Record<Dataset['kind'] | 'FIELD', unknown>;

export function KindTag({ kind }: { readonly kind: Dataset['kind'] | 'FIELD' }) {
  const { t } = useTranslation('dictionary');
  return <Tag icon={ICONS[kind]}>{t(kind)}</Tag>;
}
