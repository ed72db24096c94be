import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Space } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Cursor } from './use-cursor';

/** The foot of a list: where we are, and the pages before and after. */
export function Pager(props: {
  readonly cursor: Cursor;
  readonly size: number;
  readonly shown: number;
  readonly total: number;
  readonly endCursor: string | null;
  readonly hasNext: boolean;
}) {
  const { t } = useTranslation();
  const { cursor, size, shown, total, endCursor, hasNext } = props;
  const from = cursor.turned * size + 1;
  return (
    <nav className="pager" aria-label={t('range', { from, to: from + shown - 1, total })}>
      <span>
        {cursor.turned === 0 && !hasNext
          ? t('total', { count: total })
          : t('range', { from, to: from + shown - 1, total })}
      </span>
      {(cursor.turned > 0 || hasNext) && (
        <Space.Compact>
          <Button
            icon={<LeftOutlined />}
            aria-label={t('previous')}
            disabled={cursor.turned === 0}
            onClick={() => cursor.back()}
          />
          <Button
            icon={<RightOutlined />}
            aria-label={t('next')}
            disabled={!hasNext || endCursor === null}
            onClick={() => endCursor !== null && cursor.forward(endCursor)}
          />
        </Space.Compact>
      )}
    </nav>
  );
}
